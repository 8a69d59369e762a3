"""Datasets opened for reading: SQLite files that nobody changes, only replaces.

A question opens the files anew, which takes a fraction of a millisecond: so it always sees whole
datasets, old or new, keeps nothing between questions, and may be asked from any thread or process.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from leads.place_store import schema
from leads.place_store.curve import Box, cell_of, ranges_over

MAX_DATASETS = 200
_READING = "PRAGMA query_only = 1; PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -8192;"


class UnreadableDataset(Exception):
    """A file that is damaged, or was written by another version."""


class Dataset:
    """One open dataset."""

    def __init__(self, path: Path) -> None:
        self.name = path.name.removesuffix(schema.SUFFIX)
        self._categories: dict[int, str] = {}
        # Nothing is locked or looked for beside the file: it never changes, it is only replaced.
        self.db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        try:
            self.db.executescript(_READING)
            version = self._pragma("user_version"), self._pragma("application_id")
            if version != (schema.VERSION, schema.APPLICATION_ID):
                raise UnreadableDataset(f"{path} is of another version: import them again.")
            self.facts = self._facts()
        except BaseException:
            self.db.close()
            raise

    @property
    def places(self) -> int:
        """Return how many places there are."""
        return int(self.facts["places"])

    @property
    def box(self) -> Box:
        """Return the rectangle in which all of them lie."""
        return Box(*self.facts["box"])

    @cached_property
    def licences(self) -> dict[int, str]:
        """Return the licences by their numbers."""
        return dict(self.db.execute("SELECT id, name FROM licence"))

    def category_name(self, number: int) -> str:
        """Return what a category is called in the data."""
        if number not in self._categories:
            named = "SELECT name FROM category WHERE id = ?"
            self._categories[number] = str(self.db.execute(named, (number,)).fetchone()[0])
        return self._categories[number]

    def numbers_over(self, box: Box) -> list[tuple[int, int]]:
        """Return the ranges of row numbers that cover a box, and little around it."""
        found: list[tuple[int, int]] = []
        for first_cell, last_cell in ranges_over(box):
            first, last = self.number_at(first_cell), self.number_at(last_cell + 1) - 1
            if first > last:
                continue
            if found and found[-1][1] + 1 >= first:
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
        return found

    def number_at(self, cell: int, place_id: str = "") -> int:
        """Return the number of the first row at or behind a place on the curve."""
        return 1 + bisect_left(range(1, self.places + 1), (cell, place_id), key=self._key_of)

    def _key_of(self, number: int) -> tuple[int, str]:
        point = "SELECT latitude, longitude, place_id FROM place WHERE id = ?"
        latitude, longitude, place_id = self.db.execute(point, (number,)).fetchone()
        return cell_of(latitude, longitude), place_id

    def _facts(self) -> dict[str, Any]:
        return {name: json.loads(value) for name, value in self.db.execute("SELECT * FROM fact")}

    def _pragma(self, name: str) -> int:
        return int(self.db.execute(f"PRAGMA {name}").fetchone()[0])


def dataset_paths(folder: Path) -> Sequence[Path]:
    """Return the files of all datasets, by name."""
    return sorted(folder.glob(f"*{schema.SUFFIX}"))[:MAX_DATASETS]


@contextmanager
def opened_datasets(folder: Path) -> Iterator[list[Dataset]]:
    """Open every dataset of a folder; raises UnreadableDataset."""
    with ExitStack() as stack:
        found = []
        for path in dataset_paths(folder):
            try:
                dataset = Dataset(path)
            except sqlite3.Error as error:
                if not path.exists():  # taken away just now
                    continue
                message = f"{path} cannot be read ({error}): import them again."
                raise UnreadableDataset(message) from None
            stack.callback(dataset.db.close)
            found.append(dataset)
        try:
            yield found
        except sqlite3.DatabaseError as error:
            message = f"The places in {folder} cannot be read ({error}): import them again."
            raise UnreadableDataset(message) from None
