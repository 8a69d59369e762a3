"""Serper: Google alone, the key in a header, pages of as many as Google gives."""

import json
import logging
from typing import Any

import pytest

from freshleads.sandbox.vendor_requests import VendorRequest
from freshleads.sandbox.vendors import VendorsServer
from leads.providers import vendor_calls
from leads.providers.records import SearchResult
from leads.providers.serper import Serper
from tests.providers.engines.conftest import (
    HOME,
    KEY,
    Script,
    client_to,
    failure_of,
    summary,
)

SLOW = "slow-5ecret"


@pytest.fixture
def serper(vendors: VendorsServer) -> Serper:
    return at(vendors)


def at(vendors: VendorsServer, key: str = KEY) -> Serper:
    return Serper(key, client_to(vendors.port), f"{HOME}:{vendors.port}/serper")


def scripted(script: Script) -> Serper:
    return Serper("plain-key", client_to(script.port), script.url)


def search(serper: Serper, page: int = 0, count: int = 10) -> tuple[SearchResult, ...]:
    return serper.search("dentist miami", engine="google", page=page, results_per_page=count)


def body_of(request: VendorRequest) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.body)
    return body


def test_posts_the_question_with_the_key_in_its_header(
    serper: Serper, vendors: VendorsServer
) -> None:
    found = search(serper)
    (request,) = vendors.requests
    assert (request.method, request.vendor, request.path) == ("POST", "serper", "/search")
    assert request.headers["x-api-key"] == KEY
    assert not request.query
    assert body_of(request) == {"q": "dentist miami", "num": 10, "page": 1}
    assert [result.position for result in found] == list(range(1, 11))
    assert found[0].title.endswith("Dentist in Miami")


def test_larger_pages_come_in_one_request_where_google_lets_them(
    serper: Serper, vendors: VendorsServer
) -> None:
    found = search(serper, page=1, count=50)
    assert [body_of(request) for request in vendors.requests] == [
        {"q": "dentist miami", "num": 50, "page": 2}
    ]
    assert [result.position for result in found] == list(range(51, 101))


