"""SerpApi: what is asked on the wire, what is read, what each refusal means."""

import logging

import pytest

from freshleads.lib.errors import InvalidInput
from freshleads.sandbox.vendors import VendorsServer
from leads.providers import serpapi as module
from leads.providers.records import AdRecord, SearchResult
from leads.providers.serpapi import SerpApi
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
METADATA = {"search_metadata": {"status": "Success"}}


@pytest.fixture
def serpapi(vendors: VendorsServer) -> SerpApi:
    return at(vendors)


def at(vendors: VendorsServer, key: str = KEY) -> SerpApi:
    return SerpApi(key, client_to(vendors.port), f"{HOME}:{vendors.port}/serpapi")


def scripted(script: Script) -> SerpApi:
    return SerpApi(SECRET, client_to(script.port), script.url)


def search(serpapi: SerpApi, engine: str = "google") -> tuple[SearchResult, ...]:
    return serpapi.search("dentist miami", engine=engine, page=0, results_per_page=10)


def test_asks_google_from_where_the_page_begins(serpapi: SerpApi, vendors: VendorsServer) -> None:
    found = serpapi.search(" dentist  miami ", engine="google", page=2, results_per_page=25)
    (request,) = vendors.requests
    assert (request.vendor, request.path) == ("serpapi", "/search.json")
    assert request.query == {
        "engine": "google",
        "q": "dentist miami",
        "start": "50",
        "num": "25",
        "api_key": KEY,
    }
    assert [result.position for result in found] == list(range(51, 76))


def test_asks_bing_in_its_own_words(serpapi: SerpApi, vendors: VendorsServer) -> None:
    found = serpapi.search("dentist miami", engine="bing", page=1, results_per_page=20)
    (request,) = vendors.requests
    assert request.query == {
        "engine": "bing",
        "q": "dentist miami",
        "first": "21",
        "count": "20",
        "api_key": KEY,
    }
    assert [result.position for result in found] == list(range(21, 41))


def test_bing_and_google_answer_for_themselves(serpapi: SerpApi) -> None:
    google, bing = search(serpapi), search(serpapi, "bing")
    assert len(google) == len(bing) == 10
    assert [result.url for result in google] != [result.url for result in bing]


def test_reads_title_address_and_snippet(script: Script) -> None:
    row = {
        "position": 1,
        "title": "Bright\nSmiles\u0000 <Dental>",
        "link": "https://bright.test/a b#team",
        "displayed_link": "bright.test",
        "snippet": "Call (305) 555-0123 or mail info@bright.test",
    }
    script.give({**METADATA, "organic_results": [row]})
    assert search(scripted(script)) == (
        SearchResult(
            position=1,
            title="Bright Smiles <Dental>",
            url="https://bright.test/a%20b",
            description="Call (305) 555-0123 or mail info@bright.test",
        ),
    )


@pytest.mark.parametrize(("engine", "requests"), [("google", 1), ("bing", 2)])
def test_a_hundred_results_come_in_few_requests(
    serpapi: SerpApi, vendors: VendorsServer, engine: str, requests: int
) -> None:
    found = serpapi.search("dentist miami", engine=engine, page=0, results_per_page=100)
    assert len({result.url for result in found}) == 100
    assert len(vendors.requests) == requests


def test_engines_that_give_ten_at_most_are_asked_ten_times(
    serpapi: SerpApi, vendors: VendorsServer
) -> None:
    at_once = serpapi.search("dentist miami", engine="google", page=0, results_per_page=100)
    vendors.forget()
    vendors.conditions.largest_page = 10
    found = serpapi.search("dentist miami", engine="google", page=0, results_per_page=100)
    assert found == at_once
    assert [request.query["start"] for request in vendors.requests] == [
        str(start) for start in range(0, 100, 10)
    ]


def test_stops_asking_where_the_results_end(serpapi: SerpApi, vendors: VendorsServer) -> None:
    vendors.conditions.largest_page = 10
    found = serpapi.search("plumber bristol", engine="google", page=0, results_per_page=100)
    assert 20 < len(found) < 40
    assert len(vendors.requests) == 4


def test_a_page_without_results_is_no_failure(vendors: VendorsServer) -> None:
    assert search(at(vendors, "empty-1")) == ()


def test_ads_lead_to_the_advertiser_and_never_over_the_counter(
    serpapi: SerpApi, vendors: VendorsServer
) -> None:
    ads = serpapi.ads("dentist miami", engine="google", page=0)
    (request,) = vendors.requests
    assert request.query["engine"] == "google_ads"
    assert request.query["start"] == "0"
    assert len(ads) == 18
    assert [ad.position for ad in ads] == list(range(1, 19))
    websites = {business.website for business in vendors.world.businesses}
    assert all(ad.url in websites for ad in ads)
    assert ads[0].title.endswith("Dentist in Miami")
    assert ads[0].ad_text.startswith("Trusted dentist in Miami")


def test_bing_has_ads_of_its_own(serpapi: SerpApi, vendors: VendorsServer) -> None:
    ads = serpapi.ads("dentist miami", engine="bing", page=1)
    (request,) = vendors.requests
    assert (request.query["engine"], request.query["first"]) == ("bing", "11")
    assert len(ads) == 18
    assert not any("bing.com" in ad.url for ad in ads)
    assert ads[0].ad_text.startswith("Trusted dentist in Miami")


def test_nobody_advertises_for_everything(serpapi: SerpApi) -> None:
    assert serpapi.ads("history of rome", engine="google", page=0) == ()


