"""What columns mean: by their names in eight languages, in known exports, and by their values."""

import pytest

from exports.columns import LEAD_COLUMNS
from freshleads.lib.errors import InvalidInput
from leads.mapping import check_mapping, is_field_name, suggest_country, suggest_mapping


def mapped(header: str, *rows: str) -> dict[str, str]:
    """Return {name: field} for a header and rows, cells with a bar between them."""
    names = header.split("|")
    cells = [row.split("|") for row in rows]
    samples = [[row[column] for row in cells if row[column]] for column in range(len(names))]
    return {names[c]: field for c, field in suggest_mapping(names, samples).items()}


IN_ORDER = (
    "business_name first_name last_name job_title email phones website street postal_code city "
    "country"
).split()


@pytest.mark.parametrize(
    "header",
    [
        "Company|First name|Last name|Job title|E-mail|Phone|Website|Street|ZIP|City|Country",
        "Firma|Vorname|Name|Funktion|E-Mail-Adresse|Telefon|Webseite|Straße|PLZ|Ort|Land",
        "Société|Prénom|Nom|Fonction|Courriel|Téléphone|Site web|Rue|Code postal|Ville|Pays",
        "Empresa|Nombre|Apellidos|Cargo|Correo electrónico|Teléfono|Sitio web|Calle|Código postal|"
        "Ciudad|País",
        "Azienda|Nome|Cognome|Ruolo|Posta elettronica|Telefono|Sito web|Via|CAP|Città|Paese",
        "Razão social|Nome|Sobrenome|Cargo|Correio eletrônico|Telefone|Site|Rua|CEP|Cidade|País",
        "Bedrijfsnaam|Voornaam|Achternaam|Functie|E-mailadres|Telefoonnummer|Website|Straat|"
        "Postcode|Plaats|Land",
        "Nazwa firmy|Imię|Nazwisko|Stanowisko|Adres e-mail|Numer telefonu|Strona www|Ulica|"
        "Kod pocztowy|Miasto|Kraj",
    ],
)
def test_names_of_eight_languages(header: str) -> None:
    assert list(mapped(header).values()) == IN_ORDER


def test_our_own_exports_come_back_whole() -> None:
    fields = mapped("|".join(column.header for column in LEAD_COLUMNS))
    left_out = {column.header for column in LEAD_COLUMNS} - fields.keys()
    assert left_out == {"Email status", "Source", "Created at (UTC)"}
    assert fields["Lead ID"] == "lead_id"
    assert fields["Google place ID"] == "place_id"
    assert (fields["All emails"], fields["All phones"]) == ("email", "phones")
    assert (fields["YouTube"], fields["TikTok"], fields["X"]) == ("youtube", "tiktok", "x")


KNOWN_EXPORTS = {
    "Google Contacts": (
        "First Name|Last Name|Organization Name|Organization Title|E-mail 1 - Label|"
        "E-mail 1 - Value|E-mail 2 - Value|Phone 1 - Label|Phone 1 - Value|Address 1 - Street|"
        "Address 1 - City|Address 1 - Country|Website 1 - Value|Labels|Photo",
        "first_name|last_name|business_name|job_title||email|email||phones|street|city|country|"
        "website|tags|",
    ),
    "HubSpot": (
        "Record ID|First Name|Last Name|Email|Phone Number|Associated Company|Job Title|"
        "Website URL|Street Address|State/Region|Postal Code|Country/Region|Lead Status|"
        "LinkedIn Company Page",
        "|first_name|last_name|email|phones|business_name|job_title|website|street|region|"
        "postal_code|country||linkedin",
    ),
    "Instantly": (
        "email|first_name|last_name|company_name|phone|website|personalization|linkedIn",
        "email|first_name|last_name|business_name|phones|website||linkedin",
    ),
    "lemlist": (
        "email|firstName|lastName|companyName|companyDomain|phone|linkedinUrl|icebreaker|jobTitle",
        "email|first_name|last_name|business_name|website|phones|linkedin||job_title",
    ),
    "Apollo": (
        "First Name|Last Name|Title|Company|Company Name for Emails|Email|Email Status|"
        "Work Direct Phone|Mobile Phone|# Employees|Industry|Person Linkedin Url|Website|"
        "Company Linkedin Url|Facebook Url|Twitter Url|City|State|Country|Company Address",
        "first_name|last_name|job_title|business_name||email||phones|phones||category|linkedin|"
        "website||facebook|x|city|region|country|address",
    ),
    "Outscraper": (
        "query|name|site|subtypes|category|phone|full_address|street|city|postal_code|state|"
        "country|latitude|longitude|rating|reviews|working_hours|place_id|location_link|email_1|"
        "email_1_full_name|email_2|facebook|twitter",
        "|business_name|website||category|phones|address|street|city|postal_code|region|country|"
        "latitude|longitude|rating|reviews_count|opening_hours|place_id|google_maps_url|email||"
        "email|facebook|x",
    ),
}


