"""Where an ad leads: read off its address or off what it displays, never by following a link.

A click on an engine's counter costs the advertiser money, so a counter is only ever taken apart.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

from leads.providers.values import one_line, web_url_of

MAX_COUNTERS = 3  # counters inside counters
MAX_DISPLAYED = 300
MAX_PARAMETERS = 100
AD_TARGETS = ("adurl", "u", "ds_dest_url")
RESULT_TARGETS = ("q", "url")  # of Google's /url, where an ad's q is what was searched for
_GOOGLE = re.compile(r"(?:.+\.)?google(?:\.[a-z]{2,3}){1,2}")
_BING = re.compile(r"(?:.+\.)?bing\.com")
_GOOGLE_COUNTERS = ("/aclk", "/pagead/", "/url", "/goto")
_BING_COUNTERS = ("/aclick", "/aclk", "/ck/", "/alink/")
_COUNTING_HOSTS = re.compile(
    r"(?:.+\.)?(?:googleadservices|googlesyndication|doubleclick|r\.msn)\.(?:com|net)"
)
_BASE64 = re.compile(r"[A-Za-z0-9_+/=-]{8,4096}")
_LABEL = r"[^\s/?#:@.\u203a\xbb]"  # what stands between the dots of a host, in any script
_HOST = re.compile(rf"(https?://)?((?:{_LABEL}{{1,63}}\.){{1,10}}{_LABEL}{{2,63}})", re.IGNORECASE)


def landing_page(link: object, displayed: object) -> str | None:
    """Return the page that an ad leads to, as well as it can be known without a click."""
    url = web_url_of(link)
    if url is not None and is_click_counter(url):
        url = target_of(url)
    return url or _displayed_host(displayed)


def is_click_counter(url: str) -> bool:
    """Tell whether a canonical address counts clicks on its way to another."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _COUNTING_HOSTS.fullmatch(host):
        return True
    if _GOOGLE.fullmatch(host):
        return parts.path.startswith(_GOOGLE_COUNTERS)
    return bool(_BING.fullmatch(host)) and parts.path.startswith(_BING_COUNTERS)


def target_of(counter: str) -> str | None:
    """Return the address that stands in the query of a click counter, None where none does."""
    for _ in range(MAX_COUNTERS):
        target = _target_in_query(counter)
        if target is None or not is_click_counter(target):
            return target
        counter = target
    return None


def _target_in_query(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        parameters = parse_qs(parts.query, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
    names = RESULT_TARGETS if parts.path == "/url" else AD_TARGETS
    written = [value for name in names for value in parameters.get(name, ())]
    targets = (web_url_of(value) or web_url_of(_unpacked(value)) for value in written)
    return next((target for target in targets if target is not None), None)


def _unpacked(value: str) -> str:
    """Return what Bing packs into base64: percent-encoded in ads, behind "a1" in results."""
    packed = value.removeprefix("a1")
    if not _BASE64.fullmatch(packed):
        return ""
    padded = packed.rstrip("=") + "=" * (-len(packed.rstrip("=")) % 4)
    try:
        unpacked = base64.b64decode(padded, altchars=b"-_" if set("-_") & set(padded) else None)
    except (binascii.Error, ValueError):
        return ""
    return unquote(unpacked.decode("utf-8", "replace"))


def _displayed_host(displayed: object) -> str | None:
    """Return the home page of the host that an ad displays ("www.example.com > contact")."""
    host = _HOST.match(one_line(displayed, MAX_DISPLAYED))
    url = web_url_of(f"{host[1] or 'https://'}{host[2]}/") if host else None
    return None if url is None or is_click_counter(url) else url
