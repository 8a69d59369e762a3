"""Places API (New) messages read into records; nothing in them is trusted to have its type.

Proto3 JSON leaves out members that are zero or empty, so an absent latitude is 0.0 and an absent
list is an empty one. Wrong types inside a message count as absent.
"""

import re
from collections.abc import Mapping

from leads.providers.google_hours import opening_hours
from leads.providers.records import AreaRecord, PlaceRecord, Position
from leads.providers.values import Message, count, e164, number, submessage, text, web_url

MAX_TYPES = 30
STATUSES = frozenset({"OPERATIONAL", "CLOSED_TEMPORARILY", "CLOSED_PERMANENTLY"})
PRICE_LEVELS = {
    "PRICE_LEVEL_FREE": 0,
    "PRICE_LEVEL_INEXPENSIVE": 1,
    "PRICE_LEVEL_MODERATE": 2,
    "PRICE_LEVEL_EXPENSIVE": 3,
    "PRICE_LEVEL_VERY_EXPENSIVE": 4,
}
AREA_TYPES = frozenset({"locality", "postal_code", "country", "neighborhood", "sublocality"})
AREA_TYPE_PREFIXES = ("administrative_area_level_", "sublocality_level_")
CITY_TYPES = ("locality", "postal_town", "sublocality_level_1", "administrative_area_level_3")
# Countries whose addresses are written with the short form of the region ("Miami, FL").
SHORT_REGION_COUNTRIES = frozenset({"US", "CA", "AU"})


def read_place(message: object) -> PlaceRecord | None:
    """Return the record of a Place message, None if it has no id or no name."""
    if not isinstance(message, dict):
        return None
    place_id, name = text(message, "id"), text(submessage(message, "displayName"), "text")
    if place_id is None or name is None:
        return None
    parts = _address_parts(message)
    address = text(message, "formattedAddress")
    country = _country(parts)
    position = read_position(message.get("location"))
    hours = submessage(message, "regularOpeningHours")
    photos = message.get("photos")
    return PlaceRecord(
        place_id=place_id,
        name=name,
        category=text(submessage(message, "primaryTypeDisplayName"), "text"),
        types=_types(message),
        address=address,
        street=_street(parts, address),
        city=next((parts[kind][0] for kind in CITY_TYPES if kind in parts), None),
        region=_region(parts, country),
        postal_code=parts.get("postal_code", (None, None))[0],
        country=country,
        phone=_phone(message, country),
        phone_national=text(message, "nationalPhoneNumber"),
        website=web_url(message, "websiteUri"),
        rating=number(message, "rating", 0, 5),
        reviews_count=count(message, "userRatingCount"),
        opening_hours=opening_hours(hours),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        maps_url=web_url(message, "googleMapsUri"),
        business_status=_one_of(message, "businessStatus"),
        price_level=PRICE_LEVELS.get(text(message, "priceLevel") or ""),
        photos_count=len(photos) if isinstance(photos, list) else 0,
    )


def read_area(message: object) -> AreaRecord | None:
    """Return the area of a Place message, None if it is no area or has no usable viewport."""
    if not isinstance(message, dict) or not any(map(_is_area_type, _types(message))):
        return None
    viewport = submessage(message, "viewport")
    low, high = read_position(viewport.get("low")), read_position(viewport.get("high"))
    if low is None or high is None or low[0] >= high[0] or low[1] == high[1]:
        return None
    name = text(message, "formattedAddress") or text(submessage(message, "displayName"), "text")
    if name is None:
        return None
    center = read_position(message.get("location")) or _middle(low, high)
    return AreaRecord(name, low, high, center, _country(_address_parts(message)))


def read_position(message: object) -> Position | None:
    """Return a LatLng message as (latitude, longitude), None if it is none on earth."""
    if not isinstance(message, dict):
        return None
    latitude = number({"value": message.get("latitude", 0.0)}, "value", -90, 90)
    longitude = number({"value": message.get("longitude", 0.0)}, "value", -180, 180)
    if latitude is None or longitude is None:
        return None
    return latitude, longitude


def _middle(low: Position, high: Position) -> Position:
    width = (high[1] - low[1]) % 360  # also right across the 180th meridian
    longitude = (low[1] + width / 2 + 180) % 360 - 180
    return (low[0] + high[0]) / 2, longitude


def _is_area_type(kind: str) -> bool:
    return kind in AREA_TYPES or kind.startswith(AREA_TYPE_PREFIXES)


def _types(message: Message) -> tuple[str, ...]:
    kinds = message.get("types")
    if not isinstance(kinds, list):
        return ()
    return tuple(kind[:80] for kind in kinds[:MAX_TYPES] if isinstance(kind, str) and kind)


def _one_of(message: Message, name: str) -> str | None:
    value = text(message, name)
    return value if value in STATUSES else None


def _address_parts(message: Message) -> dict[str, tuple[str, str]]:
    """Return the address as type of component to its long and its short text."""
    components = message.get("addressComponents")
    parts: dict[str, tuple[str, str]] = {}
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        long, short = text(component, "longText"), text(component, "shortText")
        if long or short:
            for kind in _types(component):
                parts.setdefault(kind, (long or short or "", short or long or ""))
    return parts


def _country(parts: Mapping[str, tuple[str, str]]) -> str | None:
    code = parts.get("country", ("", ""))[1].upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else None


def _region(parts: Mapping[str, tuple[str, str]], country: str | None) -> str | None:
    names = parts.get("administrative_area_level_1")
    if names is None:
        return None
    return names[1] if country in SHORT_REGION_COUNTRIES else names[0]


def _street(parts: Mapping[str, tuple[str, str]], address: str | None) -> str | None:
    """Return street and house number in the order in which the address itself has them."""
    route = parts.get("route", ("", ""))
    number = parts.get("street_number", ("", ""))[0]
    if not route[0] or not number:
        return route[0] or None
    behind = [f"{name} {number}" for name in route if f"{name} {number}" in (address or "")]
    return behind[0] if behind else f"{number} {route[0]}"


def _phone(message: Message, country: str | None) -> str | None:
    """Return the phone number in E.164; the national one counts only with its country."""
    international = e164(text(message, "internationalPhoneNumber"), None)
    return international or e164(text(message, "nationalPhoneNumber"), country)
