"""Facts that a page marks in its elements: microdata, RDFa and hCard."""

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborNode

from leads.crawler.documents import Document

MAX_TEXT = 300

_NAMES = {
    "email": "email",
    "telephone": "phone",
    "phone": "phone",
    "tel": "phone",
    "phone_number": "phone",
    "faxnumber": "fax",
    "fax": "fax",
    "fax_number": "fax",
    "sameas": "profile",
}
_ADDRESS_NAMES = {
    "streetaddress": "street",
    "addresslocality": "city",
    "addressregion": "region",
    "postalcode": "postal_code",
    "addresscountry": "country",
}


def read_markup(document: Document) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, value, method); kind is email, phone, fax or profile."""
    yield from _properties(document, "itemprop", "microdata")
    yield from _properties(document, "property", "rdfa")
    yield from _cards(document)


def read_business(document: Document) -> dict[str, Any]:
    """Return name, address and opening hours from microdata, as JSON-LD would name them."""
    address: dict[str, str] = {}
    hours: list[str] = []
    for element in document.marked("itemprop"):
        name = (element.values["itemprop"] or "").lower()
        if name in _ADDRESS_NAMES:
            address.setdefault(_ADDRESS_NAMES[name], _value(element.node))
        elif name == "openinghours":
            hours.append(_value(element.node))
    facts: dict[str, Any] = {
        "address": {k: v for k, v in address.items() if v},
        "opening_hours": hours,
    }
    return {key: value for key, value in facts.items() if value}


def _properties(document: Document, attribute: str, method: str) -> Iterator[tuple[str, str, str]]:
    for element in document.marked(attribute):
        for name in (element.values[attribute] or "")[:200].lower().split():
            kind = _NAMES.get(name.rpartition(":")[2].rpartition("/")[2])
            value = _value(element.node) if kind else ""
            if kind and value:
                yield kind, value, method


def _cards(document: Document) -> Iterator[tuple[str, str, str]]:
    """Read hCard (`.vcard .tel`) and h-card (`.h-card .p-tel`)."""
    for card in document.select(".vcard,.h-card", 20):
        for node in card.css(".email,.u-email")[:20]:
            yield "email", _value(node), "hcard"
        for node in card.css(".tel,.p-tel,.u-tel")[:20]:
            kinds = " ".join(part.text() for part in node.css(".type")[:5]).lower()
            number = node.css_first(".value")
            text = _value(number if number is not None else node)
            yield (
                ("fax" if "fax" in kinds or "fax" in text[:12].lower() else "phone"),
                text,
                "hcard",
            )


def _value(node: LexborNode) -> str:
    """Return what a property says: its content, its link, or its text."""
    values = node.attributes
    for name in ("content", "href", "datetime"):
        if value := values.get(name):
            return value.strip()[:MAX_TEXT]
    return node.text()[:MAX_TEXT].strip()
