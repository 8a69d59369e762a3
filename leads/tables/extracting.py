"""Writes one sheet of a workbook as CSV, in a process of its own with narrow limits.

    python -m leads.tables.extracting WORKBOOK TARGET [SHEET]

A workbook is a hostile thing to open: two cells far apart, or a text used a million times, ask for
any amount of memory. Here the system stops that, and nothing but this process ends. Prints JSON:
`{sheets, sheet, rows}` or `{error}`; ends by a signal where a limit was met.
"""

import csv
import json
import os
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from typing import Any

import python_calamine

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
TARGET_BYTES = 512 * 1024 * 1024
MAX_CELL = 10_000
MAX_WIDTH = 400
MAX_SHEETS = 50
LONGEST_NAME = 100  # a spreadsheet program allows 31
DISK_ERRORS = {EFBIG: "too_big", ENOSPC: "disk_full", EDQUOT: "disk_full"}


def set_limits() -> None:
    """Let the system end this process where it takes more than it may."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, TARGET_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def extract(workbook: Path, target: Path, wanted: str = "") -> dict[str, Any]:
    """Write the wanted sheet, else the first that has cells; returns what is to be told of it."""
    book = python_calamine.load_workbook(str(workbook))
    names = [name for name in book.sheet_names if len(name) <= LONGEST_NAME][:MAX_SHEETS]
    if wanted and wanted not in names:
        return {"error": "no_such_sheet"}
    for name in [wanted] if wanted else names:
        sheet = book.get_sheet_by_name(name)
        if wanted or sheet.height:
            rows = write(sheet.iter_rows(), target, empty_before=(sheet.start or (0, 0))[1])
            return {"sheets": names, "sheet": name, "rows": rows}
    return {"error": "empty"}


def write(rows: Iterable[list[Any]], target: Path, *, empty_before: int) -> int:
    """Write rows with the empty columns before them, which the reader leaves out."""
    before = [""] * min(empty_before, MAX_WIDTH)
    count = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow(before + [text_of(cell) for cell in row[:MAX_WIDTH]])
            count += 1
    return count


def text_of(cell: Any) -> str:
    """Return a cell as a person sees it in the sheet, numbers without a trailing zero."""
    if isinstance(cell, str):
        return cell[:MAX_CELL]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta | int) else ""


def main(arguments: list[str]) -> None:
    set_limits()
    os.umask(0o077)  # what is written is its owner's alone
    workbook, target, *wanted = arguments
    try:
        told = extract(Path(workbook), Path(target), *wanted)
    except MemoryError:
        told = {"error": "too_big"}
    except python_calamine.PasswordError:
        told = {"error": "locked"}
    except OSError as error:
        told = {"error": DISK_ERRORS.get(error.errno or 0, "damaged")}
    except (python_calamine.CalamineError, ValueError):
        told = {"error": "damaged"}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