@pytest.mark.parametrize(
    ("page", "count", "pages"),
    [
        (0, 7, [1]),
        (1, 7, [1, 2]),
        (0, 100, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (1, 25, [2, 3, 4, 5]),
    ],
)
def test_pages_of_ten_are_put_together_to_the_same_results(
    serper: Serper, vendors: VendorsServer, page: int, count: int, pages: list[int]
) -> None:
    whole = search(serper, count=100)
    vendors.forget()
    vendors.conditions.largest_page = 10
    found = search(serper, page, count)
    assert found == whole[page * count : page * count + count]
    assert [body_of(request)["page"] for request in vendors.requests] == pages


def test_stops_asking_where_the_results_end(serper: Serper, vendors: VendorsServer) -> None:
    vendors.conditions.largest_page = 10
    found = serper.search("plumber bristol", engine="google", page=0, results_per_page=100)
    assert 20 < len(found) < 40
    assert len(vendors.requests) == 5


def test_has_nothing_of_bing(serper: Serper, vendors: VendorsServer) -> None:
    assert serper.engines == {"google"}
    error = failure_of(lambda: serper.search("dentist", engine="bing", page=0, results_per_page=10))
    assert summary(error) == ("not_supported", True, None)
    assert error.message == "Serper cannot ask bing."
    assert not vendors.requests


def test_a_page_without_results_is_no_failure(vendors: VendorsServer) -> None:
    assert search(at(vendors, "empty-1")) == ()
    assert len(vendors.requests) == 1


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ("invalid", ("invalid_key", True, None)),
        ("nocredit", ("no_credit", True, None)),
        ("quota", ("quota_exceeded", False, 60.0)),
        ("down", ("provider_unavailable", False, None)),
        ("html", ("provider_unavailable", False, None)),
        ("broken", ("bad_answer", False, None)),
        ("odd", ("bad_answer", False, None)),
        ("huge", ("bad_answer", False, None)),
    ],
)
def test_each_weather_has_its_error(
    vendors: VendorsServer,
    weather: str,
    expected: tuple[str, bool, float | None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = f"{weather}-5ecret"
    serper = at(vendors, key)
    with caplog.at_level(logging.DEBUG):
        error = failure_of(lambda: search(serper), key)
    assert summary(error) == expected
    assert key not in caplog.text
    assert len(vendors.requests) == 1


def test_waits_as_long_as_it_is_told_to(vendors: VendorsServer) -> None:
    vendors.conditions.retry_after = 9
    error = failure_of(lambda: search(at(vendors, "quota-1")))
    assert summary(error) == ("quota_exceeded", False, 9.0)


def test_a_slow_answer_is_given_up(vendors: VendorsServer) -> None:
    serper = at(vendors, SLOW)
    serper._calls._deadline = 0.3
    error = failure_of(lambda: search(serper), SLOW)
    assert summary(error) == ("provider_unavailable", False, None)
    assert vendor_calls.DEADLINE_SECONDS == 20


def test_a_wrong_parameter_is_not_taken_for_an_empty_account(script: Script) -> None:
    script.give({"message": "Invalid parameter num", "statusCode": 400}, status=400)
    error = failure_of(lambda: search(scripted(script)))
    assert summary(error) == ("request_refused", True, None)
    assert error.message.endswith("(HTTP 400). Serper says: Invalid parameter num")


def test_a_key_that_fits_in_no_header_is_an_invalid_key(script: Script) -> None:
    serper = Serper("line\nbreak", client_to(script.port), script.url)
    assert summary(failure_of(lambda: search(serper))) == ("invalid_key", True, None)
    assert not script.paths


def test_without_a_key_nobody_is_asked(vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(at(vendors, ""))).code == "invalid_key"
    assert not vendors.requests


def test_reads_what_is_readable_among_what_is_not(script: Script) -> None:
    rows = [
        None,
        7,
        {},
        {"title": "No link"},
        {"title": "Script", "link": "javascript:alert(1)"},
        {"title": "Long", "link": "https://long.test/" + "x" * 2048},
        {"title": ["list"], "link": "https://untitled.test/", "snippet": {"a": 1}},
        {"title": "A" * 400, "link": "https://bounded.test/", "snippet": "B " * 2000},
        {"title": "Twice", "link": "https://bounded.test/"},
        {"title": "half \ud800 pair\u0000", "link": "http://odd.test", "snippet": "a\u0007b"},
    ]
    script.give({"organic": rows})
    found = search(scripted(script))
    assert [(result.position, result.url) for result in found] == [
        (1, "https://untitled.test/"),
        (2, "https://bounded.test/"),
        (3, "http://odd.test/"),
    ]
    assert (found[0].title, found[0].description) == ("", "")
    assert (found[1].title, len(found[1].description)) == ("A" * 300, 999)
    assert (found[2].title, found[2].description) == ("half pair", "a b")


def test_never_gives_more_than_was_asked_for(script: Script) -> None:
    script.give({"organic": [{"title": "x", "link": f"https://x{n}.test/"} for n in range(5000)]})
    found = search(scripted(script), count=100)
    assert [result.position for result in found] == list(range(1, 101))
    assert len(script.paths) == 1


def test_a_vendor_that_repeats_itself_is_asked_a_bounded_number_of_times(script: Script) -> None:
    script.give({"organic": [{"title": "x", "link": "https://x.test/"}]})
    assert len(search(scripted(script), count=100)) == 1
    assert len(script.paths) == 10


@pytest.mark.parametrize(
    "answer", [{}, [], 7, {"organic": {}}, {"organic": None}, {"searchParameters": 1, "organic": 1}]
)
def test_answers_of_another_shape_are_no_answers(script: Script, answer: object) -> None:
    script.give(answer)
    assert failure_of(lambda: search(scripted(script))).code == "bad_answer"
