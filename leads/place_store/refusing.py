"""What an import says where it leaves everything as it was."""

from pathlib import Path

from freshleads.lib.errors import DomainError


class ImportRefused(DomainError):
    """An import that did nothing: the places imported before are as they were.

    Codes: unknown_format, unreadable_file, no_places, no_room, import_running, wrong_name.
    """

    code = "import_refused"


def unreadable(path: Path, why: str) -> ImportRefused:
    """Return what is said of a file that is damaged or not what it seems."""
    return ImportRefused(f"{path} cannot be read: {why}", code="unreadable_file")


def no_room() -> ImportRefused:
    """Return what is said where the disk became full on the way."""
    message = "The disk is full: nothing was imported, and the places of before are still there."
    return ImportRefused(message, code="no_room")
