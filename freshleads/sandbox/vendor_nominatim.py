"""Nominatim as the sandbox serves it: GET /nominatim/search over the cities of the world.

It knows cities and postal codes as areas, and streets, which are none.
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aiohttp import web

from freshleads.sandbox.cities import BISTROPOLIS, CITIES, City, city_of
from freshleads.sandbox.entities import World
from freshleads.sandbox.places_geometry import Rectangle
from freshleads.sandbox.places_named import NamedPlace
from freshleads.sandbox.places_query import split_words
from freshleads.sandbox.places_rendering import COUNTRIES, REGIONS
from freshleads.sandbox.places_search import PlacesIndex
from freshleads.sandbox.vendor_requests import is_stock_agent, patience, weather_of

LICENCE = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright"
STRUCTURED = ("amenity", "street", "city", "county", "state", "postalcode", "country")
FORMATS = ("jsonv2", "json")
MAX_LIMIT = 50
CITY_RANK, POSTAL_RANK, STREET_RANK = 16, 21, 26
STREET_HALF_DEGREES = 0.002
BLOCKED = (
    "<html><head><title>Access blocked</title></head><body>See the usage policy.</body></html>"
)


def routes(world: World) -> list[web.RouteDef]:
    """Return the routes of Nominatim over one world and the crowded city."""
    index = cache(lambda: PlacesIndex(world, lambda: datetime.now(UTC)))

    async def search(request: web.Request) -> web.Response:
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        parameters = request.query
        style = parameters.get("format", "jsonv2")
        parts = [parameters[name] for name in STRUCTURED if parameters.get(name)]
        limit = parameters.get("limit", "10")
        if style not in FORMATS:
            return _error(f"Parameter 'format' must be one of: {', '.join(FORMATS)}")
        if not limit.isdigit():
            return _error("Parameter 'limit' must be a number.")
        if "q" in parameters and parts:
            names = ", ".join(STRUCTURED)
            return _error(
                f"Structured query parameters({names}) cannot be used together with 'q' parameter."
            )
        if "q" not in parameters and not parts:
            return _error("Nothing to search for.")
        rows = list(_rows(index(), parameters.get("q") or ", ".join(parts)))
        if weather_of(request, needs_key=False) == "empty":
            rows = []
        count = min(max(int(limit[:3]), 1), MAX_LIMIT)
        has_address = parameters.get("addressdetails") == "1"
        shown = [_shown(row, style, has_address=has_address) for row in rows[:count]]
        return web.json_response(shown)

    return [web.get("/nominatim/search", search), web.get("/nominatim/search.php", search)]


def _refusal(request: web.Request) -> web.Response | None:
    weather = weather_of(request, needs_key=False)
    if weather == "denied" or is_stock_agent(request):
        return web.Response(status=403, text=BLOCKED, content_type="text/html")
    if weather == "quota":
        text = "<html><head><title>429 Too Many Requests</title></head></html>"
        headers = patience(request)
        return web.Response(status=429, text=text, content_type="text/html", headers=headers)
    if weather == "down":
        return web.Response(status=503, text="Service Unavailable")
    return None


def _error(message: str) -> web.Response:
    body = {"error": {"code": 400, "message": message}}
    return web.json_response(body, status=400)


def _rows(index: PlacesIndex, text: str) -> Iterator[dict[str, Any]]:
    """Yield what a text names, whole: an area, and the streets of that name."""
    words = split_words(text)
    named = index.gazetteer.find_place(words)
    if named is not None:
        yield _area_row(named, index.box_of(named))
    for city in (*CITIES.values(), BISTROPOLIS):
        for street in city.streets:
            if words in {split_words(street), split_words(f"{street}, {city.city}")}:
                yield _street_row(street, city)


def _area_row(named: NamedPlace, box: Rectangle) -> dict[str, Any]:
    city = city_of(named.area.key)
    center = box.center if named.postal_code else named.area.center
    code = named.postal_code.upper()
    first = {"postcode": code} if code else {}
    return {
        **_row(named.place_id, code or city.city, city, center, box),
        "osm_type": "relation",
        "category": "place" if code else "boundary",
        "type": "postcode" if code else "administrative",
        "place_rank": POSTAL_RANK if code else CITY_RANK,
        "addresstype": "postcode" if code else "city",
        "address": {**first, "city": city.city, **_region(city)},
    }


def _street_row(street: str, city: City) -> dict[str, Any]:
    latitude, longitude = center = city.area.center
    half = STREET_HALF_DEGREES
    box = Rectangle((latitude - half, longitude - half), (latitude + half, longitude + half))
    return {
        **_row(f"{street}/{city.city}", street, city, center, box),
        "osm_type": "way",
        "category": "highway",
        "type": "secondary",
        "place_rank": STREET_RANK,
        "addresstype": "road",
        "address": {"road": street, "city": city.city, **_region(city)},
    }


def _row(
    key: str, name: str, city: City, center: tuple[float, float], box: Rectangle
) -> dict[str, Any]:
    """Return what every row has; coordinates are strings."""
    number = zlib.crc32(key.encode())
    parts = (name, city.city, REGIONS[city.area.region], COUNTRIES[city.area.country])
    edges = (box.low[0], box.high[0], box.low[1], box.high[1])
    return {
        "place_id": number % 400_000_000,
        "licence": LICENCE,
        "osm_id": number,
        "lat": f"{center[0]:.7f}",
        "lon": f"{center[1]:.7f}",
        "importance": 0.6,
        "name": name,
        "display_name": ", ".join(dict.fromkeys(parts)),
        "boundingbox": [f"{degrees:.7f}" for degrees in edges],
    }


def _region(city: City) -> dict[str, str]:
    area = city.area
    return {
        "state": REGIONS[area.region],
        "country": COUNTRIES[area.country],
        "country_code": area.country.lower(),
    }


def _shown(row: dict[str, Any], style: str, *, has_address: bool) -> dict[str, Any]:
    """Return a row in its format: the older one calls the category a class."""
    shown = {name: value for name, value in row.items() if has_address or name != "address"}
    if style == "json":
        shown["class"] = shown.pop("category")
    return shown