@pytest.mark.parametrize("program", KNOWN_EXPORTS)
def test_exports_of_known_programs(program: str) -> None:
    header, expected = (text.split("|") for text in KNOWN_EXPORTS[program])
    fields = mapped("|".join(header))
    assert [fields.get(name, "") for name in header] == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Name|Email", {"Name": "business_name", "Email": "email"}),
        ("Name|Company|Email", {"Name": "full_name", "Company": "business_name", "Email": "email"}),
        ("Vorname|Name", {"Vorname": "first_name", "Name": "last_name"}),
        ("Nombre|Apellidos", {"Nombre": "first_name", "Apellidos": "last_name"}),
        ("Title|Phone", {"Title": "business_name", "Phone": "phones"}),
        ("Title|Company", {"Title": "job_title", "Company": "business_name"}),
    ],
)
def test_what_a_name_or_a_title_is_depends_on_the_columns_beside_it(
    header: str, expected: dict[str, str]
) -> None:
    assert mapped(header) == expected


def test_columns_that_say_nothing_are_known_by_their_values() -> None:
    assert mapped(
        "A|B|C|D|E|F|G",
        "a@acme.test|+1 305 555 0100|https://x.com/acme|www.acme.de|ChIJN1t_tDeuEmsRUsoyG|12|red",
        "b@best.test|(305) 555-0101|https://x.com/best|best.com|ChIJP3Sa8ziYEmsRUKgyF|7|blue",
    ) == {"A": "email", "B": "phones", "C": "x", "D": "website", "E": "place_id"}


def test_values_that_contradict_a_name_win() -> None:
    assert mapped("Email|Contact e-mail", "yes|a@acme.test", "no|b@best.test") == {
        "Contact e-mail": "email"
    }
    assert mapped("url|website", "https://www.google.com/maps/place/x|acme.test") == {
        "url": "google_maps_url",
        "website": "website",
    }


def test_one_field_goes_to_one_column_but_for_those_that_hold_several() -> None:
    assert mapped("City|Company city|Phone|Mobile|Tags|Labels") == {
        "City": "city",
        "Phone": "phones",
        "Mobile": "phones",
        "Tags": "tags",
        "Labels": "tags",
    }


def test_another_number_of_a_field_that_is_single_is_left_out() -> None:
    assert mapped("Address|Address 2|Phone 2") == {"Address": "address", "Phone 2": "phones"}


@pytest.mark.parametrize("name", ["E-Mail", "Firma", "PLZ", "Name", "linkedinUrl", "Phone 1"])
def test_names_of_fields_are_told_from_values(name: str) -> None:
    assert is_field_name(name)
    assert not is_field_name(f"{name} of somebody else")


def test_a_persons_mapping_is_checked() -> None:
    names = ["Mail", "Town", "Place"]
    assert check_mapping({0: "email", 1: "city", 2: ""}, columns=names) == {0: "email", 1: "city"}
    for mapping, param in (
        ({0: "email", 1: "city", 2: "city"}, "column_2"),
        ({0: "email", 1: "workspace"}, "column_1"),
        ({0: "email", 7: "city"}, "column_7"),
        ({1: "city"}, "mapping"),
        ({}, "mapping"),
    ):
        with pytest.raises(InvalidInput) as refused:
            check_mapping(mapping, columns=names)
        assert refused.value.param == param


def test_the_country_of_a_list_is_told_by_its_countries_then_by_its_domains() -> None:
    mapping = {0: "email", 1: "country"}
    assert suggest_country(mapping, [["a@acme.de"], ["Österreich", "AT", "Germany"]]) == "AT"
    assert suggest_country(mapping, [["a@acme.de", "b@b.de", "c@c.de", "d@d.fr"], []]) == "DE"
    assert suggest_country(mapping, [["a@a.co.uk", "b@b.uk", "c@c.co.uk"], []]) == "GB"
    assert suggest_country(mapping, [["a@acme.com", "b@best.com", "c@cost.io"], []]) == ""
