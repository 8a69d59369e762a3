"""The twelve trades of the world and the patterns their business names are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "de", "fr")

ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("Bright", "Gentle", "Golden", "Blue", "Modern", "Prime", "Sunny", "Premier", "First"),
        *("Royal", "Harbor", "Clear", "Family", "Elite", "Urban", "Green", "Silver", "Trusted"),
        *("Oceanview", "Pure"),
    ),
    "de": ("Neue", "Alte", "Kleine", "Schöne", "Grüne", "Moderne", "Feine", "Helle", "Gute"),
    "fr": ("Moderne", "Central", "Royal", "Nouveau", "Idéal", "Lumière", "Soleil", "Prestige"),
}


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: provider types, label per language, name patterns and search words."""

    key: str
    types: tuple[str, ...]
    labels: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    search_words: tuple[str, ...]


def _trade(key: str, types: str, labels: str, words: str, names: tuple[str, ...]) -> Trade:
    """Read the compact rows below: `|` separates alternatives, labels are en|de|fr, names too."""
    return Trade(
        key=key,
        types=(*types.split("|"), "point_of_interest", "establishment"),
        labels=dict(zip(LANGUAGES, labels.split("|"), strict=True)),
        names={
            language: tuple(patterns.split("|"))
            for language, patterns in zip(LANGUAGES, names, strict=True)
        },
        search_words=tuple(words.split("|")),
    )


