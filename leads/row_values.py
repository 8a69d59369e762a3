"""A row of somebody's own list - from a program, a file, a form - read into values of a lead.

Nothing is guessed: what a lead cannot hold is refused with a reason that the owner can act on. The
one exception is a person's name in an address of the form first.last@ (`name_in_address`).
"""

import re
from collections.abc import Mapping
from typing import Any

from freshleads.lib.domains import host_of, normalise_url, registrable_domain
from freshleads.lib.errors import InvalidInput
from leads import merging
from leads.cleaning import clean
from leads.crawler.phones import to_e164
from leads.models import Lead
from leads.verifier.role_names import ROLE_NAMES
from leads.verifier.syntax import InvalidAddress, parse_address

LINES = (
    "business_name",
    "category",
    "address",
    "first_name",
    "last_name",
    "job_title",
    "street",
    "city",
    "region",
    "postal_code",
)
FIELDS = (*LINES, "email", "website", "phones", "country", "description", "tags")
MAX_TAGS = 50
MAX_TAG_LENGTH = 50
SHOWN = 60
LONGEST_TEXT = 20_000  # of a field with many values in it; nothing longer is worth taking apart

_SEPARATORS = re.compile(r"[,;|\n]|\s/\s")
# Letters alone, of any alphabet, at least two; a hyphen or an apostrophe may stand inside.
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+){0,2}")
_TITLES = frozenset("dr mr mrs ms mx miss prof professor rev sir herr frau mme sig dott".split())


class UnusableRow(ValueError):
    """A value no lead can hold; `field` is the lead's name for it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


def row_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row by `FIELDS`, cleaned, without the empty ones.

    All values are texts but `phones` (a list of numbers, E.164 where they can be read as such)
    and `tags` (a list). Raises UnusableRow for the first value that a lead cannot hold.
    """
    values: dict[str, Any] = {}
    region = _text("country", given.get("country"))
    for field in FIELDS:
        value = read_value(field, given.get(field), region=region)
        if value:
            values[field] = value
    return values


def read_value(field: str, given: Any, *, region: str = "") -> Any:
    """Return one value of a row by one of `FIELDS`, cleaned; None where it is empty.

    `region` is the country whose national form phone numbers are written in. Raises UnusableRow.
    """
    text = _text(field, given)
    return _value(field, text, region) if text else None


def name_in_address(email: str) -> tuple[str, str]:
    """Return the first and the last name in an address, two empty texts where it has none.

    `john.smith@example.com` gives John and Smith. Functions (`sales.team@`), initials
    (`j.smith@`), titles (`dr.smith@`) and a firm's own name (`acme.paris@acme.com`) give none.
    """
    local, _, domain = email.lower().partition("@")
    first, dot, last = local.partition("+")[0].partition(".")
    if not dot or not all(len(part) > 1 and _NAME.fullmatch(part) for part in (first, last)):
        return "", ""
    firm = (registrable_domain(domain) or domain).partition(".")[0]
    if first in _TITLES or first == firm or {first, last, first + last} & ROLE_NAMES:
        return "", ""
    return first.title()[:100], last.title()[:100]


def _text(field: str, value: Any) -> str:
    """Return a value as text in one line (a description keeps its lines)."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnusableRow(field, "must be text.")
    if len(value) > LONGEST_TEXT:
        raise UnusableRow(field, f"may have at most {LONGEST_TEXT} characters.")
    if clean(value) != value:
        raise UnusableRow(field, "holds a character that no text can hold.")
    keeps_lines = field in {"description", "phones", "tags"}
    return value.strip() if keeps_lines else " ".join(value.split())


def _value(field: str, text: str, region: str) -> Any:
    match field:
        case "email":
            return _email(text)
        case "website":
            return _website(text)
        case "phones":
            return _phones(text, region)
        case "country":
            return _country(text)
        case "tags":
            return _tags(text)
    return _fitting(field, text)


def _fitting(field: str, text: str) -> str:
    longest = getattr(Lead._meta.get_field(field), "max_length", None)
    if longest is not None and len(text) > longest:
        raise UnusableRow(field, f"may have at most {longest} characters.")
    return text


def _email(text: str) -> str:
    try:
        # The sandbox's .test names pass: verifying, which looks at DNS, tells them apart.
        address = parse_address(text, allow_test_names=True)
    except InvalidAddress as error:
        raise UnusableRow("email", f"is not an e-mail address: {error}") from error
    email = str(address).lower()
    if "." not in address.domain:
        raise UnusableRow("email", "is not an e-mail address: its domain has no dot.")
    return _fitting("email", email)


def _website(text: str) -> str:
    try:
        url = merging.web_address(normalise_url(text))
    except InvalidInput:
        url = ""
    if "." not in (host_of(url) or ""):
        raise UnusableRow("website", f"is not the address of a website: {text[:SHOWN]}")
    return url


def _phones(text: str, region: str) -> list[str]:
    """Return the numbers of a text once each; one that is not international stays as written."""
    numbers: dict[str, None] = {}
    for part in _SEPARATORS.split(text):
        written = " ".join(part.split())
        if not written:
            continue
        number = to_e164(written, region.upper()) or written
        digits = sum(character.isdigit() for character in number)
        if digits < 3 or len(number) > merging.MAX_PHONE_LENGTH:
            raise UnusableRow("phones", f"holds something that is no number: {written[:SHOWN]}")
        numbers.setdefault(number)
    if len(numbers) > merging.MAX_PHONES:
        raise UnusableRow("phones", f"may be at most {merging.MAX_PHONES} numbers.")
    return list(numbers)


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise UnusableRow("country", "must be a code of two letters, like US.")
    return text.upper()


def _tags(text: str) -> list[str]:
    tags = list(dict.fromkeys(filter(None, (" ".join(t.split()) for t in text.split(",")))))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in tags):
        raise UnusableRow(
            "tags", f"may be at most {MAX_TAGS}, each of at most {MAX_TAG_LENGTH} characters."
        )
    return tags
