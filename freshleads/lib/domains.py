"""Names of websites: their hosts, the domains people register, and the address as it is kept."""

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import WebUrl, is_ip_address, parse_web_url

_EXPLICIT_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}://", re.IGNORECASE)
_BARE_SCHEME = re.compile(r"[a-z][a-z0-9+-]{0,30}:", re.IGNORECASE)  # mailto:, javascript:
_suffixes = PublicSuffixList()


def host_of(url: str) -> str | None:
    """Return the canonical host of an http(s) URL, None where there is none to read."""
    try:
        return parse_web_url(url).host
    except InvalidInput:
        return None


@lru_cache(maxsize=8192)
def registrable_domain(host_or_url: str) -> str | None:
    """Return the domain somebody registered (`shop.example.co.uk` gives `example.co.uk`).

    Follows the public suffix list, in ASCII form. None for IP addresses, bare suffixes, single
    labels and what cannot be read. Of a name under .test the last two labels count.
    """
    host = _host(host_or_url)
    if host is None or is_ip_address(host):
        return None
    domain: str | None = _suffixes.privatesuffix(host)
    return domain


def same_site(a: str, b: str) -> bool:
    """Tell whether two hosts or URLs belong to one registrable domain (or are one host)."""
    first, second = registrable_domain(a), registrable_domain(b)
    if first is not None or second is not None:
        return first == second
    host = _host(a)
    return host is not None and host == _host(b)


def normalise_url(text: str) -> str:
    """Return a website's address as it is kept: scheme and host in canonical form, no fragment.

    `example.com` gives `https://example.com/`. Raises InvalidInput for other schemes than http and
    https, user names, and hosts that cannot be read.
    """
    return str(read_website(text))


def read_website(text: str) -> WebUrl:
    """Read a website's address as people type it: the scheme may be missing (then it is https)."""
    text = text.strip()
    if text.startswith("//"):
        return parse_web_url("https:" + text)
    if _EXPLICIT_SCHEME.match(text):
        return parse_web_url(text)
    if _BARE_SCHEME.match(text):
        raise InvalidInput("Only http and https addresses can be read.", param="url")
    return parse_web_url("https://" + text)


def _host(text: str) -> str | None:
    try:
        return read_website(text).host
    except InvalidInput:
        return None
