"""A local server of the Places API (New): text search, nearby search and place details.

Written to the wire contract of places.googleapis.com, answering from the invented world. API keys
choose the weather: `sandbox-key` works, the prefixes in `KEY_BEHAVIOURS` fail in their own way.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from aiohttp import web

from freshleads.sandbox import places_errors as errors
from freshleads.sandbox.entities import Business, World
from freshleads.sandbox.listening import LoopbackServer
from freshleads.sandbox.places_mask import (
    NEARBY_SEARCH_TREE,
    PLACE_TREE,
    TEXT_SEARCH_TREE,
    Mask,
    apply_mask,
    parse_mask,
)
from freshleads.sandbox.places_payload import parse_json
from freshleads.sandbox.places_rendering import (
    render_business,
    render_named_place,
    render_reviews,
)
from freshleads.sandbox.places_requests import (
    make_page_token,
    read_nearby_search,
    read_text_search,
)
from freshleads.sandbox.places_search import Found, PlacesIndex

API_KEY = "sandbox-key"
KEY_BEHAVIOURS: Mapping[str, str] = MappingProxyType(
    {
        "invalid": "400 API_KEY_INVALID, as any unknown key",
        "quota": "429 RESOURCE_EXHAUSTED with RetryInfo",
        "down": "503 UNAVAILABLE",
        "denied": "403 PERMISSION_DENIED",
        "slow": "answers rightly after `PlacesServer.slow_seconds`",
        "html": "502 with an HTML page",
        "broken": "200 with JSON cut in half",
    }
)
BAD_GATEWAY = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"
REMEMBERED_REQUESTS = 10_000
MAX_BODY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class PlacesRequest:
    """One request as it came in: method of the API, key, field mask, query and body."""

    method: str
    key: str
    mask: str
    query: Mapping[str, str]
    body: bytes

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the request; raises PlacesError for a body that is no JSON."""
        return {**self.query, **parse_json(self.body)}


