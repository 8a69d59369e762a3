"""Facts that a page states as JSON-LD (schema.org), read leniently, its shape never trusted."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_JSON = 256 * 1024  # characters of JSON-LD read per page
MAX_ITEMS = 2000
MAX_DEPTH = 12
MAX_VALUES = 50
MAX_TEXT = 500

_COMMENT = re.compile(
    r"^\s{0,80}(?://\s{0,4})?(?:<!\[CDATA\[|<!--)|(?://\s{0,4})?(?:\]\]>|-->)\s{0,80};?\s{0,80}$"
)
_TRAILING_COMMA = re.compile(r",(\s{0,200}[}\]])")
_NOT_BUSINESSES = frozenset(
    "website webpage article blogposting newsarticle breadcrumblist listitem person imageobject "
    "searchaction itemlist faqpage question answer review aggregaterating offer product event "
    "collectionpage contactpage aboutpage postaladdress openinghoursspecification geocoordinates "
    "contactpoint readaction entrypoint videoobject sitenavigationelement wpheader wpfooter "
    "service place country city administrativearea".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ADDRESS_PARTS = {
    "streetAddress": "street",
    "addressLocality": "city",
    "addressRegion": "region",
    "postalCode": "postal_code",
    "addressCountry": "country",
}


@dataclass(slots=True)
class Facts:
    """What structured data says; `business` holds plain JSON values only."""

    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    faxes: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)
    business: dict[str, Any] = field(default_factory=dict)


def read_json_ld(blocks: Iterable[str]) -> Facts:
    """Collect contacts and business facts from the `ld+json` scripts of one page."""
    facts = Facts()
    budget = MAX_JSON
    for block in blocks:
        if budget <= 0:
            break
        for count, item in enumerate(_items(_parse(block[:budget]))):
            if count >= MAX_ITEMS:
                break
            _read_item(item, facts)
        budget -= len(block)
    return facts


def _parse(block: str) -> Any:
    """Read JSON that may be wrapped in comments, have raw newlines or commas too many."""
    text = _COMMENT.sub("", block.strip())
    for form in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            return json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _items(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every object inside a JSON value, outer before inner."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        children: Iterable[Any] = value.values()
    elif isinstance(value, list):
        children = value[:MAX_ITEMS]
    else:
        return
    for child in children:
        if isinstance(child, (dict, list)):
            yield from _items(child, depth + 1)


def _read_item(item: dict[str, Any], facts: Facts) -> None:
    facts.emails += _texts(item.get("email"))
    facts.phones += _texts(item.get("telephone"))
    facts.faxes += _texts(item.get("faxNumber"))
    types = [kind.rpartition("/")[2] for kind in _texts(item.get("@type"))]
    if any(kind.lower() in _NOT_BUSINESSES for kind in types):
        return
    facts.profiles += _texts(item.get("sameAs"))
    for key, value in _business_facts(item, types).items():
        facts.business.setdefault(key, value)


def _business_facts(item: dict[str, Any], types: list[str]) -> dict[str, Any]:
    """Return the facts of one item that looks like a business, {} for other items."""
    if not item.get("name") or not (types or item.get("address") or item.get("telephone")):
        return {}
    simple = {
        "type": types[:1],
        "name": _texts(item.get("name")),
        "legal_name": _texts(item.get("legalName")),
        "description": _texts(item.get("description")),
        "price_range": _texts(item.get("priceRange")),
        "vat_id": _texts(item.get("vatID")),
        "founded": _texts(item.get("foundingDate")),
    }
    facts: dict[str, Any] = {key: values[0] for key, values in simple.items() if values}
    composed = {
        "address": _address(item.get("address")),
        "opening_hours": _opening_hours(item),
        "geo": _geo(item.get("geo")),
        "rating": _rating(item.get("aggregateRating")),
        "same_as": _texts(item.get("sameAs")),
    }
    return facts | {key: value for key, value in composed.items() if value}


def _texts(value: Any) -> list[str]:
    """Return the strings and numbers of a value or list, trimmed and bounded."""
    values = value if isinstance(value, list) else [value]
    texts = [
        html.unescape(str(one)).strip()[:MAX_TEXT]
        for one in values[:MAX_VALUES]
        if isinstance(one, (str, int, float)) and not isinstance(one, bool)
    ]
    return [text for text in texts if text]


def _address(value: Any) -> dict[str, str]:
    """Return {"street": ..., "city": ...}; an address in one text becomes {"text": ...}."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return {"text": text[0]} if (text := _texts(value)) else {}
    parts: dict[str, str] = {}
    for key, name in _ADDRESS_PARTS.items():
        part = value.get(key)
        texts = _texts(part.get("name") if isinstance(part, dict) else part)
        if texts:
            parts[name] = texts[0]
    return parts


def _opening_hours(item: dict[str, Any]) -> list[str]:
    """Return lines such as `Mo-Fr 09:00-17:00` or `Monday 09:00-17:00`."""
    lines = _texts(item.get("openingHours"))
    specifications = item.get("openingHoursSpecification")
    for one in (specifications if isinstance(specifications, list) else [specifications])[
        :MAX_VALUES
    ]:
        if not isinstance(one, dict):
            continue
        opens, closes = _texts(one.get("opens")), _texts(one.get("closes"))
        for day in _texts(one.get("dayOfWeek")):
            name = day.rpartition("/")[2]
            if opens and closes and name in _DAYS:
                lines.append(f"{name} {opens[0]}-{closes[0]}")
    return lines[:MAX_VALUES]


def _geo(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        return {}
    try:
        return {name: float(value[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        return {}


def _rating(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    names = {"ratingValue": "value", "reviewCount": "count", "ratingCount": "count"}
    return {names[key]: texts[0] for key in names if (texts := _texts(value.get(key)))}
