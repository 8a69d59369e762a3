"""Brave Search as the sandbox serves it: /brave/res/v1/web/search, an index of its own."""

from html import escape
from typing import Any

from aiohttp import web

from freshleads.sandbox.entities import World
from freshleads.sandbox.serp_pages import WebPage
from freshleads.sandbox.serp_world import SerpWorld, serp_world
from freshleads.sandbox.vendor_requests import CONDITIONS, patience, weather_of, whole_number

MAX_COUNT = 20
MAX_OFFSET = 9
MAX_QUERY = 400
MAX_WORDS = 50
MONTH = 15_000
MONTH_SECONDS = 1_419_704
UNKNOWN_KEY = "The provided subscription token is invalid."
LIMITED = "Request rate limit exceeded for plan."


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of Brave Search over one world."""
    engines = serp_world(world)

    async def search(request: web.Request) -> web.Response:
        weather = weather_of(request)
        refusal = _refusal(request, weather)
        if refusal is None:
            refusal = _checked(request)
        return refusal or _results(request, engines, weather)

    return [web.get("/brave/res/v1/web/search", search)]


def _refusal(request: web.Request, weather: str) -> web.Response | None:
    """Return what Brave says where the key or the plan stands in the way."""
    if weather in ("down", "captcha"):
        return _error(request, 503, "SERVICE_UNAVAILABLE", "Service unavailable.")
    if weather == "invalid":
        return _error(request, 422, "SUBSCRIPTION_TOKEN_INVALID", UNKNOWN_KEY)
    if weather == "denied":
        detail = "The option is not subscribed in the plan."
        return _error(request, 400, "OPTION_NOT_IN_PLAN", detail)
    if weather in ("quota", "nocredit"):
        used = MONTH if weather == "nocredit" else 100
        meta = {
            "plan": "Base AI",
            "rate_limit": 1,
            "rate_current": 1,
            "quota_limit": MONTH,
            "quota_current": used,
            "component": "rate_limiter",
        }
        return _error(request, 429, "RATE_LIMITED", LIMITED, meta)
    return None


def _checked(request: web.Request) -> web.Response | None:
    """Return what Brave says to parameters beyond its limits, None where they are within."""
    query = request.query.get("q", "")
    count = whole_number(request.query.get("count"), MAX_COUNT)
    offset = whole_number(request.query.get("offset"), 0)
    within = (
        len(query) <= MAX_QUERY
        and 0 < len(query.split()) <= MAX_WORDS
        and count is not None
        and 1 <= count <= MAX_COUNT
        and offset is not None
        and offset <= MAX_OFFSET
    )
    if within:
        return None
    return _error(request, 422, "VALIDATION", "Unable to validate request parameter(s)")


def _results(request: web.Request, engines: SerpWorld, weather: str) -> web.Response:
    query = request.query["q"]
    count = int(request.query.get("count", MAX_COUNT))
    start = int(request.query.get("offset", 0)) * count
    found = [] if weather == "empty" else engines.results(query, "brave")
    rows = found[start : start + count]
    asked = {"original": query, "more_results_available": start + count < len(found)}
    body: dict[str, Any] = {"type": "search", "query": asked}
    if rows:
        plain = request.query.get("text_decorations") == "false"
        body["web"] = {"type": "search", "results": [_row(row, query, plain) for row in rows]}
    return web.json_response(body, headers=_rates(request, gone=1))


def _row(page: WebPage, query: str, plain: bool) -> dict[str, Any]:
    """Return one result; its texts are HTML, with the matches marked unless told otherwise."""
    description = escape(page.snippet, quote=False)
    if not plain:
        first = escape(query.split(maxsplit=1)[0])
        description = description.replace(first, f"<strong>{first}</strong>")
    host, _, path = page.url.partition("://")[2].partition("/")
    return {
        "title": escape(page.title, quote=False),
        "url": page.url,
        "description": description,
        "language": "en",
        "meta_url": {"scheme": "http", "hostname": host, "path": f"/{path}"},
    }


def _rates(request: web.Request, *, gone: int) -> dict[str, str]:
    """Return the headers that count requests, by the second and by the month."""
    rate = request.app[CONDITIONS].per_second
    return {
        "X-RateLimit-Limit": f"{rate}, {MONTH}",
        "X-RateLimit-Policy": f"{rate};w=1, {MONTH};w=2592000",
        "X-RateLimit-Remaining": f"{max(rate - gone, 0)}, {MONTH - 100}",
        "X-RateLimit-Reset": f"1, {MONTH_SECONDS}",
    }


def _error(
    request: web.Request,
    status: int,
    code: str,
    detail: str,
    meta: dict[str, Any] | None = None,
) -> web.Response:
    error = {"id": "00000000-test", "status": status, "code": code, "detail": detail}
    body = {"type": "ErrorResponse", "error": {**error, "meta": meta or {}}, "time": 1767225600}
    headers = _rates(request, gone=request.app[CONDITIONS].per_second)
    if status == 429:
        headers |= patience(request)
    return web.json_response(body, status=status, headers=headers)
