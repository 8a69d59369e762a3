"""Puts one page of results together from as many of a vendor's pages as that takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from freshleads.lib.errors import InvalidInput
from leads.providers.records import SearchResult

MAX_RESULTS = 100
MAX_PAGE = 1000
ENGINE_PAGE = 10  # what Google and Bing show at once, however many they are asked for
MAX_REQUESTS = 11  # a hundred results in tens, and one more where they do not begin at a ten


@dataclass(frozen=True)
class VendorPage:
    """What one request brought; `has_more` says whether the vendor has further results."""

    results: Sequence[SearchResult]
    has_more: bool


@dataclass(frozen=True)
class Span:
    """The results that are wanted: `count` of them behind the first `start`."""

    start: int
    count: int


def span_of(page: int, results_per_page: int) -> Span:
    """Return which results a page shows; raise InvalidInput for one that nobody can have."""
    if not 0 <= page <= MAX_PAGE:
        raise InvalidInput(f"Pages are counted from 0 to {MAX_PAGE}.", param="page")
    if not 1 <= results_per_page <= MAX_RESULTS:
        raise InvalidInput(f"Ask for 1 to {MAX_RESULTS} results.", param="results_per_page")
    return Span(page * results_per_page, results_per_page)


def gather_from(span: Span, ask: Callable[[int, int], VendorPage]) -> list[SearchResult]:
    """Return a span from a vendor that starts anywhere: `ask(start, count)`.

    Engines ignore a count above ten as they please: whatever comes is taken, and the next request
    begins behind it. A page of fewer than ten is a ten with something else in between.
    """
    found: list[SearchResult] = []
    start, end = span.start, span.start + span.count
    for _ in range(MAX_REQUESTS):
        page = ask(start, end - start)
        found += page.results
        start += max(len(page.results), ENGINE_PAGE)
        if start >= end or not page.has_more or not page.results:
            break
    return found[: span.count]


def gather_pages(span: Span, size: int, ask: Callable[[int], VendorPage]) -> list[SearchResult]:
    """Return a span from a vendor with fixed pages of `size` results: `ask(number from 0)`."""
    first, last = span.start // size, (span.start + span.count - 1) // size
    found: list[SearchResult] = []
    for number in range(first, min(last, first + MAX_REQUESTS - 1) + 1):
        page = ask(number)
        found += page.results
        if not page.has_more or not page.results:
            break
    skipped = span.start - first * size
    return found[skipped : skipped + span.count]
