"""The four cities of the world and a crowded fifth: where they lie, their streets and families."""

from collections.abc import Mapping
from dataclasses import dataclass

from freshleads.sandbox.entities import Area


@dataclass(frozen=True, slots=True)
class City:
    """An area plus what addresses and names there are made of; `street_form` orders the parts."""

    area: Area
    city: str
    country_name: str
    phone_patterns: tuple[tuple[str, int, int], ...]
    postal_codes: tuple[str, ...]
    districts: tuple[str, ...]
    streets: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    free_mail: tuple[str, ...]
    street_form: str
    address_form: str


MIAMI = City(
    area=Area(
        key="miami",
        name="Miami, FL",
        aliases=(
            *("miami", "miami fl", "miami, fl", "miami, florida", "miami florida", "miami, usa"),
            *("miami, fl, usa", "33125", "33130", "33133", "33135", "33143", "33145", "33155"),
            *("33165", "33176", "33183"),
        ),
        country="US",
        region="FL",
        language="en",
        low=(25.6500, -80.3700),
        high=(25.8600, -80.1300),
        center=(25.7617, -80.1918),
    ),
    city="Miami",
    country_name="USA",
    # 555-0100 to 555-0199 are kept for fiction in every North American area code.
    phone_patterns=tuple(
        (f"({code}) 555-{{:04d}}", 100, 200)
        for code in ("305", "786", "645", "954", "754", "561", "772", "239")
    ),
    postal_codes=(
        *("33125", "33130", "33133", "33135", "33143", "33145", "33155", "33165", "33176"),
        "33183",
    ),
    districts=(
        *("Coral Way", "Brickell", "Coconut Grove", "Little Havana", "Kendall", "Doral"),
        *("Wynwood", "Biscayne", "Flagler", "Westchester", "Sunset", "Pinecrest", "Edgewater"),
        *("Palmetto", "Bayfront", "Overtown", "Allapattah", "Shenandoah", "Tamiami", "Dadeland"),
    ),
    streets=(
        *("Coral Way", "SW 8th St", "Biscayne Blvd", "NW 7th Ave", "Bird Rd", "Sunset Dr"),
        *("W Flagler St", "Brickell Ave", "Ponce de Leon Blvd", "S Dixie Hwy", "SW 40th St"),
        *("Collins Ave", "NE 2nd Ave", "SW 137th Ave", "Kendall Dr", "Main Hwy", "Red Rd"),
    ),
    surnames=(
        *("Alvarez", "Rodriguez", "Goldberg", "Nguyen", "Harris", "Pereira", "Castillo", "Stein"),
        *("Morales", "Whitfield", "Delgado", "Novak", "Fontaine", "Garcia", "Okafor", "Hartley"),
        *("Mendez", "Bloom", "Cardenas", "Patel", "Sullivan", "Ibarra", "Rosen", "Valdes"),
        *("Kaplan", "Suarez", "Brennan", "Acosta", "Weiss", "Montero", "Fischer", "Quintana"),
    ),
    given_names=(
        *("Maria", "David", "Ana", "Michael", "Carla", "Luis", "Sarah", "Daniel", "Elena"),
        *("Robert", "Isabel", "James", "Lucia", "Thomas", "Monica", "Peter"),
    ),
    free_mail=("gmail.com", "yahoo.com", "outlook.com", "aol.com"),
    street_form="{number} {street}",
    address_form="{street}, {city}, {region} {postal}, {country}",
)

BRISTOL = City(
    area=Area(
        key="bristol",
        name="Bristol",
        aliases=(
            *("bristol", "bristol, uk", "bristol uk", "bristol, gb", "bristol, england"),
            *("bristol, united kingdom", "bs1", "bs2", "bs3", "bs5", "bs6", "bs7", "bs8", "bs9"),
        ),
        country="GB",
        region="England",
        language="en",
        low=(51.4000, -2.7000),
        high=(51.5200, -2.5100),
        center=(51.4545, -2.5879),
    ),
    city="Bristol",
    country_name="UK",
    phone_patterns=(("0117 496 {:04d}", 0, 1000),),  # Ofcom: numbers for drama use
    postal_codes=("BS1 4DJ", "BS2 9XA", "BS3 1JG", "BS5 6TW", "BS6 5EA", "BS7 8NN", "BS8 2HL"),
    districts=(
        *("Clifton", "Redland", "Bedminster", "Harbourside", "Southville", "Gloucester Road"),
        *("Easton", "Stokes Croft", "Westbury", "Fishponds", "Cotham", "Knowle", "Henleaze"),
    ),
    streets=(
        *("Gloucester Rd", "Whiteladies Rd", "North St", "Park St", "Corn St", "Stapleton Rd"),
        *("Coldharbour Rd", "Cheltenham Rd", "Queens Rd", "East St", "Church Rd", "Wells Rd"),
    ),
    surnames=(
        *("Hughes", "Ashworth", "Patel", "Evans", "Clarke", "Penrose", "Whitaker", "Khan"),
        *("Baker", "Pritchard", "Morgan", "Tanner", "Shepherd", "Lloyd", "Barrow", "Fletcher"),
    ),
    given_names=(
        *("Emma", "Oliver", "Priya", "George", "Hannah", "Imran", "Charlotte", "Rhys", "Alice"),
        *("Simon", "Megan", "Edward"),
    ),
    free_mail=("gmail.com", "btinternet.com", "hotmail.co.uk"),
    street_form="{number} {street}",
    address_form="{street}, {city} {postal}, {country}",
)

