"""Google Places (New): what is read out of its messages, and that none of them can do harm."""

import logging
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.providers.google import GooglePlaces
from leads.providers.google_messages import read_area, read_place
from leads.providers.records import PlaceRecord, PlacesPage
from tests.providers.conftest import PlacesServer, component, search


def test_reads_everything_a_lead_needs(
    google: GooglePlaces, places_server: PlacesServer, dentist: dict[str, Any]
) -> None:
    places_server.give_places(dentist)
    assert search(google).places == (
        PlaceRecord(
            place_id="ChIJ1234567890",
            name="Bright Smiles Dental",
            category="Dentist",
            types=("dentist", "health", "point_of_interest", "establishment"),
            address="120 SW 8th St Suite 4, Miami, FL 33130, USA",
            street="120 Southwest 8th Street",
            city="Miami",
            region="FL",
            postal_code="33130",
            country="US",
            phone="+13055550123",
            phone_national="(305) 555-0123",
            website="http://bright-smiles.test/",
            rating=4.8,
            reviews_count=212,
            opening_hours={
                "monday": "9:00 AM \N{EN DASH} 5:00 PM",
                "tuesday": "9:00 AM \N{EN DASH} 5:00 PM",
                "wednesday": "Closed",
                "thursday": "9:00 AM \N{EN DASH} 5:00 PM",
                "friday": "9:00 AM \N{EN DASH} 1:00 PM",
                "saturday": "Closed",
                "sunday": "Closed",
            },
            latitude=25.7663,
            longitude=-80.1934,
            maps_url="https://maps.google.com/?cid=123",
            business_status="OPERATIONAL",
            price_level=2,
            photos_count=2,
        ),
    )


def test_a_record_survives_its_cache(dentist: dict[str, Any]) -> None:
    record = read_place(dentist)
    assert record is not None
    assert PlaceRecord.from_dict({**record.to_dict(), "of_a_later_version": 1}) == record


