"""Members of foreign JSON read by type, bounded and cleaned; what does not fit counts as absent."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers

from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import parse_web_url

MAX_TEXT = 500
MAX_COUNT = 2**31 - 1  # what an integer column holds
MAX_QUERY_LENGTH = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")

Message = Mapping[str, Any]


def text(message: Message, name: str) -> str | None:
    """Return a text member in one line, cleaned of what a database cannot hold."""
    return one_line(message.get(name), MAX_TEXT) or None


def one_line(value: object, longest: int) -> str:
    """Return a text in one clean line of at most so many characters, "" where it is none."""
    if not isinstance(value, str):
        return ""
    line = " ".join(_CONTROL.sub(" ", _encodable(value, longest)).split())
    return line[:longest].rstrip()


def prose(message: Message, name: str, longest: int) -> str:
    """Return a text member with its line breaks, of at most so many characters."""
    value = message.get(name)
    if not isinstance(value, str):
        return ""
    lines = _CONTROL_IN_PROSE.sub(" ", _encodable(value, longest)).strip()
    return lines[:longest]


def submessage(message: Message, name: str) -> Message:
    """Return a member that is a message, an empty one where it is absent or something else."""
    value = message.get(name)
    return value if isinstance(value, dict) else {}


def number(message: Message, name: str, low: float, high: float) -> float | None:
    """Return a number from `low` to `high`."""
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Compared before converted: JSON integers may be too large for a float, and NaN fits nowhere.
    return float(value) if low <= value <= high else None


def count(message: Message, name: str) -> int | None:
    """Return a whole number that an integer column holds."""
    value = number(message, name, 0, MAX_COUNT)
    return None if value is None else int(value)


def web_url(message: Message, name: str) -> str | None:
    """Return a member that is an http(s) URL, in canonical form."""
    return web_url_of(message.get(name))


def web_url_of(value: object) -> str | None:
    """Return an http(s) URL in canonical form, None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return str(parse_web_url(value))
    except InvalidInput:
        return None


def e164(written: str | None, region: str | None) -> str | None:
    """Return a phone number in E.164; a national one counts only with its country's code."""
    if written is None or (region is None and not written.startswith("+")):
        return None
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def national(number_in_e164: str | None) -> str | None:
    """Return a number in E.164 as it is written in its own country."""
    if number_in_e164 is None:
        return None
    parsed = phonenumbers.parse(number_in_e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def query_line(written: str, param: str) -> str:
    """Return a query in one line; raise InvalidInput for an empty or an endless one."""
    line = " ".join(written.split())
    if not 0 < len(line) <= MAX_QUERY_LENGTH:
        raise InvalidInput(f"Give 1 to {MAX_QUERY_LENGTH} characters.", param=param)
    return line


def _encodable(value: str, longest: int) -> str:
    """Return the beginning without lone surrogates, which a JSON escape can smuggle in."""
    return value[: 2 * longest].encode("utf-8", "ignore").decode("utf-8")
