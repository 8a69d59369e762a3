"""Brave: an index of its own, twenty results at a time, and a count of requests by the second."""

import logging
from urllib.parse import quote

import pytest

from freshleads.sandbox.vendors import VendorsServer
from leads.providers.brave import Brave
from leads.providers.contracts import can_answer
from leads.providers.records import SearchResult
from leads.providers.serper import Serper
from tests.providers.engines.conftest import (
    HOME,
    KEY,
    SECRET,
    Script,
    client_to,
    failure_of,
    summary,
)

SLOW = "slow-5ecret"


def at(vendors: VendorsServer, key: str = KEY, pauses: list[float] | None = None) -> Brave:
    slept = [] if pauses is None else pauses
    client = client_to(vendors.port)
    return Brave(key, client, f"{HOME}:{vendors.port}/brave", sleep=slept.append)


def scripted(script: Script) -> Brave:
    return Brave("plain-key", client_to(script.port), script.url)


def search(brave: Brave, page: int = 0, count: int = 10) -> tuple[SearchResult, ...]:
    return brave.search("dentist miami", engine="google", page=page, results_per_page=count)


def error_body(code: str, **meta: int) -> dict[str, object]:
    error = {"code": code, "detail": "What Brave says.", "meta": meta}
    return {"type": "ErrorResponse", "error": error}


def test_asks_with_the_key_in_its_header(vendors: VendorsServer) -> None:
    found = search(at(vendors), page=2, count=15)
    (request,) = vendors.requests
    assert (request.vendor, request.path) == ("brave", "/res/v1/web/search")
    assert request.headers["x-subscription-token"] == KEY
    assert request.query == {
        "q": "dentist miami",
        "count": "15",
        "offset": "2",
        "result_filter": "web",
        "text_decorations": "false",
    }
    assert [result.position for result in found] == list(range(31, 46))


def test_stands_in_for_any_engine_and_claims_to_be_none(vendors: VendorsServer) -> None:
    brave = at(vendors)
    serper = Serper(KEY, client_to(vendors.port))
    assert (brave.engines, brave.is_stand_in) == (frozenset(), True)
    assert can_answer(brave, "google")
    assert can_answer(brave, "bing")
    assert can_answer(serper, "google")
    assert not can_answer(serper, "bing")
    as_google = brave.search("dentist", engine="google", page=0, results_per_page=10)
    as_bing = brave.search("dentist", engine="bing", page=0, results_per_page=10)
    assert as_google == as_bing


def test_a_hundred_results_are_five_pages(vendors: VendorsServer) -> None:
    found = search(at(vendors), page=1, count=100)
    assert [request.query["offset"] for request in vendors.requests] == ["5", "6", "7", "8", "9"]
    assert {request.query["count"] for request in vendors.requests} == {"20"}
    assert [result.position for result in found] == list(range(101, 201))
    assert len({result.url for result in found}) == 100


def test_pages_that_fall_across_its_own_are_cut_out(vendors: VendorsServer) -> None:
    whole = search(at(vendors), count=100)
    assert search(at(vendors), page=1, count=30) == whole[30:60]


def test_a_small_page_far_behind_is_cut_out_of_a_larger_one(vendors: VendorsServer) -> None:
    whole = search(at(vendors), count=100)
    vendors.forget()
    assert search(at(vendors), page=12, count=7) == whole[84:91]
    assert [request.query["offset"] for request in vendors.requests] == ["4"]


def test_knows_no_more_than_two_hundred_results(vendors: VendorsServer) -> None:
    error = failure_of(lambda: search(at(vendors), page=2, count=100))
    assert summary(error) == ("not_supported", True, None)
    assert not vendors.requests
    assert len(search(at(vendors), page=6, count=30)) == 20


def test_stops_asking_where_the_results_end(vendors: VendorsServer) -> None:
    found = at(vendors).search("plumber bristol", engine="bing", page=0, results_per_page=100)
    assert 20 < len(found) < 40
    assert len(vendors.requests) == 2


def test_keeps_the_pace_of_a_plan_of_one_request_a_second(vendors: VendorsServer) -> None:
    pauses: list[float] = []
    vendors.conditions.per_second = 1
    assert len(search(at(vendors, pauses=pauses), count=60)) == 60
    assert pauses == [1.0, 1.0]  # between three requests, and not behind the last one


def test_hurries_where_the_plan_allows_it(vendors: VendorsServer) -> None:
    pauses: list[float] = []
    search(at(vendors, pauses=pauses), count=60)
    assert pauses == []


def test_never_waits_for_the_end_of_a_month(script: Script) -> None:
    pauses: list[float] = []
    rows = [{"title": "x", "url": f"https://x{n}.test/"} for n in range(20)]
    script.give(
        {"query": {"more_results_available": True}, "web": {"results": rows}},
        X_RateLimit_Remaining="0, 0",
        X_RateLimit_Reset="1419704, 1419704",
    )
    brave = Brave("plain-key", client_to(script.port), script.url, sleep=pauses.append)
    search(brave, count=40)
    assert pauses == [2.0]


