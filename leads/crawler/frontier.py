"""Which page of a site to visit next: the best known one, never a trap, never twice."""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from leads.crawler.links import Link

MAX_WAITING = 1000
MAX_QUERIES = 3  # addresses that differ in their query alone
MAX_ALIKE = 20  # addresses that differ in numbers alone: calendars, page counters

_NUMBER = re.compile(r"\d+")
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """A page to visit: its link and how many links it is away from the home page."""

    link: Link
    depth: int


@dataclass(slots=True)
class Frontier:
    """A bounded queue of pages, best score first, in the order found where scores agree."""

    max_depth: int
    seen: set[str] = field(default_factory=set)
    _waiting: list[tuple[int, int, int, Step]] = field(default_factory=list)
    _alike: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def leads_to_contacts(self) -> bool:
        """Tell whether a contact-like page is waiting."""
        return bool(self._waiting) and self._waiting[0][3].link.contact_like

    def mark(self, url: str) -> None:
        """Never offer this page again."""
        self.seen.add(page_key(url))

    def add(self, links: Iterable[Link], depth: int) -> None:
        """Queue links found `depth` links away from the home page."""
        if depth > self.max_depth:
            return
        for link in links:
            key = page_key(link.url)
            if key in self.seen or len(self._waiting) >= MAX_WAITING:
                continue
            path = key.partition("?")[0]
            shape = _NUMBER.sub("0", path)
            if self._alike[f"?{path}"] >= MAX_QUERIES or self._alike[shape] >= MAX_ALIKE:
                continue
            self.seen.add(key)
            self._alike[shape] += shape != path
            self._alike[f"?{path}"] += "?" in key
            entry = (-link.score, depth, next(self._numbers), Step(link, depth))
            heapq.heappush(self._waiting, entry)

    def next(self) -> Step:
        """Take the best page; the frontier must not be empty."""
        return heapq.heappop(self._waiting)[3]


def page_key(url: str) -> str:
    """Return what two addresses of one page have in common: no scheme, www, index or last slash."""
    rest = url.partition("://")[2].partition("#")[0].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return _INDEX.sub("", path).rstrip("/") + mark + query
