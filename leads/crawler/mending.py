"""A lenient second reading for pages that show the parser nothing: closes what was left open.

An unclosed comment, title, script or style swallows the rest of a page in every browser; the
contacts behind it are still in the bytes.
"""

import re

_SWALLOWERS = ("title", "textarea", "style", "script", "xmp", "iframe", "noembed", "noframes")
_COMMENT_START = re.compile(r"<!--(?!>)")


def mend(page: str) -> str:
    """Return the page with its unclosed comments and raw-text elements closed at once."""
    last_end = page.rfind("-->")
    head, tail = (page[: last_end + 3], page[last_end + 3 :]) if last_end >= 0 else ("", page)
    page = head + _COMMENT_START.sub("<!-->", tail)
    lowered = page.lower()
    for name in _SWALLOWERS:
        at = lowered.rfind(f"<{name}")
        if at < 0 or lowered.find(f"</{name}", at) >= 0:
            continue
        end_of_tag = page.find(">", at)
        next_tag = page.find("<", end_of_tag) if end_of_tag >= 0 else -1
        if next_tag >= 0:
            page = f"{page[:next_tag]}</{name}>{page[next_tag:]}"
            lowered = page.lower()
    return page
