"""The server of many vendors: memory, weather that is alike everywhere, the form of each."""

import time
from typing import Any

import pytest
import requests

from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.vendors import VendorsServer

SECONDS = 10.0
KEY = "sandbox-key"


@pytest.fixture
def vendors(sandbox: Sandbox) -> VendorsServer:
    """The vendors in fair weather, with an empty memory."""
    sandbox.vendors.forget()
    return sandbox.vendors


def get(vendors: VendorsServer, path: str, **options: Any) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{vendors.port}{path}", timeout=SECONDS, **options)


def serpapi(vendors: VendorsServer, key: str = KEY, **asked: Any) -> requests.Response:
    parameters = {"engine": "google", "q": "dentist miami", "api_key": key, **asked}
    return get(vendors, "/serpapi/search.json", params=parameters)


def scraperapi(vendors: VendorsServer, url: str, key: str = KEY) -> requests.Response:
    return get(vendors, "/scraperapi/", params={"api_key": key, "url": url})


def serper(vendors: VendorsServer, key: str = KEY, **asked: Any) -> requests.Response:
    return requests.post(
        f"http://127.0.0.1:{vendors.port}/serper/search",
        json={"q": "dentist miami", **asked},
        headers={"X-API-KEY": key},
        timeout=SECONDS,
    )


def brave(vendors: VendorsServer, key: str = KEY, **asked: Any) -> requests.Response:
    headers = {"X-Subscription-Token": key}
    parameters = {"q": "dentist miami", **asked}
    return get(vendors, "/brave/res/v1/web/search", params=parameters, headers=headers)


def searxng(vendors: VendorsServer, **asked: Any) -> requests.Response:
    parameters = {"q": "dentist miami", "format": "json", "engines": "google", **asked}
    return get(vendors, "/searxng/search", params=parameters)


def test_remembers_who_asked_for_what(vendors: VendorsServer) -> None:
    serpapi(vendors, key="invalid-1")
    serper(vendors)
    brave(vendors, key="quota-1")
    assert [(asked.vendor, asked.key, asked.method, asked.path) for asked in vendors.requests] == [
        ("serpapi", "invalid-1", "GET", "/search.json"),
        ("serper", KEY, "POST", "/search"),
        ("brave", "quota-1", "GET", "/res/v1/web/search"),
    ]
    assert vendors.requests[0].query["q"] == "dentist miami"
    assert vendors.requests[1].body == b'{"q": "dentist miami"}'
    assert vendors.requests[2].headers["x-subscription-token"] == "quota-1"
    assert vendors.requests_by_vendor == {"serpapi": 1, "serper": 1, "brave": 1}
    assert vendors.requests_by_key == {"invalid-1": 1, KEY: 1, "quota-1": 1}


def test_forgets_everything_when_told_to(vendors: VendorsServer) -> None:
    serper(vendors)
    conditions = vendors.conditions
    conditions.latency, conditions.ads_shift, conditions.largest_page = 1.0, 3, 10
    conditions.weather["searxng"] = "down"
    vendors.forget()
    assert not vendors.requests
    assert not vendors.requests_by_vendor
    assert not vendors.requests_by_key
    assert (conditions.latency, conditions.ads_shift, conditions.largest_page) == (0.0, 0, 100)
    assert conditions.weather == {}
    assert searxng(vendors).status_code == 200


def test_the_latency_of_the_sandbox_is_that_of_its_vendors() -> None:
    with Sandbox(latency=0.2) as sandbox:
        began = time.perf_counter()
        serper(sandbox.vendors)
        assert time.perf_counter() - began >= 0.2
        sandbox.vendors.conditions.latency = 0.0
        sandbox.vendors.forget()
        assert sandbox.vendors.conditions.latency == 0.2


@pytest.mark.parametrize(
    "path", ["/", "/serpapi", "/serpapi/other", "/unknown/search", "/serper/x"]
)
def test_other_paths_are_not_found(vendors: VendorsServer, path: str) -> None:
    assert get(vendors, path).status_code == 404


@pytest.mark.parametrize("ask", [serpapi, serper, brave])
def test_a_slow_key_is_answered_rightly_in_the_end(vendors: VendorsServer, ask: Any) -> None:
    vendors.conditions.slow_seconds = 0.3
    began = time.perf_counter()
    answer = ask(vendors, key="slow-1")
    assert time.perf_counter() - began >= 0.3
    assert answer.json() == ask(vendors).json()


@pytest.mark.parametrize("ask", [serpapi, serper, brave])
def test_weather_that_is_alike_everywhere(vendors: VendorsServer, ask: Any) -> None:
    html = ask(vendors, key="html-1")
    assert html.status_code == 502
    assert html.headers["Content-Type"].startswith("text/html")
    broken = ask(vendors, key="broken-1")
    assert broken.status_code == 200
    assert broken.content == ask(vendors).content[: len(broken.content)]
    with pytest.raises(requests.JSONDecodeError):
        broken.json()
    assert isinstance(ask(vendors, key="odd-1").json(), list)
    assert len(ask(vendors, key="huge-1").content) > 5_000_000


