"""Who is in a trade, or has a name, inside a rectangle: page by page, in an order that stays.

First those in the categories asked for, who can be reached best before the others, then those
whose name says it; each in the order of the curve. A page is continued at a place on the curve,
so it goes on rightly even where a dataset was imported again in between.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leads.place_store import schema
from leads.place_store.curve import UNITS, Box, cell_of, in_units
from leads.place_store.datasets import Dataset, opened_datasets

BY_NAME = schema.LEVELS  # the level behind all others
MAX_NODES = 120  # categories of one question
MAX_TERMS = 8


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to understand a query: any of these categories, and all of the words beside them."""

    categories: frozenset[str]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: the first meaning that a dataset knows, or all words in a name."""

    meanings: tuple[Meaning, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, order=True, slots=True)
class Mark:
    """Where a page ended."""

    level: int
    dataset: str
    cell: int
    place_id: str


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A place as it was imported; `categories` are names of the data's own, the main one first."""

    place_id: str
    name: str
    categories: tuple[str, ...]
    latitude: float
    longitude: float
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    website: str | None
    emails: tuple[str, ...]
    socials: tuple[str, ...]
    phones: tuple[str, ...]
    is_closed_for_now: bool
    licence: str | None
    tags: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some places and where the next page begins, None on the last one."""

    places: tuple[StoredPlace, ...]
    next: Mark | None


def find_places(
    folder: Path, question: Question, box: Box, *, limit: int, after: Mark | None = None
) -> Page:
    """Return one page of what matches inside a box; raises UnreadableDataset."""
    found: list[tuple[Mark, StoredPlace]] = []
    with opened_datasets(folder) as datasets:
        hunts = [_Hunt(each, question, box) for each in datasets if each.box.meets(box)]
        for level in range(after.level if after else 0, BY_NAME + 1):
            for hunt in hunts:
                start = after if after and level == after.level else None
                if start and hunt.dataset.name < start.dataset:
                    continue
                if start and hunt.dataset.name > start.dataset:
                    start = None
                found += hunt.places(level, start, limit + 1 - len(found))
                if len(found) > limit:
                    shown = found[:limit]
                    return Page(tuple(place for _, place in shown), shown[-1][0])
    return Page(tuple(place for _, place in found), None)


class _Hunt:
    """One question to one dataset."""

    def __init__(self, dataset: Dataset, question: Question, box: Box) -> None:
        self.dataset = dataset
        self._ranges = dataset.numbers_over(box)
        self._corners = _corners(box)
        self._nodes: list[int] = []
        self._words: tuple[str, ...] = ()
        for meaning in question.meanings:
            self._nodes, self._words = self._nodes_of(meaning.categories), meaning.words
            if self._nodes:
                break
        self._name_words = question.words[:MAX_TERMS]

    def places(self, level: int, after: Mark | None, limit: int) -> list[tuple[Mark, StoredPlace]]:
        """Return up to `limit` places of one level, those behind a mark."""
        asked = self._match(level)
        start = self.dataset.number_at(after.cell, after.place_id + "\0") if after else 1
        found: list[tuple[Mark, StoredPlace]] = []
        for first, last in self._ranges if asked else ():
            if last < start:
                continue
            room = limit - len(found)
            asking = (asked, max(first, start), last, *self._corners, room)
            found += [self._read(row, level) for row in self.dataset.db.execute(_SELECT, asking)]
            if len(found) >= limit:
                break
        return found

    def _match(self, level: int) -> str:
        """Return what the index is asked for, an empty text for nothing."""
        if level < BY_NAME:
            return _all_of(self._in_categories([level]), self._words) if self._nodes else ""
        words = _all_of("", self._name_words)
        if not words or not self._nodes:
            return words
        return f"({words}) NOT ({_all_of(self._in_categories(range(schema.LEVELS)), self._words)})"

    def _in_categories(self, levels: Sequence[int]) -> str:
        tokens = (schema.category_token(node, level) for node in self._nodes for level in levels)
        return " OR ".join(map(_quoted, tokens))

    def _nodes_of(self, phrases: frozenset[str]) -> list[int]:
        """Return the categories of these names; of two in one line, only the upper one."""
        marks = ", ".join("?" * len(phrases))
        asked = f"SELECT path, id FROM category WHERE phrase IN ({marks}) ORDER BY path LIMIT ?"
        found: list[tuple[str, int]] = []
        for path, number in self.dataset.db.execute(asked, (*phrases, MAX_NODES)):
            if not (found and path.startswith(found[-1][0] + ">")):
                found.append((path, number))
        return [number for _, number in found]

    def _read(self, row: tuple[Any, ...], level: int) -> tuple[Mark, StoredPlace]:
        (
            place_id, name, categories, latitude, longitude, street, city, region, postal_code,
            country, website, emails, socials, phones, is_closed_for_now, licence, tags,
        ) = row  # fmt: skip
        place = StoredPlace(
            place_id=place_id,
            name=name,
            categories=tuple(self.dataset.category_name(int(part)) for part in categories.split()),
            latitude=latitude / UNITS,
            longitude=longitude / UNITS,
            street=street,
            city=city,
            region=region,
            postal_code=postal_code,
            country=country,
            website=website,
            emails=_lines(emails),
            socials=_lines(socials),
            phones=_lines(phones),
            is_closed_for_now=bool(is_closed_for_now),
            licence=self.dataset.licences.get(licence),
            tags=json.loads(tags) if tags else None,
        )
        return Mark(level, self.dataset.name, cell_of(latitude, longitude), place_id), place


# FTS5 comes first, so that each range of numbers is a stretch of its lists, read in order.
_SELECT = """
SELECT place_id, name, categories, latitude, longitude, street, city, region, postal_code, country,
    website, emails, socials, phones, is_closed_for_now, licence, tags
FROM word CROSS JOIN place ON place.id = word.rowid
WHERE word MATCH ? AND word.rowid BETWEEN ? AND ?
    AND latitude BETWEEN ? AND ?
    AND (longitude BETWEEN ? AND ? OR longitude BETWEEN ? AND ?)
ORDER BY word.rowid LIMIT ?
"""


def _corners(box: Box) -> tuple[int, ...]:
    """Return south, north and twice west, east, in stored units."""
    sides = box.sides()
    across = [in_units(degrees) for side in (sides[0], sides[-1]) for degrees in side]
    return (in_units(box.south), in_units(box.north), *across)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in (text or "").split("\n") if line)


def _all_of(categories: str, words: Sequence[str]) -> str:
    terms = [f"({categories})"] if categories else []
    return " AND ".join((*terms, *map(_quoted, words)))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