_ALL = (
    _trade(
        "dentist",
        "dentist|dental_clinic|health",
        "Dentist|Zahnarzt|Dentiste",
        "dentist|dentists|dental|dental clinic|orthodontist|zahnarzt|zahnärzte|dentiste|dentistes",
        (
            "{adj} Smiles Dental|{place} Family Dentistry|{name} Dental Group|Dr. {name} DDS"
            "|{adj} Dental Studio|{place} Dental Care|{name} & {name2} Orthodontics"
            "|{adj} Dental Care|{place} Smile Center|{name} Family Dental|{adj} Tooth Dentistry"
            "|{place} Implant Center",
            "Zahnarztpraxis {name}|Zahnarzt Dr. {name}|Zahnzentrum {place}|Praxis Dr. {name}"
            "|Zahnärzte am {place}|Dental {place}",
            "Cabinet dentaire {name}|Dr {name} chirurgien-dentiste|Centre dentaire {place}"
            "|Dentistes {place}|Cabinet {name} et {name2}",
        ),
    ),
    _trade(
        "plumber",
        "plumber|general_contractor",
        "Plumber|Klempner|Plombier",
        "plumber|plumbers|plumbing|klempner|installateur|plombier|plombiers|plomberie",
        (
            "{name} Plumbing|{place} Plumbing & Drain|{adj} Flow Plumbing|{name} & Sons Plumbing",
            "Klempnerei {name}|Sanitär {name}|{name} Haustechnik|Sanitärdienst {place}",
            "Plomberie {name}|{name} Plombier Chauffagiste|Dépannage {place}|SOS Plombier {place}",
        ),
    ),
    _trade(
        "restaurant",
        "restaurant|food",
        "Restaurant|Restaurant|Restaurant",
        "restaurant|restaurants|food|bistro|trattoria|gaststätte",
        (
            "{place} Kitchen|The {adj} Table|{name}'s Grill|Trattoria {name}|{adj} Fork Bistro",
            "Gasthaus {name}|Restaurant {place}|{adj} Küche {place}|Trattoria {name}",
            "Bistrot {name}|Le {adj}|Bouchon {place}|La Table de {name}|Restaurant {place}",
        ),
    ),
    _trade(
        "hair_salon",
        "hair_salon|beauty_salon|hair_care",
        "Hair salon|Friseur|Salon de coiffure",
        "hair salon|hair salons|hairdresser|hairdressers|barber|salon|friseur|coiffeur|coiffure",
        (
            "{adj} Cuts|{place} Hair Studio|Salon {name}|{name} Hair & Beauty|{adj} Shears",
            "Friseur {name}|Haarstudio {place}|Salon {name}|Haarwerk {place}",
            "Coiffure {name}|Salon {place}|L'Atelier {name}|{adj} Coiffure",
        ),
    ),
    _trade(
        "lawyer",
        "lawyer|legal_services",
        "Lawyer|Rechtsanwalt|Avocat",
        "lawyer|lawyers|attorney|attorneys|law firm|solicitor|solicitors|anwalt|rechtsanwalt"
        "|avocat|avocats",
        (
            "{name} & {name2} Law|{name} Law Firm|{place} Legal|Law Offices of {name}",
            "Kanzlei {name}|Rechtsanwälte {name} & {name2}|Anwaltskanzlei {place}",
            "Cabinet {name} Avocats|{name} & {name2} Avocats|Maître {name}",
        ),
    ),
    _trade(
        "accountant",
        "accounting|finance",
        "Accountant|Steuerberater|Expert-comptable",
        "accountant|accountants|accounting|bookkeeper|tax|steuerberater|comptable|comptables",
        (
            "{name} Accounting|{place} Tax & Books|{name} & {name2} CPAs|{adj} Ledger Accountants",
            "Steuerberatung {name}|Steuerkanzlei {place}|{name} & {name2} Steuerberater",
            "{name} Expertise Comptable|Comptabilité {place}|Cabinet {name} Conseil",
        ),
    ),
    _trade(
        "gym",
        "gym|health",
        "Gym|Fitnessstudio|Salle de sport",
        "gym|gyms|fitness|fitness center|fitnessstudio|salle de sport|crossfit",
        (
            "{place} Fitness|{adj} Strength Gym|{name} CrossFit|{adj} Body Studio",
            "Fitness {place}|Sportstudio {name}|Kraftwerk {place}",
            "Fitness {place}|Salle {name}|Forme {adj}|CrossFit {place}",
        ),
    ),
    _trade(
        "electrician",
        "electrician|general_contractor",
        "Electrician|Elektriker|Électricien",
        "electrician|electricians|electrical|elektriker|elektro|électricien|electricien",
        (
            "{name} Electric|{place} Electrical|{adj} Spark Electric|{name} & Co Electrical",
            "Elektro {name}|Elektrotechnik {place}|{name} Elektroinstallation",
            "{name} Électricité|Élec {place}|{adj} Élec",
        ),
    ),
    _trade(
        "veterinarian",
        "veterinary_care",
        "Veterinarian|Tierarzt|Vétérinaire",
        "veterinarian|veterinarians|vet|vets|animal hospital|tierarzt|vétérinaire|veterinaire",
        (
            "{place} Animal Hospital|{adj} Paws Vet|{name} Veterinary Clinic|{place} Vets",
            "Tierarztpraxis {name}|Tierklinik {place}|Kleintierpraxis {name}",
            "Clinique vétérinaire {place}|Cabinet vétérinaire {name}|Vétérinaires {place}",
        ),
    ),
    _trade(
        "real_estate",
        "real_estate_agency",
        "Real estate agency|Immobilienmakler|Agence immobilière",
        "real estate|real estate agency|realtor|realtors|estate agent|estate agents|letting agent"
        "|immobilien|immobilienmakler|agence immobilière|immobilier",
        (
            "{name} Realty|{place} Homes|{adj} Key Estates|{name} & {name2} Properties",
            "{name} Immobilien|Immobilien {place}|{adj} Wohnwelt",
            "{name} Immobilier|Agence {place}|Immobilière {adj}",
        ),
    ),
    _trade(
        "bakery",
        "bakery|food|store",
        "Bakery|Bäckerei|Boulangerie",
        "bakery|bakeries|baker|bäckerei|baecker|boulangerie|boulangeries|patisserie",
        (
            "{name}'s Bakery|{place} Bread Co|{adj} Crumb|{adj} Oven Bakery",
            "Bäckerei {name}|Backstube {place}|{adj} Brotzeit",
            "Boulangerie {name}|Au Pain {place}|Le Fournil {name}|Pâtisserie {name}",
        ),
    ),
    _trade(
        "auto_repair",
        "car_repair|store",
        "Auto repair shop|Autowerkstatt|Garage automobile",
        "auto repair|car repair|mechanic|mechanics|garage|autowerkstatt|kfz|garage automobile",
        (
            "{name} Auto Repair|{place} Garage|{adj} Wrench Motors|{name} Brothers Auto",
            "Autowerkstatt {name}|KFZ {name}|Autohaus {place}|Werkstatt {place}",
            "Garage {name}|Auto {place}|Garage du {place}",
        ),
    ),
)

TRADES: Mapping[str, Trade] = {trade.key: trade for trade in _ALL}