def test_one_vendor_can_have_weather_of_its_own(vendors: VendorsServer) -> None:
    vendors.conditions.weather["brave"] = "down"
    assert brave(vendors).status_code == 503
    assert serper(vendors).status_code == 200
    vendors.conditions.weather["brave"] = ""
    assert brave(vendors, key="down-1").status_code == 200


@pytest.mark.parametrize(
    ("key", "status", "words"),
    [
        ("", 401, "Invalid API key. Your API key should be here"),
        ("anything", 401, "Invalid API key."),
        ("denied-1", 403, "doesn't have permission"),
        ("nocredit-1", 429, "Your account has run out of searches."),
        ("quota-1", 429, "hourly throughput"),
        ("down-1", 503, "unavailable"),
    ],
)
def test_serpapi_refuses_in_json(vendors: VendorsServer, key: str, status: int, words: str) -> None:
    answer = serpapi(vendors, key=key)
    assert answer.status_code == status
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"q": " "}, "Missing query `q` parameter."),
        ({"engine": "yahoo"}, "Unsupported `yahoo` search engine."),
        ({"start": "-1"}, "Invalid pagination"),
        ({"num": "many"}, "Invalid pagination"),
        ({"engine": "bing", "first": "0"}, "Invalid pagination"),
    ],
)
def test_serpapi_checks_its_parameters(
    vendors: VendorsServer, asked: dict[str, str], words: str
) -> None:
    answer = serpapi(vendors, **asked)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_serpapi_answers_as_documented(vendors: VendorsServer) -> None:
    body = serpapi(vendors, start=10, num=10).json()
    assert body["search_metadata"]["status"] == "Success"
    assert [row["position"] for row in body["organic_results"]] == list(range(1, 11))
    assert set(body["organic_results"][0]) == {
        "position",
        "title",
        "link",
        "displayed_link",
        "snippet",
    }
    assert "start=20" in body["serpapi_pagination"]["next"]
    assert len(body["ads"]) == 4
    assert KEY not in str(body)


def test_serpapis_engine_for_ads_shows_more_of_them(vendors: VendorsServer) -> None:
    ads = serpapi(vendors, engine="google_ads").json()["ads"]
    assert len(ads) == 18
    assert [ad["position"] for ad in ads] == list(range(1, 19))
    assert {ad["block_position"] for ad in ads} == {"top", "bottom"}
    assert all(ad["tracking_link"].startswith("https://www.google.com/aclk?") for ad in ads)
    assert len([ad for ad in ads if "link" not in ad]) == 3
    assert len([ad for ad in ads if ad.get("link") == ad["tracking_link"]]) == 3


def test_an_empty_page_of_serpapi_is_a_success_with_an_error_text(vendors: VendorsServer) -> None:
    body = serpapi(vendors, q="qwertyuiop").json()
    assert body["search_metadata"]["status"] == "Success"
    assert body["search_information"]["organic_results_state"] == "Fully empty"
    assert "hasn't returned any results" in body["error"]
    assert "organic_results" not in body


@pytest.mark.parametrize(
    ("key", "status", "words"),
    [
        ("", 403, "API key is valid"),
        ("nocredit-1", 403, "exhausted the API Credits"),
        ("quota-1", 429, "concurrency"),
        ("down-1", 500, "Request failed"),
    ],
)
def test_scraperapi_refuses_in_plain_text(
    vendors: VendorsServer, key: str, status: int, words: str
) -> None:
    answer = scraperapi(vendors, "https://www.google.com/search?q=dentist", key=key)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize("engine", ["google", "bing"])
def test_scraperapi_gives_the_page_or_its_captcha(vendors: VendorsServer, engine: str) -> None:
    url = f"https://www.{engine}.com/search?q=dentist+miami"
    page = scraperapi(vendors, url)
    assert page.headers["sa-credit-cost"] == "25"
    assert "Dentist in Miami" in page.text
    captcha = scraperapi(vendors, url, key="captcha-1")
    assert captcha.status_code == 200
    assert "Dentist" not in captcha.text
    assert "captcha" in captcha.text.lower()


@pytest.mark.parametrize(
    "url",
    ["", "https://example.test/", "https://www.google.com/maps", "https://www.bing.com/search"],
)
def test_scraperapi_knows_no_other_pages(vendors: VendorsServer, url: str) -> None:
    assert scraperapi(vendors, url).status_code == 500


