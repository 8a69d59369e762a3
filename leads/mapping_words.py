"""What the columns of lists are called, in eight languages and in the exports of known programs.

Names are in the form of `countries.plain_words`: lower case, no accents, single blanks.
"""

TARGETS: tuple[tuple[str, str], ...] = (
    ("business_name", "Business name"),
    ("email", "E-mail"),
    ("phones", "Phone"),
    ("website", "Website"),
    ("full_name", "Full name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("job_title", "Job title"),
    ("category", "Category"),
    ("description", "Description"),
    ("address", "Whole address"),
    ("street", "Street"),
    ("city", "City"),
    ("region", "Region or state"),
    ("postal_code", "Postal code"),
    ("country", "Country"),
    ("tags", "Tags"),
    ("facebook", "Facebook"),
    ("instagram", "Instagram"),
    ("linkedin", "LinkedIn"),
    ("x", "X (Twitter)"),
    ("youtube", "YouTube"),
    ("tiktok", "TikTok"),
    ("pinterest", "Pinterest"),
    ("snapchat", "Snapchat"),
    ("telegram", "Telegram"),
    ("whatsapp", "WhatsApp"),
    ("spotify", "Spotify"),
    ("rating", "Rating"),
    ("reviews_count", "Number of reviews"),
    ("opening_hours", "Opening hours"),
    ("latitude", "Latitude"),
    ("longitude", "Longitude"),
    ("google_maps_url", "Google Maps link"),
    ("place_id", "Google place ID"),
    ("lead_id", "Lead ID"),
)
LABELS = dict(TARGETS)
NETWORKS = frozenset(
    "facebook instagram linkedin x youtube tiktok pinterest snapchat telegram whatsapp "
    "spotify".split()
)
SEVERAL = frozenset({"email", "phones", "tags"})  # fields that several columns may fill

NAMES: dict[str, str] = {
    "business_name": "business name|company|company name|companyname|organization|organisation|"
    "organization name|organization 1 name|associated company|account name|firm|firm name|"
    "business|store name|shop name|practice|company name for emails|cleaned company name|"
    "firma|firmenname|unternehmen|firmenbezeichnung|betrieb|geschaft|entreprise|societe|"
    "raison sociale|nom de l entreprise|nom de la societe|enseigne|empresa|nombre de la empresa|"
    "razon social|negocio|nome da empresa|razao social|azienda|societa|ragione sociale|"
    "nome azienda|ditta|bedrijf|bedrijfsnaam|organisatie|handelsnaam|nazwa|nazwa firmy|"
    "przedsiebiorstwo|foretag|foretagsnamn|virksomhed|name der firma",
    "email": "email|e mail|mail|email address|e mail address|e mail value|email value|mailadresse|"
    "e mail adresse|email adresse|mail adresse|courriel|adresse email|adresse e mail|adresse mail|"
    "adresse electronique|mel|correo|correo electronico|correo e|direccion de correo|email de "
    "contacto|indirizzo email|posta elettronica|indirizzo e mail|endereco de email|"
    "correio eletronico|emailadres|e mailadres|adres email|adres e mail|poczta|e post|epost|"
    "emails|all emails|e mails|work email|personal email|secondary email|other emails",
    "phones": "phone|phone number|telephone|telephone number|tel|mobile|mobile phone|cell|"
    "cell phone|phone value|phones|all phones|home phone|work phone|work direct phone|"
    "corporate phone|company phone|other phone|mobile number|telefon|telefonnummer|"
    "rufnummer|handy|handynummer|mobil|mobiltelefon|mobilnummer|festnetz|numero de telephone|"
    "portable|numero|telefono|numero de telefono|movil|celular|telefono movil|"
    "numero di telefono|cellulare|telefone|numero de telefone|telemovel|telefoonnummer|telefoon|"
    "mobiel|gsm|numer telefonu|telefon komorkowy|komorka|telefonnr",
    "website": "website|web site|web|url|site|homepage|home page|website url|website value|domain|"
    "company domain|company domain name|companydomain|company website|web page|webpage|webseite|"
    "internet|internetseite|internetadresse|www|site web|site internet|sitio web|pagina web|"
    "paginaweb|web de la empresa|sito|sito web|sito internet|pagina|strona|strona www|"
    "strona internetowa|webbplats|hemsida|hjemmeside|webadresse",
    "full_name": "full name|contact|contact name|contact person|fullname|owner|owner name|"
    "owner title name|ansprechpartner|kontakt|kontaktperson|vor und nachname|vollstandiger name|"
    "inhaber|nom complet|personne de contact|interlocuteur|nombre completo|contacto|"
    "persona de contacto|nome completo|contatto|persona di contatto|referente|contato|"
    "pessoa de contato|contactpersoon|volledige naam|osoba kontaktowa|imie i nazwisko",
    "first_name": "first name|firstname|given name|forename|vorname|rufname|prenom|primer nombre|"
    "nombre de pila|primeiro nome|voornaam|imie|fornamn|fornavn",
    "last_name": "last name|lastname|family name|surname|nachname|familienname|zuname|"
    "nom de famille|apellido|apellidos|cognome|sobrenome|apelido|achternaam|nazwisko|efternamn|"
    "efternavn",
    "job_title": "job title|position|job|role|function|job position|organization title|"
    "organization 1 title|jobtitle|berufsbezeichnung|funktion|stelle|"
    "beruf|poste|fonction|intitule du poste|cargo|puesto|titulo|ruolo|qualifica|posizione|"
    "funcao|functie|functietitel|stanowisko|befattning|stilling",
    "category": "category|categories|industry|sector|main category|type of business|"
    "category name|niche|vertical|kategorie|branche|gewerbe|categorie|secteur|activite|"
    "secteur d activite|categoria|rubro|actividad|settore|attivita|setor|ramo|"
    "atividade|branza|kategoria|bransch|kategori|type",
    "description": "description|about|notes|note|comment|comments|bio|remarks|beschreibung|notiz|"
    "notizen|bemerkung|bemerkungen|kommentar|remarque|remarques|commentaire|descripcion|notas|"
    "nota|observaciones|descrizione|descricao|observacoes|omschrijving|opmerkingen|beschrijving|"
    "opis|uwagi|beskrivning|beskrivelse",
    "address": "address|full address|formatted address|complete address|location address|"
    "mailing address|address formatted|company address|adresse|anschrift|vollstandige adresse|"
    "adresse complete|direccion|direccion completa|domicilio|indirizzo|indirizzo completo|"
    "endereco|endereco completo|morada|adres|volledig adres|adres pelny|adress|location",
    "street": "street|street address|address 1|address line 1|address street|address 1 street|"
    "road|strasse|str|strasse und hausnummer|strasse nr|strasse hausnummer|rue|voie|calle|via|rua|"
    "logradouro|straat|straat en huisnummer|ulica|gata|gatuadress|vej",
    "city": "city|town|locality|address city|address 1 city|company city|ort|stadt|wohnort|"
    "ortschaft|ville|commune|localite|ciudad|localidad|poblacion|municipio|citta|comune|"
    "cidade|plaats|stad|woonplaats|vestigingsplaats|miasto|miejscowosc|postort|by",
    "region": "region|state|province|county|state region|us state|state province|address region|"
    "address 1 region|company state|bundesland|kanton|land kreis|departement|etat|provincia|"
    "comunidad autonoma|regione|estado|uf|distrito|provincie|wojewodztwo|lan",
    "postal_code": "postal code|postcode|post code|zip|zip code|zipcode|address postal code|"
    "address 1 postal code|plz|postleitzahl|code postal|cp|codigo postal|cap|codice postale|cep|"
    "kod pocztowy|postnummer|postnr",
    "country": "country|country code|country region|nation|address country|"
    "address 1 country|company country|land|landercode|pays|code pays|pais|paese|nazione|kraj|"
    "panstwo",
    "tags": "tags|tag|labels|label|group membership|groups|lists|list|schlagworte|"
    "etiketten|gruppe|gruppen|etiquettes|mots cles|etiquetas|etichette|etykiety|taggar",
    "facebook": "facebook|facebook url|facebook page|company facebook|facebook company page|fb",
    "instagram": "instagram|instagram url|instagram handle|ig|insta",
    "linkedin": "linkedin|linkedin url|linked in|company linkedin url|linkedin bio|"
    "person linkedin url|linkedin company page|linkedin profile|linkedin url company",
    "x": "x|twitter|twitter url|x url|twitter handle|twitter username|x twitter",
    "youtube": "youtube|youtube url|youtube channel",
    "tiktok": "tiktok|tiktok url",
    "pinterest": "pinterest|pinterest url",
    "snapchat": "snapchat",
    "telegram": "telegram",
    "whatsapp": "whatsapp|whatsapp url",
    "spotify": "spotify",
    "rating": "rating|stars|review rating|total score|average rating|google rating|bewertung|"
    "sterne|note moyenne|avis note|calificacion|valoracion|valutazione|avaliacao|beoordeling|ocena",
    "reviews_count": "reviews|reviews count|review count|number of reviews|"
    "user ratings total|anzahl bewertungen|bewertungen|nombre d avis|avis|resenas|opiniones|"
    "recensioni|numero recensioni|avaliacoes|aantal beoordelingen|liczba opinii|opinie",
    "opening_hours": "opening hours|hours|open hours|working hours|business hours|offnungszeiten|"
    "horaires|horaires d ouverture|horario|horarios|orari|orari di apertura|openingstijden|"
    "godziny otwarcia",
    "latitude": "latitude|lat|location lat|breitengrad|latitud|latitudine|szerokosc",
    "longitude": "longitude|lng|lon|long|location lng|langengrad|longitud|longitudine|dlugosc",
    "google_maps_url": "google maps link|google maps url|maps url|google maps|location link|"
    "place url|map link",
    "place_id": "google place id|place id|placeid",
    "lead_id": "lead id",
}
# What "name" means depends on the columns beside it (`mapping`).
PLAIN_NAMES = frozenset("name|nom|nombre|nome|naam|namn|navn".split("|"))
PLAIN_TITLES = frozenset("title|titel|titre".split("|"))
# Words that change nothing about what a column holds.
FILLERS = frozenset(
    "company business organization organisation contact person primary main work office corporate "
    "direct official firm lead customer client prospect your the of value default personal "
    "kunde client firma geschaftlich haupt principal professionnel pro".split()
)
FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split("|")}
