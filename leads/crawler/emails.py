"""All e-mail addresses of one page, each with the surest way it was read; nothing is guessed."""

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote

from leads.crawler.decoding.attributes import find_in_attributes
from leads.crawler.decoding.scripts import find_in_data, find_in_scripts
from leads.crawler.decoding.words import find_spelled
from leads.crawler.documents import Document
from leads.crawler.junk import is_junk
from leads.crawler.mailboxes import FREE_MAIL, addresses_in, clean_address

MAX_PER_PAGE = 50
MAX_LINKS = 300

_SEPARATORS = re.compile(r"[,;]")
_LINK_TO_USER = re.compile(r"https?://([^/:@\s]{1,64}@[^/:@\s]{3,190})/?", re.IGNORECASE)
_ENCODED_AT = ("&#64", "&#064", "&#x40", "&commat;")


def find_emails(document: Document, structured: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (address, method), surest first; `structured` is raw (text, method) of marked data."""
    found: dict[str, str] = {}
    marked = ((address, how) for raw, how in structured if (address := clean_address(raw)))
    sources = (
        _linked(document),
        find_in_attributes(document),
        marked,
        _written(document.text),
        find_in_scripts(document),
        find_in_data(document),
        find_spelled(document.text, document.domain),
    )
    for source in sources:
        for address, method in source:
            if address not in found and not is_junk(address, page_domain=document.domain):
                found[address] = method
            if len(found) >= MAX_PER_PAGE:
                return list(found.items())
    return list(found.items())


def rank(address: str, domain: str) -> int:
    """Return 0 for an address of the site's own domain, 1 for free mail, 2 for all others."""
    host = address.partition("@")[2]
    if domain and (host == domain or host.endswith("." + domain)):
        return 0
    return 1 if host in FREE_MAIL else 2


def addresses_of_mailto(href: str) -> Iterator[str]:
    """Yield the addresses of a mailto: link, also those in its to, cc and bcc parameters."""
    link = href.strip()[:2000]
    for _ in range(3):
        if "&#" not in link and "&amp;" not in link and "&commat;" not in link:
            break
        link = html.unescape(link)
    main, _, query = link.partition(":")[2].partition("?")
    parts = [unquote(part) for part in _SEPARATORS.split(main)]
    for name, value in parse_qsl(query.replace("&amp;", "&")):
        if name.lower() in {"to", "cc", "bcc"}:
            parts += _SEPARATORS.split(value)
    for part in parts[:20]:
        for piece in _SEPARATORS.split(part)[:20]:
            if address := clean_address(piece):
                yield address


def _linked(document: Document) -> Iterator[tuple[str, str]]:
    links = 0
    for anchor in document.anchors:
        href = anchor.href
        if "@" not in href and "mail" not in href[:12].lower() and "%40" not in href:
            continue
        stripped = href.strip()
        if stripped[:7].lower() == "mailto:" or stripped[:13].lower() == "email:mailto:":
            yield from ((address, "mailto") for address in addresses_of_mailto(stripped))
        elif found := _LINK_TO_USER.fullmatch(stripped):  # people type http:// before an address
            address = clean_address(found[1])
            if address and rank(address, document.domain) < 2:
                yield address, "link"
        elif ":" not in stripped[:10] and "/" not in stripped and (a := clean_address(stripped)):
            yield a, "link"
        links += 1
        if links >= MAX_LINKS:
            return


def _written(text: str) -> Iterator[tuple[str, str]]:
    if "&" in text and any(
        sign in text for sign in _ENCODED_AT
    ):  # escaped twice: people see "info&#64;..."
        text = html.unescape(html.unescape(text))
    for address, _ in addresses_in(text):
        yield address, "text"
