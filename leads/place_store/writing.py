"""The file of one dataset: its places in the order of the curve, then what is found by words."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from leads.place_store import schema
from leads.place_store.categories import Categories
from leads.place_store.columns import CLOSED_FOR_NOW
from leads.place_store.words import words_of

BATCH = 5_000
INDEX_MEMORY = 64 << 20  # bytes of words gathered before they are written
PLACE_COLUMNS = 18

Item = TypeVar("Item")
Report = Callable[[int], None]


class DatasetWriter:
    """Writes one new file; nobody else may look at it before it is whole."""

    def __init__(self, path: Path, *, licences: Iterable[str], categories: Categories) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(schema.BUILDING + schema.TABLES)
        self._db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        self._db.execute(f"PRAGMA user_version = {schema.VERSION}")
        self._db.execute("INSERT INTO word (word, rank) VALUES ('hashsize', ?)", (INDEX_MEMORY,))
        self._categories = categories
        self._licences = {name: number for number, name in enumerate(licences, start=1)}
        self._db.executemany(
            "INSERT INTO licence VALUES (?, ?)",
            [(number, name) for name, number in self._licences.items()],
        )

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def write_places(self, rows: Iterable[tuple[Any, ...]], report: Report) -> int:
        """Write rows that come in the order of the curve; returns how many were not there twice."""
        insert_place = f"INSERT INTO place VALUES ({', '.join('?' * PLACE_COLUMNS)})"
        written = 0
        self._db.execute("BEGIN")
        for batch in in_batches(_without_twins(rows), BATCH):
            places: list[tuple[Any, ...]] = []
            words: list[tuple[int, str]] = []
            for row in batch:
                place, text = self._read(row, written + len(places) + 1)
                places.append(place)
                words.append((place[0], text))
            self._db.executemany(insert_place, places)
            self._db.executemany("INSERT INTO word (rowid, text) VALUES (?, ?)", words)
            written += len(places)
            report(written)
        self._db.execute("COMMIT")
        self._db.execute("INSERT INTO word (word) VALUES ('optimize')")
        return written

    def finish(self, *, areas: Iterable[tuple[Any, ...]], facts: Mapping[str, Any]) -> None:
        """Write areas, categories and facts, and let SQLite look over the whole file."""
        self._db.execute("BEGIN")
        marks = ", ".join("?" * 12)
        self._db.executemany(f"INSERT INTO area VALUES ({marks})", areas)
        self._db.executemany("INSERT INTO category VALUES (?, ?, ?, ?)", self._categories.nodes())
        self._db.executemany(
            "INSERT INTO fact VALUES (?, ?)",
            [(name, json.dumps(value)) for name, value in facts.items()],
        )
        self._db.execute("COMMIT")
        self._db.executescript(schema.INDEXES)
        self._db.execute("PRAGMA synchronous = FULL")

    def _read(self, row: tuple[Any, ...], number: int) -> tuple[tuple[Any, ...], str]:
        """Return the columns of a place, and the text by which it is found."""
        (
            _, level, place_id, name, path, alternates, website, emails, socials, phones, street,
            city, region, postal_code, country, status, licence, tags, latitude, longitude,
        ) = row  # fmt: skip
        kinds = self._categories.kinds(path, alternates)
        known = (street, city, region, postal_code)
        contacts = (website, emails, socials, phones)
        place = (
            number,
            place_id,
            name,
            " ".join([str(kind.number) for kind in kinds]),
            latitude,
            longitude,
            *((None,) * len(known) if tags else known),
            country,
            *((None,) * len(contacts) if tags else contacts),
            status == CLOSED_FOR_NOW or None,
            self._licences.get(licence),
            tags,
        )
        return place, " ".join((*words_of(name), *(kind.indexed[level] for kind in kinds)))


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most so many."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _without_twins(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows once that stand at the same point with the same id, as in overlapping files."""
    seen: object = None
    for row in rows:
        key = (row[0], row[2])
        if key != seen:
            yield row
        seen = key
