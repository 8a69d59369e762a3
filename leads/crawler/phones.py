"""Telephone numbers in E.164 form: from links first, then from visible text.

Only numbers that libphonenumber holds valid are taken; a number that its label calls a fax is not a
phone. `region` is the ISO country whose national form numbers are written in.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qs, unquote, urlsplit

import phonenumbers

from leads.crawler.documents import Document
from leads.crawler.scanning import Anchor

MAX_CANDIDATES = 60  # digit-rich windows handed to libphonenumber per page
MAX_LINKS = 200
MAX_STRETCHES = 3000
MAX_PER_PAGE = 20
LABEL_REACH = 40
SHORTEST = 7  # digits

_SCHEMES = re.compile(
    r"\s{0,4}(tel|callto|sms|phone|skype):\s{0,4}/{0,2}([^?]{3,80})", re.IGNORECASE
)
_CANDIDATE = re.compile(r"[\d(+][\d \t()./+\u2010-\u2015\u00b7\u2022-]{6,40}")
# A digit becomes 0, what may stand between digits "-" (also all that is not Latin), others a space.
_SHAPES = bytes(
    ord("0") if chr(code).isdecimal() else ord("-") if chr(code) in " \t()./+-\u00b7?" else ord(" ")
    for code in range(256)
)
_DENSE = re.compile(rb"0[0-]{%d}" % (SHORTEST - 1))
_JOINED = frozenset("_@#=$%&\u20ac\u00a3")
_CURRENCIES = (
    "$",
    "\u20ac",
    "\u00a3",
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "PLN",
    "SEK",
    "JPY",
    "z\u0142",
    "kr",
)
_NOT_LAST = " \t()./+\u2010\u2011\u2012\u2013\u2014\u2015\u00b7\u2022-"
_SEPARATORS = re.compile(r"[^\d+]+")
_DATE = re.compile(
    r"\(?(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2})\)?(?:\D.*)?", re.S
)
_YEARS = re.compile(r"(?:19|20)\d{2}\s{0,2}[-/\u2013]\s{0,2}(?:19|20)\d{2}")
_FAX = re.compile(
    r"(?:\b(?:tele)?fax|t[ée]l[ée]copie(?:ur)?|\bfaks|\bfacsimile|ファックス|\bf(?=\s{0,2}[:.]))"
    r"(?:\s{0,2}(?:no|nr|number|n°|nummer|line))?[\s.:#)\]|/\u2013-]{0,8}(?:\+\d{1,3}\s?)?$",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"(?:tel(?:efon[eo]?)?|phone|fon|t[ée]l[ée]phone|\bt)\.?"
    r"(?: ?[&/+] ?| (?:and|und|et|y|e|i|en|och) )(?:tele)?fax\W{0,9}$",
    re.IGNORECASE,
)
_FAX_AFTER = re.compile(
    r"[ \t]{0,3}(?:[(\[]\s{0,2}(?:tele)?fax|[-\u2013,]?[ \t]{0,3}(?:tele)?fax[ \t]{0,3}(?:\n|$))",
    re.IGNORECASE,
)
_ID_BEFORE = re.compile(
    r"(?:\bvat|\bust|\bid|\bnif|\bcif|\bsiret|\bsiren|\brcs|\biban|\bbic|\bisbn|\bein|\bnr|\bno|"
    r"\bref|\border|\binvoice|\bkvk|\bbtw|\bnip|\bregon|\bkrs|\bhrb|\babn|\bacn|\blicen[cs]e|"
    r"p\.? ?iva|partita iva|handelsregister|steuernummer|company number|registration)"
    r"(?:[\s.:#]|number|nummer|no|nr|intra\w{0,15}|com|de){0,6}[A-Z]{0,3}\s?$",
    re.IGNORECASE,
)


def find_phones(document: Document, region: str) -> list[tuple[str, str]]:
    """Return each (E.164 number, method) of a page once, the most certain first."""
    written: list[tuple[str, str]] = []
    faxes: set[str] = set()
    for window, is_fax in _windows(document.text):
        numbers = _match(window, region)
        if is_fax:
            faxes.update(numbers)
        else:
            written += ((number, "text") for number in numbers)
    faxes.update(_fax_links(document, region))
    faxes.difference_update(number for number, _ in written)
    found = in_order((*_linked(document, region), *written))
    return [item for item in found if item[0] not in faxes][:MAX_PER_PAGE]


@lru_cache(maxsize=8192)
def to_e164(text: str, region: str) -> str | None:
    """Return one written number as E.164, None unless it is a valid number."""
    digits = sum(character.isdigit() for character in text)
    if not 6 <= digits <= 17:
        return None
    for form in (text, re.sub(r"^\s*00", "+", text)):
        try:
            number = phonenumbers.parse(form, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def number_of_link(href: str, region: str) -> tuple[str, str] | None:
    """Return (E.164 number, method) of a tel:, callto:, sms: or WhatsApp link."""
    if found := _SCHEMES.match(href):
        number = to_e164(unquote(found[2]).strip(), region)
        return (number, "tel") if number else None
    number = _whatsapp_number(href)
    e164 = to_e164(f"+{number}", region) if number else None
    return (e164, "whatsapp") if e164 else None


def _whatsapp_number(href: str) -> str | None:
    """Return the digits of a wa.me, api.whatsapp.com or whatsapp: link."""
    lowered = href[:300].lower().strip()
    if "wa.me/" not in lowered and "whatsapp" not in lowered:
        return None
    try:
        parts = urlsplit(href[:300].strip())
        values = parse_qs(parts.query).get("phone", [""])[0]
    except ValueError:
        return None
    text = values or (parts.path if parts.netloc.lower().endswith("wa.me") else "")
    digits = re.sub(r"\D", "", unquote(text))
    return digits if 7 <= len(digits) <= 15 else None


def _linked(document: Document, region: str) -> Iterator[tuple[str, str]]:
    for anchor in _phone_anchors(document):
        number = number_of_link(anchor.href, region)
        if number and not _link_is_fax(anchor):
            yield number


def _phone_anchors(document: Document) -> list[Anchor]:
    wanted = ("tel", "callto", "sms", "phone", "skype", "whatsapp", "http")
    return [
        anchor
        for anchor in document.anchors
        if (start := anchor.href[:12].strip().lower()).startswith(wanted)
        and (not start.startswith("http") or "wa.me/" in anchor.href or "whatsapp" in anchor.href)
    ][:MAX_LINKS]


def _link_is_fax(anchor: Anchor) -> bool:
    """Tell whether a link's own text or what stands right before it says fax."""
    own = anchor.node.text()[:80]
    if re.match(r"\s{0,8}(?:tele)?fax", own, re.IGNORECASE):
        return True
    before = anchor.node.prev
    text = before.text() if before is not None else ""
    return bool(text) and _is_fax_label(text[-LABEL_REACH:])


