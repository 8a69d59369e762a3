"""SearXNG: an own instance without a key, which says itself when an engine shuts it out."""

import pytest

from freshleads.sandbox.vendors import VendorsServer
from leads.providers.records import SearchResult
from leads.providers.searxng import SearxNG
from tests.providers.engines.conftest import HOME, Script, client_to, failure_of, summary


@pytest.fixture
def searxng(vendors: VendorsServer) -> SearxNG:
    return SearxNG(client_to(vendors.port), f"{HOME}:{vendors.port}/searxng/")


def scripted(script: Script) -> SearxNG:
    return SearxNG(client_to(script.port), script.url)


def search(
    searxng: SearxNG, engine: str = "google", page: int = 0, count: int = 10
) -> tuple[SearchResult, ...]:
    return searxng.search("dentist miami", engine=engine, page=page, results_per_page=count)


@pytest.mark.parametrize("engine", ["google", "bing"])
def test_names_the_engine_it_wants_asked(
    searxng: SearxNG, vendors: VendorsServer, engine: str
) -> None:
    found = search(searxng, engine, page=3)
    (request,) = vendors.requests
    assert (request.method, request.vendor, request.path) == ("GET", "searxng", "/search")
    assert request.query == {
        "q": "dentist miami",
        "format": "json",
        "categories": "general",
        "engines": engine,
        "pageno": "4",
    }
    assert [result.position for result in found] == list(range(31, 41))


def test_google_and_bing_answer_differently(searxng: SearxNG) -> None:
    assert search(searxng, "google") != search(searxng, "bing")


@pytest.mark.parametrize(
    ("page", "count", "pages"), [(1, 7, ["1", "2"]), (1, 25, ["3", "4", "5"]), (0, 3, ["1"])]
)
def test_pages_of_ten_are_put_together(
    searxng: SearxNG, vendors: VendorsServer, page: int, count: int, pages: list[str]
) -> None:
    whole = search(searxng, count=100)
    vendors.forget()
    found = search(searxng, page=page, count=count)
    assert found == whole[page * count : page * count + count]
    assert [request.query["pageno"] for request in vendors.requests] == pages


def test_a_hundred_results_are_ten_requests_at_most(
    searxng: SearxNG, vendors: VendorsServer
) -> None:
    assert len(search(searxng, count=100)) == 100
    assert len(vendors.requests) == 10
    found = searxng.search("plumber bristol", engine="google", page=0, results_per_page=100)
    assert 20 < len(found) < 40
    assert len(vendors.requests) == 15


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ("denied", ("access_denied", True, None)),
        ("invalid", ("not_supported", True, None)),
        ("quota", ("quota_exceeded", False, 180.0)),
        ("nocredit", ("quota_exceeded", False, 180.0)),
        ("captcha", ("captcha", False, 3600.0)),
        ("down", ("provider_unavailable", False, None)),
        ("html", ("provider_unavailable", False, None)),
        ("broken", ("bad_answer", False, None)),
        ("odd", ("bad_answer", False, None)),
        ("huge", ("bad_answer", False, None)),
    ],
)
def test_each_weather_has_its_error(
    searxng: SearxNG,
    vendors: VendorsServer,
    weather: str,
    expected: tuple[str, bool, float | None],
) -> None:
    vendors.conditions.weather["searxng"] = weather
    assert summary(failure_of(lambda: search(searxng))) == expected
    assert len(vendors.requests) == 1


def test_says_what_to_change_where_json_is_not_allowed(
    searxng: SearxNG, vendors: VendorsServer
) -> None:
    vendors.conditions.weather["searxng"] = "denied"
    error = failure_of(lambda: search(searxng))
    assert "add json to search.formats in its settings.yml" in error.message


def test_waits_as_long_as_it_is_told_to(searxng: SearxNG, vendors: VendorsServer) -> None:
    vendors.conditions.weather["searxng"] = "quota"
    vendors.conditions.retry_after = 11
    assert summary(failure_of(lambda: search(searxng))) == ("quota_exceeded", False, 11.0)


def test_a_slow_instance_is_given_up(searxng: SearxNG, vendors: VendorsServer) -> None:
    vendors.conditions.weather["searxng"] = "slow"
    searxng._calls._deadline = 0.3
    assert failure_of(lambda: search(searxng)).code == "provider_unavailable"


def test_a_page_without_results_is_no_failure(searxng: SearxNG, vendors: VendorsServer) -> None:
    vendors.conditions.weather["searxng"] = "empty"
    assert search(searxng) == ()


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("CAPTCHA", "captcha"),
        ("Suspended: CAPTCHA", "captcha"),
        ("too many requests", "quota_exceeded"),
        ("Suspended: access denied", "quota_exceeded"),
        ("timeout", "provider_unavailable"),
        ("HTTP error", "provider_unavailable"),
    ],
)
def test_an_engine_that_does_not_answer_is_told_apart(
    script: Script, reason: str, code: str
) -> None:
    unresponsive = [["bing", "fine by me"], ["google", reason]]
    script.give({"results": [], "unresponsive_engines": unresponsive})
    assert failure_of(lambda: search(scripted(script))).code == code


def test_only_results_of_the_engine_that_was_asked_count(script: Script) -> None:
    rows = [
        {"title": "Other", "url": "https://other.test/", "engine": "mojeek"},
        {"title": "Both", "url": "https://both.test/", "engines": ["mojeek", "google"]},
        {"title": "Own", "url": "https://own.test/", "engine": "google", "content": "Text"},
        {"title": "Nobody's", "url": "https://nobody.test/"},
        {"title": "Odd", "url": "https://odd.test/", "engines": {"google": 1}},
    ]
    script.give({"results": rows})
    script.give({"results": []})
    assert search(scripted(script)) == (
        SearchResult(1, "Both", "https://both.test/"),
        SearchResult(2, "Own", "https://own.test/", "Text"),
    )


@pytest.mark.parametrize("unresponsive", [[None], ["google"], [["google"]], [[1, 2]], [{"a": 1}]])
def test_reasons_that_cannot_be_read_are_none(script: Script, unresponsive: object) -> None:
    script.give({"results": [], "unresponsive_engines": unresponsive})
    assert search(scripted(script)) == ()


@pytest.mark.parametrize(
    "answer", [{}, [], 7, {"results": {}}, {"results": [], "unresponsive_engines": 7}]
)
def test_answers_of_another_shape_are_no_answers(script: Script, answer: object) -> None:
    script.give(answer)
    assert failure_of(lambda: search(scripted(script))).code == "bad_answer"


def test_another_engine_is_not_supported(searxng: SearxNG, vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(searxng, "yahoo")).code == "not_supported"
    assert not vendors.requests