BERLIN = City(
    area=Area(
        key="berlin",
        name="Berlin",
        aliases=(
            *("berlin", "berlin, germany", "berlin, deutschland", "berlin, de", "10115", "10245"),
            *("10405", "10623", "10707", "10827", "10961", "12047", "13353"),
        ),
        country="DE",
        region="BE",
        language="de",
        low=(52.4200, 13.2500),
        high=(52.5800, 13.5200),
        center=(52.5200, 13.4050),
    ),
    city="Berlin",
    country_name="Germany",
    phone_patterns=(("030 23125{:03d}", 0, 1000),),  # BNetzA: numbers for media productions
    postal_codes=(
        *("10115", "10245", "10405", "10623", "10707", "10827", "10961", "12047", "13353"),
    ),
    districts=(
        *("Mitte", "Kreuzberg", "Neukölln", "Charlottenburg", "Schöneberg", "Prenzlauer Berg"),
        *("Friedrichshain", "Wedding", "Moabit", "Steglitz", "Pankow", "Tempelhof", "Spandau"),
    ),
    streets=(
        *("Kantstraße", "Torstraße", "Bergmannstraße", "Sonnenallee", "Schönhauser Allee"),
        *("Müllerstraße", "Karl-Marx-Straße", "Hauptstraße", "Warschauer Straße", "Uhlandstraße"),
        *("Oranienstraße", "Turmstraße"),
    ),
    surnames=(
        *("Schneider", "Müller", "Weiß", "Krüger", "Hoffmann", "Vogel", "Schäfer", "Lehmann"),
        *("Braun", "Yilmaz", "Köhler", "Winkler", "Brandt", "Seidel", "Lorenz", "Böhm"),
    ),
    given_names=(
        *("Anna", "Lukas", "Sophie", "Jürgen", "Katharina", "Felix", "Ayşe", "Stefan", "Claudia"),
        *("Matthias", "Jana", "Björn"),
    ),
    free_mail=("gmx.de", "web.de", "t-online.de", "gmail.com"),
    street_form="{street} {number}",
    address_form="{street}, {postal} {city}, {country}",
)

LYON = City(
    area=Area(
        key="lyon",
        name="Lyon",
        aliases=(
            *("lyon", "lyon, france", "lyon, fr", "69001", "69002", "69003", "69004", "69005"),
            *("69006", "69007", "69008"),
        ),
        country="FR",
        region="ARA",
        language="fr",
        low=(45.7100, 4.7900),
        high=(45.8000, 4.9000),
        center=(45.7640, 4.8357),
    ),
    city="Lyon",
    country_name="France",
    phone_patterns=(("04 65 71 {:02d} {:02d}", 0, 10000),),  # ARCEP: numbers for fiction
    postal_codes=("69001", "69002", "69003", "69004", "69005", "69006", "69007", "69008"),
    districts=(
        *("Bellecour", "Croix-Rousse", "Part-Dieu", "Vieux Lyon", "Confluence", "Guillotière"),
        *("Monplaisir", "Gerland", "Presqu'île", "Fourvière", "Brotteaux", "Ainay"),
    ),
    streets=(
        *("Rue de la République", "Cours Lafayette", "Rue Mercière", "Avenue Jean Jaurès"),
        *("Boulevard de la Croix-Rousse", "Rue Garibaldi", "Quai Saint-Antoine"),
        *("Cours Gambetta", "Rue de Créqui", "Grande Rue de la Guillotière", "Rue Duquesne"),
    ),
    surnames=(
        *("Martin", "Lefèvre", "Moreau", "Girard", "Bonnet", "Faure", "Benali", "Rousseau"),
        *("Chevalier", "Mercier", "Garnier", "Perrin", "Blanchard", "Dupré", "Colin", "Noël"),
    ),
    given_names=(
        *("Camille", "Julien", "Élodie", "Antoine", "Claire", "Mathieu", "Sarah", "François"),
        *("Inès", "Nicolas", "Hélène", "Théo"),
    ),
    free_mail=("orange.fr", "free.fr", "laposte.net", "gmail.com"),
    street_form="{number} {street}",
    address_form="{street}, {postal} {city}, {country}",
)

# No part of the world: only sources of places know it, for it has nothing but restaurants.
BISTROPOLIS = City(
    area=Area(
        key="bistropolis",
        name="Bistropolis, KS",
        aliases=("bistropolis", "bistropolis ks", "bistropolis, kansas", "bistropolis, usa"),
        country="US",
        region="KS",
        language="en",
        low=(38.8000, -98.1000),
        high=(39.0000, -97.8500),
        center=(38.9000, -97.9750),
    ),
    city="Bistropolis",
    country_name="USA",
    phone_patterns=(),
    postal_codes=("67499",),
    districts=("Old Market", "Riverside", "Station", "University", "Harbor", "Prairie"),
    streets=("Main St", "Fork Ave", "Spoon St", "Grill Rd", "Saffron Blvd", "Basil Ln"),
    surnames=("Alder", "Bishop", "Carver", "Dunn", "Ellison", "Foster", "Garner", "Hale"),
    given_names=(),
    free_mail=(),
    street_form="{number} {street}",
    address_form="{street}, {city}, {region} {postal}, {country}",
)

CITIES: Mapping[str, City] = {city.area.key: city for city in (MIAMI, BRISTOL, BERLIN, LYON)}


def city_of(key: str) -> City:
    """Return the city of an area, the crowded one too."""
    return BISTROPOLIS if key == BISTROPOLIS.area.key else CITIES[key]
