"""Turn one value into what an Excel cell can hold, whatever the scraped text tries.

The limits are Excel's own ("Excel specifications and limits"); it counts every length in UTF-16
units, so an emoji counts twice.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from exports.columns import Kind
from exports.neutralising import clean

MAX_CELL = 32_767
MAX_LINE_FEEDS = 253
MAX_URL = 2_079
MAX_SHEET_NAME = 31
MAX_EXACT_INTEGER = 10**15

INFO_SHEET = "Info"
_RESERVED_NAMES = {"history", INFO_SHEET.lower()}

# Only characters that need no escaping, so that the link is exactly the text that is shown.
_WEB_LINK = re.compile(r"https?://[^\s\"<>\[\]\\^`{|}]+", re.IGNORECASE)
_MAIL_LINK = re.compile(r"[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{1,253}")

Cell = str | float | datetime | None


def text_cell(value: Any) -> str | None:
    """Return a value as text that fits into a cell and that every reader opens."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    if len(text) <= MAX_CELL // 2 and text.isprintable():
        return text
    text = clean(text)
    if text.count("\n") > MAX_LINE_FEEDS:
        *kept, rest = text.split("\n", MAX_LINE_FEEDS)
        text = "\n".join([*kept, rest.replace("\n", " ")])
    return text if _width(text) <= MAX_CELL else _cut(text, MAX_CELL - 1) + "…"


def number_cell(value: Any) -> Cell:
    """Return a number that Excel holds exactly; anything else becomes text or an empty cell."""
    if isinstance(value, int) and abs(value) < MAX_EXACT_INTEGER:
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    return text_cell(value)


def time_cell(value: Any) -> Cell:
    """Return an aware datetime as the naive UTC time Excel stores; anything else as text."""
    if isinstance(value, datetime) and value.year > 1900:
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return text_cell(value)


CELL_OF_KIND: Mapping[Kind, Callable[[Any], Cell]] = {
    Kind.TEXT: text_cell,
    Kind.CODE: text_cell,
    Kind.PHONE: text_cell,
    Kind.URL: text_cell,
    Kind.EMAIL: text_cell,
    Kind.INTEGER: number_cell,
    Kind.RATING: number_cell,
    Kind.COORDINATE: number_cell,
    Kind.DATETIME: time_cell,
}
TEXT_KINDS = frozenset(kind for kind, convert in CELL_OF_KIND.items() if convert is text_cell)


def link_target(text: str, kind: Kind) -> str | None:
    """Return where a click on the cell should lead; None for what is no plain web or mail link."""
    if kind is Kind.URL and _WEB_LINK.fullmatch(text) and text.isprintable():
        return text if _width(text) <= MAX_URL else None
    if kind is Kind.EMAIL and _MAIL_LINK.fullmatch(text):
        return f"mailto:{text}"
    return None


def sheet_names(wanted: str) -> Iterator[str]:
    """Yield valid names for the sheets of one export: "Leads", "Leads (2)", "Leads (3)" ..."""
    base = re.sub(r"[\[\]:*?/\\\s]+", " ", clean(wanted)).strip(" '") or "Leads"
    if base.lower() in _RESERVED_NAMES:
        base = f"{base} leads"
    for number in count(1):
        suffix = f" ({number})" if number > 1 else ""
        yield _cut(base, MAX_SHEET_NAME - len(suffix)).rstrip(" '") + suffix


def _width(text: str) -> int:
    """Return the length of clean text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, units: int) -> str:
    """Return the start of clean text that fits into `units` UTF-16 units, never half a pair."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
