"""Countries as people write them, and their codes; pure functions over the table beside them."""

import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("countries.txt")


def country_code(text: str) -> str | None:
    """Return the code (ISO 3166 alpha-2) of a country by its code or its name, else None."""
    plain = plain_words(text)
    if len(plain) == 2 and plain.upper() in _names():
        return plain.upper()
    return _codes().get(plain)


def choices() -> list[tuple[str, str]]:
    """Return (code, English name) of every country, by name."""
    return list(_names().items())


def plain_words(text: str) -> str:
    """Return text in lower case without accents, its words divided by single blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    kept = (" " if not sign.isalnum() else sign for sign in letters if not _is_accent(sign))
    return " ".join("".join(kept).split())


def _is_accent(sign: str) -> bool:
    return unicodedata.combining(sign) != 0


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines if not line.startswith("#"))
    return tuple((row[0], row[1], row[2] if len(row) > 2 else "") for row in rows)


@cache
def _names() -> dict[str, str]:
    return {code: name for code, name, _ in _rows()}


@cache
def _codes() -> dict[str, str]:
    codes = {plain_words(name): code for code, name, _ in _rows()}
    for code, _, others in _rows():
        codes |= dict.fromkeys(filter(None, others.split(", ")), code)
    return codes
