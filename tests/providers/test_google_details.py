"""Google Places (New), single places: details and reviews by id, and ids that are dead."""

from typing import Any

import pytest

from freshleads.lib.errors import ProviderError
from freshleads.sandbox.places_mask import PLACE_TREE, parse_mask
from leads.providers.google import DETAILS_MASK, REVIEWS_MASK, GooglePlaces
from leads.providers.google_messages import read_place
from leads.providers.records import ReviewRecord
from tests.providers.conftest import KEY, PlacesServer, provider_at, rpc_error

ID = "ChIJ1234567890"


@pytest.fixture
def review() -> dict[str, Any]:
    """A Review message as the service gives it."""
    return {
        "name": f"places/{ID}/reviews/abc",
        "relativePublishTimeDescription": "2 months ago",
        "rating": 4,
        "text": {"text": "Kind <b>and</b> quick.\nWill return.", "languageCode": "en"},
        "originalText": {"text": "Gentil et rapide.", "languageCode": "fr"},
        "authorAttribution": {
            "displayName": "Chloé Marchand",
            "uri": "https://www.google.com/maps/contrib/1/reviews",
            "photoUri": "https://lh3.googleusercontent.com/a/1",
        },
        "publishTime": "2026-08-02T10:20:30.123456789Z",
    }


def test_asks_one_place_by_its_id_with_the_fields_of_a_lead(
    google: GooglePlaces, places_server: PlacesServer, dentist: dict[str, Any]
) -> None:
    places_server.give(dentist)
    assert google.details(ID) == read_place(dentist)
    (request,) = places_server.requests
    assert (request.method, request.path) == ("GET", f"/v1/places/{ID}?languageCode=en")
    assert request.headers["x-goog-api-key"] == KEY
    mask = request.headers["x-goog-fieldmask"].split(",")
    assert {"id", "websiteUri", "internationalPhoneNumber", "photos.name"} <= set(mask)
    assert "reviews" not in mask
    assert not [name for name in mask if name.startswith("places.")]


def test_reads_the_reviews_of_a_place(
    google: GooglePlaces, places_server: PlacesServer, review: dict[str, Any]
) -> None:
    places_server.give({"id": ID, "reviews": [review]})
    assert google.reviews(ID) == (
        ReviewRecord(
            author_name="Chloé Marchand",
            rating=4,
            text="Kind <b>and</b> quick.\nWill return.",
            time=1785666030,
            author_url="https://www.google.com/maps/contrib/1/reviews",
            language="en",
            relative_time_description="2 months ago",
            profile_photo_url="https://lh3.googleusercontent.com/a/1",
        ),
    )
    assert places_server.requests[0].headers["x-goog-fieldmask"] == "id,reviews"


@pytest.mark.parametrize("mask", [DETAILS_MASK, REVIEWS_MASK])
def test_asks_only_for_fields_that_the_api_has(mask: str) -> None:
    assert parse_mask(mask, PLACE_TREE)


@pytest.mark.parametrize(
    ("status", "payload"),
    [
        (404, rpc_error(404, "NOT_FOUND", "The Place ID is no longer valid.")),
        (400, rpc_error(400, "INVALID_ARGUMENT", "Not a valid Place ID: ChIJ1234567890")),
    ],
)
def test_a_dead_id_is_no_place_and_no_error(
    google: GooglePlaces, places_server: PlacesServer, status: int, payload: Any
) -> None:
    places_server.give(payload, status)
    places_server.give(payload, status)
    assert google.details(ID) is None
    assert google.reviews(ID) is None


@pytest.mark.parametrize(
    "place_id", ["", "osm:node/1", "a/../b", "a?key=1", "a b", "é", "a\n", "x" * 301]
)
def test_what_cannot_be_an_id_is_unknown_without_a_request(
    google: GooglePlaces, places_server: PlacesServer, place_id: str
) -> None:
    assert google.details(place_id) is None
    assert google.reviews(place_id) is None
    assert places_server.requests == []


@pytest.mark.parametrize(
    ("status", "payload", "code", "permanent"),
    [
        (400, rpc_error(400, "INVALID_ARGUMENT", "Bad mask."), "request_refused", True),
        (403, rpc_error(403, "PERMISSION_DENIED", "Blocked."), "access_denied", True),
        (404, b"<html>a proxy</html>", "request_refused", True),
        (429, rpc_error(429, "RESOURCE_EXHAUSTED", "Quota."), "quota_exceeded", False),
        (503, rpc_error(503, "UNAVAILABLE", "Later."), "provider_unavailable", False),
        (200, b"[]", "bad_answer", False),
        (200, b'{"id": "ChI', "bad_answer", False),
    ],
)
def test_a_refusal_is_never_taken_for_a_dead_id(
    google: GooglePlaces,
    places_server: PlacesServer,
    status: int,
    payload: Any,
    code: str,
    permanent: bool,
) -> None:
    for ask in (google.details, google.reviews):
        places_server.give(payload, status)
        with pytest.raises(ProviderError) as caught:
            ask(ID)
        assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_a_place_without_a_name_is_a_bad_answer(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    places_server.give({"id": ID})
    with pytest.raises(ProviderError) as caught:
        google.details(ID)
    assert caught.value.code == "bad_answer"


def test_a_place_that_nobody_reviewed_has_no_reviews(
    google: GooglePlaces, places_server: PlacesServer
) -> None:
    places_server.give({"id": ID})
    assert google.reviews(ID) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"rating": None},
        {"rating": 0},
        {"rating": 6},
        {"rating": "5"},
        {"publishTime": None},
        {"publishTime": "yesterday"},
        {"publishTime": "2026-08-02T10:20:30"},
        {"publishTime": "0001-01-01T00:00:00+23:59"},
        {"publishTime": "2026-08-02T10:20:30.1" + "0" * 100 + "Z"},
    ],
)
def test_a_review_without_stars_or_time_is_left_out(
    google: GooglePlaces, places_server: PlacesServer, review: dict[str, Any], change: Any
) -> None:
    places_server.give({"id": ID, "reviews": [{**review, **change}, None, 7, review]})
    reviews = google.reviews(ID)
    assert reviews is not None
    assert len(reviews) == 1


def test_bounds_and_cleans_what_strangers_wrote(
    google: GooglePlaces, places_server: PlacesServer, review: dict[str, Any]
) -> None:
    hostile = {
        **review,
        "text": {"text": "a\x00b\ud800" + "x" * 50_000, "languageCode": "e" * 90},
        "authorAttribution": {"displayName": "n" * 900, "uri": "javascript:alert(1)"},
    }
    places_server.give({"id": ID, "reviews": [hostile] * 9})
    reviews = google.reviews(ID)
    assert reviews is not None
    assert len(reviews) == 5
    assert (reviews[0].text[:4], len(reviews[0].text)) == ("a bx", 8000)
    assert (len(reviews[0].author_name), len(reviews[0].language)) == (500, 20)
    assert (reviews[0].author_url, reviews[0].profile_photo_url) == ("", "")


def test_without_a_translation_the_original_words_count(
    google: GooglePlaces, places_server: PlacesServer, review: dict[str, Any]
) -> None:
    places_server.give({"id": ID, "reviews": [{**review, "text": None}]})
    reviews = google.reviews(ID)
    assert reviews is not None
    assert (reviews[0].text, reviews[0].language) == ("Gentil et rapide.", "fr")


def test_content_must_go_after_thirty_days_unless_a_contract_says_otherwise() -> None:
    assert provider_at(1).keep_days == 30
    assert GooglePlaces("key", provider_at(1)._client, keep_days=None).keep_days is None
