"""SerpApi as the sandbox serves it: /serpapi/search.json for google, google_ads and bing."""

from typing import Any

from aiohttp import web

from freshleads.sandbox.entities import World
from freshleads.sandbox.serp_links import ad_counter
from freshleads.sandbox.serp_pages import WebPage
from freshleads.sandbox.serp_world import Advert, SerpWorld, serp_world
from freshleads.sandbox.vendor_requests import (
    CONDITIONS,
    patience,
    weather_of,
    whole_number,
)

MAX_COUNT = 100
BING_MAX_COUNT = 50
USUAL_COUNT = 10
ADS_BESIDE_RESULTS = 4  # the plain google search shows fewer ads than google_ads
ERRORS = {
    "invalid": (
        401,
        "Invalid API key. Your API key should be here: https://serpapi.com/manage-api-key",
    ),
    "denied": (403, "The account associated with this API key doesn't have permission."),
    "nocredit": (429, "Your account has run out of searches."),
    "quota": (429, "You are exceeding your hourly throughput limit. Please upgrade your plan."),
    "down": (503, "Service unavailable."),
}
NOTHING = "{engine} hasn't returned any results for this query."


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of SerpApi over one world."""
    engines = serp_world(world)

    async def search(request: web.Request) -> web.Response:
        weather = weather_of(request)
        if weather in ERRORS:
            status, message = ERRORS[weather]
            headers = patience(request) if status == 429 else {}
            return web.json_response({"error": message}, status=status, headers=headers)
        return _answer(request, engines, weather)

    return [web.get("/serpapi/search.json", search), web.get("/serpapi/search", search)]


def _answer(request: web.Request, engines: SerpWorld, weather: str) -> web.Response:
    query, engine = request.query.get("q", ""), request.query.get("engine", "google")
    if engine not in ("google", "google_ads", "bing"):
        return _refused(f"Unsupported `{engine}` search engine.")
    if not query.strip():
        return _refused("Missing query `q` parameter.")
    if weather == "captcha":
        message = "We couldn't get valid results for this search. Please try again later."
        metadata = {"search_metadata": {"status": "Error"}, "error": message}
        return web.json_response(metadata)
    is_bing = engine == "bing"
    start = whole_number(request.query.get("first" if is_bing else "start"), int(is_bing))
    count = whole_number(request.query.get("count" if is_bing else "num"), USUAL_COUNT)
    if start is None or count is None or (is_bing and start < 1):
        return _refused("Invalid pagination parameters.")
    conditions = request.app[CONDITIONS]
    count = min(count, conditions.largest_page, BING_MAX_COUNT if is_bing else MAX_COUNT)
    start -= int(is_bing)
    name = "bing" if is_bing else "google"
    found = [] if weather == "empty" else engines.results(query, name)
    adverts = engines.ads(query, name, start // USUAL_COUNT, conditions.ads_shift)
    if weather == "empty":
        adverts = []
    elif engine == "google":
        adverts = adverts[:ADS_BESIDE_RESULTS]
    body = _body(request, found, start, count)
    if adverts:
        body["ads"] = [_ad(advert, name, place) for place, advert in enumerate(adverts, start=1)]
    return web.json_response(body)


def _refused(message: str) -> web.Response:
    return web.json_response({"error": message}, status=400)


def _body(request: web.Request, found: list[WebPage], start: int, count: int) -> dict[str, Any]:
    """Return the answer without its ads; one without results carries an error text."""
    page = found[start : start + count]
    query, engine = request.query["q"], request.query.get("engine", "google")
    state = "Results for exact spelling" if page else "Fully empty"
    body: dict[str, Any] = {
        "search_metadata": {"status": "Success", "total_time_taken": 1.2},
        "search_parameters": {"engine": engine, "q": query},
        "search_information": {"organic_results_state": state, "total_results": len(found)},
    }
    if not page:
        return {**body, "error": NOTHING.format(engine=engine.capitalize())}
    body["organic_results"] = [_result(row, place) for place, row in enumerate(page, start=1)]
    if start + count < len(found):
        address = f"https://serpapi.com/search.json?engine={engine}&start={start + count}"
        body["serpapi_pagination"] = {"current": start // count + 1, "next": address}
    return body


def _result(page: WebPage, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "title": page.title,
        "link": page.url,
        "displayed_link": page.url,
        "snippet": page.snippet,
    }


def _ad(advert: Advert, engine: str, position: int) -> dict[str, Any]:
    """Return an ad; some name no link, and some nothing but the click counter."""
    row: dict[str, Any] = {
        "position": position,
        "block_position": "top" if position <= ADS_BESIDE_RESULTS else "bottom",
        "title": advert.title,
        "displayed_link": advert.displayed,
        "tracking_link": ad_counter(advert, engine),
        "description" if engine == "google" else "snippet": advert.text,
    }
    if advert.habit == "link":
        row["link"] = advert.url
    elif advert.habit == "counter":
        row["link"] = row["tracking_link"]
    return row
