"""The contact tags of an object: phone, website, addresses and profiles in their many spellings."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from freshleads.lib.domains import normalise_url, registrable_domain
from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import canonical_host
from leads.providers.values import e164, text

PHONE_KEYS = ("phone", "contact:phone", "contact:mobile", "mobile", "phone:mobile")
WEBSITE_KEYS = ("website", "contact:website", "url", "contact:url", "brand:website")
EMAIL_KEYS = ("email", "contact:email")
MAX_VALUES = 10
MAX_EMAILS = 10
MAX_EMAIL_LENGTH = 254

# Network: its keys, its domains, and what a bare handle becomes, empty where nobody can tell.
NETWORKS: Mapping[str, tuple[tuple[str, ...], frozenset[str], str]] = {
    "facebook": (
        ("contact:facebook", "facebook"),
        frozenset({"facebook.com", "fb.com", "fb.me"}),
        "https://www.facebook.com/{}",
    ),
    "instagram": (
        ("contact:instagram", "instagram"),
        frozenset({"instagram.com"}),
        "https://www.instagram.com/{}",
    ),
    "x": (
        ("contact:twitter", "twitter", "contact:x"),
        frozenset({"twitter.com", "x.com"}),
        "https://x.com/{}",
    ),
    "linkedin": (
        ("contact:linkedin", "linkedin"),
        frozenset({"linkedin.com"}),
        "https://www.linkedin.com/company/{}",
    ),
    "youtube": (
        ("contact:youtube", "youtube"),
        frozenset({"youtube.com", "youtu.be"}),
        "https://www.youtube.com/@{}",
    ),
    "tiktok": (
        ("contact:tiktok", "tiktok"),
        frozenset({"tiktok.com"}),
        "https://www.tiktok.com/@{}",
    ),
    "pinterest": (
        ("contact:pinterest", "pinterest"),
        frozenset({"pinterest.com", "pinterest.co.uk", "pinterest.de", "pinterest.fr"}),
        "https://www.pinterest.com/{}",
    ),
    "snapchat": (
        ("contact:snapchat", "snapchat"),
        frozenset({"snapchat.com"}),
        "https://www.snapchat.com/add/{}",
    ),
    "spotify": (("contact:spotify", "spotify"), frozenset({"spotify.com"}), ""),
    "telegram": (
        ("contact:telegram", "telegram"),
        frozenset({"t.me", "telegram.me"}),
        "https://t.me/{}",
    ),
}
WHATSAPP_KEYS = ("contact:whatsapp", "whatsapp")
WHATSAPP_DOMAINS = frozenset({"wa.me", "whatsapp.com"})

_SEMICOLON = re.compile(r"(?<!\\);")
# A link has digits too: only what is written like a number is read as one.
_PHONE = re.compile(r"(?:tel:)?\s?([+(0-9][0-9\s()/.+\u2010-\u2013-]{4,40}(?:;ext=[0-9]{1,7})?)")
_HANDLE = re.compile(r"@?([\w-][\w.-]{0,99})")
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,8}"
)

Tags = Mapping[str, str]


def phone(tags: Tags, country: str | None) -> str | None:
    """Return the first phone number that is one, in E.164; an extension is left out."""
    numbers = (_number(written, country) for written in _values(tags, PHONE_KEYS))
    return next((number for number in numbers if number is not None), None)


def website(tags: Tags) -> str | None:
    """Return the first address of a website; without a scheme it is taken for https."""
    urls = (_url(written) for written in _values(tags, WEBSITE_KEYS))
    return next((url for url in urls if url is not None), None)


def emails(tags: Tags) -> tuple[str, ...]:
    """Return every e-mail address once, in lower case."""
    found = [_email(written) for written in _values(tags, EMAIL_KEYS)]
    return tuple(dict.fromkeys(email for email in found if email))[:MAX_EMAILS]


def socials(tags: Tags, country: str | None) -> tuple[tuple[str, str], ...]:
    """Return one profile of each network as (network, URL); a handle becomes its URL."""
    found = {
        network: next((url for url in _profiles(tags, network) if url is not None), None)
        for network in NETWORKS
    }
    found["whatsapp"] = _whatsapp(tags, country)
    return tuple((network, url) for network, url in found.items() if url is not None)


def _values(tags: Tags, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        for written in _SEMICOLON.split(text(tags, key) or "")[:MAX_VALUES]:
            value = written.replace("\\;", ";").strip()
            if value:
                yield value


def _number(written: str, country: str | None) -> str | None:
    match = _PHONE.fullmatch(written)
    return e164(match[1].strip(), country) if match else None


def _url(written: str) -> str | None:
    try:
        url = normalise_url(written)
    except InvalidInput:
        return None
    return url if registrable_domain(url) else None


def _email(written: str) -> str | None:
    local, _, domain = written.lower().removeprefix("mailto:").strip().rpartition("@")
    if not _EMAIL.fullmatch(local) or "." not in domain:
        return None
    try:
        address = f"{local}@{canonical_host(domain)}"
    except InvalidInput:
        return None
    return address if registrable_domain(domain) and len(address) <= MAX_EMAIL_LENGTH else None


def _profiles(tags: Tags, network: str) -> Iterator[str | None]:
    keys, domains, form = NETWORKS[network]
    for written in _values(tags, keys):
        url = _url(written) if "/" in written or _has_domain(written, domains) else None
        handle = _HANDLE.fullmatch(written)
        if url is not None:
            is_profile = registrable_domain(url) in domains and urlsplit(url).path.strip("/")
            yield url if is_profile else None
        elif form and handle is not None and written not in {"yes", "no"}:
            yield form.format(handle[1])


def _has_domain(written: str, domains: frozenset[str]) -> bool:
    return registrable_domain(written) in domains


def _whatsapp(tags: Tags, country: str | None) -> str | None:
    """Return the chat with a number, which may be tagged as a number or as a link."""
    for written in _values(tags, WHATSAPP_KEYS):
        number = _number(written, country)
        if number is not None:
            return f"https://wa.me/{number.removeprefix('+')}"
        url = _url(written) if "/" in written else None
        if url is not None and registrable_domain(url) in WHATSAPP_DOMAINS:
            return url
    return None
