"""Addresses that inline scripts put together from constants, or carry in data."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from leads.crawler.decoding import ciphers
from leads.crawler.decoding.literals import values_of
from leads.crawler.documents import Document
from leads.crawler.mailboxes import addresses_in

MAX_EXAMINED = 32 * 1024  # characters of script evaluated per page
MAX_HANDLERS = 50
MAX_NESTING = 2
REACH_BEFORE, REACH_AFTER = 3000, 1500

_SIGNS = (
    "@", "&#64", "&#x40", "%40", "\\x40", "\\u0040", "mailto", "ailto:", "fromCharCode",
    "document.write", "innerHTML", "atob(", "unescape(", "znvygb", "(64", ",64,",
)  # fmt: skip
_TAGS = re.compile(r"<[^<>]{0,2000}>")
_MAILTO = re.compile(r"mailto:([^\"'<>\s\\]{3,300})", re.IGNORECASE)
_UNICODE_ESCAPE = re.compile(r"\\u00([0-7][0-9a-fA-F])")
_MORE_CODE = ("fromCharCode", "document.write", "unescape(", "'+'", '"+"', "mailto")


def find_in_scripts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (address, "script") for what constant expressions of the page's scripts make."""
    budget = MAX_EXAMINED
    for script in (*document.scripts, *_handlers(document)):
        if budget <= 0:
            return
        for part in _interesting_parts(script):
            for address in _addresses_of(part[:budget]):
                yield address, "script"
            budget -= len(part)


def find_in_data(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (address, "data") for addresses in JSON that pages carry for their own scripts."""
    for text in document.data_scripts:
        plain = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text[:MAX_EXAMINED])
        for address, _ in addresses_in(plain):
            yield address, "data"


def _handlers(document: Document) -> list[str]:
    """Return code that stands in attributes: event handlers and javascript: links."""
    handlers = [a.href for a in document.anchors if a.href[:11].lower() == "javascript:"]
    for name in ("onclick", "onmouseover", "onfocus"):
        handlers += [element.values[name] or "" for element in document.marked(name)]
    return [unquote(handler[:4000]) for handler in handlers if handler][:MAX_HANDLERS]


def _interesting_parts(script: str) -> list[str]:
    """Cut the surroundings of every sign of an address out of a script."""
    places = sorted({at for sign in _SIGNS for at in _places(script, sign)})
    parts: list[tuple[int, int]] = []
    for at in places:
        start, end = _statement_before(script, at - REACH_BEFORE), at + REACH_AFTER
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return [script[start:end] for start, end in parts]


def _statement_before(script: str, near: int) -> int:
    """Return where a statement begins near an index, so that no string is cut in two."""
    if near <= 0:
        return 0
    ends = [at for mark in "\n;" if (at := script.find(mark, near, near + 1000)) >= 0]
    return min(ends, default=near)


def _places(script: str, sign: str) -> Iterator[int]:
    at = script.find(sign)
    for _ in range(30):
        if at < 0:
            return
        yield at
        at = script.find(sign, at + 1)


@lru_cache(maxsize=256)
def _addresses_of(script: str, depth: int = 0) -> tuple[str, ...]:
    """Return the addresses in the values of one script; scripts repeat on every page of a site."""
    found: dict[str, None] = {}
    rotates = "13" in script and "charCodeAt" in script
    for value in values_of(script):
        if len(value) < 6:
            continue
        plain = html.unescape(value)
        if rotates or "znvygb:" in plain:
            plain = f"{ciphers.rot13(plain)}\n{'' if 'znvygb:' in plain else plain}"
        for link in _MAILTO.findall(plain):
            found.update((address, None) for address, _ in addresses_in(unquote(link)))
        if "@" in plain:
            text = _TAGS.sub("", plain) if "<" in plain else plain
            found.update((address, None) for address, _ in addresses_in(text))
        if depth < MAX_NESTING and value != script and any(sign in plain for sign in _MORE_CODE):
            found.update(dict.fromkeys(_addresses_of(plain, depth + 1)))
    return tuple(found)
