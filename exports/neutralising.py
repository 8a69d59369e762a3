"""Make scraped text harmless before a spreadsheet program reads it.

Whoever names a business writes into our customers' cells, so every text is cleaned of characters
that break files, and a CSV text that a spreadsheet would run as a formula is disarmed with an
apostrophe (OWASP "CSV Injection", ASVS 1.2.10, CWE-1236). All patterns run in linear time.
"""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What neither XML 1.0 nor UTF-8 can carry, and control characters no reader agrees on.
_UNWRITABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n?")

# With their small (FE6x) and full-width (FFxx) forms: an East Asian Excel folds them together.
_TRIGGERS = r"=+\-@\ufe66\ufe62\ufe63\ufe6b\uff1d\uff0b\uff0d\uff20"
# White space and the invisible characters that hide what a cell starts with.
_BLANKS = r"\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_FORMULA_START = re.compile(rf"[{_BLANKS}]*+[{_TRIGGERS}]|[\t\r\n]")
# An Excel set to semicolons, as in most of Europe, starts a new cell or row inside our text here.
_CELL_BREAK = re.compile(r"[;\r\n]")
_INNER_START = re.compile(rf"(?<![;{_BLANKS}])([;{_BLANKS}]++)(?=[{_TRIGGERS}])")
_PHONE = r"\+\d[\d ().\-]{2,40}"
_PHONES = re.compile(rf"{_PHONE}(?:, {_PHONE}){{0,200}}")


def clean(text: str) -> str:
    """Return `text` as every file format can hold it, line breaks as a bare LF.

    NULs vanish; other control characters, lone surrogates and non-characters become U+FFFD. Tabs
    and line feeds stay.
    """
    if text.isprintable():
        return text
    return _UNWRITABLE.sub(REPLACEMENT, _LINE_BREAK.sub("\n", text.replace("\0", "")))


def neutralise(text: str) -> str:
    """Return `text` so that no spreadsheet reads a formula in it, for a CSV cell.

    An apostrophe goes in front of a text that starts like a formula, also behind white space, and
    of the same thing behind a semicolon or line break. Phone numbers in strict international
    form, alone or separated by ", ", stay as they are: they cannot hold a formula.
    """
    if text[:1].isalnum() and ";" not in text and text.isprintable():
        return text
    if _PHONES.fullmatch(text):
        return text
    disarmed = _INNER_START.sub(_disarm_inner, text)
    return f"'{disarmed}" if _FORMULA_START.match(text) else disarmed


def _disarm_inner(blanks: re.Match[str]) -> str:
    """Put an apostrophe behind a run of blanks if a new cell could start in it."""
    return f"{blanks[1]}'" if _CELL_BREAK.search(blanks[1]) else blanks[1]