def test_serper_counts_pages_and_credits(vendors: VendorsServer) -> None:
    first = serper(vendors, num=30).json()
    assert first["credits"] == 2
    assert len(first["organic"]) == 30
    assert serper(vendors, page=3).json()["organic"][0]["title"] == first["organic"][20]["title"]
    vendors.conditions.largest_page = 10
    assert len(serper(vendors, num=30).json()["organic"]) == 10


@pytest.mark.parametrize(
    ("key", "asked", "status", "message"),
    [
        ("", {}, 403, "Unauthorized."),
        ("nocredit-1", {}, 400, "Not enough credits"),
        ("quota-1", {}, 429, "Too many requests"),
        (KEY, {"q": ""}, 400, "Missing query parameter"),
        (KEY, {"q": 7}, 400, "Missing query parameter"),
        (KEY, {"page": 0}, 400, "Invalid parameters"),
        (KEY, {"num": "x"}, 400, "Invalid parameters"),
    ],
)
def test_serper_refuses_in_json(
    vendors: VendorsServer, key: str, asked: dict[str, Any], status: int, message: str
) -> None:
    answer = serper(vendors, key=key, **asked)
    assert answer.status_code == status
    assert answer.json() == {"message": message, "statusCode": status}


def test_brave_counts_requests_in_its_headers(vendors: VendorsServer) -> None:
    vendors.conditions.per_second = 1
    headers = brave(vendors).headers
    assert headers["X-RateLimit-Limit"] == "1, 15000"
    assert headers["X-RateLimit-Remaining"] == "0, 14900"
    assert headers["X-RateLimit-Reset"].startswith("1, ")


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("", 422, "SUBSCRIPTION_TOKEN_INVALID"),
        ("denied-1", 400, "OPTION_NOT_IN_PLAN"),
        ("quota-1", 429, "RATE_LIMITED"),
        ("nocredit-1", 429, "RATE_LIMITED"),
        ("down-1", 503, "SERVICE_UNAVAILABLE"),
    ],
)
def test_brave_refuses_with_a_code(
    vendors: VendorsServer, key: str, status: int, code: str
) -> None:
    answer = brave(vendors, key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    "asked",
    [
        {"count": 21},
        {"count": 0},
        {"offset": 10},
        {"q": "x" * 401},
        {"q": "word " * 51},
        {"q": " "},
        {"q": ""},
    ],
)
def test_brave_keeps_its_limits(vendors: VendorsServer, asked: dict[str, Any]) -> None:
    answer = brave(vendors, **asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "VALIDATION")


def test_brave_has_an_order_of_its_own_and_says_where_it_ends(vendors: VendorsServer) -> None:
    first, last = brave(vendors).json(), brave(vendors, q="plumber bristol", offset=1).json()
    assert first["query"] == {"original": "dentist miami", "more_results_available": True}
    assert last["query"]["more_results_available"] is False
    urls = [row["url"] for row in first["web"]["results"]]
    assert urls != [row["link"] for row in serper(vendors, num=20).json()["organic"]]
    assert "web" not in brave(vendors, q="qwertyuiop").json()


def test_brave_marks_matches_unless_told_otherwise(vendors: VendorsServer) -> None:
    marked, plain = brave(vendors, q="Miami"), brave(vendors, q="Miami", text_decorations="false")
    assert "<strong>Miami</strong>" in marked.text
    assert "<strong>" not in plain.text


def test_searxng_asks_the_engine_that_is_named(vendors: VendorsServer) -> None:
    google, bing = searxng(vendors).json(), searxng(vendors, engines="bing").json()
    assert {row["engine"] for row in google["results"]} == {"google"}
    assert {row["engine"] for row in bing["results"]} == {"bing"}
    assert google["results"] != bing["results"]
    second = searxng(vendors, pageno=2).json()["results"]
    assert not {row["url"] for row in second} & {row["url"] for row in google["results"]}


def test_searxng_takes_a_form_too(vendors: VendorsServer) -> None:
    url = f"http://127.0.0.1:{vendors.port}/searxng/search"
    form = {"q": "dentist miami", "format": "json", "engines": "google"}
    answer = requests.post(url, data=form, timeout=SECONDS)
    assert answer.json() == searxng(vendors).json()


def test_searxng_speaks_json_only_where_it_may(vendors: VendorsServer) -> None:
    assert searxng(vendors, format="html").headers["Content-Type"].startswith("text/html")
    vendors.conditions.weather["searxng"] = "denied"
    assert searxng(vendors).status_code == 403
    vendors.conditions.weather["searxng"] = "quota"
    assert (searxng(vendors).status_code, searxng(vendors).text) == (429, "Too Many Requests")
    vendors.conditions.weather["searxng"] = "captcha"
    assert searxng(vendors).json()["unresponsive_engines"] == [["google", "CAPTCHA"]]
    assert searxng(vendors, q="").status_code == 400
