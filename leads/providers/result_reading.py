"""Results and ads read out of foreign rows: bounded, cleaned, numbered, with honest addresses."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from selectolax.lexbor import LexborHTMLParser

from leads.providers.ad_links import is_click_counter, landing_page, target_of
from leads.providers.records import AdRecord, SearchResult
from leads.providers.values import one_line, web_url_of

MAX_TITLE = 300
MAX_DESCRIPTION = 1000
MAX_URL = 2048
MAX_ROWS = 100

Row = TypeVar("Row", SearchResult, AdRecord)


def read_result(title: object, link: object, description: object) -> SearchResult | None:
    """Return an unnumbered result, None where it has no address of its own."""
    url = web_url_of(link)
    if url is not None and is_click_counter(url):
        url = target_of(url)
    if url is None or len(url) > MAX_URL:
        return None
    return SearchResult(0, one_line(title, MAX_TITLE), url, one_line(description, MAX_DESCRIPTION))


def read_ad(title: object, link: object, displayed: object, text: object) -> AdRecord | None:
    """Return an unnumbered ad, None where nothing says where it leads.

    `link` may count clicks, `displayed` is the address as the ad writes it.
    """
    url = landing_page(link, displayed)
    if url is None or len(url) > MAX_URL:
        return None
    return AdRecord(0, one_line(title, MAX_TITLE), url, one_line(text, MAX_DESCRIPTION))


def numbered(rows: Iterable[Row | None], start: int = 0) -> tuple[Row, ...]:
    """Return the readable rows, each once, with positions that count on from `start`."""
    unique: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row is not None:
            unique.setdefault((row.url, row.title if isinstance(row, AdRecord) else ""), row)
    return tuple(
        replace(row, position=start + number)
        for number, row in enumerate(list(unique.values())[:MAX_ROWS], start=1)
    )


def without_markup(value: object) -> str:
    """Return the text of a snippet that marks its matches with tags."""
    if not isinstance(value, str):
        return ""
    snippet = value[: 4 * MAX_DESCRIPTION]
    if "<" not in snippet and "&" not in snippet:
        return snippet
    body = LexborHTMLParser(snippet).body
    return body.text() if body is not None else ""
