"""What kind of file somebody gave, told by its first and last bytes rather than its name."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from leads.place_store.refusing import ImportRefused, unreadable

HEAD = 4096
PARQUET_SIGN = b"PAR1"
GZIP_SIGN = b"\x1f\x8b"
MAX_FILES = 20_000
FORMATS = "GeoParquet of Overture, Parquet of Foursquare, GeoJSON of OpenStreetMap or .osm.pbf"


class Kind(Enum):
    """How a file is read."""

    PARQUET = "Parquet"
    GEOJSON = "GeoJSON"
    PBF = "OpenStreetMap PBF"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import."""

    path: Path
    kind: Kind
    size: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files to import, and those of a folder that are something else."""

    files: tuple[SourceFile, ...]
    left_out: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Return how many bytes all the files have."""
        return sum(file.size for file in self.files)


def choose_files(paths: Sequence[Path]) -> Chosen:
    """Return what there is to import; raises ImportRefused for what cannot be."""
    files: list[SourceFile] = []
    left_out: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(detect(path))
            continue
        for inside in _files_under(path):
            try:
                files.append(detect(inside))
            except ImportRefused as error:
                if error.code != "unknown_format":
                    raise
                left_out.append(inside)
    if not files:
        named = ", ".join(map(str, paths))
        raise ImportRefused(f"There is no place data in {named}: {FORMATS} is.", code="no_places")
    return Chosen(tuple(dict.fromkeys(files)), tuple(left_out))


def detect(path: Path) -> SourceFile:
    """Return a file with its kind; raises ImportRefused for a damaged or a foreign one."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
            file.seek(max(0, size - 4))
            tail = file.read(4)
    except OSError as error:
        raise unreadable(path, error.strerror or "it is not there") from None
    if head.startswith(PARQUET_SIGN):
        if tail != PARQUET_SIGN or size < 12:
            raise unreadable(path, "it is a Parquet file that is cut off; download it again")
        return SourceFile(path, Kind.PARQUET, size)
    if b"OSMHeader" in head[:32]:
        return SourceFile(path, Kind.PBF, size)
    if _begins_like_json(path, head):
        return SourceFile(path, Kind.GEOJSON, size)
    raise ImportRefused(f"{path} is none of: {FORMATS}.", code="unknown_format")


def open_text(path: Path) -> IO[str]:
    """Open a text file, unpacked where it is gzipped; bytes that are no UTF-8 become signs."""
    with path.open("rb") as file:
        is_packed = file.read(2) == GZIP_SIGN
    if is_packed:
        return gzip.open(path, "rt", encoding="utf-8", errors="replace")
    return path.open(encoding="utf-8", errors="replace")


def _begins_like_json(path: Path, head: bytes) -> bool:
    if head.startswith(GZIP_SIGN):
        try:
            with gzip.open(path) as file:
                head = file.read(HEAD)
        except (OSError, EOFError, zlib.error) as error:
            raise unreadable(path, f"it is packed by gzip, and damaged ({error})") from None
    return head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n").startswith(b"{")


def _files_under(folder: Path) -> Iterator[Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(found) > MAX_FILES:
        raise ImportRefused(f"{folder} has more than {MAX_FILES} files.", code="unknown_format")
    return (path for path in found if not path.name.startswith((".", "_")))
