"""Addresses listed in a sitemap, read without an XML parser: only <loc> counts."""

import html
import re

MAX_LOCATIONS = 1000

_LOCATION = re.compile(r"<loc>\s{0,20}(?:<!\[CDATA\[)?\s{0,20}([^<\s\]]{8,1000})", re.IGNORECASE)


def locations(text: str) -> tuple[list[str], bool]:
    """Return the addresses of a sitemap, and whether they are sitemaps themselves."""
    found: list[str] = []
    for match in _LOCATION.finditer(text):
        found.append(html.unescape(match[1]))
        if len(found) >= MAX_LOCATIONS:
            break
    return found, "<sitemapindex" in text[:2000].lower()
