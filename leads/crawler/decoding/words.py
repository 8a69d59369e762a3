"""Addresses spelled with words: `info [at] example [dot] com`, `info at example dot com`.

Bracketed forms always mean an address. Bare words mostly do not ("look at the dot com boom"), so
they count only where the text around them says so; a wrong guess would invent an address.
"""

import re
from collections.abc import Iterator

from leads.crawler.mailboxes import (
    FREE_MAIL,
    addresses_in,
    read_local,
)

MAX_CANDIDATES = 200
REACH_BEFORE, REACH_AFTER = 160, 220

_AT = "at|@|arroba|arobase|chiocciola|ät|æt|a|snabel-?a|malpa|małpa|klammeraffe|apenstaartje"
_DOT = r"dot|d0t|punkt|punt|point|punto|ponto|kropka|prik|ponkt|\."
_OPENING = "[({<«|*"
_OPEN, _CLOSE = r"[\[({<«|*]", r"[\])}>»|*]"
_AT_WORDS = (" at ", " arroba ")
_BRACKETED_AT = re.compile(
    rf"{_OPEN}{{1,2}}\s{{0,2}}(?:{_AT}|@?-?at[ -]sign)\s{{0,2}}{_CLOSE}{{1,2}}", re.IGNORECASE
)
_BRACKETED_DOT = re.compile(
    rf"\s{{0,3}}{_OPEN}{{1,2}}\s{{0,2}}(?:{_DOT})\s{{0,2}}{_CLOSE}{{1,2}}\s{{0,3}}", re.IGNORECASE
)
_DASHED = re.compile(r"([-_])at\1", re.IGNORECASE)
_DASHED_DOT = re.compile(r"(?<=\w)([-_])(?:dot|punkt|point|punto)\1(?=\w)", re.IGNORECASE)
_BARE_AT = re.compile(r" (?:at|arroba) ", re.IGNORECASE)
_BARE_DOT = re.compile(r" {1,2}(?:dot|punkt|point|punto|ponto) {1,2}", re.IGNORECASE)
_SPACED_AT = re.compile(r" @ ?|@ ")
_DOMAIN_WORDS = re.compile(
    r"[a-z0-9\u00c0-\u024f-]{1,63}(?:\.[a-z0-9\u00c0-\u024f-]{1,63}){1,5}", re.I
)
_BRACKETS = " \t\n[](){}<>«»|*"
_LABEL = re.compile(
    r"(?:e-?mail|mail|courriel|correo|e-?post|kontakt|contact|contatto|contacto|メール|write to|"
    r"mail to|schreiben sie an|scrivi a|écrivez à)"
    r"(?:\s(?:address|adresse|id))?\s{0,2}[:=\uff1a\u2013-]?\s{0,3}$",
    re.IGNORECASE,
)
_MARKED_LABEL = re.compile(r"[:=\uff1a]\s{0,3}$")
_ROLES = frozenset(
    "info contact office hello mail email kontakt sales support service booking bookings "
    "reception team hola contacto contatti contato accueil praxis kanzlei buero reservations "
    "reservation enquiries inquiries appointments orders help".split()
)
# Words of sentences such as "find us at ...", "available at ...", "look at the dot com boom".
_NEVER_LOCAL = frozenset(
    "us me you him her them it we he she they i is are was were be been found find look looking "
    "call visit visiting available located online more here there arrive arriving meet open now "
    "today live seen see stay start starts starting the a an and or of on in to for not only "
    "once least all best great good anyone someone everyone".split()
)
# These may be mailboxes, but more often are not ("our shop at ...").
_SELDOM_LOCAL = frozenset(
    "team shop store website site page home web work working people staff offer offers price "
    "prices reach order buy book read learn check back office".split()
)


