"""Workbooks (XLSX): looked through from outside, then one sheet written as CSV by another process.

What a workbook unpacks to is checked before anything opens it; what it really takes is limited by
the system (`extracting`).
"""

import json
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from freshleads.lib.errors import InvalidInput

PROJECT = Path(__file__).resolve().parent.parent.parent
MAX_UNPACKED_BYTES = 800 * 1024 * 1024
MAX_RATIO = 100  # sheets of our own exports come to 10; a bomb to 1,000
HARMLESS_BYTES = 20 * 1024 * 1024  # unpacked; no ratio matters below
MAX_PARTS = 2_000
SECONDS = 90.0
AS_CSV = "Save the sheet as “.csv” and upload that."
TOO_BIG = f"The workbook is too big. Delete what lies far beside or below the list, or: {AS_CSV}"
ERRORS = {
    "no_such_sheet": "There is no such sheet in the workbook.",
    "empty": "The workbook has no sheet with anything in it.",
    "locked": "The workbook is locked with a password. Save it without one.",
    "damaged": f"The workbook is damaged. {AS_CSV}",
    "too_big": TOO_BIG,
    "disk_full": "The disk of the server is full. Try again when there is room.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was written as CSV: its name, its rows, and the names of all sheets."""

    name: str
    rows: int
    all_names: tuple[str, ...]


def check_unpacked_size(workbook: Path) -> None:
    """Raise InvalidInput where a workbook says itself that it unpacks to too much."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused(ERRORS["damaged"], "file") from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    is_bomb = unpacked > HARMLESS_BYTES and unpacked / packed > MAX_RATIO
    if is_bomb or unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        raise _refused(TOO_BIG, "file")


def extract_sheet(workbook: Path, target: Path, *, sheet: str = "") -> Sheet:
    """Write a sheet (none named: the first that is not empty) to `target` as CSV in UTF-8.

    Raises InvalidInput, with what to do, for a workbook that cannot be read within the limits.
    """
    check_unpacked_size(workbook)
    told = _run([str(workbook), str(target), *([sheet] if sheet else [])])
    if error := told.get("error"):
        param = "sheet" if error == "no_such_sheet" else "file"
        raise _refused(ERRORS.get(error, ERRORS["damaged"]), param)
    return Sheet(name=told["sheet"], rows=told["rows"], all_names=tuple(told["sheets"]))


def _run(arguments: list[str]) -> dict[str, Any]:
    """Run the extraction with nothing of our environment: no secret is near a hostile file."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "leads.tables.extracting", *arguments],
            cwd=PROJECT,
            env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused(TOO_BIG, "file") from error
    if done.returncode in {-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGKILL}:
        return {"error": "too_big"}
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return {"error": "damaged"}
    return told if isinstance(told, dict) else {"error": "damaged"}


def _refused(message: str, param: str) -> InvalidInput:
    return InvalidInput(message, code="unreadable_file", param=param)
