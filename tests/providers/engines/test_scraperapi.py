"""ScraperAPI: JSON for Google, HTML for Bing and for ads, CAPTCHAs that come with 200."""

import logging
from urllib.parse import parse_qs, urlsplit

import pytest

from freshleads.lib.errors import InvalidInput
from freshleads.sandbox.vendors import VendorsServer
from leads.providers import scraperapi as module
from leads.providers.records import SearchResult
from leads.providers.scraperapi import ScraperApi
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


@pytest.fixture
def scraperapi(vendors: VendorsServer) -> ScraperApi:
    return at(vendors)


def at(vendors: VendorsServer, key: str = KEY) -> ScraperApi:
    return ScraperApi(key, client_to(vendors.port), f"{HOME}:{vendors.port}/scraperapi")


def scripted(script: Script) -> ScraperApi:
    return ScraperApi(SECRET, client_to(script.port), script.url)


def search(scraperapi: ScraperApi, engine: str = "google") -> tuple[SearchResult, ...]:
    return scraperapi.search("dentist miami", engine=engine, page=0, results_per_page=10)


def page_asked(url: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_asks_the_structured_endpoint_for_google(
    scraperapi: ScraperApi, vendors: VendorsServer
) -> None:
    found = scraperapi.search("dentist miami", engine="google", page=3, results_per_page=20)
    (request,) = vendors.requests
    assert (request.vendor, request.path) == ("scraperapi", "/structured/google/search")
    assert request.query == {
        "query": "dentist miami",
        "start": "60",
        "num": "20",
        "api_key": KEY,
    }
    assert [result.position for result in found] == list(range(61, 81))


def test_asks_for_bings_page_as_a_browser_would(
    scraperapi: ScraperApi, vendors: VendorsServer
) -> None:
    found = scraperapi.search("zahnärzte & co", engine="bing", page=1, results_per_page=10)
    (request,) = vendors.requests
    assert request.path == "/"
    assert set(request.query) == {"api_key", "url"}
    assert page_asked(request.query["url"]) == (
        "https://www.bing.com/search",
        {"q": ["zahnärzte & co"], "first": ["11"]},
    )
    assert all(result.position > 10 for result in found)


def test_reads_the_same_results_out_of_html_as_other_vendors_give_in_json(
    scraperapi: ScraperApi, vendors: VendorsServer
) -> None:
    found = scraperapi.search("dentist miami", engine="bing", page=0, results_per_page=100)
    assert [result.position for result in found] == list(range(1, 101))
    assert len(vendors.requests) == 10
    assert not any("bing.com" in result.url for result in found)
    with_mail = [result for result in found if "E-mail: " in result.description]
    assert len(with_mail) > 10
    assert all(result.title for result in found)


def test_bings_last_page_is_the_last_request(
    scraperapi: ScraperApi, vendors: VendorsServer
) -> None:
    found = scraperapi.search("plumber bristol", engine="bing", page=0, results_per_page=100)
    assert 20 < len(found) < 40
    assert len(vendors.requests) == 4


def test_google_gives_ten_at_a_time_or_more(scraperapi: ScraperApi, vendors: VendorsServer) -> None:
    at_once = scraperapi.search("dentist miami", engine="google", page=0, results_per_page=30)
    assert len(vendors.requests) == 1
    vendors.conditions.largest_page = 10
    in_tens = scraperapi.search("dentist miami", engine="google", page=0, results_per_page=30)
    assert in_tens == at_once
    assert len(vendors.requests) == 4


@pytest.mark.parametrize("engine", ["google", "bing"])
def test_reads_ads_out_of_the_page(
    scraperapi: ScraperApi, vendors: VendorsServer, engine: str
) -> None:
    ads = scraperapi.ads("dentist miami", engine=engine, page=0)
    assert len(ads) == 18
    assert [ad.position for ad in ads] == list(range(1, 19))
    websites = {business.website for business in vendors.world.businesses}
    assert all(ad.url in websites for ad in ads)
    assert all("Dentist in " in ad.title and "dentist in " in ad.ad_text for ad in ads)
    (request,) = vendors.requests
    assert page_asked(request.query["url"])[0] == f"https://www.{engine}.com/search"


def test_the_ads_of_the_next_page_are_others(
    scraperapi: ScraperApi, vendors: VendorsServer
) -> None:
    first = scraperapi.ads("dentist miami", engine="google", page=0)
    second = scraperapi.ads("dentist miami", engine="google", page=1)
    assert not {ad.url for ad in first} & {ad.url for ad in second}
    assert page_asked(vendors.requests[1].query["url"])[1]["start"] == ["10"]


@pytest.mark.parametrize("engine", ["google", "bing"])
def test_a_page_without_anything_is_no_failure(vendors: VendorsServer, engine: str) -> None:
    scraperapi = at(vendors, "empty-1")
    assert search(scraperapi, engine) == ()
    assert scraperapi.ads("dentist", engine=engine, page=0) == ()


@pytest.mark.parametrize(
    ("weather", "expected"),
    [
        ("invalid", ("invalid_key", True, None)),
        ("nocredit", ("no_credit", True, None)),
        ("quota", ("quota_exceeded", False, 60.0)),
        ("captcha", ("captcha", False, 60.0)),
        ("down", ("provider_unavailable", False, None)),
        ("html", ("provider_unavailable", False, None)),
        ("odd", ("bad_answer", False, None)),
        ("huge", ("bad_answer", False, None)),
    ],
)
@pytest.mark.parametrize("ability", ["google", "bing", "ads of google", "ads of bing"])
def test_each_weather_has_its_error(
    vendors: VendorsServer,
    weather: str,
    expected: tuple[str, bool, float | None],
    ability: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    key = f"{weather}-5ecret"
    scraperapi = at(vendors, key)
    engine = ability.rsplit(maxsplit=1)[-1]
    with caplog.at_level(logging.DEBUG):
        error = failure_of(
            lambda: (
                scraperapi.ads("dentist", engine=engine, page=0)
                if ability.startswith("ads")
                else search(scraperapi, engine)
            ),
            key,
        )
    assert summary(error) == expected
    assert key not in caplog.text
    assert len(vendors.requests) == 1


def test_json_that_breaks_off_is_no_answer(vendors: VendorsServer) -> None:
    error = failure_of(lambda: search(at(vendors, "broken-1")))
    assert summary(error) == ("bad_answer", False, None)


def test_waits_as_long_as_it_is_told_to(vendors: VendorsServer) -> None:
    vendors.conditions.retry_after = 5
    error = failure_of(lambda: search(at(vendors, "quota-1")))
    assert summary(error) == ("quota_exceeded", False, 5.0)


def test_is_patient_for_as_long_as_the_vendor_tries() -> None:
    assert module.DEADLINE_SECONDS > 70


def test_a_slow_answer_is_given_up(vendors: VendorsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.3)
    scraperapi = at(vendors, SLOW)
    error = failure_of(lambda: search(scraperapi), SLOW)
    assert summary(error) == ("provider_unavailable", False, None)


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (401, "Unauthorized request, please make sure your API key is valid.", "invalid_key"),
        (403, "Unauthorized request, please make sure your API key is valid.", "invalid_key"),
        (403, "You have exhausted the API Credits of your API key.", "no_credit"),
        (403, "", "no_credit"),
        (400, "Bad request", "request_refused"),
        (404, "", "request_refused"),
        (410, "", "request_refused"),
        (500, "", "provider_unavailable"),
        (302, "", "bad_answer"),
    ],
)
def test_tells_refusals_apart_by_status_and_words(
    script: Script, status: int, text: str, code: str
) -> None:
    script.give(text, status=status)
    assert failure_of(lambda: search(scripted(script)), SECRET).code == code


