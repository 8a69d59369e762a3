"""What an import says where it leaves everything as it was."""

import errno
import re
from pathlib import Path

from freshleads.lib.errors import DomainError

MAX_MESSAGE = 300
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SAYS_FULL = re.compile("disk is full|no space left|max_temp_directory_size", re.IGNORECASE)


class ImportRefused(DomainError):
    """An import that did nothing: the places imported before are as they were.

    Codes: unknown_format, unreadable_file, no_places, no_room, import_running, wrong_name,
    too_many_datasets, import_failed.
    """

    code = "import_refused"


def unreadable(path: Path, why: str) -> ImportRefused:
    """Return what is said of a file that is damaged or not what it seems."""
    return ImportRefused(f"{path} cannot be read: {why}", code="unreadable_file")


def failed(error: Exception) -> ImportRefused:
    """Return what is said of an error of the system or of a database, in one line."""
    line = " ".join(str(error).split())[:MAX_MESSAGE]
    if getattr(error, "errno", None) in _FULL or _SAYS_FULL.search(line):
        return no_room()
    message = f"The import failed, and the places of before are still there: {line}"
    return ImportRefused(message, code="import_failed")


def no_room() -> ImportRefused:
    """Return what is said where the disk became full on the way."""
    message = "The disk is full: nothing was imported, and the places of before are still there."
    return ImportRefused(message, code="no_room")
