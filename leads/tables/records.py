"""Reading the records of a delimited text file, one by one: the delimiter, quotes, broken lines."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

DELIMITERS = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar"))
MAX_CELL = 10_000  # characters; nothing a lead can hold is longer
MAX_READ = 400  # cells of one record; a table may have half of that
_SWALLOWED_LINES = 20
_SAMPLE_RECORDS = 100
_SAMPLE_CHARACTERS = 256 * 1024
_STATED = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


class Record(NamedTuple):
    """One record: its number as a spreadsheet counts rows, its cells, what is wrong with it."""

    number: int
    cells: list[str]
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.problem and not any(cell and not cell.isspace() for cell in self.cells)


def detect_delimiter(path: Path, *, encoding: str) -> str:
    """Return what divides the cells: stated in the first line, else what divides most evenly."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    if stated := _STATED.match(sample):
        return stated[1]
    return max((delimiter for delimiter, _ in DELIMITERS), key=lambda sign: _evenness(sample, sign))


def read_records(path: Path, *, encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield every record, blank ones too; what the encoding cannot say becomes U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
        if not _STATED.fullmatch(first):  # a line for Excel, which is no row to it either
            file.seek(0)
        yield from _records(file, delimiter)


def _records(file: io.TextIOBase, delimiter: str) -> Iterator[Record]:
    lines = (line.replace("\0", "") if "\0" in line else line for line in file)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        begun = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell longer than any, which only a lost quotation mark makes
            yield Record(number, [], _unclosed(begun, reader.line_num))
            continue
        if reader.line_num - begun >= _SWALLOWED_LINES and max(map(len, cells)) > MAX_CELL:
            yield Record(number, [], _unclosed(begun, reader.line_num))
            continue
        yield Record(number, [cell[:MAX_CELL] for cell in cells[:MAX_READ]])


def _unclosed(first: int, last: int) -> str:
    return (
        f"A quotation mark is opened and not closed: lines {first:,} to {last:,} of the file "
        "cannot be read."
    )


def _evenness(sample: str, delimiter: str) -> float:
    """Return how evenly a sign divides the records of a sample into cells; 0 where it never does.

    Many cells count more than few: a comma inside of addresses may be in every row, too.
    """
    records = _records(io.StringIO(sample, newline=""), delimiter)
    widths = Counter(len(record.cells) for record in islice(records, _SAMPLE_RECORDS))
    widths.pop(0, None)
    if not widths:
        return 0.0
    width, times = widths.most_common(1)[0]
    return 0.0 if width < 2 else times / widths.total() + width / 1000
