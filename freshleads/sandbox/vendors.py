"""One local server for many vendors' APIs, told apart by the first part of the path.

Every vendor's module gives its routes; what fails alike everywhere (a slow answer, a proxy's HTML
page, half an answer) happens here, what a vendor has its own words for happens in its module.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from freshleads.sandbox import (
    vendor_brave,
    vendor_nominatim,
    vendor_overpass,
    vendor_scraperapi,
    vendor_searxng,
    vendor_serpapi,
    vendor_serper,
)
from freshleads.sandbox.entities import World
from freshleads.sandbox.listening import LoopbackServer
from freshleads.sandbox.vendor_requests import (
    ASKED,
    CONDITIONS,
    VendorConditions,
    VendorRequest,
    read_request,
    weather_of,
)

VENDORS: tuple[Callable[[World], list[web.RouteDef]], ...] = (
    vendor_serpapi.routes,
    vendor_scraperapi.routes,
    vendor_serper.routes,
    vendor_brave.routes,
    vendor_searxng.routes,
    vendor_nominatim.routes,
    vendor_overpass.routes,
)

REMEMBERED_REQUESTS = 10_000
MAX_BODY_BYTES = 1 << 20
HUGE_BYTES = 5 * 1024 * 1024
BAD_GATEWAY = "<!DOCTYPE html><html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1></html>"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class VendorsServer(LoopbackServer):
    """Serves one world on loopback; `requests` and the counters tell what was asked."""

    def __init__(self, world: World, *, latency: float = 0.0, port: int = 0) -> None:
        self.world = world
        super().__init__(port)
        self._latency = latency
        self.conditions = VendorConditions(latency=latency)
        self.requests: deque[VendorRequest] = deque(maxlen=REMEMBERED_REQUESTS)
        self.requests_by_vendor: Counter[str] = Counter()
        self.requests_by_key: Counter[str] = Counter()

    async def start(self) -> int:
        """Listen on 127.0.0.1 and return the port; raises OSError where it is taken."""
        app = web.Application(middlewares=[self._meet], client_max_size=MAX_BODY_BYTES)
        app[CONDITIONS] = self.conditions
        for routes in VENDORS:
            app.router.add_routes(routes(self.world))
        return await self.listen(app)

    def forget(self) -> None:
        """Set everything back that tests may change, and forget who asked for what."""
        for name, value in vars(VendorConditions(latency=self._latency)).items():
            setattr(self.conditions, name, value)
        self.requests.clear()
        self.requests_by_vendor.clear()
        self.requests_by_key.clear()

    @web.middleware
    async def _meet(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Remember a request, and let it have the weather that is the same with all vendors."""
        asked = request[ASKED] = await read_request(request)
        self.requests.append(asked)
        self.requests_by_vendor[asked.vendor] += 1
        self.requests_by_key[asked.key] += 1
        await asyncio.sleep(self.conditions.latency)
        weather = weather_of(request, needs_key=False)
        if weather == "slow":
            await asyncio.sleep(self.conditions.slow_seconds)
        if weather == "html":
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        if weather == "odd":
            return web.json_response([{"results": "none", "organic": 7}])
        if weather == "huge":
            return web.Response(body=b'{"results":"' + b" " * HUGE_BYTES, content_type="text/json")
        return _maybe_halved(await handler(request), weather)


def _maybe_halved(answer: web.StreamResponse, weather: str) -> web.StreamResponse:
    """Return the answer, or the first half of it where it breaks off."""
    if weather != "broken" or not isinstance(answer, web.Response):
        return answer
    whole = answer.body
    assert isinstance(whole, bytes)
    return web.Response(body=whole[: len(whole) // 2], content_type=answer.content_type)