def test_a_page_without_results_is_no_failure(vendors: VendorsServer) -> None:
    assert search(at(vendors, "empty-1")) == ()


@pytest.mark.parametrize("query", ["word " * 51, "x" * 401])
def test_leaves_questions_that_are_too_long_to_others(vendors: VendorsServer, query: str) -> None:
    error = failure_of(
        lambda: at(vendors).search(query, engine="google", page=0, results_per_page=10)
    )
    assert summary(error) == ("not_supported", True, None)
    assert not vendors.requests


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ("invalid", ("invalid_key", True, None)),
        ("denied", ("access_denied", True, None)),
        ("nocredit", ("no_credit", True, None)),
        ("quota", ("quota_exceeded", False, 1.0)),
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
    brave = at(vendors, key)
    with caplog.at_level(logging.DEBUG):
        error = failure_of(lambda: search(brave), key)
    assert summary(error) == expected
    assert key not in caplog.text
    assert len(vendors.requests) == 1


def test_a_slow_answer_is_given_up(vendors: VendorsServer) -> None:
    brave = at(vendors, SLOW)
    brave._calls._deadline = 0.3
    error = failure_of(lambda: search(brave), SLOW)
    assert summary(error) == ("provider_unavailable", False, None)


def test_without_a_key_nobody_is_asked(vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(at(vendors, ""))).code == "invalid_key"
    assert not vendors.requests


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, 60.0),
        ({"Retry_After": "4"}, 4.0),
        ({"X_RateLimit_Reset": "3, 1419704"}, 3.0),
        ({"X_RateLimit_Reset": "0, 1419704"}, 60.0),
        ({"X_RateLimit_Reset": "soon"}, 60.0),
        ({"X_RateLimit_Reset": "999999999"}, 86_400.0),
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60.0),
    ],
)
def test_rests_as_long_as_the_second_or_the_header_says(
    script: Script, headers: dict[str, str], pause: float
) -> None:
    body = error_body("RATE_LIMITED", quota_limit=2000, quota_current=5)
    script.give(body, status=429, **headers)
    error = failure_of(lambda: search(scripted(script)))
    assert summary(error) == ("quota_exceeded", False, pause)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (422, "SUBSCRIPTION_TOKEN_INVALID", "invalid_key"),
        (401, "", "invalid_key"),
        (402, "", "no_credit"),
        (403, "RESOURCE_NOT_ALLOWED", "access_denied"),
        (422, "VALIDATION", "request_refused"),
        (400, "OPTION_NOT_IN_PLAN", "access_denied"),
    ],
)
def test_tells_refusals_apart_by_their_codes(
    script: Script, status: int, code: str, expected: str
) -> None:
    script.give(error_body(code), status=status)
    error = failure_of(lambda: search(scripted(script)))
    assert (error.code, error.permanent) == (expected, True)
    assert error.message.endswith("Brave Search says: What Brave says.")


def test_texts_come_without_their_markup(script: Script) -> None:
    row = {
        "title": "Smith &amp; <strong>Sons</strong>",
        "url": "https://smith.test/",
        "description": "A &lt;b&gt; <strong>den</strong>tist.",
    }
    script.give({"query": {}, "web": {"results": [row]}})
    assert search(scripted(script)) == (
        SearchResult(1, "Smith & Sons", "https://smith.test/", "A <b> dentist."),
    )


@pytest.mark.parametrize(
    "answer",
    [{}, [], {"web": {}}, {"query": {}, "web": []}, {"query": {}, "web": {"results": {}}}],
)
def test_answers_of_another_shape_are_no_answers(script: Script, answer: object) -> None:
    script.give(answer)
    assert failure_of(lambda: search(scripted(script))).code == "bad_answer"


@pytest.mark.parametrize("meta", [None, [], {"quota_limit": "x"}, {"quota_limit": 0}])
def test_a_refusal_without_figures_is_one_for_now(script: Script, meta: object) -> None:
    script.give({"error": {"code": "RATE_LIMITED", "meta": meta}}, status=429)
    assert failure_of(lambda: search(scripted(script))).code == "quota_exceeded"


def test_the_key_is_not_quoted(script: Script) -> None:
    brave = Brave(SECRET.replace(" ", ""), client_to(script.port), script.url)
    key = SECRET.replace(" ", "")
    said = f"Bad token {key} or {quote(key, safe='')}"
    script.give({"error": {"detail": said}}, status=403)
    error = failure_of(lambda: search(brave), key)
    assert error.message.endswith("Brave Search says: Bad token (key) or (key)")
