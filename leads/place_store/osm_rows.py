"""Objects of OpenStreetMap, and of All the Places, which speaks its tags, as rows to import.

The tags themselves are kept, as far as anybody reads them, and read when a place is shown: the
same way as those that OpenStreetMap's own servers send. Keys: wiki.openstreetmap.org, Map features.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leads.place_store.columns import CLOSED, COLUMNS, PATH_SIGN

OSM_LICENCE = "ODbL-1.0"
ATP_LICENCE = "CC0-1.0"

KINDS = ("shop", "craft", "office", "healthcare", "amenity", "tourism", "leisure")
# What an object is beside its kind; a trade may go by any of them.
MORE_KINDS = ("cuisine", "healthcare:speciality", "sport", "beauty", "clothes")
NAMES = ("name", "brand", "operator")
CITIES = ("addr:city", "addr:town", "addr:village", "addr:hamlet", "addr:suburb")
FORMER = ("disused", "abandoned", "demolished", "was")
NO_BUSINESS = frozenset(
    "yes no vacant bench parking parking_space parking_entrance bicycle_parking motorcycle_parking "
    "waste_basket waste_disposal recycling toilets drinking_water fountain shelter hunting_stand "
    "grit_bin clock post_box telephone vending_machine grave_yard information viewpoint artwork "
    "picnic_site picnic_table park garden playground pitch nature_reserve track swimming_area "
    "bird_hide firepit common".split()
)
KEPT_TAGS = frozenset(
    "phone mobile phone:mobile website url brand:website email facebook instagram twitter linkedin "
    "youtube tiktok pinterest telegram whatsapp opening_hours".split()
) | frozenset((*NAMES, *KINDS, *MORE_KINDS))
KEPT_PREFIXES = ("addr:", "contact:", *(f"{prefix}:" for prefix in FORMER))
MAX_TAGS = 60
MAX_KEY = 60
MAX_VALUE = 500
MAX_PATHS = 6
MAX_POSITIONS = 20_000  # of one shape, corners counted

Tags = Mapping[str, str]
Row = dict[str, Any]

_SLASH_ID = re.compile(r"(node|way|relation)/([0-9]{1,16})")
_LETTER_ID = re.compile(r"([nwra])([0-9]{1,16})")
_TYPES = {"n": "node", "w": "way", "r": "relation"}


def is_business(tags: Tags) -> bool:
    """Tell whether an object has a name and is something that may do business."""
    return any(tags.get(key) for key in NAMES) and any(_kinds(tags))


def row_of(tags: Tags, place_id: str, latitude: float | None, longitude: float | None) -> Row:
    """Return the row of an object of OpenStreetMap."""
    paths = list(dict.fromkeys([*_kinds(tags), *_further(tags)]))
    is_former = not any(_kinds(tags)) and any(
        key.partition(":")[0] in FORMER and key.partition(":")[2] in KINDS for key in tags
    )
    row: Row = dict.fromkeys(COLUMNS)
    row |= {
        "id": place_id,
        "name": _first(tags, NAMES),
        "path": paths[0] if paths else None,
        "alternates": "\n".join(paths[1:MAX_PATHS]) or None,
        "website": _first(tags, ("website", "contact:website", "url")),
        "emails": _first(tags, ("email", "contact:email")),
        "phones": _first(tags, ("phone", "contact:phone", "mobile", "contact:mobile")),
        "city": _first(tags, CITIES),
        "region": _first(tags, ("addr:state", "addr:province")),
        "postal_code": tags.get("addr:postcode"),
        "country": (tags.get("addr:country") or "").upper() or None,
        "status": CLOSED if is_former or tags.get("shop") == "vacant" else None,
        "licence": OSM_LICENCE,
        "tags": json.dumps(kept_tags(tags), separators=(",", ":")),
        "latitude": latitude,
        "longitude": longitude,
    }
    return row


def row_of_feature(feature: Mapping[str, Any]) -> Row:
    """Return the row of a feature of GeoJSON."""
    properties = feature.get("properties")
    tags = _tags_of(properties if isinstance(properties, dict) else {})
    latitude, longitude = _middle(feature.get("geometry"))
    if "@spider" in tags:
        if "addr:street_address" in tags:
            tags.setdefault("addr:street", tags["addr:street_address"])
        written = feature.get("id") or tags.get("ref")
        place_id = f"atp:{written}" if written else _made_id(tags, latitude, longitude)
        return row_of(tags, place_id[:200], latitude, longitude) | {"licence": ATP_LICENCE}
    place_id = _osm_id(feature, tags) or _made_id(tags, latitude, longitude)
    return row_of(tags, place_id, latitude, longitude)


def kept_tags(tags: Tags) -> dict[str, str]:
    """Return the tags that are read when a place is shown."""
    kept = (
        (key, value)
        for key, value in tags.items()
        if (key in KEPT_TAGS or key.startswith(KEPT_PREFIXES)) and len(key) <= MAX_KEY
    )
    return {key: value[:MAX_VALUE] for key, value in list(kept)[:MAX_TAGS]}


def _tags_of(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return what a database takes of the properties; `tags` may hold them once more."""
    nested = properties.get("tags")
    given = {**properties, **nested} if isinstance(nested, dict) else properties
    return {
        str(key): _storable(str(value))
        for key, value in given.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


def _storable(text: str) -> str:
    return text[: 4 * MAX_VALUE].encode("utf-8", "ignore").decode().replace("\x00", " ")


def _kinds(tags: Tags) -> Iterator[str]:
    for key in KINDS:
        for value in (tags.get(key) or "").split(";"):
            if value.strip() and value.strip() not in NO_BUSINESS:
                yield f"{key}{PATH_SIGN}{value.strip()[:MAX_KEY]}"


def _further(tags: Tags) -> Iterator[str]:
    for key in MORE_KINDS:
        for value in (tags.get(key) or "").split(";"):
            if value.strip() not in {"", "yes", "no"}:
                yield f"{key}{PATH_SIGN}{value.strip()[:MAX_KEY]}"


def _first(tags: Tags, keys: Iterable[str]) -> str | None:
    return next((tags[key] for key in keys if tags.get(key)), None)


def _osm_id(feature: Mapping[str, Any], tags: Tags) -> str | None:
    """Return the id that osmium, Overpass turbo and others write, each in its own way."""
    if tags.get("@type") in _TYPES.values() and tags.get("@id", "").isdigit():
        return f"osm:{tags['@type']}/{int(tags['@id'])}"
    for written in (feature.get("id"), tags.get("@id"), tags.get("id")):
        slash, letter = _SLASH_ID.fullmatch(str(written)), _LETTER_ID.fullmatch(str(written))
        if slash:
            return f"osm:{slash[1]}/{int(slash[2])}"
        if letter and letter[1] == "a":  # osmium numbers areas: ways are even, relations odd
            area = int(letter[2])
            return f"osm:{'relation' if area % 2 else 'way'}/{area // 2}"
        if letter:
            return f"osm:{_TYPES[letter[1]]}/{int(letter[2])}"
    return None


def _made_id(tags: Tags, latitude: float | None, longitude: float | None) -> str:
    """Return an id that the same file gives again."""
    written = f"{_first(tags, NAMES)}|{latitude}|{longitude}"
    return f"geojson:{hashlib.sha256(written.encode()).hexdigest()[:24]}"


def _middle(geometry: object) -> tuple[float | None, float | None]:
    """Return the middle (latitude, longitude) of the box around a shape."""
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    points = list(_points(coordinates))
    if not points:
        return None, None
    longitudes = [longitude for longitude, _ in points]
    latitudes = [latitude for _, latitude in points]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _points(coordinates: object) -> Iterator[tuple[float, float]]:
    waiting = [coordinates]
    for _ in range(MAX_POSITIONS):
        if not waiting:
            return
        item = waiting.pop()
        if not isinstance(item, list) or not item:
            continue
        if isinstance(item[0], list):
            waiting.extend(item)
        elif len(item) >= 2 and all(map(_is_number, item[:2])):
            yield float(item[0]), float(item[1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 360
