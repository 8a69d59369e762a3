"""The folder in which an import works, alone, and the disk that it must not fill."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leads.place_store.refusing import ImportRefused, no_room

WORKING = ".importing"
LOCK = ".lock"
SPARE = 256 << 20  # bytes that are left to everybody else on the disk


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def working_alone(folder: Path) -> Iterator[Path]:
    """Give an empty working folder to the only import that runs."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"Another import into {folder} is running."
            raise ImportRefused(message, code="import_running") from None
        working = folder / WORKING
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir()
        try:
            yield working
        finally:
            shutil.rmtree(working, ignore_errors=True)


def check_room(folder: Path, needed: int) -> None:
    """Raise ImportRefused where the disk would become full."""
    free = shutil.disk_usage(folder).free
    if free >= needed + SPARE:
        return
    if not needed:
        raise no_room()
    raise ImportRefused(
        f"The import needs about {_gigabytes(needed + SPARE)} on the disk of {folder}, "
        f"{_gigabytes(free)} are free.",
        code="no_room",
    )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
