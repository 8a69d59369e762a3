"""One page of results out of several of a vendor's."""

import pytest

from freshleads.lib.errors import InvalidInput
from leads.providers.records import SearchResult
from leads.providers.result_paging import Span, VendorPage, gather_from, gather_pages, span_of

ALL = [SearchResult(0, f"Result {number}", f"https://x{number}.test/") for number in range(150)]


class Engine:
    """Gives its results from anywhere, at most `largest` at once, and remembers the questions."""

    def __init__(self, largest: int, total: int = 150, says_more: bool = True) -> None:
        self.largest, self.total, self.says_more = largest, total, says_more
        self.asked: list[tuple[int, int]] = []

    def ask(self, start: int, count: int) -> VendorPage:
        self.asked.append((start, count))
        end = start + min(count, self.largest)
        has_more = end < self.total or self.says_more
        return VendorPage(ALL[start : min(end, self.total)], has_more)


@pytest.mark.parametrize("largest", [1000, 100, 50, 20, 10])
@pytest.mark.parametrize("span", [Span(0, 100), Span(7, 7), Span(25, 25), Span(40, 100)])
def test_any_span_is_the_same_whatever_comes_at_once(largest: int, span: Span) -> None:
    engine = Engine(largest)
    assert gather_from(span, engine.ask) == ALL[span.start : span.start + span.count]
    assert len(engine.asked) == -(-span.count // min(largest, 100))


def test_asks_for_no_more_than_is_missing() -> None:
    engine = Engine(40)
    gather_from(Span(0, 100), engine.ask)
    assert engine.asked == [(0, 100), (40, 60), (80, 20)]


@pytest.mark.parametrize(("says_more", "requests"), [(False, 2), (True, 3)])
def test_stops_at_the_end_that_the_vendor_names_or_shows(says_more: bool, requests: int) -> None:
    engine = Engine(10, total=20, says_more=says_more)
    assert gather_from(Span(0, 100), engine.ask) == ALL[:20]
    assert len(engine.asked) == requests


def test_a_page_with_fewer_than_ten_is_still_a_ten() -> None:
    asked: list[int] = []

    def ask(start: int, count: int) -> VendorPage:
        asked.append(start)
        return VendorPage(ALL[start : start + 8], has_more=True)

    found = gather_from(Span(0, 30), ask)
    assert asked == [0, 10, 20]
    assert len(found) == 24


def test_fixed_pages_are_cut_to_the_span() -> None:
    asked: list[int] = []

    def ask(number: int) -> VendorPage:
        asked.append(number)
        return VendorPage(ALL[number * 20 : number * 20 + 20], has_more=True)

    assert gather_pages(Span(30, 30), 20, ask) == ALL[30:60]
    assert asked == [1, 2]


@pytest.mark.parametrize("size", [1, 7, 10])
def test_a_vendor_that_never_ends_is_asked_eleven_times_at_most(size: int) -> None:
    asked: list[int] = []

    def ask(number: int) -> VendorPage:
        asked.append(number)
        return VendorPage(ALL[:1], has_more=True)

    gather_pages(Span(95, 100), size, ask)
    assert len(asked) <= 11
    gather_from(Span(0, 100), lambda start, count: ask(start))
    assert len(asked) <= 21


@pytest.mark.parametrize(("page", "count"), [(-1, 10), (1001, 10), (0, 0), (0, 101), (0, -5)])
def test_a_page_that_nobody_can_have_is_wrong_input(page: int, count: int) -> None:
    with pytest.raises(InvalidInput):
        span_of(page, count)


def test_a_span_begins_where_the_pages_before_it_end() -> None:
    assert span_of(0, 100) == Span(0, 100)
    assert span_of(3, 7) == Span(21, 7)
