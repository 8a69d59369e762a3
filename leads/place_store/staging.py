"""Where an import gathers, bounds, ranks and sorts rows before they are written: DuckDB on disk.

DuckDB reads Parquet, sorts more than fits into memory and finds the middle of a million cities;
what it may use of memory and disk is bounded, the network is not within its reach.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import Any

import duckdb

from leads.place_store import foursquare, overture
from leads.place_store.columns import (
    CLOSED,
    COLUMNS,
    FLAGGED,
    MACROS,
    MAX_LINE,
    MAX_NAME,
    MAX_SHORT,
    MAX_URL,
    NUMBERS,
    Fields,
)
from leads.place_store.curve import SPREAD_MACRO, UNITS, cell_sql
from leads.place_store.refusing import ImportRefused, failed, unreadable

MEMORY = "512MB"
THREADS = 2
TICK_SECONDS = 0.5
BATCH = 5_000
TRUSTED = 0.8
Report = Callable[[int], None]  # is told how many rows were read so far

# Too long, it would be another one; what is listed was bounded line by line.
_WHOLE = {"id": 200, "website": MAX_URL, "postal_code": 20}
_CUT = {
    "name": MAX_NAME,
    "path": MAX_LINE,
    "street": MAX_NAME,
    "city": MAX_SHORT,
    "region": MAX_SHORT,
    "status": 40,
    "licence": MAX_LINE,
}


class Stage:
    """The rows of one import, in a folder of their own that is thrown away afterwards."""

    def __init__(self, folder: Path, *, min_confidence: float, country: str | None) -> None:
        self._folder = folder
        self._min_confidence = min_confidence
        self._country = country
        self._db = duckdb.connect(str(folder / "stage.duckdb"), config=_config(folder))
        for statement in (*_SETTINGS, *MACROS, SPREAD_MACRO, _TABLE):
            self._db.execute(statement)

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def add_parquet(self, path: Path, report: Report) -> None:
        """Read a Parquet file of Overture or Foursquare; raises ImportRefused."""
        # Behind a plain name: a path may hold signs that DuckDB takes for a pattern.
        link = self._folder / "input.parquet"
        link.unlink(missing_ok=True)
        link.symlink_to(path.resolve())
        try:
            source = self._db.read_parquet(str(link), file_row_number=False)
            columns = {
                name: _fields(kind) for name, kind in zip(source.columns, source.types, strict=True)
            }
            rows = self._count("SELECT count(*) FROM read_parquet(?)", [str(link)])
            statement = (
                f"SELECT {_select_list(path, columns)} FROM read_parquet({_quoted(str(link))})"
            )
            self._run(self._insert(statement), report, rows)
        except duckdb.OutOfMemoryException:
            raise unreadable(path, f"one of its parts does not fit into {MEMORY}") from None
        except duckdb.Error as error:
            raise _problem(path, error) from None

    def add_rows(self, path: Path, rows: Iterable[Mapping[str, Any]], report: Report) -> None:
        """Add rows that were read otherwise, by way of a file of JSON lines."""
        lines = self._folder / "rows.jsonl"
        written = 0
        with lines.open("w", encoding="ascii") as file:
            for written, row in enumerate(rows, start=1):
                file.write(json.dumps(row, separators=(",", ":")) + "\n")
                if written % BATCH == 0:
                    report(written)
        report(written)
        types = {name: "DOUBLE" if name in NUMBERS else "VARCHAR" for name in COLUMNS}
        source = (
            f"read_json({_quoted(str(lines))}, format = 'newline_delimited', columns = {types})"
        )
        try:
            self._run(self._insert(f"SELECT * FROM {source}"), lambda _: None, written)
        except duckdb.Error as error:
            raise _problem(path, error) from None
        lines.unlink()

    def counts(self) -> dict[str, int]:
        """Return how many rows there are by the reason to leave them out, "" for those to keep."""
        counted = "SELECT coalesce(skip, ''), count(*) FROM staged GROUP BY ALL ORDER BY ALL"
        return dict(self._db.execute(counted).fetchall())

    def licences(self) -> dict[str, int]:
        """Return how many kept rows stand under each licence."""
        counted = (
            "SELECT licence, count(*) FROM staged WHERE skip IS NULL"
            " GROUP BY ALL ORDER BY count(*) DESC, licence LIMIT 1000"
        )
        return dict(self._db.execute(counted).fetchall())

    def paths(self) -> list[str]:
        """Return the categories of the kept rows, the most frequent first."""
        counted = (
            "SELECT path FROM staged WHERE skip IS NULL AND path IS NOT NULL"
            " GROUP BY path ORDER BY count(*) DESC, path LIMIT 50000"
        )
        return [path for (path,) in self._db.execute(counted).fetchall()]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the kept rows in the order of the curve, as (cell, level, *stored columns)."""
        cursor = self._db.execute(
            f"SELECT cell, level, {', '.join(STORED)} FROM staged WHERE skip IS NULL"
            " ORDER BY cell, id"
        )
        while batch := cursor.fetchmany(BATCH):
            yield from batch

    def query(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """Yield what a statement over `staged` gives."""
        cursor = self._db.cursor().execute(statement)
        while batch := cursor.fetchmany(BATCH):
            yield from batch

    def _insert(self, source: str) -> str:
        return (
            f"INSERT INTO staged SELECT *, {cell_sql('latitude', 'longitude')}, {_LEVEL} FROM ("
            f"SELECT * REPLACE (try_cast(round(latitude * {UNITS}) AS INTEGER) AS latitude,"
            f" try_cast(round(longitude * {UNITS}) AS INTEGER) AS longitude) FROM ("
            f"SELECT *, {self._skip()} AS skip FROM ("
            f"SELECT * REPLACE ({self._bounded()}) FROM ({source}))))"
        )

    def _bounded(self) -> str:
        country = "CASE WHEN length(country) = 2 THEN upper(country) END"
        parts = [f"coalesce({country}, {_quoted(self._country)}) AS country"]
        parts += [
            f"CASE WHEN length({name}) <= {size} THEN line({name}, {size}) END AS {name}"
            for name, size in _WHOLE.items()
        ]
        parts += [f"line({name}, {size}) AS {name}" for name, size in _CUT.items()]
        return ", ".join(parts)

    def _skip(self) -> str:
        return (
            "CASE WHEN id IS NULL THEN 'no id' WHEN name IS NULL THEN 'no name'"
            " WHEN NOT coalesce(latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180,"
            " false) THEN 'no position'"
            f" WHEN status = '{CLOSED}' THEN 'closed for good'"
            f" WHEN status = '{FLAGGED}' THEN 'flagged by people'"
            f" WHEN confidence < {self._min_confidence} THEN 'doubtful' END"
        )

    def _count(self, statement: str, parameters: list[str]) -> int:
        row = self._db.execute(statement, parameters).fetchone()
        return int(row[0]) if row else 0

    def _run(self, statement: str, report: Report, rows: int) -> None:
        """Execute on a thread of its own, so that one can be told and interrupted meanwhile."""
        with ThreadPoolExecutor(1, "staging") as pool:
            running = pool.submit(self._db.execute, statement)
            try:
                while True:
                    try:
                        running.result(TICK_SECONDS)
                        break
                    except NotYet:
                        share = max(0.0, min(self._db.query_progress(), 100.0)) / 100
                        report(int(share * rows))
            except BaseException:
                self._db.interrupt()
                raise
        report(rows)


STORED = (*(name for name in COLUMNS if name != "confidence"),)
# Whose mail is known is reached best, then whose phone; existing beyond doubt counts within that.
_LEVEL = (
    "CASE WHEN coalesce(website, emails) IS NOT NULL THEN 0"
    " WHEN coalesce(phones, socials) IS NOT NULL THEN 2 ELSE 4 END"
    f" + CASE WHEN confidence < {TRUSTED} THEN 1 ELSE 0 END"
)
_TYPES = {"confidence": "DOUBLE", "latitude": "INTEGER", "longitude": "INTEGER"}
_TABLE = (
    "CREATE TABLE staged ("
    + ", ".join(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in COLUMNS)
    + ", skip VARCHAR, cell BIGINT, level TINYINT)"
)
# Progress can be asked for only where a bar would be shown.
_SETTINGS = ("SET enable_progress_bar = true", "SET enable_progress_bar_print = false")


def _config(folder: Path) -> dict[str, Any]:
    return {
        "memory_limit": MEMORY,
        "threads": min(THREADS, os.cpu_count() or 1),
        "temp_directory": str(folder / "spilled"),
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _fields(kind: Any) -> frozenset[str]:
    """Return the names inside a struct, or inside the structs of a list."""
    if kind.id == "list":
        return _fields(kind.children[0][1])
    return frozenset(name for name, _ in kind.children) if kind.id == "struct" else frozenset()


def _select_list(path: Path, columns: Fields) -> str:
    if overture.is_overture(columns):
        return overture.select_list(columns)
    if foursquare.is_foursquare(columns):
        return foursquare.select_list(columns)
    found = ", ".join(sorted(columns))[:200]
    raise ImportRefused(
        f"{path} has neither the columns of Overture's places (id, names, taxonomy, ...) nor those "
        f"of Foursquare's (fsq_place_id, name, ...). It has: {found}.",
        code="unknown_format",
    )


def _quoted(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def _problem(path: Path, error: Exception) -> ImportRefused:
    """Return what DuckDB said of a file; a full disk is no fault of the file's."""
    refused = failed(error)
    return refused if refused.code == "no_room" else unreadable(path, str(error).partition("\n")[0])