def find_spelled(text: str, page_domain: str) -> Iterator[tuple[str, str]]:
    """Yield (address, "words") for each address that `text` spells with words."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered; indexes must agree
        lowered = text
    for reader in (_bracketed, _dashed, _bare, _spaced):
        for address in reader(text, lowered, page_domain):
            yield address, "words"


def _bracketed(text: str, lowered: str, page_domain: str) -> Iterator[str]:
    for bracket in _OPENING:
        for start in _places(text, bracket):
            at = _BRACKETED_AT.match(text, start)
            address = _join(text, at, _BRACKETED_DOT) if at else None
            letter = at and at[0].strip(_BRACKETS) in {"a", "A"}  # also the mark of a list: (a)
            if address and (not letter or _on_site(address, page_domain)):
                yield address


def _dashed(text: str, lowered: str, page_domain: str) -> Iterator[str]:
    """Read `info-at-example-dot-com`; without the dot it may be any name with "at" in it."""
    for sign in ("-at-", "_at_"):
        for start in _places(lowered, sign):
            at = _DASHED.match(text, start)
            if at and _DASHED_DOT.search(text, at.end(), at.end() + REACH_AFTER):
                yield from filter(None, [_join(text, at, _DASHED_DOT)])


def _bare(text: str, lowered: str, page_domain: str) -> Iterator[str]:
    for word in _AT_WORDS:
        for start in _places(lowered, word):
            at = _BARE_AT.match(text, start)
            address = _join(text, at, _BARE_DOT) if at else None
            if at and address and _is_meant(text, at, address, page_domain):
                yield address


def _spaced(text: str, lowered: str, page_domain: str) -> Iterator[str]:
    for place in _places(text, "@"):
        at = _SPACED_AT.match(text, place - 1 if text[place - 1 : place] == " " else place)
        address = _join(text, at, _BRACKETED_DOT) if at else None
        if at and address and _is_announced(text, at, address):
            yield address


def _places(text: str, sign: str) -> Iterator[int]:
    """Yield where a sign stands, far faster than a pattern would find it."""
    place = text.find(sign)
    for _ in range(MAX_CANDIDATES):
        if place < 0:
            return
        yield place
        place = text.find(sign, place + 1)


def _join(text: str, at: re.Match[str], dot: re.Pattern[str]) -> str | None:
    """Put together what stands on both sides of an "at", dots written as words included."""
    before = text[max(at.start() - REACH_BEFORE, 0) : at.start()].rpartition("\n")[2]
    after = text[at.end() : at.end() + REACH_AFTER].partition("\n")[0]
    after = dot.sub(".", after.lstrip(" "))
    if dot is _BRACKETED_DOT:  # people mix both: info [at] example dot com
        after = _BARE_DOT.sub(".", after)
    local = read_local(dot.sub(".", before.rstrip(" ")))
    domain = _DOMAIN_WORDS.match(after)
    if local is None or domain is None:
        return None
    return next((address for address, _ in addresses_in(f"{local}@{domain[0]}")), None)


def _is_meant(text: str, at: re.Match[str], address: str, page_domain: str) -> bool:
    """Tell an address in bare words from a sentence."""
    local, _, domain = address.partition("@")
    if local in _NEVER_LOCAL or domain.split(".")[0] in _NEVER_LOCAL:
        return False
    spelled_dot = not text.startswith(domain, at.end()) and _BARE_DOT.search(
        text, at.end(), at.end() + len(domain) + 8
    )
    known = _on_site(address, page_domain) or domain in FREE_MAIL
    return bool(spelled_dot) or (known and _is_announced(text, at, address))


def _on_site(address: str, page_domain: str) -> bool:
    domain = address.partition("@")[2]
    return domain == page_domain or domain.endswith("." + page_domain)


def _is_announced(text: str, at: re.Match[str], address: str) -> bool:
    """Tell whether a label stands before the address, or the line is nothing but the address."""
    local = address.partition("@")[0]
    if local in _NEVER_LOCAL:
        return False
    start = text.rfind("\n", max(at.start() - REACH_BEFORE, 0), at.start()) + 1
    before = text[max(start, at.start() - len(local) - 60) : at.start() - len(local)]
    if _LABEL.search(before) or _MARKED_LABEL.search(before):
        return True
    rest = text[at.end() : at.end() + REACH_AFTER].partition("\n")[0].strip(" .")
    alone = not before.strip() and "." in rest and " " not in rest
    if local in _SELDOM_LOCAL and local not in _ROLES:
        return False
    return alone and (local in _ROLES or at[0].strip() == "@")
