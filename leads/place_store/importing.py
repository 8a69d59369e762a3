"""Importing files as one dataset: whole or not at all, whatever happens on the way.

Everything is made in a working folder beside the datasets. The new file takes the old one's place
by a rename as the very last step: until then, and if the process dies or the disk fills up, the old
places answer. What a killed import leaves behind goes when the next one begins.
"""

import errno
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from freshleads.lib.errors import InvalidInput
from leads.place_store import schema
from leads.place_store.categories import Categories
from leads.place_store.curve import UNITS
from leads.place_store.datasets import MAX_DATASETS, Dataset, dataset_paths
from leads.place_store.detecting import Chosen, Kind, SourceFile, open_text
from leads.place_store.geojson import Broken, read_features
from leads.place_store.osm_pbf import read_pbf
from leads.place_store.osm_rows import row_of_feature
from leads.place_store.refusing import ImportRefused, failed, unreadable
from leads.place_store.spreading import areas_of
from leads.place_store.staging import Stage
from leads.place_store.working import check_room, to_disk, working_alone
from leads.place_store.writing import DatasetWriter

MIN_CONFIDENCE = 0.5
# How much disk an import takes for each byte of a file: staged, sorted and written.
ROOM = {Kind.PARQUET: 8.0, Kind.GEOJSON: 2.5, Kind.PBF: 1.5}
MAX_NAME = 64
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: `doing` is reading, sorting, writing or checking."""

    doing: str
    rows: int
    file: Path | None = None


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows kept, rows left out by reason, licences of the kept ones."""

    name: str
    path: Path | None
    kept: int
    left_out: dict[str, int]
    licences: dict[str, int]
    size: int

    @property
    def read(self) -> int:
        """Return how many rows there were."""
        return self.kept + sum(self.left_out.values())


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who imports decides; `country` is for rows that name none."""

    min_confidence: float = MIN_CONFIDENCE
    country: str | None = None
    is_dry_run: bool = False

    @classmethod
    def checked(cls, *, min_confidence: float, country: str, is_dry_run: bool) -> "Choices":
        """Return choices as they were typed; raises InvalidInput."""
        if not 0 <= min_confidence <= 1:
            raise InvalidInput("A confidence is from 0 to 1.", param="min_confidence")
        if country and not re.fullmatch("[A-Za-z]{2}", country):
            raise InvalidInput("A country is two letters, like DE.", param="country")
        return cls(min_confidence, country.upper() or None, is_dry_run)


def import_files(
    folder: Path, name: str, chosen: Chosen, *, choices: Choices, report: Report
) -> Imported:
    """Import files as the dataset `name`, in place of what it held; raises ImportRefused."""
    _checked_name(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_number(folder, name)
        with working_alone(folder) as working:
            check_room(folder, int(sum(ROOM[file.kind] * file.size for file in chosen.files)))
            started = _Import(
                folder=folder,
                working=working,
                name=name,
                chosen=chosen,
                choices=choices,
                report=report,
            )
            return started.run()
    except (OSError, sqlite3.Error, duckdb.Error) as error:
        raise failed(error) from None


def dataset_name(name: str, paths: Sequence[Path]) -> str:
    """Return the name of a dataset: as it was typed, else after its only file or folder."""
    if not name and len(paths) > 1:
        message = "Several files become one dataset: give it a name with --name."
        raise ImportRefused(message, code="wrong_name")
    made = re.sub(r"[^a-z0-9._-]+", "-", paths[0].resolve().name.partition(".")[0].lower())
    return _checked_name(name or made.strip("._-")[:MAX_NAME])


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ImportRefused(
            f"“{name}” is no name for a dataset: give one with --name, of up to {MAX_NAME} of a-z, "
            "0-9, dot, dash and underscore, beginning and ending with a letter or a digit.",
            code="wrong_name",
        )
    return name


def _check_number(folder: Path, name: str) -> None:
    """Refuse a dataset that no search would look into any more."""
    others = [path for path in dataset_paths(folder) if path.stem != name]
    if len(others) >= MAX_DATASETS:
        message = f"There are {MAX_DATASETS} datasets in {folder}: delete some, or import together."
        raise ImportRefused(message, code="too_many_datasets")


@dataclass(frozen=True, slots=True)
class _Import:
    """One import under way."""

    folder: Path
    working: Path
    name: str
    chosen: Chosen
    choices: Choices
    report: Report

    def run(self) -> Imported:
        """Read, sort, write, check, swap."""
        confidence, country = self.choices.min_confidence, self.choices.country
        stage = Stage(self.working, min_confidence=confidence, country=country)
        with closing(stage):
            for file in self.chosen.files:
                self._read(stage, file)
            left_out = stage.counts()
            kept = left_out.pop("", 0)
            licences = stage.licences()
            if not kept:
                raise _nothing_kept(left_out)
            if self.choices.is_dry_run:
                return Imported(self.name, None, kept, left_out, licences, 0)
            made = self.working / f"{self.name}{schema.SUFFIX}"
            written = self._write(stage, made, list(licences))
        if written < kept:
            left_out["there twice"] = kept - written
        self._check(made, written)
        size, path = made.stat().st_size, self._swap(made)
        return Imported(self.name, path, written, left_out, licences, size)

    def _read(self, stage: Stage, file: SourceFile) -> None:
        def tell(rows: int) -> None:
            check_room(self.folder, 0)
            self.report(Progress("reading", rows, file.path))

        if file.kind is Kind.PARQUET:
            stage.add_parquet(file.path, tell)
        elif file.kind is Kind.PBF:
            stage.add_rows(file.path, read_pbf(file.path), tell)
        else:
            stage.add_rows(file.path, _geojson_rows(file.path), tell)

    def _write(self, stage: Stage, made: Path, licences: Sequence[str]) -> int:
        def tell(rows: int) -> None:
            check_room(self.folder, 0)
            self.report(Progress("writing", rows))

        self.report(Progress("sorting", 0))
        writer = DatasetWriter(made, licences=licences, categories=Categories(stage.paths()))
        with closing(writer):
            written = writer.write_places(stage.rows(), tell)
            writer.finish(areas=areas_of(stage), facts=self._facts(stage, written))
        return written

    def _facts(self, stage: Stage, written: int) -> dict[str, Any]:
        corners = "min(latitude), min(longitude), max(latitude), max(longitude)"
        (box,) = stage.query(f"SELECT {corners} FROM staged WHERE skip IS NULL")
        return {
            "places": written,
            "box": [corner / UNITS for corner in box],
            "files": [file.path.name for file in self.chosen.files][:100],
            "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _check(self, made: Path, written: int) -> None:
        """Make sure that the new file is on the disk and can be read, before it is used."""
        self.report(Progress("checking", written))
        to_disk(made)
        dataset = Dataset(made)
        with closing(dataset.db):
            dataset.db.execute("PRAGMA mmap_size = 0")  # pages of the file would count as memory
            verdict = dataset.db.execute("PRAGMA quick_check(1)").fetchone()[0]
            counted = dataset.db.execute("SELECT count(*), max(id) FROM place").fetchone()
        if verdict != "ok" or counted != (written, written):
            message = f"The new file is damaged ({verdict}): is the disk healthy?"
            raise ImportRefused(message, code="unreadable_file")

    def _swap(self, made: Path) -> Path:
        final = self.folder / made.name
        made.replace(final)
        to_disk(self.folder)
        return final


def _geojson_rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with open_text(path) as text:
            for feature in read_features(text):
                _refuse_overture(path, feature)
                yield row_of_feature(feature)
    except (Broken, EOFError, OSError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise
        raise unreadable(path, str(error)) from None


def _refuse_overture(path: Path, feature: dict[str, Any]) -> None:
    properties = feature.get("properties")
    if isinstance(properties, dict) and isinstance(properties.get("names"), dict):
        message = (
            f"{path} is GeoJSON of Overture; only its GeoParquet is read, which is smaller and "
            "whole: `overturemaps download -f geoparquet --type=place ...`."
        )
        raise ImportRefused(message, code="unknown_format")


def _nothing_kept(left_out: dict[str, int]) -> ImportRefused:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items())
    message = f"All rows are left out: {reasons}." if left_out else "There are no rows in it."
    return ImportRefused(f"{message} Nothing was imported.", code="no_places")
