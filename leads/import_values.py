"""A row of a file read into values of a lead, cell by cell; pure functions.

What a spreadsheet program did to a value is undone first: its error words, an apostrophe against
formulas, a lost plus. A cell that no lead can hold is left out with a reason; the row is refused
only where nothing is left by which the lead could be known again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from leads import merging
from leads.cleaning import clean
from leads.countries import country_code
from leads.crawler.phones import to_e164
from leads.crawler.socials import canonical_profile
from leads.mapping_words import LABELS, NETWORKS
from leads.row_values import UnusableRow, read_value
from leads.tables.reading import Row

SHOWN = 60
MAX_PARTS = 40  # of a cell with several addresses
NOTHING_KNOWN = "has no e-mail, website or phone by which the lead could be known again."
# What programs write for an empty cell.
NO_VALUES = frozenset(
    "#N/A|#REF!|#VALUE!|#NAME?|#DIV/0!|#NULL!|#NUM!|#NV|#WERT!|#BEZUG!|#REF|N/A|n/a|NULL|null|NaN|-".split(
        "|"
    )
)
HOSTS = {
    "facebook": "facebook.com/",
    "instagram": "instagram.com/",
    "x": "x.com/",
    "youtube": "youtube.com/@",
    "tiktok": "tiktok.com/@",
    "pinterest": "pinterest.com/",
    "snapchat": "snapchat.com/add/",
    "telegram": "t.me/",
    "linkedin": "linkedin.com/company/",
    "whatsapp": "wa.me/",
}

_DISARMED = re.compile(r"\A'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_BETWEEN = re.compile(r"\s:::\s|[,;|\n\t ]+")
_IN_BRACKETS = re.compile(r"<([^<>\s]{3,320})>")
_HANDLE = re.compile(r"@?[\w.-]{2,60}")


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that was left out: its field, what stood there and why it cannot stay."""

    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Draft:
    """What a row says of a lead; `refused` says why nothing comes of it, else it is empty.

    `values` has Lead's fields by name, and `emails`, `phones`, `social_links` and `lead_id`.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: str = ""


def read_draft(row: Row, mapping: Mapping[int, str], *, country: str = "") -> Draft:
    """Return what a row says; `country` is where numbers and names without a country belong."""
    draft = Draft(row.number, refused=row.problem)
    if row.problem:
        return draft
    given = _given(row, mapping)
    region = country
    if written := given.pop("country", None):
        _read(draft, "country", written, country)
        region = draft.values.get("country", country)
    for name, cells in given.items():
        _read(draft, name, cells, region)
    _take_apart_name(draft.values)
    draft.values = {name: value for name, value in draft.values.items() if value not in ("", None)}
    if not is_known_by_something(draft.values):
        draft.refused = f"The row {NOTHING_KNOWN}"
    return draft


def is_known_by_something(values: Mapping[str, Any]) -> bool:
    return any(values.get(n) for n in ("email", "phones", "place_id", "lead_id")) or bool(
        merging.own_domain(values.get("website", ""))
    )


def _given(row: Row, mapping: Mapping[int, str]) -> dict[str, list[str]]:
    """Return the filled cells of each mapped field."""
    given: dict[str, list[str]] = {}
    for column, name in mapping.items():
        text = clean(row.cells[column]).strip()
        if text and text not in NO_VALUES:
            given.setdefault(name, []).append(_DISARMED.sub("", text))
    return given


def _read(draft: Draft, name: str, cells: list[str], region: str) -> None:
    """Read the cells of one field into the draft; each that cannot stay leaves its reason."""
    for text in cells:
        try:
            value = _value(name, text, region)
        except UnusableRow as error:
            draft.problems.append(Problem(name, text[:SHOWN], error.reason))
            continue
        if name == "email":
            emails = draft.values.setdefault("emails", [])
            emails += [email for email in value if email not in emails]
            draft.values["email"] = emails[0] if emails else ""
        elif isinstance(value, list):
            known = draft.values.setdefault(name, [])
            known += [entry for entry in value if entry not in known]
        elif name in NETWORKS:
            draft.values.setdefault("social_links", {})[name] = value
        else:
            draft.values[name] = value


def _value(name: str, text: str, region: str) -> Any:
    if name in NETWORKS:
        return _profile(name, text)
    if name == "phones":
        return _phones(text, region)
    reader = READERS.get(name)
    return reader(text) if reader else read_value(name, text)


def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise UnusableRow("country", "is no country that we know: write its code, like US.")
    return code


def _emails(text: str) -> list[str]:
    """Return the addresses of a cell, which may be links, or names with an address in brackets."""
    found: list[str] = []
    refused = UnusableRow("email", "is not an e-mail address.")
    parts = _IN_BRACKETS.findall(text) or _BETWEEN.split(text)
    for part in parts[:MAX_PARTS]:
        try:
            email = read_value("email", part.strip("<>\"'()[]").removeprefix("mailto:"))
        except UnusableRow as error:
            refused = error
        else:
            found += [email] if email else []
    if not found:
        raise refused
    return found[: merging.MAX_EMAILS]


def _phones(text: str, region: str) -> list[str]:
    if _SHORTENED.fullmatch(text):
        raise UnusableRow(
            "phones",
            "was shortened by a spreadsheet program, its last digits are lost. Format the column "
            "as text before you type numbers.",
        )
    numbers = read_value("phones", text.replace(" ::: ", ","), region=region) or []
    return [_with_plus(number) for number in numbers]


def _with_plus(number: str) -> str:
    """Give back the plus that a spreadsheet program takes for arithmetic."""
    if number.isdecimal() and len(number) > 9 and not number.startswith("0"):
        return to_e164(f"+{number}", "") or number
    return number


def _profile(network: str, text: str) -> str:
    """Return the canonical URL of a profile, also from the bare name of an account."""
    candidates = [text if "://" in text else f"https://{text}"]
    if _HANDLE.fullmatch(text) and network in HOSTS:
        candidates.append(f"https://{HOSTS[network]}{text.removeprefix('@')}")
    for url in candidates:
        profile = canonical_profile(url)
        if profile is not None and profile[0] == network and merging.web_address(profile[1]):
            return profile[1]
    raise UnusableRow(network, f"is no profile on {LABELS[network]}.")


def _number(name: str, text: str, low: int, high: int) -> Decimal:
    plain = text.replace(" ", "")
    if "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain) if len(plain) <= SHOWN else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not low <= number <= high:
        raise UnusableRow(name, f"must be a number from {low} to {high}.")
    return number


def _rating(text: str) -> Decimal:
    return round(_number("rating", text.partition("/")[0], 0, 5), 1)


def _count(text: str) -> int:
    plain = re.sub(r"[\s.,'()]", "", text)
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 9):
        raise UnusableRow("reviews_count", "must be a whole number.")
    return int(plain)


def _map_link(text: str) -> str:
    if url := merging.web_address(text):
        return url
    raise UnusableRow("google_maps_url", "must begin with https:// and have at most 2048 bytes.")


def _id(name: str, text: str, longest: int) -> str:
    if len(text) > longest or not text.isprintable() or " " in text:
        raise UnusableRow(name, f"may have at most {longest} characters and no blanks.")
    return text


def _hours(text: str) -> dict[str, str]:
    """Return {day: hours} of a text like `Monday: 9:00-17:00; Tuesday: closed`."""
    days = [part.partition(":") for part in text.split(";")]
    hours = {day.strip()[:40]: rest.strip()[:100] for day, _, rest in days if rest.strip()}
    if not 1 <= len(hours) <= 14:
        raise UnusableRow("opening_hours", "must look like “Monday: 9:00-17:00; Tuesday: closed”.")
    return hours


def _take_apart_name(values: dict[str, Any]) -> None:
    """Give the parts of a full name to the fields that nothing else fills."""
    name = values.pop("full_name", None)
    if not name:
        return
    last, comma, first = name.partition(", ")
    if not comma:
        first, _, last = name.rpartition(" ")
        first, last = (first, last) if first else (last, "")
    values.setdefault("first_name", first[:100].strip())
    values.setdefault("last_name", last[:100].strip())


def _parts(text: str) -> list[str]:
    return re.split(r"\s?:::\s?|[,;|]", text)


READERS: dict[str, Callable[[str], Any]] = {
    "country": _country,
    "email": _emails,
    "tags": lambda text: read_value("tags", ", ".join(t.lstrip("* ") for t in _parts(text))),
    "full_name": lambda text: read_value("business_name", text),
    "rating": _rating,
    "reviews_count": _count,
    "latitude": lambda text: float(_number("latitude", text, -90, 90)),
    "longitude": lambda text: float(_number("longitude", text, -180, 180)),
    "google_maps_url": _map_link,
    "place_id": lambda text: _id("place_id", text, 300),
    "lead_id": lambda text: _id("lead_id", text, 30),
    "opening_hours": _hours,
}