class PlacesServer(LoopbackServer):
    """Serves one world on loopback; `requests` and `requests_by_key` tell what was asked."""

    def __init__(
        self,
        world: World,
        *,
        latency: float = 0.0,
        port: int = 0,
        slow_seconds: float = 30.0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.world = world
        self.latency = latency
        super().__init__(port)
        self.slow_seconds = slow_seconds
        self.clock = clock or (lambda: datetime.now(UTC))
        self.requests: deque[PlacesRequest] = deque(maxlen=REMEMBERED_REQUESTS)
        self.requests_by_key: Counter[str] = Counter()
        self.index = PlacesIndex(world, self.clock)

    async def start(self) -> int:
        """Listen on 127.0.0.1 and return the port; raises OSError where it is taken."""
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/v1/places:searchText", self._search_text)
        app.router.add_post("/v1/places:searchNearby", self._search_nearby)
        app.router.add_get("/v1/places/{place_id}", self._get_place)
        app.router.add_route("*", "/{path:.*}", self._unknown)
        return await self.listen(app)

    async def _search_text(self, request: web.Request) -> web.Response:
        """Answer POST /v1/places:searchText."""
        return await self._answer(request, "SearchText", self._text_results)

    async def _search_nearby(self, request: web.Request) -> web.Response:
        """Answer POST /v1/places:searchNearby."""
        return await self._answer(request, "SearchNearby", self._nearby_results)

    async def _get_place(self, request: web.Request) -> web.Response:
        """Answer GET /v1/places/{id}."""
        return await self._answer(request, "GetPlace", self._place_details)

    async def _unknown(self, request: web.Request) -> web.Response:
        """Answer any other path."""
        return _json_response(_json_bytes(errors.unknown_method().body()), 404)

    async def _answer(
        self,
        request: web.Request,
        method: str,
        respond: Callable[[dict[str, Any], str], dict[str, Any]],
    ) -> web.Response:
        """Let the key decide, then respond; errors become google.rpc JSON."""
        asked = PlacesRequest(
            method,
            key=request.headers.get("X-Goog-Api-Key") or request.query.get("key", ""),
            mask=request.headers.get("X-Goog-FieldMask") or request.query.get("fields", ""),
            query={**request.query, **request.match_info},
            body=await request.read(),
        )
        self.requests.append(asked)
        self.requests_by_key[asked.key] += 1
        await asyncio.sleep(self.latency)
        try:
            _check_key(asked.key, method)
            if asked.key.startswith("slow"):
                await asyncio.sleep(self.slow_seconds)
            if asked.key.startswith("html"):
                return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
            whole = _json_bytes(respond(asked.parameters(), asked.mask))
        except errors.PlacesError as error:
            return _json_response(_json_bytes(error.body()), error.code)
        return _json_response(whole[: len(whole) // 2] if asked.key.startswith("broken") else whole)

    def _text_results(self, parameters: dict[str, Any], mask_text: str) -> dict[str, Any]:
        """Return one page of a text search under its mask; {} where nothing matches."""
        mask = parse_mask(mask_text, TEXT_SEARCH_TREE)
        search = read_text_search(parameters)
        found = self.index.search_text(search)
        end = search.offset + search.page_size
        page = [
            self._render(place, search.language, below(mask, "places"))
            for place in found[search.offset : end]
        ]
        answer: dict[str, Any] = {"places": page} if page else {}
        if end < len(found):
            answer["nextPageToken"] = make_page_token(end, search.digest)
        return _masked(answer, mask)

    def _nearby_results(self, parameters: dict[str, Any], mask_text: str) -> dict[str, Any]:
        """Return the one page of a nearby search under its mask."""
        mask = parse_mask(mask_text, NEARBY_SEARCH_TREE)
        search = read_nearby_search(parameters)
        places = [
            self._render(place, search.language, below(mask, "places"))
            for place in self.index.search_nearby(search)
        ]
        return _masked({"places": places} if places else {}, mask)

    def _place_details(self, parameters: dict[str, Any], mask_text: str) -> dict[str, Any]:
        """Return the Place with an id under its mask."""
        mask = parse_mask(mask_text, PLACE_TREE)
        place = self.index.find(parameters["place_id"])
        if place is None:
            raise errors.unknown_place()
        return _masked(self._render(place, parameters.get("languageCode", ""), mask), mask)

    def _render(self, place: Found, language: str, mask: Mask | None) -> dict[str, Any]:
        """Return the Place message of a result; reviews are made only when asked for."""
        if not isinstance(place, Business):
            return render_named_place(place, self.index.box_of(place))
        now = self.clock()
        message = render_business(place, language, now)
        if mask is None or "reviews" in mask:
            message.update(render_reviews(place, now))
        return message


def below(mask: Mask | None, field: str) -> Mask | None:
    """Return the part of a mask under a field; an empty mask where the field is not asked for."""
    return None if mask is None else mask.get(field, {})


def _masked(answer: dict[str, Any], mask: Mask | None) -> dict[str, Any]:
    """Return an answer under a mask."""
    masked = apply_mask(answer, mask)
    assert isinstance(masked, dict)
    return masked


def _check_key(key: str, method: str) -> None:
    """Refuse a missing key, an unknown one, and those whose behaviour is an error."""
    if not key:
        raise errors.missing_key()
    if key.startswith("quota"):
        raise errors.quota_exceeded(method)
    if key.startswith("down"):
        raise errors.unavailable()
    if key.startswith("denied"):
        raise errors.blocked_key(method)
    if key != API_KEY and not key.startswith(("slow", "html", "broken")):
        raise errors.invalid_key()


def _json_bytes(body: dict[str, Any]) -> bytes:
    """Return JSON in UTF-8, letters beyond ASCII as they are."""
    return json.dumps(body, ensure_ascii=False).encode()


def _json_response(body: bytes, status: int = 200) -> web.Response:
    """Return a JSON response."""
    return web.Response(status=status, body=body, content_type="application/json", charset="UTF-8")