def test_an_empty_object_means_that_nothing_was_found(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    places_server.give({})
    assert search(google) == PlacesPage(places=(), next_page_token=None)


def test_a_place_with_only_id_and_name_is_enough(google: GooglePlaces, places_server: Any) -> None:
    places_server.give_places({"id": "a", "displayName": {"text": "Mobile Plumber"}})
    assert search(google).places == (
        PlaceRecord(place_id="a", name="Mobile Plumber", photos_count=0),
    )


def test_skips_places_it_cannot_name_and_keeps_the_others(
    google: GooglePlaces,
    places_server: PlacesServer,
    dentist: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    unreadable: list[Any] = [
        None,
        "place",
        7,
        [],
        {},
        {"id": "a"},
        {"displayName": {"text": "No id"}},
        {"id": 5, "displayName": {"text": "Number for an id"}},
        {"id": "", "displayName": {"text": "Empty id"}},
        {"id": "b", "displayName": "not a message"},
        {"id": "c", "displayName": {"text": ["list"]}},
        {"id": "d", "displayName": {"text": " \n "}},
    ]
    places_server.give_places(*unreadable, dentist)
    with caplog.at_level(logging.WARNING):
        page = search(google)
    assert [place.place_id for place in page.places] == ["ChIJ1234567890"]
    assert "skipped 12 of 13 unreadable places" in caplog.text


@pytest.mark.parametrize(
    "name",
    [
        "types",
        "primaryTypeDisplayName",
        "formattedAddress",
        "addressComponents",
        "location",
        "internationalPhoneNumber",
        "nationalPhoneNumber",
        "websiteUri",
        "rating",
        "userRatingCount",
        "regularOpeningHours",
        "businessStatus",
        "priceLevel",
        "photos",
        "googleMapsUri",
    ],
)
@pytest.mark.parametrize(
    "wrong",
    [None, True, -1, 10**400, "text", "", [], [None], [[]], {}, {"text": 1}, [{"types": 1}]],
    ids=lambda value: repr(value)[:20],
)
def test_a_wrong_type_in_a_field_never_loses_the_place(
    dentist: dict[str, Any], name: str, wrong: Any
) -> None:
    record = read_place({**dentist, name: wrong})
    assert record is not None
    assert record.name == "Bright Smiles Dental"


MEMBERS = st.sampled_from(
    "id displayName text types location latitude longitude viewport low high rating photos "
    "addressComponents longText shortText regularOpeningHours periods open close day hour minute "
    "weekdayDescriptions websiteUri internationalPhoneNumber formattedAddress".split()
)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_json_at_all_crashes_the_reading(message: Any) -> None:
    for record in (read_place(message), read_area(message)):
        assert record is None or record.name


@pytest.mark.parametrize(
    ("field", "value", "attribute", "expected"),
    [
        ("rating", 5.5, "rating", None),
        ("rating", math.inf, "rating", None),
        ("userRatingCount", 2**40, "reviews_count", None),
        ("businessStatus", "FUTURE_OPENING", "business_status", None),
        ("priceLevel", "PRICE_LEVEL_FREE", "price_level", 0),
        ("priceLevel", "PRICE_LEVEL_UNSPECIFIED", "price_level", None),
        ("websiteUri", "javascript:alert(1)", "website", None),
        ("websiteUri", "https://user:secret@shop.test/", "website", None),
        ("websiteUri", "https://Bücher.test/a b", "website", "https://xn--bcher-kva.test/a%20b"),
        ("googleMapsUri", "//maps.google.com", "maps_url", None),
        ("location", {"longitude": 6.7}, "latitude", 0.0),
        ("location", {"latitude": 91, "longitude": 6.7}, "latitude", None),
        ("formattedAddress", "1 Road\x00\n\ud800 Town", "address", "1 Road Town"),
        ("formattedAddress", "x" * 900, "address", "x" * 500),
    ],
)
def test_values_out_of_range_count_as_absent(
    dentist: dict[str, Any], field: str, value: Any, attribute: str, expected: Any
) -> None:
    assert getattr(read_place({**dentist, field: value}), attribute) == expected


@pytest.mark.parametrize(
    ("international", "national", "expected"),
    [
        ("+44 117 496 0123", "0117 496 0123", "+441174960123"),
        (None, "(305) 555-0123", "+13055550123"),
        ("call us", "(305) 555-0123", "+13055550123"),
        ("+1 2", None, None),
        (None, "555", None),
        (None, None, None),
    ],
)
def test_a_phone_number_is_e164_or_nothing(
    dentist: dict[str, Any], international: Any, national: Any, expected: str | None
) -> None:
    numbers = {"internationalPhoneNumber": international, "nationalPhoneNumber": national}
    record = read_place({**dentist, **numbers})
    assert record is not None
    assert record.phone == expected


@pytest.mark.parametrize(
    ("address", "components", "street", "city", "region", "country"),
    [
        (
            "Torstraße 12, 10119 Berlin, Germany",
            [
                component("12", "12", "street_number"),
                component("Torstraße", "Torstraße", "route"),
                component("Mitte", "Mitte", "sublocality_level_1", "sublocality"),
                component("Berlin", "Berlin", "locality"),
                component("Berlin", "BE", "administrative_area_level_1"),
                component("Germany", "DE", "country"),
            ],
            "Torstraße 12",
            "Berlin",
            "Berlin",
            "DE",
        ),
        (
            "5 Park St, Bristol BS1 5JA, UK",
            [
                component("5", "5", "street_number"),
                component("Park Street", "Park St", "route"),
                component("Bristol", "Bristol", "postal_town"),
                component("England", "England", "administrative_area_level_1"),
                component("United Kingdom", "GB", "country"),
            ],
            "5 Park Street",
            "Bristol",
            "England",
            "GB",
        ),
        ("Miami", [component("Miami", "Miami", "locality")], None, "Miami", None, None),
        ("Nowhere", [{"longText": "X"}, 5, {"types": ["route"]}], None, None, None, None),
    ],
)
def test_takes_the_address_apart_as_its_country_writes_it(
    dentist: dict[str, Any],
    address: str,
    components: list[Any],
    street: str | None,
    city: str | None,
    region: str | None,
    country: str | None,
) -> None:
    message = {**dentist, "formattedAddress": address, "addressComponents": components}
    record = read_place(message)
    assert record is not None
    assert (record.street, record.city, record.region, record.country) == (
        street,
        city,
        region,
        country,
    )
