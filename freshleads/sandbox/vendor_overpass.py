"""Overpass as the sandbox serves it: /overpass/api/interpreter and /overpass/api/status.

Besides the weathers that all vendors have: `busy` (504, as an overloaded server), `timeout` and
`memory` (200 with a remark and half or none of the objects).
"""

import html
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qs

from aiohttp import web

from freshleads.sandbox.crowd import crowd, crowd_near
from freshleads.sandbox.entities import World
from freshleads.sandbox.osm_elements import elements_of
from freshleads.sandbox.overpass_ql import ParseError, parse
from freshleads.sandbox.overpass_run import Run
from freshleads.sandbox.overpass_statements import Element, boxes_of
from freshleads.sandbox.vendor_requests import (
    ASKED,
    CONDITIONS,
    is_stock_agent,
    patience,
    weather_of,
)

SLOT_SECONDS = 40
COPYRIGHT = (
    "The data included in this document is from www.openstreetmap.org. "
    "The data is made available under ODbL."
)
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
<head>
  <meta http-equiv="content-type" content="text/html; charset=utf-8" lang="en"/>
  <title>OSM3S Response</title>
</head>
<body>

<p>{copyright}</p>
<p><strong style="color:#FF0000">Error</strong>: {error} </p>

</body>
</html>
"""
BUSY = (
    "runtime error: open64: 0 Success /osm3s_osm_base Dispatcher_Client::request_read_and_idx"
    "::timeout. The server is probably too busy to handle your request."
)
REMARKS = {
    "timeout": 'runtime error: Query timed out in "query" at line 1 after 21 seconds.',
    "memory": "runtime error: Query run out of memory using about 256 MB of RAM.",
}


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of Overpass over one world and the crowded city."""
    usual = cache(lambda: elements_of(world.businesses))
    crowded = cache(lambda: elements_of((*world.businesses, *crowd())))

    async def interpret(request: web.Request) -> web.Response:
        weather = weather_of(request, needs_key=False)
        refusal = _refusal(request, weather)
        if refusal is not None:
            return refusal
        try:
            script = parse(_query_of(request))
        except ParseError as error:
            return _page(str(error), 400)
        if script.output != "json":
            return _page(f'line 1: static error: output "{script.output}" is not known here.', 400)
        database = crowded() if any(map(crowd_near, boxes_of(script))) else usual()
        most = request.app[CONDITIONS].overpass_patience
        return web.json_response(_answer(Run(script, database, most).finish(), weather))

    async def tell_status(request: web.Request) -> web.Response:
        return web.Response(text=_status(weather_of(request, needs_key=False)))

    return [
        web.post("/overpass/api/interpreter", interpret),
        web.get("/overpass/api/interpreter", interpret),
        web.get("/overpass/api/status", tell_status),
    ]


def _refusal(request: web.Request, weather: str) -> web.Response | None:
    if weather == "denied":
        return web.Response(status=403, text="Forbidden")
    if is_stock_agent(request):
        return web.Response(status=406, text="Not Acceptable")
    if weather == "quota":
        text = "<html><title>429 Too Many Requests</title></html>"
        headers = patience(request)
        return web.Response(status=429, text=text, content_type="text/html", headers=headers)
    if weather == "busy":
        return _page(BUSY, 504)
    if weather == "down":
        return web.Response(status=503, text="Service Unavailable")
    return None


def _query_of(request: web.Request) -> str:
    """Return the query: the parameter `data`, else the whole body as it is."""
    if "data" in request.query:
        return request.query["data"]
    body = request[ASKED].body.decode(errors="replace")
    return parse_qs(body).get("data", [body])[0]


def _answer(run: Run, weather: str) -> dict[str, object]:
    printed: Sequence[Element] = [] if weather in {"empty", "memory"} else run.printed
    if weather == "timeout":
        printed = printed[: len(printed) // 2]
    answer: dict[str, object] = {
        "version": 0.6,
        "generator": "Overpass API 0.7.62.7 375dc00a",
        "osm3s": {"timestamp_osm_base": _stamp(datetime.now(UTC)), "copyright": COPYRIGHT},
        "elements": printed,
    }
    remark = REMARKS.get(weather, run.remark)
    return {**answer, "remark": remark} if remark else answer


def _status(weather: str) -> str:
    """Return the free slots, or when the next one is free."""
    now = datetime.now(UTC)
    slots = "2 slots available now."
    if weather == "quota":
        free_at = _stamp(now + timedelta(seconds=SLOT_SECONDS))
        slots = f"Slot available after: {free_at}, in {SLOT_SECONDS} seconds."
    lines = (
        "Connected as: 2130706433",
        f"Current time: {_stamp(now)}",
        "Announced endpoint: none",
        "Rate limit: 2",
        slots,
        "Currently running queries (pid, space limit, time limit, start time):",
    )
    return "\n".join(lines) + "\n"


def _page(error: str, status: int) -> web.Response:
    """Return an error as the HTML page that the service makes of it."""
    text = PAGE.format(copyright=COPYRIGHT, error=html.escape(error))
    return web.Response(status=status, text=text, content_type="text/html")


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
