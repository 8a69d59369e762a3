"""Google Places (New): what is asked, what is read, what each refusal means."""

import logging
import math
import traceback
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.sandbox.places_mask import TEXT_SEARCH_TREE, parse_mask
from leads.providers import google as google_module
from leads.providers.google import AREA_MASK, SEARCH_MASK, GooglePlaces
from leads.providers.google_messages import read_area, read_place
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage
from tests.providers.conftest import KEY, PlacesServer, component, provider_at, rpc_error

NOWHERE = provider_at(1)
LOW, HIGH = (25.65, -80.37), (25.86, -80.13)
INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY = "type.googleapis.com/google.rpc.RetryInfo"


def search(google: GooglePlaces, **options: Any) -> PlacesPage:
    return google.search("dentists", low=LOW, high=HIGH, **options)


def refused(google: GooglePlaces) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        search(google)
    return caught.value


def test_asks_one_text_search_with_key_mask_and_box(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    search(google, region="US", page_size=15)
    (request,) = places_server.requests
    assert request.path == "/v1/places:searchText"
    assert request.headers["x-goog-api-key"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert request.body == {
        "textQuery": "dentists",
        "pageSize": 15,
        "languageCode": "en",
        "regionCode": "US",
        "includePureServiceAreaBusinesses": True,
        "locationRestriction": {
            "rectangle": {
                "low": {"latitude": 25.65, "longitude": -80.37},
                "high": {"latitude": 25.86, "longitude": -80.13},
            }
        },
    }
    mask = request.headers["x-goog-fieldmask"].split(",")
    assert {"places.websiteUri", "places.internationalPhoneNumber", "nextPageToken"} <= set(mask)
    assert " " not in request.headers["x-goog-fieldmask"]
    assert "*" not in mask
    assert "places.reviews" not in mask


@pytest.mark.parametrize("mask", [SEARCH_MASK, AREA_MASK])
def test_asks_only_for_fields_that_the_api_has(mask: str) -> None:
    assert parse_mask(mask, TEXT_SEARCH_TREE)


def test_the_next_page_repeats_everything_and_adds_the_token(
    google: GooglePlaces, places_server: PlacesServer, dentist: dict[str, Any]
) -> None:
    places_server.give_places(dentist, token="page-2")
    places_server.give_places(dentist)
    first = search(google, region="US")
    second = search(google, region="US", page_token=first.next_page_token)
    assert (first.next_page_token, second.next_page_token) == ("page-2", None)
    one, two = (request.body for request in places_server.requests)
    assert two == {**one, "pageToken": "page-2"}


@pytest.mark.parametrize(("asked", "sent"), [(0, 1), (-5, 1), (20, 20), (100, 20)])
def test_keeps_the_page_size_within_what_the_api_takes(
    google: GooglePlaces, places_server: PlacesServer, asked: int, sent: int
) -> None:
    search(google, page_size=asked)
    assert places_server.requests[0].body["pageSize"] == sent


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


def test_an_unknown_key_is_permanent_although_google_says_400(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    reason = {"@type": INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    message = "API key not valid. Please pass a valid API key."
    places_server.give(rpc_error(400, "INVALID_ARGUMENT", message, reason), 400)
    error = refused(google)
    assert (error.code, error.permanent, error.retry_after) == ("invalid_key", True, None)
    assert message in error.message


@pytest.mark.parametrize(
    ("status", "payload", "code", "permanent"),
    [
        (401, rpc_error(401, "UNAUTHENTICATED", "No."), "invalid_key", True),
        (403, rpc_error(403, "PERMISSION_DENIED", "Blocked."), "access_denied", True),
        (400, rpc_error(400, "INVALID_ARGUMENT", "Bad token."), "request_refused", True),
        (404, rpc_error(404, "NOT_FOUND", "Gone."), "request_refused", True),
        (500, rpc_error(500, "INTERNAL", "Oops."), "provider_unavailable", False),
        (503, rpc_error(503, "UNAVAILABLE", "Later."), "provider_unavailable", False),
        (502, b"<html><title>Error 502 (Server Error)!!1</title>", "provider_unavailable", False),
        (403, b"<html>Forbidden</html>", "access_denied", True),
        (400, {"error": "text"}, "request_refused", True),
        (400, {"error": {"details": "text", "message": 5}}, "request_refused", True),
        (400, {"error": {"details": [None, {"reason": []}]}}, "request_refused", True),
        (301, b"", "bad_answer", False),
        (200, b'{"places": [{"id": "a", "displ', "bad_answer", False),
        (200, b"", "bad_answer", False),
        (200, b"[]", "bad_answer", False),
        (200, b'"text"', "bad_answer", False),
        (200, {"places": {"id": "a"}}, "bad_answer", False),
        (200, b"[" * 100_000, "bad_answer", False),
        (200, b"<html>a captive portal</html>", "bad_answer", False),
        (200, b" " * (4 * 1024 * 1024 + 1), "bad_answer", False),
    ],
)
def test_each_refusal_says_whether_a_retry_can_help(
    google: GooglePlaces,
    places_server: PlacesServer,
    status: int,
    payload: Any,
    code: str,
    permanent: bool,
) -> None:
    places_server.give(payload, status)
    error = refused(google)
    assert (error.code, error.permanent) == (code, permanent)
    assert len(error.message) < 500


@pytest.mark.parametrize(
    ("details", "headers", "seconds"),
    [
        ([{"@type": RETRY, "retryDelay": "41s"}], {}, 41),
        ([{"@type": RETRY, "retryDelay": "1.500s"}], {"Retry-After": "7"}, 1.5),
        ([{"@type": INFO, "reason": "RATE_LIMIT_EXCEEDED"}], {"Retry-After": "7"}, 7),
        ([], {}, 60),
        ([{"@type": RETRY, "retryDelay": "soon"}], {}, 60),
        ([{"@type": RETRY, "retryDelay": "-5s"}], {}, 60),
        ([{"@type": RETRY}], {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60),
        ([{"@type": RETRY, "retryDelay": "999999999s"}], {}, 86400),
    ],
)
def test_a_used_up_quota_says_how_long_to_wait(
    google: GooglePlaces,
    places_server: PlacesServer,
    details: list[dict[str, Any]],
    headers: dict[str, str],
    seconds: float,
) -> None:
    payload = rpc_error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", *details)
    places_server.give(payload, 429, headers)
    error = refused(google)
    assert (error.code, error.permanent) == ("quota_exceeded", False)
    assert error.retry_after == seconds


def test_an_unavailable_service_may_name_the_pause(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    places_server.give(b"busy", 503, {"Retry-After": "12"})
    assert refused(google).retry_after == 12


def test_nobody_listening_is_an_outage_that_may_pass(places_server: PlacesServer) -> None:
    places_server.close()
    error = refused(provider_at(places_server.port))
    assert (error.code, error.permanent) == ("provider_unavailable", False)


def test_a_service_that_does_not_answer_in_time_is_an_outage(
    google: GooglePlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_module, "DEADLINE_SECONDS", 0.0001)
    error = refused(google)
    assert (error.code, error.permanent) == ("provider_unavailable", False)


def test_without_a_key_nothing_is_asked(places_server: PlacesServer) -> None:
    error = refused(provider_at(places_server.port, key="  "))
    assert (error.code, error.permanent) == ("invalid_key", True)
    assert places_server.requests == []


def test_the_key_is_in_no_message_log_or_traceback(
    google: GooglePlaces, places_server: PlacesServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for status in (400, 403, 429, 503):
            places_server.give(rpc_error(status, "X", f"The key {KEY} is bad."), status)
            error = refused(google)
            report = "".join(traceback.format_exception(error)) + repr(error) + str(error)
            assert KEY not in report
        search(google)
    assert KEY not in caplog.text
    assert KEY not in repr(google)


def test_a_key_with_a_line_break_behind_it_works(places_server: PlacesServer) -> None:
    search(provider_at(places_server.port, key=f"{KEY}\n"))
    assert places_server.requests[0].headers["x-goog-api-key"] == KEY


@pytest.mark.parametrize("query", ["", "   ", "x" * 501])
def test_an_empty_or_endless_query_is_refused_before_anything_is_asked(
    google: GooglePlaces, places_server: PlacesServer, query: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        google.search(query, low=LOW, high=HIGH)
    assert caught.value.param == "query"
    with pytest.raises(InvalidInput) as caught:
        google.find_area(query)
    assert caught.value.param == "location"
    assert places_server.requests == []


def test_finds_the_area_that_a_text_names(
    google: GooglePlaces, places_server: PlacesServer, city: dict[str, Any]
) -> None:
    places_server.give_places(city)
    assert google.find_area("Miami, FL") == AreaRecord(
        name="Miami, FL, USA",
        low=(25.709042, -80.31976),
        high=(25.855773, -80.139157),
        center=(25.7616798, -80.1917902),
        country="US",
    )
    (request,) = places_server.requests
    assert request.body == {"textQuery": "Miami, FL", "pageSize": 5, "languageCode": "en"}
    assert "places.viewport" in request.headers["x-goog-fieldmask"].split(",")
    assert "places.websiteUri" not in request.headers["x-goog-fieldmask"]


def test_passes_over_businesses_that_have_the_name_of_the_area(
    google: GooglePlaces,
    places_server: PlacesServer,
    dentist: dict[str, Any],
    city: dict[str, Any],
) -> None:
    places_server.give_places({**dentist, "viewport": city["viewport"]}, city)
    area = google.find_area("Miami")
    assert area is not None
    assert area.name == "Miami, FL, USA"


@pytest.mark.parametrize(
    "kind",
    [
        "locality",
        "postal_code",
        "country",
        "neighborhood",
        "sublocality",
        "sublocality_level_1",
        "administrative_area_level_1",
        "administrative_area_level_2",
    ],
)
def test_every_kind_of_area_counts(city: dict[str, Any], kind: str) -> None:
    assert read_area({**city, "types": [kind]}) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"types": ["restaurant"]},
        {"types": None},
        {"viewport": None},
        {"viewport": {}},
        {"viewport": {"low": {"latitude": 25}}},
        {"viewport": {"low": {"latitude": 26}, "high": {"latitude": 25, "longitude": 1}}},
        {"viewport": {"low": {"latitude": "a"}, "high": {"latitude": 25, "longitude": 1}}},
        {"formattedAddress": None, "displayName": None},
    ],
)
def test_what_is_no_area_with_a_box_is_not_found(
    google: GooglePlaces,
    places_server: PlacesServer,
    city: dict[str, Any],
    change: dict[str, Any],
) -> None:
    places_server.give_places({**city, **change})
    assert google.find_area("Miami") is None


def test_an_unknown_place_is_not_found(google: GooglePlaces) -> None:
    assert google.find_area("Atlantis") is None


def test_the_middle_of_an_area_over_the_180th_meridian_lies_inside(city: dict[str, Any]) -> None:
    viewport = {
        "low": {"latitude": -20, "longitude": 176},
        "high": {"latitude": -12, "longitude": -178},
    }
    area = read_area({**city, "viewport": viewport, "location": None})
    assert area is not None
    assert area.center == (-16, 179)


def test_a_point_makes_a_box_without_a_request(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    area = google.find_area(" 25.7617,-80.1918 ")
    assert area is not None
    assert area.center == (25.7617, -80.1918)
    assert area.low == pytest.approx((25.71673, -80.24173), abs=1e-4)
    assert area.high == pytest.approx((25.80667, -80.14187), abs=1e-4)
    assert (area.name, area.country) == ("25.76170, -80.19180", None)
    assert places_server.requests == []


@pytest.mark.parametrize("text", ["91, 0", "-90.1,0", "0,180.5", "999,999"])
def test_a_point_that_is_not_on_earth_is_refused(google: GooglePlaces, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        google.find_area(text)
    assert caught.value.param == "location"


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-90, 90, allow_nan=False).map(lambda degrees: round(degrees, 6)),
    st.floats(-180, 180, allow_nan=False).map(lambda degrees: round(degrees, 6)),
)
def test_every_point_makes_a_box_that_the_api_takes(latitude: float, longitude: float) -> None:
    area = NOWHERE.find_area(f"{latitude:.6f},{longitude:.6f}")
    assert area is not None
    assert -90 <= area.low[0] < area.high[0] <= 90
    assert -180 <= area.low[1] <= 180
    assert -180 <= area.high[1] <= 180
    assert 0 < (area.high[1] - area.low[1]) % 360 <= 180


@pytest.mark.parametrize("text", ["33130", "10115, 10117", "12.5", "Route 1, 2", "1.2.3,4"])
def test_what_only_resembles_a_point_is_looked_up(
    google: GooglePlaces, places_server: PlacesServer, text: str
) -> None:
    assert google.find_area(text) is None
    assert places_server.requests[0].body["textQuery"] == text
