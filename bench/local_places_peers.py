"""The stores for open place data that are set beside ours: the same rows, the same questions."""

import os
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import duckdb
import psycopg

from leads.place_store.curve import SPREAD_MACRO, UNITS, Box, cell_sql
from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, import_files
from leads.providers.local import LocalPlaces

PAGE = 20
SERVER = os.environ.get("DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
CATEGORIES = {
    "dentist": ["dental_clinic", "general_dentistry", "orthodontics"],
    "plumber": ["plumbing"],
}
ROWS = f"""
SELECT id, names.primary AS name, taxonomy.primary AS category, taxonomy.alternates[1] AS other,
    websites[1] AS website, emails[1] AS email, socials[1] AS social, phones[1] AS phone,
    addresses[1].freeform AS street, addresses[1].locality AS city, addresses[1].region AS region,
    addresses[1].postcode AS postal_code, addresses[1].country AS country,
    sources[1].license AS licence, round(bbox.ymin * {UNITS})::INTEGER AS latitude,
    round(bbox.xmin * {UNITS})::INTEGER AS longitude,
    CASE WHEN coalesce(websites, emails) IS NOT NULL THEN 0
        WHEN phones IS NOT NULL THEN 2 ELSE 4 END
        + CASE WHEN confidence < 0.8 THEN 1 ELSE 0 END AS level
FROM read_parquet('{{path}}') WHERE operating_status <> 'permanently_closed'
"""
ASKED = (
    "SELECT * FROM {source} WHERE latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?"
    f" AND category IN ({{marks}}) ORDER BY level, {{order}} LIMIT {PAGE}"
)


class Store(Protocol):
    """A store that is built from a Parquet file into a folder, and asked."""

    name: ClassVar[str]

    def build(self, path: Path, folder: Path) -> None: ...

    def open(self, folder: Path) -> None: ...

    def ask(self, trade: str, box: Box, city: str | None) -> int:
        """Return how many rows the first page has."""
        ...


class Ours:
    """What the product does: from the words of a query to the records of a page."""

    name = "freshleads"

    def build(self, path: Path, folder: Path) -> None:
        chosen = choose_files([path])
        import_files(folder, "places", chosen, choices=Choices(), report=lambda _: None)

    def open(self, folder: Path) -> None:
        self._source = LocalPlaces(folder)

    def ask(self, trade: str, box: Box, city: str | None) -> int:
        low, high = (box.south, box.west), (box.north, box.east)
        if city is not None:
            area = self._source.find_area(city)
            assert area is not None, city
            low, high = area.low, area.high
        return len(self._source.search(trade, low=low, high=high, page_size=PAGE).places)


class SortedParquet:
    """Parquet in the order of the curve, read by DuckDB, which skips row groups far away."""

    name = "sorted Parquet, read by DuckDB"
    source = "read_parquet('{folder}/places.parquet')"

    def build(self, path: Path, folder: Path) -> None:
        with _connect(folder) as db:
            target = f"TO '{folder}/places.parquet' (COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
            db.execute(SPREAD_MACRO)
            db.execute(f"COPY ({_ordered(path)}) {target}")

    def open(self, folder: Path) -> None:
        self._db = _connect(folder)
        self._from = self.source.format(folder=folder)

    def ask(self, trade: str, box: Box, city: str | None) -> int:
        kinds = CATEGORIES[trade]
        asked = ASKED.format(source=self._from, marks=_marks("?", kinds), order="cell, id")
        return len(self._db.execute(asked, [*_corners(box), *kinds]).fetchall())


class DuckDbFile(SortedParquet):
    """The same rows in the same order in DuckDB's own file, opened for reading."""

    name = "DuckDB's own file"
    source = "place"

    def build(self, path: Path, folder: Path) -> None:
        with _connect(folder, str(folder / "places.duckdb")) as db:
            db.execute(SPREAD_MACRO)
            db.execute(f"CREATE TABLE place AS {_ordered(path)}")

    def open(self, folder: Path) -> None:
        self._db = _connect(folder, str(folder / "places.duckdb"), read_only=True)
        self._from = self.source


class RTree:
    """SQLite with an R*Tree, the category and the level beside the box."""

    name = "SQLite with an R*Tree"

    def build(self, path: Path, folder: Path) -> None:
        db = sqlite3.connect(folder / "places.sqlite", isolation_level=None)
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        db.execute(f"CREATE TABLE place (n INTEGER PRIMARY KEY, {', '.join(COLUMNS)})")
        db.execute("CREATE VIRTUAL TABLE box USING rtree(n, s, n2, w, e, +category, +level)")
        place = f"INSERT INTO place VALUES ({_marks('?', [0, *COLUMNS])})"
        corner = "INSERT INTO box VALUES (?, ?, ?, ?, ?, ?, ?)"
        with _connect(folder) as rows:
            rows.execute(SPREAD_MACRO)
            cursor = rows.execute(_ordered(path))
            number = 0
            db.execute("BEGIN")
            while batch := cursor.fetchmany(5_000):
                numbered = list(enumerate(batch, start=number + 1))
                number += len(batch)
                db.executemany(place, [(n, *row[:-1]) for n, row in numbered])
                db.executemany(corner, [_rtree_row(n, row) for n, row in numbered])
            db.execute("COMMIT")
        db.close()

    def open(self, folder: Path) -> None:
        uri = f"file:{folder}/places.sqlite?immutable=1"
        self._db = sqlite3.connect(uri, uri=True)

    def ask(self, trade: str, box: Box, city: str | None) -> int:
        kinds = CATEGORIES[trade]
        asked = (
            "SELECT place.* FROM box JOIN place ON place.n = box.n WHERE s >= ? AND n2 <= ?"
            f" AND w >= ? AND e <= ? AND box.category IN ({_marks('?', kinds)})"
            f" ORDER BY box.level, box.n LIMIT {PAGE}"
        )
        corners = [corner / UNITS for corner in _corners(box)]
        return len(self._db.execute(asked, [*corners, *kinds]).fetchall())


class Postgres:
    """A table of PostgreSQL with a B-tree over category and position; needs its server."""

    name = "PostgreSQL, B-tree"

    def build(self, path: Path, folder: Path) -> None:
        database = f"freshleads_places_{secrets.token_hex(4)}"
        (folder / "database").write_text(database)
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{database}"')
        with psycopg.connect(_url(folder), autocommit=True) as db:
            numbers = {"latitude", "longitude", "level"}
            columns = (f"{name} {'integer' if name in numbers else 'text'}" for name in COLUMNS)
            db.execute(f"CREATE UNLOGGED TABLE place ({', '.join(columns)})")
            with _connect(folder) as rows, db.cursor() as cursor:
                found = rows.execute(ROWS.format(path=path))
                with cursor.copy("COPY place FROM STDIN") as copy:
                    while batch := found.fetchmany(5_000):
                        for row in batch:
                            copy.write_row(row)
            db.execute("CREATE INDEX ON place (category, latitude, longitude)")
            db.execute("VACUUM ANALYZE place")

    def open(self, folder: Path) -> None:
        self._db = psycopg.connect(_url(folder), autocommit=True)

    def ask(self, trade: str, box: Box, city: str | None) -> int:
        kinds = CATEGORIES[trade]
        asked = ASKED.format(source="place", marks=_marks("?", kinds), order="id")
        corners = (*_corners(box), *kinds)
        return len(self._db.execute(asked.replace("?", "%s"), corners).fetchall())

    def size(self, folder: Path) -> int:
        """Return the bytes of the table and its index."""
        with psycopg.connect(_url(folder)) as db:
            row = db.execute("SELECT pg_total_relation_size('place')").fetchone()
        return int(row[0]) if row else 0

    def drop(self, folder: Path) -> None:
        """Take the database away."""
        with psycopg.connect(SERVER, autocommit=True) as server:
            name = (folder / "database").read_text()
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


STORES: dict[str, type[Store]] = {
    "ours": Ours,
    "parquet": SortedParquet,
    "duckdb": DuckDbFile,
    "rtree": RTree,
    "postgres": Postgres,
}
COLUMNS = (
    "id name category other website email social phone street city region postal_code country "
    "licence latitude longitude level"
).split()


def _ordered(path: Path) -> str:
    cell = cell_sql("latitude", "longitude")
    return f"SELECT *, {cell} AS cell FROM ({ROWS.format(path=path)}) ORDER BY cell, id"


def _rtree_row(number: int, row: Sequence[Any]) -> tuple[Any, ...]:
    latitude, longitude = row[14] / UNITS, row[15] / UNITS
    return (number, latitude, latitude, longitude, longitude, row[2], row[16])


def _corners(box: Box) -> list[int]:
    return [round(side * UNITS) for side in (box.south, box.north, box.west, box.east)]


def _marks(mark: str, items: Sequence[object]) -> str:
    return ", ".join(mark for _ in items)


def _limits(folder: Path) -> dict[str, Any]:
    return {"memory_limit": "512MB", "threads": 2, "temp_directory": str(folder / "spilled")}


def _connect(folder: Path, file: str = ":memory:", *, read_only: bool = False) -> Any:
    db = duckdb.connect(file, read_only=read_only, config=_limits(folder))
    db.execute("SET enable_progress_bar = false")
    return db


def _url(folder: Path) -> str:
    name = (folder / "database").read_text()
    return urlsplit(SERVER)._replace(path=f"/{name}").geturl()
