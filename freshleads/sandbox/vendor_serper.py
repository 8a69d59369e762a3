"""Serper as the sandbox serves it: POST /serper/search, Google alone."""

import json
from typing import Any

from aiohttp import web

from freshleads.sandbox.entities import World
from freshleads.sandbox.serp_world import serp_world
from freshleads.sandbox.vendor_requests import (
    ASKED,
    CONDITIONS,
    patience,
    weather_of,
    whole_number,
)

MAX_COUNT = 100
USUAL_COUNT = 10
ERRORS = {
    "invalid": (403, "Unauthorized."),
    "denied": (403, "Unauthorized."),
    "nocredit": (400, "Not enough credits"),
    "quota": (429, "Too many requests"),
    "down": (503, "Service Unavailable"),
    "captcha": (500, "Internal Server Error"),
}


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of Serper over one world."""
    engines = serp_world(world)

    async def search(request: web.Request) -> web.Response:
        weather = weather_of(request)
        if weather in ERRORS:
            status, message = ERRORS[weather]
            return _error(status, message, patience(request) if status == 429 else {})
        asked = _parameters(request)
        query = asked.get("q")
        count = whole_number(asked.get("num"), USUAL_COUNT)
        page = whole_number(asked.get("page"), 1)
        if not isinstance(query, str) or not query.strip():
            return _error(400, "Missing query parameter")
        if not count or not page:
            return _error(400, "Invalid parameters")
        size = min(count, request.app[CONDITIONS].largest_page, MAX_COUNT)
        found = [] if weather == "empty" else engines.results(query, "google")
        rows = [
            {"title": row.title, "link": row.url, "snippet": row.snippet, "position": place}
            for place, row in enumerate(found[(page - 1) * size : page * size], start=1)
        ]
        parameters = {"q": query, "type": "search", "engine": "google", "num": count, "page": page}
        credits = 1 if count <= USUAL_COUNT else 2
        body = {"searchParameters": parameters, "organic": rows, "credits": credits}
        return web.json_response(body)

    return [web.post("/serper/search", search)]


def _parameters(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request, an empty one where its body is none."""
    try:
        parameters = json.loads(request[ASKED].body)
    except ValueError:
        return {}
    return parameters if isinstance(parameters, dict) else {}


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"message": message, "statusCode": status}
    return web.json_response(body, status=status, headers=headers)
