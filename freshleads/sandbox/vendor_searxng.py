"""SearXNG as the sandbox serves it: /searxng/search, asking the invented Google and Bing.

It has no key: its weather is set in `VendorConditions.weather`. There "denied" means that the
instance allows no JSON, and "invalid" that the engine asked for is off, so that others answer.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from freshleads.sandbox.entities import World
from freshleads.sandbox.serp_pages import WebPage
from freshleads.sandbox.serp_world import serp_world
from freshleads.sandbox.vendor_requests import patience, weather_of, whole_number

RESULTS_ON_A_PAGE = 10
ENGINES = ("google", "bing")
OTHER_ENGINE = "duckduckgo"
REASONS = {"captcha": "CAPTCHA", "nocredit": "too many requests"}
LIMITED = "Too Many Requests"


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of SearXNG over one world."""
    engines = serp_world(world)

    async def search(request: web.Request) -> web.Response:
        form = await request.post() if request.method == "POST" else {}
        asked = {**request.query, **{name: str(value) for name, value in form.items()}}
        weather = weather_of(request, needs_key=False)
        refusal = _refusal(request, weather, asked)
        if refusal is not None:
            return refusal
        wanted = [name for name in asked.get("engines", "").split(",") if name in ENGINES]
        engine = wanted[0] if wanted and weather != "invalid" else OTHER_ENGINE
        is_blank = weather == "empty" or weather in REASONS
        found = [] if is_blank else engines.results(asked["q"], engine)
        page = whole_number(asked.get("pageno"), 1) or 1
        first = (page - 1) * RESULTS_ON_A_PAGE
        body = _body(asked["q"], engine, found[first : first + RESULTS_ON_A_PAGE])
        if weather in REASONS:
            body["unresponsive_engines"] = [[engine, REASONS[weather]]]
        return web.json_response(body)

    return [web.get("/searxng/search", search), web.post("/searxng/search", search)]


def _refusal(request: web.Request, weather: str, asked: Mapping[str, str]) -> web.Response | None:
    """Return what the instance says in place of an answer in JSON, None where it has one."""
    if weather == "quota":
        return web.Response(status=429, text=LIMITED, headers=patience(request))
    if weather == "down":
        return web.Response(status=503, text="Service Unavailable")
    if not asked.get("q", "").strip():
        return web.json_response({"error": "No query"}, status=400)
    if asked.get("format") != "json":
        return web.Response(text="<!DOCTYPE html><title>SearXNG</title>", content_type="text/html")
    if weather == "denied":
        page = "<!doctype html><title>403 Forbidden</title><h1>Forbidden</h1>"
        return web.Response(status=403, text=page, content_type="text/html")
    return None


def _body(query: str, engine: str, rows: list[WebPage]) -> dict[str, Any]:
    return {
        "query": query,
        "number_of_results": 0,
        "results": [
            {
                "url": row.url,
                "title": row.title,
                "content": row.snippet,
                "engine": engine,
                "engines": [engine],
                "category": "general",
                "score": 1.0,
            }
            for row in rows
        ],
        "answers": [],
        "corrections": [],
        "infoboxes": [],
        "suggestions": [],
        "unresponsive_engines": [],
    }
