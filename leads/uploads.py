"""The folder of uploaded files: random names, for nobody's eyes but the server's, not for ever."""

import errno
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from freshleads.lib.errors import DomainError, InvalidInput
from leads.tables.reading import Table

FOLDER = "uploads"
BLOCK_BYTES = 256 * 1024
NOBODYS_AFTER = timedelta(days=1)  # a file that no row names: its request ended half-way
STORAGE_FULL = "The disk of the server is full, so the file could not be kept. Try again later."
SEEN_AT_ONCE = 10_000


class StorageFull(DomainError):
    code = "storage_full"


def keep(source: IO[bytes]) -> tuple[str, int]:
    """Store what a stream holds; returns its name in the folder and its size in bytes.

    Raises InvalidInput where it is larger than allowed and StorageFull where the disk is full;
    then nothing is left of it.
    """
    folder = _folder()
    name = secrets.token_hex(20)
    part = folder / f"{name}.part"
    try:
        size = _copy(source, part)
        part.replace(folder / name)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(STORAGE_FULL, param="file") from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return name, size


def table_of(stored_as: str) -> Table:
    """Return the table of a stored file, which may be gone."""
    return Table(_folder() / stored_as)


def remove(stored_as: str) -> None:
    if stored_as:
        table_of(stored_as).remove()


def nobodys_names(known: set[str]) -> list[str]:
    """Return the names of files that are older than a day and not among the known ones."""
    before = (timezone.now() - NOBODYS_AFTER).timestamp()
    names = []
    with os.scandir(_folder()) as entries:
        for entry in islice(entries, SEEN_AT_ONCE):
            name = entry.name.partition(".")[0]
            with suppress(FileNotFoundError):
                if name not in known and entry.stat(follow_symlinks=False).st_mtime < before:
                    names.append(name)
    return names


def max_bytes() -> int:
    """Return how large an uploaded file may be."""
    return int(settings.LEADS_IMPORT_MAX_MB) * 1024 * 1024


def too_large() -> InvalidInput:
    """Return the refusal of a file over the limit."""
    return InvalidInput(
        f"The file may have at most {settings.LEADS_IMPORT_MAX_MB} MB. Divide it, or delete the "
        "columns you do not need.",
        code="file_too_large",
        param="file",
    )


def _copy(source: IO[bytes], target: Path) -> int:
    size = 0
    target.touch(mode=0o600)
    with target.open("wb") as file:
        while block := source.read(BLOCK_BYTES):
            size += len(block)
            if size > max_bytes():
                raise too_large()
            file.write(block)
    return size


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
