"""Google Places (New): the box of an area that a text names, or that a point stands for."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freshleads.lib.errors import InvalidInput
from leads.providers.google import GooglePlaces
from leads.providers.google_messages import read_area
from leads.providers.records import AreaRecord
from tests.providers.conftest import PlacesServer, provider_at

NOWHERE = provider_at(1)


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