def test_an_ad_that_says_nowhere_where_it_leads_is_left_out(script: Script) -> None:
    counter = "https://www.google.com/aclk?sa=L&ai=abc&adurl="
    ads = [
        {"title": "No address", "tracking_link": counter + "https%3A%2F%2Flost.test%2F"},
        {"title": "Only a counter", "link": counter},
        {"title": "Displayed", "displayed_link": "www.shown.test \u203a team", "link": counter},
        {"title": "Linked", "link": "https://linked.test/x", "tracking_link": counter},
        {"title": "Counted", "link": counter + "https%3A%2F%2Fcounted.test%2F"},
        "ad",
        None,
    ]
    script.give({**METADATA, "ads": ads})
    assert scripted(script).ads("x", engine="google", page=0) == (
        AdRecord(1, "Displayed", "https://www.shown.test/"),
        AdRecord(2, "Linked", "https://linked.test/x"),
        AdRecord(3, "Counted", "https://counted.test/"),
    )
    assert len(script.paths) == 1


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ("invalid", ("invalid_key", True, None)),
        ("unheard-of", ("invalid_key", True, None)),
        ("denied", ("access_denied", True, None)),
        ("nocredit", ("no_credit", True, None)),
        ("quota", ("quota_exceeded", False, 60.0)),
        ("captcha", ("provider_unavailable", False, None)),
        ("down", ("provider_unavailable", False, None)),
        ("html", ("provider_unavailable", False, None)),
        ("broken", ("bad_answer", False, None)),
        ("odd", ("bad_answer", False, None)),
        ("huge", ("bad_answer", False, None)),
    ],
)
@pytest.mark.parametrize("ability", ["search", "ads"])
def test_each_weather_has_its_error(
    vendors: VendorsServer,
    weather: str,
    expected: tuple[str, bool, float | None],
    ability: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = f"{weather}-5ecret"
    serpapi = at(vendors, key)
    with caplog.at_level(logging.DEBUG):
        error = failure_of(
            lambda: (
                search(serpapi)
                if ability == "search"
                else serpapi.ads("dentist", engine="google", page=0)
            ),
            key,
        )
    assert summary(error) == expected
    assert key not in caplog.text
    assert len(vendors.requests) == 1


def test_waits_as_long_as_it_is_told_to(vendors: VendorsServer) -> None:
    vendors.conditions.retry_after = 17
    error = failure_of(lambda: search(at(vendors, "quota-1")))
    assert summary(error) == ("quota_exceeded", False, 17.0)


def test_a_slow_answer_is_given_up(vendors: VendorsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.3)
    serpapi = at(vendors, SLOW)
    error = failure_of(lambda: search(serpapi), SLOW)
    assert summary(error) == ("provider_unavailable", False, None)


def test_many_slow_pages_together_are_given_up(
    vendors: VendorsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOTAL_SECONDS", 0.5)
    vendors.conditions.latency, vendors.conditions.largest_page = 0.2, 10
    serpapi = at(vendors)
    error = failure_of(
        lambda: serpapi.search("dentist", engine="google", page=0, results_per_page=100)
    )
    assert summary(error) == ("provider_unavailable", False, None)
    assert 2 <= len(vendors.requests) <= 4


def test_a_vendor_that_quotes_the_key_is_not_quoted(script: Script) -> None:
    script.give({"error": f"Invalid API key {SECRET}. Sign up"}, status=401)
    error = failure_of(lambda: search(scripted(script)), SECRET)
    assert error.message == (
        "SerpApi did not accept the API key. SerpApi says: Invalid API key (key). Sign up"
    )


def test_without_a_key_nobody_is_asked(vendors: VendorsServer) -> None:
    error = failure_of(lambda: search(at(vendors, " ")))
    assert summary(error) == ("invalid_key", True, None)
    assert not vendors.requests


def test_another_engine_is_not_supported(serpapi: SerpApi, vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(serpapi, "yahoo")).code == "not_supported"
    ads = failure_of(lambda: serpapi.ads("dentist", engine="yahoo", page=0))
    assert ads.code == "not_supported"
    assert not vendors.requests


@pytest.mark.parametrize(
    ("page", "results_per_page", "param"),
    [
        (-1, 10, "page"),
        (1001, 10, "page"),
        (0, 0, "results_per_page"),
        (0, 101, "results_per_page"),
    ],
)
def test_refuses_pages_that_nobody_can_have(
    serpapi: SerpApi, vendors: VendorsServer, page: int, results_per_page: int, param: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        serpapi.search("dentist", engine="google", page=page, results_per_page=results_per_page)
    assert caught.value.param == param
    assert not vendors.requests


@pytest.mark.parametrize("query", ["", " \n ", "x" * 501])
def test_refuses_a_query_that_is_none(serpapi: SerpApi, vendors: VendorsServer, query: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        serpapi.search(query, engine="google", page=0, results_per_page=10)
    assert caught.value.param == "query"
    assert not vendors.requests


@pytest.mark.parametrize(
    "answer",
    [
        [],
        "text",
        7,
        {},
        {"organic_results": []},
        {**METADATA, "organic_results": {"0": {}}},
        {**METADATA, "organic_results": "none"},
        "[" * 100_000,
    ],
    ids=lambda answer: repr(answer)[:30],
)
def test_answers_of_another_shape_are_no_answers(script: Script, answer: object) -> None:
    script.give(answer)
    assert failure_of(lambda: search(scripted(script)), SECRET).code == "bad_answer"
