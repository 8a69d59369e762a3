"""Addresses that elements carry in attributes or parts, for a script to put together."""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from leads.crawler.decoding import ciphers
from leads.crawler.documents import Document
from leads.crawler.mailboxes import addresses_in, clean_address, is_mail_domain

MAX_DATA_ATTRIBUTES = 3000
MAX_ELEMENTS = 100

_USER_NAMES = ("data-user", "data-name", "data-local", "data-account", "data-u", "data-part1")
_HOST_NAMES = ("data-domain", "data-host", "data-d", "data-part2")
_TLD_NAMES = ("data-tld", "data-ext", "data-t", "data-part3")
_DATA_VALUE = re.compile(r"\sdata-[\w-]{1,40}=[\"']?([A-Za-z0-9+/_-]{12,400}={0,2})[\"'\s>]")
_CLOUDFLARE_LINK = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-fA-F]{8,400})")
_TYPO3_CALL = re.compile(r"UnCryptMailto\(\s{0,4}['\"]([^'\"]{6,1000})['\"]")
_DOT_WORD = re.compile(
    r"\s{0,2}[\[({]\s{0,2}(?:dot|punkt|point|punto|\.)\s{0,2}[\])}]\s{0,2}", re.I
)
_SHOWN_ATTRIBUTES = ("data-email", "data-mail", "title", "aria-label", "value", "alt")


def find_in_attributes(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (address, method) for every known way of keeping an address in attributes."""
    source = document.source
    for word, reader in _READERS:
        if word in source:
            yield from reader(document)


def _cloudflare(document: Document) -> Iterator[tuple[str, str]]:
    codes = [node.attributes.get("data-cfemail") for node in document.select("[data-cfemail]")]
    for code in codes:
        yield from _cleaned(ciphers.cloudflare(code or ""), "cloudflare")


def _cloudflare_links(document: Document) -> Iterator[tuple[str, str]]:
    for anchor in document.anchors:
        if found := _CLOUDFLARE_LINK.search(anchor.href[:600]):
            yield from _cleaned(ciphers.cloudflare(found[1]), "cloudflare")


def _joomla(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.select("joomla-hidden-mail", MAX_ELEMENTS):
        values = node.attributes
        parts = [ciphers.base64_text(values.get(name) or "") for name in ("first", "last")]
        if parts[0] and parts[1]:
            yield from _cleaned(f"{parts[0]}@{parts[1]}", "joomla")
        else:
            yield from _cleaned(ciphers.base64_text(values.get("text") or ""), "joomla")


def _typo3(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.select("[data-mailto-token]", MAX_ELEMENTS):
        token = node.attributes.get("data-mailto-token") or ""
        vector = node.attributes.get("data-mailto-vector") or ""
        if re.fullmatch(r"-?\d{1,2}", vector):
            yield from _cleaned(ciphers.typo3(token, -int(vector)), "typo3")


def _typo3_calls(document: Document) -> Iterator[tuple[str, str]]:
    for anchor in document.anchors:
        if found := _TYPO3_CALL.search(unquote(html.unescape(anchor.href[:1500]))):
            yield from _cleaned(ciphers.typo3_any(found[1]), "typo3")


def _spamspan(document: Document) -> Iterator[tuple[str, str]]:
    for node in document.select(".spamspan", MAX_ELEMENTS):
        user, domain = node.css_first(".u"), node.css_first(".d")
        if user is not None and domain is not None:
            parts = [_DOT_WORD.sub(".", part.text().strip()[:200]) for part in (user, domain)]
            yield from _cleaned("@".join(part.replace(" ", "") for part in parts), "spamspan")


def _pairs(document: Document) -> Iterator[tuple[str, str]]:
    """Join user, domain and perhaps ending, which stand in attributes of one element."""
    selector = ",".join(f"[{name}]" for name in _HOST_NAMES)
    for node in document.select(selector, MAX_ELEMENTS):
        user, host, tld = (_first(node, names) for names in (_USER_NAMES, _HOST_NAMES, _TLD_NAMES))
        if not user or not host:
            continue
        with_tld = f"{host}.{tld.lstrip('.')}" if tld else host
        domain = host if is_mail_domain(host.lower()) and not tld else with_tld
        yield from _cleaned(f"{user}@{domain}", "data_attributes")


def _encoded_values(document: Document) -> Iterator[tuple[str, str]]:
    """Try the values of all data- attributes as base64; most are something else."""
    for count, found in enumerate(_DATA_VALUE.finditer(document.source)):
        if count >= MAX_DATA_ATTRIBUTES:
            return
        value = found[1]
        plain = ciphers.base64_text(value) if len(value.rstrip("=")) % 4 != 1 else None
        if plain and "@" in plain and "<!--" not in document.source[: found.start()][-400:]:
            yield from ((address, "base64") for address, _ in addresses_in(plain))


def _shown_values(document: Document) -> Iterator[tuple[str, str]]:
    """Read addresses that stand in the clear in the few attributes meant for people."""
    selector = ",".join(f'[{name}*="@"]' for name in _SHOWN_ATTRIBUTES)
    for node in document.select(selector, MAX_ELEMENTS):
        for name in _SHOWN_ATTRIBUTES:
            for address, _ in addresses_in((node.attributes.get(name) or "")[:1000]):
                yield address, "attribute"


def _rot13(document: Document) -> Iterator[tuple[str, str]]:
    for anchor in document.anchors:
        if anchor.href.strip().lower().startswith("znvygb:"):
            plain = ciphers.rot13(anchor.href.strip())
            yield from _cleaned(plain.partition("?")[0], "rot13")


def _rot13_marked(document: Document) -> Iterator[tuple[str, str]]:
    """Read elements whose class or attribute says that their content is rot13."""
    for node in document.select('[class*="rot13" i],[data-rot13]', MAX_ELEMENTS):
        values = (node.attributes.get("data-rot13"), node.attributes.get("href"), node.text())
        for value in values:
            plain = ciphers.rot13((value or "")[:400])
            yield from ((address, "rot13") for address, _ in addresses_in(plain))


def _first(node: LexborNode, names: tuple[str, ...]) -> str:
    values = node.attributes
    return next((value.strip() for name in names if (value := values.get(name))), "")


def _cleaned(raw: str | None, method: str) -> Iterator[tuple[str, str]]:
    address = clean_address(raw.partition("?")[0]) if raw else None
    if address:
        yield address, method


_Reader = Callable[[Document], Iterator[tuple[str, str]]]
_READERS: tuple[tuple[str, _Reader], ...] = (
    ("data-cfemail", _cloudflare),
    ("cdn-cgi/l/email", _cloudflare_links),
    ("joomla-hidden-mail", _joomla),
    ("data-mailto-token", _typo3),
    ("UnCryptMailto", _typo3_calls),
    ("spamspan", _spamspan),
    ("data-domain", _pairs),
    ("data-host", _pairs),
    ("data-part2", _pairs),
    ("data-d=", _pairs),
    ("rot13", _rot13_marked),
    ("znvygb:", _rot13),
    ("data-", _encoded_values),
    ("@", _shown_values),
)
