"""ScraperAPI as the sandbox serves it: Google's results as JSON, any result page as HTML."""

from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from freshleads.sandbox.entities import World
from freshleads.sandbox.serp_html import (
    BING_CAPTCHA,
    GOOGLE_CAPTCHA,
    RESULTS_ON_A_PAGE,
    bing_page,
    google_page,
)
from freshleads.sandbox.serp_world import SerpWorld, serp_world
from freshleads.sandbox.vendor_requests import CONDITIONS, patience, weather_of, whole_number

MAX_COUNT = 100
COST = {"sa-credit-cost": "25"}
ERRORS = {
    "invalid": (403, "Unauthorized request, please make sure your API key is valid."),
    "denied": (403, "Unauthorized request, please make sure your API key is valid."),
    "nocredit": (403, "You have exhausted the API Credits available in this monthly cycle."),
    "quota": (429, "Your request exceeds your concurrency limit."),
    "down": (500, "Request failed. You will not be charged for this request."),
}


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of ScraperAPI over one world."""
    engines = serp_world(world)

    async def scrape(request: web.Request) -> web.Response:
        return _refusal(request) or _page(request, engines)

    async def search(request: web.Request) -> web.Response:
        return _refusal(request) or _results(request, engines)

    return [
        web.get("/scraperapi/", scrape),
        web.get("/scraperapi/structured/google/search", search),
        web.get("/scraperapi/structured/google/search/v1", search),
    ]


def _refusal(request: web.Request) -> web.Response | None:
    """Return the plain text of an error, None for a request that is served."""
    weather = weather_of(request)
    if weather not in ERRORS:
        return None
    status, message = ERRORS[weather]
    return web.Response(status=status, text=message, headers=patience(request))


def _page(request: web.Request, engines: SerpWorld) -> web.Response:
    """Return the HTML of a result page of Google or Bing; any other address fails."""
    parts = urlsplit(request.query.get("url", ""))
    parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
    engine = {"www.google.com": "google", "www.bing.com": "bing"}.get(parts.netloc)
    query = parameters.get("q", "")
    if engine is None or parts.path != "/search" or not query:
        return web.Response(status=500, text=ERRORS["down"][1])
    weather = weather_of(request)
    if weather == "captcha":
        return _html(GOOGLE_CAPTCHA if engine == "google" else BING_CAPTCHA)
    start = whole_number(parameters.get("start" if engine == "google" else "first"), 0) or 0
    start = max(start - 1, 0) if engine == "bing" else start
    found = [] if weather == "empty" else engines.results(query, engine)
    shift = request.app[CONDITIONS].ads_shift
    adverts = engines.ads(query, engine, start // RESULTS_ON_A_PAGE, shift)
    adverts = [] if weather == "empty" else adverts
    end = start + RESULTS_ON_A_PAGE
    if engine == "google":
        return _html(google_page(query, found[start:end], adverts))
    return _html(bing_page(query, found[start:end], adverts, has_more=end < len(found)))


def _results(request: web.Request, engines: SerpWorld) -> web.Response:
    """Return what the structured endpoint says of Google's organic results."""
    query, weather = request.query.get("query", ""), weather_of(request)
    start = whole_number(request.query.get("start"), 0)
    count = whole_number(request.query.get("num"), RESULTS_ON_A_PAGE)
    if not query or start is None or count is None:
        return web.Response(status=400, text="Please check the parameters of your request.")
    if weather == "captcha":
        return _html(GOOGLE_CAPTCHA)
    count = min(count, request.app[CONDITIONS].largest_page, MAX_COUNT)
    found = [] if weather == "empty" else engines.results(query, "google")
    rows = [
        {"position": place, "title": page.title, "link": page.url, "snippet": page.snippet}
        for place, page in enumerate(found[start : start + count], start=1)
    ]
    information = {"query_displayed": query, "total_results": len(found)}
    body = {"search_information": information, "organic_results": rows, "ads": []}
    return web.json_response(body, headers=COST)


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html", headers=COST)