def _fax_links(document: Document, region: str) -> Iterator[str]:
    for anchor in document.anchors:
        if anchor.href[:4].lower() == "fax:" and (number := to_e164(anchor.href[4:60], region)):
            yield number


def _windows(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (stretch of text that may hold a number, whether it is labelled a fax)."""
    tried = 0
    for found in islice(_candidates(text), MAX_STRETCHES):
        candidate = found[0].rstrip(_NOT_LAST)
        start, end = found.start(), found.start() + len(candidate)
        digits = len(_SEPARATORS.sub("", candidate))
        if not 7 <= digits <= 24 or _is_part_of_more(text, start, end):
            continue
        if _DATE.fullmatch(candidate) or _YEARS.search(candidate):
            continue
        before = text[max(start - LABEL_REACH, 0) : start]
        if _ID_BEFORE.search(before.rpartition("\n")[2]) and not candidate.startswith("+"):
            continue
        yield candidate, _is_fax_label(before) or _FAX_AFTER.match(text, end) is not None
        tried += 1
        if tried >= MAX_CANDIDATES:
            return


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """Yield matches of the pattern, which is tried only where digits stand close together."""
    shape = text.encode("latin-1", "replace").translate(_SHAPES)
    at = 0
    while dense := _DENSE.search(shape, at):
        start = shape.rfind(b" ", at, dense.start()) + 1
        at = shape.find(b" ", dense.end())
        at = len(shape) if at < 0 else at
        if shape.count(b"0", start, at) >= SHORTEST:
            yield from _CANDIDATE.finditer(text, start, at)


def _is_part_of_more(text: str, start: int, end: int) -> bool:
    """Tell whether digits belong to a word, a price, an address or a link."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _JOINED or before.isalnum() or after in _JOINED or after.isalnum():
        return True
    price = text[max(start - 5, 0) : start].rstrip().endswith(_CURRENCIES)
    return price or text[end : end + 5].lstrip().startswith(_CURRENCIES)


def _is_fax_label(before: str) -> bool:
    return _FAX.search(before) is not None and _BOTH.search(before) is None


@lru_cache(maxsize=4096)
def _match(window: str, region: str) -> tuple[str, ...]:
    """Let libphonenumber find valid numbers in a short text; sites repeat theirs on every page."""
    matcher = phonenumbers.PhoneNumberMatcher(
        window, region or None, leniency=phonenumbers.Leniency.VALID, max_tries=20
    )
    form = phonenumbers.PhoneNumberFormat.E164
    return tuple(phonenumbers.format_number(match.number, form) for match in matcher)


def certainty(method: str) -> int:
    """Rank ways of reading a number: links, then marked data, then chat links, then text."""
    return {"tel": 0, "json_ld": 1, "microdata": 1, "hcard": 1, "rdfa": 1, "whatsapp": 2}.get(
        method, 3
    )


def in_order(numbers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each number once, with its most certain method, the most certain numbers first."""
    best: dict[str, str] = {}
    for number, method in numbers:
        if number not in best or certainty(method) < certainty(best[number]):
            best[number] = method
    return sorted(best.items(), key=lambda item: certainty(item[1]))
