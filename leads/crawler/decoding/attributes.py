"""Addresses that elements carry in attributes or parts, for a script to put together."""

import html
import re
from collections.abc import Callable, Iterator
from itertools import chain
from urllib.parse import unquote

from leads.crawler.decoding import ciphers
from leads.crawler.documents import Document
from leads.crawler.mailboxes import addresses_in, clean_address
from leads.crawler.scanning import Values

MAX_DATA_ATTRIBUTES = 3000
MAX_ELEMENTS = 100
MAX_SIGNS = 200

_USER_NAMES = ("data-user", "data-name", "data-local", "data-account", "data-u", "data-part1")
_HOST_NAMES = ("data-domain", "data-host", "data-d", "data-part2")
_TLD_NAMES = ("data-tld", "data-ext", "data-t", "data-part3")
_DATA_VALUE = re.compile(r"data-[\w-]{1,40}=[\"']?([A-Za-z0-9+/_-]{12,400}={0,2})[\"'\s>]")
_CLOUDFLARE_LINK = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{8,400})")
_TYPO3_CALL = re.compile(r"UnCryptMailto\(\s{0,4}['\"]([^'\"]{6,1000})['\"]")
_SHOWN_NAMES = ("title", "aria-label", "value", "alt")
_SHOWN = ",".join(f'[{name}*="@"]' for name in _SHOWN_NAMES)
_DOT_WORD = re.compile(
    r"\s{0,2}[\[({]\s{0,2}(?:dot|punkt|point|punto|\.)\s{0,2}[\])}]\s{0,2}", re.I
)


def find_in_attributes(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (address, method) for every known way of keeping an address in attributes."""
    for reader in _READERS:
        yield from reader(document)


def _cloudflare(document: Document) -> Iterator[tuple[str, str]]:
    for element in document.marked("data-cfemail"):
        code = element.values["data-cfemail"] or ""
        yield from _cleaned(ciphers.cloudflare(code), "cloudflare")


def _coded_links(document: Document) -> Iterator[tuple[str, str]]:
    """Read links whose address is a cipher: Cloudflare's, TYPO3's, rot13."""
    for anchor in document.anchors:
        href = anchor.href[:1500]
        if found := _CLOUDFLARE_LINK.search(href):
            yield from _cleaned(ciphers.cloudflare(found[1]), "cloudflare")
        elif "UnCryptMailto" in href and (
            found := _TYPO3_CALL.search(unquote(html.unescape(href)))
        ):
            yield from _cleaned(ciphers.typo3_any(found[1]), "typo3")
        elif href.lstrip()[:7].lower() == "znvygb:":
            yield from _cleaned(ciphers.rot13(href), "rot13")


def _joomla(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.select("joomla-hidden-mail", MAX_ELEMENTS):
        values = node.attributes
        parts = [ciphers.base64_text(values.get(name) or "") for name in ("first", "last")]
        if parts[0] and parts[1]:
            yield from _cleaned(f"{parts[0]}@{parts[1]}", "joomla")
        else:
            yield from _cleaned(ciphers.base64_text(values.get("text") or ""), "joomla")


def _typo3(document: Document) -> Iterator[tuple[str, str]]:
    for element in document.marked("data-mailto-token"):
        vector = element.values.get("data-mailto-vector") or ""
        if re.fullmatch(r"-?\d{1,2}", vector):
            token = element.values["data-mailto-token"] or ""
            yield from _cleaned(ciphers.typo3(token, -int(vector)), "typo3")


def _spamspan(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.select(".spamspan", MAX_ELEMENTS):
        user, domain = node.css_first(".u"), node.css_first(".d")
        if user is not None and domain is not None:
            parts = [_DOT_WORD.sub(".", part.text().strip()[:200]) for part in (user, domain)]
            yield from _cleaned("@".join(part.replace(" ", "") for part in parts), "spamspan")


def _pairs(document: Document) -> Iterator[tuple[str, str]]:
    """Join user, domain and perhaps ending, which stand in attributes of one element."""
    for element in chain.from_iterable(map(document.marked, _HOST_NAMES)):
        values = element.values
        user, host, tld = (
            _first(values, names) for names in (_USER_NAMES, _HOST_NAMES, _TLD_NAMES)
        )
        if user and host:
            domain = f"{host}.{tld.lstrip('.')}" if tld else host
            yield from _cleaned(f"{user}@{domain}", "data_attributes")


def _encoded_values(document: Document) -> Iterator[tuple[str, str]]:
    """Try the values of all data- attributes as base64; most are something else."""
    for count, found in enumerate(_DATA_VALUE.finditer(document.source)):
        if count >= MAX_DATA_ATTRIBUTES:
            return
        plain = ciphers.base64_text(found[1])
        if plain and "@" in plain and not _in_comment(document.source, found.start()):
            yield from ((address, "base64") for address, _ in addresses_in(plain))


def _in_comment(source: str, at: int) -> bool:
    return source.rfind("<!--", 0, at) > source.rfind("-->", 0, at)


def _shown_values(document: Document) -> Iterator[tuple[str, str]]:
    """Read addresses that stand in the clear in the few attributes meant for people."""
    for name in ("data-email", "data-mail"):
        for element in document.marked(name):
            yield from _plain_addresses(element.values[name] or "")
    if not _may_show_address(document.source):
        return
    for node in document.select(_SHOWN, MAX_ELEMENTS):
        for name in _SHOWN_NAMES:
            yield from _plain_addresses(node.attributes.get(name) or "")


def _plain_addresses(value: str) -> Iterator[tuple[str, str]]:
    return ((address, "attribute") for address, _ in addresses_in(value[:1000]))


def _may_show_address(source: str) -> bool:
    """Tell whether an "@" stands near after the name of an attribute that people see."""
    at = source.find("@")
    for _ in range(MAX_SIGNS):
        if at < 0:
            return False
        before = source[max(at - 120, 0) : at]
        if any(name in before for name in _SHOWN_NAMES):
            return True
        at = source.find("@", at + 1)
    return True


def _rot13(document: Document) -> Iterator[tuple[str, str]]:
    """Read elements whose class or attribute says that their content is rot13."""
    marked = [element.node for element in document.marked("data-rot13")]
    for node in (*marked, *document.select(".rot13", MAX_ELEMENTS)):
        for value in (*node.attributes.values(), node.text()):
            plain = ciphers.rot13((value or "")[:400])
            yield from ((address, "rot13") for address, _ in addresses_in(plain))


def _first(values: Values, names: tuple[str, ...]) -> str:
    return next((value.strip() for name in names if (value := values.get(name))), "")


def _cleaned(raw: str | None, method: str) -> Iterator[tuple[str, str]]:
    address = clean_address(raw.partition("?")[0]) if raw else None
    if address:
        yield address, method


_Reader = Callable[[Document], Iterator[tuple[str, str]]]
_READERS: tuple[_Reader, ...] = (
    _cloudflare,
    _coded_links,
    _joomla,
    _typo3,
    _spamspan,
    _pairs,
    _rot13,
    _encoded_values,
    _shown_values,
)
