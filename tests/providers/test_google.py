"""Google Places (New): what is asked, and what each refusal means."""

import logging
import traceback
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.sandbox.places_mask import TEXT_SEARCH_TREE, parse_mask
from leads.providers import google as google_module
from leads.providers.google import AREA_MASK, SEARCH_MASK, GooglePlaces
from tests.providers.conftest import HIGH, KEY, LOW, PlacesServer, provider_at, rpc_error, search

INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY = "type.googleapis.com/google.rpc.RetryInfo"


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
