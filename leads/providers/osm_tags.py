"""Objects of OpenStreetMap read into records; whoever maps may write anything into a tag.

Keys and their habits: wiki Key:contact, Key:phone, Key:addr and openstreetmap/id-tagging-schema.
Several values in one tag stand between semicolons; an escaped one belongs to the value.
"""

import re
from collections.abc import Iterator, Mapping

from leads.providers.osm_address import address_line, street_line
from leads.providers.osm_contacts import emails, phone, socials, website
from leads.providers.osm_hours import is_never, opening_hours
from leads.providers.osm_trades import title_of
from leads.providers.records import PlaceRecord, Position
from leads.providers.values import national, number, text

KINDS = ("amenity", "shop", "office", "craft", "healthcare", "tourism", "leisure")
NAME_KEYS = ("name", "brand", "operator")
CITY_KEYS = ("addr:city", "addr:town", "addr:village", "addr:hamlet", "addr:suburb")
TYPES = ("node", "way", "relation")
MAX_ID = 2**53
MAX_TAGS = 300
MAX_TYPES = 10
MAX_TYPE_LENGTH = 80
GONE = ("disused", "abandoned", "demolished", "razed", "removed", "destroyed", "was")
SITE = "https://www.openstreetmap.org"

Tags = Mapping[str, str]


def read_element(element: object, region: str | None) -> PlaceRecord | None:
    """Return the record of a node, way or relation; None without an id or anything to call it.

    `region` is the country asked from, for numbers and addresses that do not name theirs.
    """
    if not isinstance(element, dict):
        return None
    kind, number_of = element.get("type"), element.get("id")
    if kind not in TYPES or type(number_of) is not int or not 0 < number_of < MAX_ID:
        return None
    tags = _tags(element.get("tags"))
    name = _first(tags, NAME_KEYS)
    if name is None:
        return None
    position = _position(element)
    country = _country(tags) or region
    tel = phone(tags, country)
    hours = text(tags, "opening_hours")
    return PlaceRecord(
        place_id=f"osm:{kind}/{number_of}",
        name=name,
        category=_category(tags),
        types=tuple(_types(tags)),
        address=address_line(tags, _first(tags, CITY_KEYS), country),
        street=street_line(tags, country),
        city=_first(tags, CITY_KEYS),
        region=_first(tags, ("addr:state", "addr:province")),
        postal_code=text(tags, "addr:postcode"),
        country=country,
        phone=tel,
        phone_national=national(tel),
        website=website(tags),
        opening_hours=opening_hours(hours),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        maps_url=f"{SITE}/{kind}/{number_of}",
        business_status=_status(tags, hours),
        emails=emails(tags),
        socials=socials(tags, country),
    )


def _tags(value: object) -> Tags:
    pairs = list(value.items())[:MAX_TAGS] if isinstance(value, dict) else []
    return {key: written for key, written in pairs if isinstance(written, str)}


def _first(tags: Tags, keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if (value := text(tags, key))), None)


def _position(element: Mapping[str, object]) -> Position | None:
    """Return where a node is, or the middle of a way or relation."""
    center = element.get("center")
    point = center if isinstance(center, dict) else element
    latitude, longitude = number(point, "lat", -90, 90), number(point, "lon", -180, 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _country(tags: Tags) -> str | None:
    code = (text(tags, "addr:country") or "").upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else None


def _values(tags: Tags) -> Iterator[tuple[str, str]]:
    """Yield what an object is, as (key, value)."""
    for key in KINDS:
        for value in (text(tags, key) or "").split(";"):
            if value.strip() not in {"", "no"}:
                yield key, value.strip()


def _types(tags: Tags) -> Iterator[str]:
    found = [value[:MAX_TYPE_LENGTH] for _, value in _values(tags) if value != "yes"]
    yield from list(dict.fromkeys(found))[:MAX_TYPES]


def _category(tags: Tags) -> str | None:
    """Return the title of the trade, else the first value as it reads: "Bureau de change"."""
    found = list(_values(tags))
    known = (title_of(key, value) for key, value in found)
    title = next((title for title in known if title is not None), None)
    if title is not None or not found:
        return title
    key, value = found[0]
    words = (key if value == "yes" else value).replace("_", " ")
    return words[:1].upper() + words[1:MAX_TYPE_LENGTH]


def _status(tags: Tags, hours: str | None) -> str:
    """Return whether the place is still there: `was:shop` without a shop is a former one."""
    is_vacant = tags.get("shop") == "vacant" or any(tags.get(key) == "yes" for key in GONE)
    if is_vacant or (not any(_values(tags)) and _has_former_kind(tags)):
        return "CLOSED_PERMANENTLY"
    return "CLOSED_TEMPORARILY" if is_never(hours) else "OPERATIONAL"


def _has_former_kind(tags: Tags) -> bool:
    return any(f"{prefix}:{key}" in tags for prefix in GONE for key in KINDS)