def test_a_redirect_is_never_followed(script: Script) -> None:
    script.give("", status=302, Location="https://elsewhere.test/?api_key=copied")
    failure_of(lambda: search(scripted(script)), SECRET)
    assert len(script.paths) == 1


def test_a_plain_text_that_quotes_the_key_is_not_quoted(script: Script) -> None:
    script.give(f"The API key {SECRET} is unknown.", status=401)
    error = failure_of(lambda: search(scripted(script)), SECRET)
    assert error.message.endswith("ScraperAPI says: The API key (key) is unknown.")


@pytest.mark.parametrize("engine", ["google", "bing"])
@pytest.mark.parametrize(
    "page",
    ["", "<html><body>Please enable JavaScript</body></html>", "plain text", "<div>" * 200_000],
    ids=["nothing", "another page", "text", "deep"],
)
def test_a_page_of_another_kind_is_no_answer(script: Script, engine: str, page: str) -> None:
    script.give(page)
    error = failure_of(lambda: scripted(script).ads("x", engine=engine, page=0), SECRET)
    assert error.code == "bad_answer"


def test_a_result_that_speaks_of_robots_is_no_captcha(script: Script) -> None:
    row = '<li class="b_algo"><h2><a href="https://x.test/">I am not a robot</a></h2></li>'
    script.give(f'<ol id="b_results">{row}</ol>')
    (result,) = search(scripted(script), "bing")
    assert result == SearchResult(1, "I am not a robot", "https://x.test/", "")


def test_a_captcha_in_the_frame_of_a_result_page_is_one(script: Script) -> None:
    script.give('<ol id="b_results"></ol><iframe src="https://challenges.cloudflare.com/x">')
    error = failure_of(lambda: search(scripted(script), "bing"))
    assert error.code == "captcha"


def test_another_engine_is_not_supported(scraperapi: ScraperApi, vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(scraperapi, "yahoo")).code == "not_supported"
    assert not vendors.requests


def test_without_a_key_nobody_is_asked(vendors: VendorsServer) -> None:
    assert failure_of(lambda: search(at(vendors, ""))).code == "invalid_key"
    assert not vendors.requests


def test_refuses_a_page_that_nobody_can_have(scraperapi: ScraperApi) -> None:
    with pytest.raises(InvalidInput) as caught:
        scraperapi.ads("dentist", engine="google", page=-1)
    assert caught.value.param == "page"
