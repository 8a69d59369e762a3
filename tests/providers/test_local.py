"""Imported data as a source of places."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput, ProviderError
from leads.providers.contracts import FAULTS, PlaceSource
from leads.providers.local import LocalPlaces
from leads.providers.records import PlaceRecord, PlacesPage
from tests.place_store.files import (
    FOURSQUARE,
    feature,
    foursquare_row,
    import_into,
    overture_row,
    plumber_row,
    write_geojson,
    write_parquet,
)

LOW, HIGH = (25.0, -81.0), (27.0, -80.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "places"


@pytest.fixture
def source(folder: Path) -> PlaceSource:
    return LocalPlaces(folder)


def search(source: PlaceSource, query: str, **options: Any) -> PlacesPage:
    asked: dict[str, Any] = {"low": LOW, "high": HIGH, "page_size": 100, **options}
    return source.search(query, **asked)


def names(source: PlaceSource, query: str, **options: Any) -> list[str]:
    return [place.name for place in search(source, query, **options).places]


def test_a_place_of_overture_is_a_whole_record(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    row = overture_row(
        at=(25.75, -80.25),
        phones=["(305) 555-0100", "+13055550101"],
        websites=["bright-smiles.example"],
        emails=["INFO@Bright-Smiles.com", "nonsense"],
        socials=[
            "https://www.facebook.com/bright",
            "https://instagram.com/bright/",
            "https://unknown.example/x",
            "javascript:alert(1)",
        ],
    )
    import_into(folder, write_parquet(tmp_path / "a.parquet", [row]))
    assert search(source, "dentists").places == (
        PlaceRecord(
            place_id="overture:00000000-0000-4000-8000-000000000001",
            name="Bright Smiles 1",
            category="General dentistry",
            types=("general_dentistry",),
            address="1 Harbour Street, Miami, FL 33130, US",
            street="1 Harbour Street",
            city="Miami",
            region="FL",
            postal_code="33130",
            country="US",
            phone="+13055550100",
            phone_national="(305) 555-0100",
            website="https://bright-smiles.example/",
            latitude=25.75,
            longitude=-80.25,
            business_status="OPERATIONAL",
            emails=("info@bright-smiles.com",),
            socials=(
                ("facebook", "https://www.facebook.com/bright"),
                ("instagram", "https://instagram.com/bright/"),
            ),
            licence="CDLA-Permissive-2.0",
        ),
    )


def test_a_place_of_foursquare_has_its_phone_read_by_its_country(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    path = write_parquet(tmp_path / "a.parquet", [foursquare_row()], FOURSQUARE)
    import_into(folder, path)
    (place,) = search(source, "boulangeries", low=(45.0, 4.0), high=(46.0, 5.0)).places
    assert (place.phone, place.country) == ("+33478000000", "FR")
    assert (place.category, place.types) == ("Bakery", ("Bakery",))
    assert place.address == "2 Rue Mercière, 69002 Lyon, FR"
    assert place.emails == ("bonjour@boulangerie.example",)
    assert dict(place.socials)["instagram"] == "https://www.instagram.com/boulangerie"
    assert place.licence == "Apache-2.0"


def test_a_place_of_openstreetmap_reads_as_from_its_own_servers(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    tags = {
        "amenity": "dentist",
        "name": "Praxis Weiß",
        "addr:street": "Hauptstraße",
        "addr:housenumber": "1",
        "addr:city": "Berlin",
        "addr:postcode": "10115",
        "phone": "030 1234567",
        "opening_hours": "Mo-Fr 08:00-18:00",
        "contact:facebook": "praxisweiss",
    }
    path = write_geojson(tmp_path / "a.json", [feature(tags, at=(52.5, 13.4), id="way/17")])
    import_into(folder, path, country="DE")
    (place,) = search(source, "Zahnärzte", low=(52.0, 13.0), high=(53.0, 14.0)).places
    assert place.place_id == "osm:way/17"
    assert place.maps_url == "https://www.openstreetmap.org/way/17"
    assert (place.category, place.types) == ("Dentist", ("dentist",))
    assert (place.street, place.city, place.country) == ("Hauptstraße 1", "Berlin", "DE")
    assert place.phone == "+49301234567"
    assert place.opening_hours["monday"] == "08:00\u201318:00"
    assert place.opening_hours["sunday"] == "Closed"
    assert place.socials == (("facebook", "https://www.facebook.com/praxisweiss"),)
    assert (place.latitude, place.longitude) == (52.5, 13.4)
    assert place.licence == "ODbL-1.0"


def test_a_place_of_all_the_places_keeps_its_own_id(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    tags = {"@spider": "x", "name": "Shoes", "shop": "shoes", "addr:country": "US"}
    import_into(folder, write_geojson(tmp_path / "a", [feature(tags, at=(25.5, -80.5), id="k=")]))
    (place,) = search(source, "shoe store").places
    assert (place.place_id, place.maps_url, place.licence) == ("atp:k=", None, "CC0-1.0")


@pytest.mark.parametrize(
    "query",
    ["plumber", "Plumbers", "plumbing", "emergency plumber", "best plumbers near me", "Klempner",
     "fontanero", "plombier", "quick pipes", "Quick Pipes plumber"],
)  # fmt: skip
def test_a_trade_is_found_in_the_words_of_four_languages(
    tmp_path: Path, folder: Path, source: PlaceSource, query: str
) -> None:
    rows = [overture_row(1), plumber_row(2)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert names(source, query) == ["Quick Pipes 2"]


@pytest.mark.parametrize(
    ("query", "category"),
    [
        ("lawyers", "attorney_or_law_firm"),
        ("car repair", "automotive_repair"),
        ("real estate agents", "real_estate_agent"),
        ("HVAC", "hvac_service"),
        ("Friseur", "hair_salon"),
        ("gym", "gym"),
        ("pest control", "pest_control_service"),
        ("florists", "flowers_and_gifts_store"),
        ("Autowerkstatt", "automotive_repair"),
        ("escape rooms", "escape_room"),
        ("italian restaurants", "italian_restaurant"),
        ("restaurante italiano", "italian_restaurant"),
        ("physiotherapist", "physical_therapy"),
        ("tire shop", "tire_dealer_and_repair"),
        ("pizza", "pizza_restaurant"),
    ],
)
def test_trades_go_by_the_names_of_overture(
    tmp_path: Path, folder: Path, source: PlaceSource, query: str, category: str
) -> None:
    taxonomy = {"primary": category, "hierarchy": ["upper", category], "alternates": None}
    other = {"primary": "planetarium", "hierarchy": ["upper", "planetarium"], "alternates": None}
    rows = [overture_row(1, taxonomy=taxonomy), overture_row(2, taxonomy=other)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert names(source, query) == ["Bright Smiles 1"]


def test_a_trade_with_more_words_wants_these_too(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    rows = [overture_row(1), overture_row(2, names={"primary": "Kids Teeth"})]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert names(source, "kids dentist") == ["Kids Teeth"]
    assert names(source, "dentist") == ["Bright Smiles 1", "Kids Teeth"]


def test_pages_go_on_by_their_tokens(tmp_path: Path, folder: Path, source: PlaceSource) -> None:
    rows = [overture_row(number, at=(25 + number / 100, -80.5)) for number in range(45)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    shown: list[str] = []
    token: str | None = None
    for _ in range(3):
        page = search(source, "dentist", page_size=20, page_token=token)
        shown += [place.place_id for place in page.places]
        token = page.next_page_token
    assert token is None
    assert len(shown) == len(set(shown)) == 45


@pytest.mark.parametrize(
    "token",
    ["x", "ä", "e30=", "MQ==", base64.urlsafe_b64encode(b"\xff\xff").decode(), "A" * 5000]
    + [
        base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
        for parts in ([0, "a", -1, "x"], [0, "a", 2**60, "x"], [True, "a", 1, "x"], [0, 1, 1, 1])
    ],
)
def test_a_foreign_token_is_refused(
    tmp_path: Path, folder: Path, source: PlaceSource, token: str
) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    with pytest.raises(InvalidInput) as refused:
        search(source, "dentist", page_token=token)
    assert refused.value.param == "page_token"


def test_a_token_beyond_the_last_level_ends_the_search(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    token = base64.urlsafe_b64encode(json.dumps([99, "\ud800", 5, "x"]).encode()).decode()
    assert search(source, "dentist", page_token=token) == PlacesPage(())


@pytest.mark.parametrize("ask", [lambda s: s.find_area("Miami"), lambda s: search(s, "dentist")])
def test_without_imported_places_it_says_what_to_do(source: PlaceSource, ask: Any) -> None:
    with pytest.raises(ProviderError, match="import_places") as failed:
        ask(source)
    assert failed.value.code == "no_local_places"
    assert failed.value.code in FAULTS
    assert failed.value.permanent


def test_a_damaged_dataset_is_a_bad_answer(folder: Path, source: PlaceSource) -> None:
    folder.mkdir()
    (folder / "x.places").write_bytes(b"nothing" * 1000)
    for ask in (lambda: search(source, "dentist"), lambda: source.find_area("Miami")):
        with pytest.raises(ProviderError, match="import them again") as failed:
            ask()
        assert failed.value.code == "bad_answer"
        assert failed.value.permanent


def test_areas_are_those_of_the_data_and_points(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    area = source.find_area("Miami, Florida")
    assert area is not None
    assert (area.name, area.country) == ("Miami, FL, US", "US")
    assert names(source, "dentist", low=area.low, high=area.high) == ["Bright Smiles 1"]
    point = source.find_area("25.7664, -80.1934")
    assert point is not None
    assert names(source, "dentist", low=point.low, high=point.high) == ["Bright Smiles 1"]
    assert source.find_area("Atlantis") is None
    with pytest.raises(InvalidInput):
        source.find_area("91, 0")
    with pytest.raises(InvalidInput):
        source.find_area(" ")


def test_a_name_of_signs_only_is_left_out_of_a_page(
    tmp_path: Path, folder: Path, source: PlaceSource
) -> None:
    rows = [overture_row(1, names={"primary": "\x00\x01"}), overture_row(2)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert names(source, "dentist") == ["Bright Smiles 2"]
    with pytest.raises(InvalidInput):
        search(source, "")
