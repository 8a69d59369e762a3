"""Reading a table out of a file: how it is laid out, then its rows, one by one."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from freshleads.lib.errors import InvalidInput
from leads.tables import encodings, workbooks
from leads.tables.headers import LOOKED_AT, column_names, find_header
from leads.tables.kinds import CSV, XLSX, kind_of
from leads.tables.records import DELIMITERS, Record, detect_delimiter, read_records

MAX_COLUMNS = 200
MAX_ROWS = 1_000_000
MAX_HEADER_ROW = 1_000
SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read; `header_row` is 0 where no row names the columns."""

    format: str
    encoding: str
    delimiter: str
    header_row: int = 0
    columns: tuple[str, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"columns": list(self.columns), "sheets": list(self.sheets)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Layout":
        values = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        values["columns"] = tuple(values.get("columns", ()))
        values["sheets"] = tuple(values.get("sheets", ()))
        return cls(**values)


class Row(NamedTuple):
    """One row below the header, as wide as the table; `problem` says why it cannot be used."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An uploaded file; what is extracted from a workbook is kept beside it, a file per sheet."""

    source: Path

    def path_of(self, layout: Layout) -> Path:
        """Return the text file that the rows are read from."""
        return self._sheet(layout.sheet) if layout.format == XLSX else self.source

    def exists(self, layout: Layout) -> bool:
        return self.path_of(layout).is_file()

    def extract(self, sheet: str) -> workbooks.Sheet:
        """Write a sheet (none named: the first with cells) as text; readers see all or nothing."""
        part = self.source.with_name(f"{self.source.name}.{token_hex(4)}.part")
        try:
            found = workbooks.extract_sheet(self.source, part, sheet=sheet)
            part.replace(self._sheet(found.name))
        finally:
            part.unlink(missing_ok=True)
        return found

    def remove_other_sheets(self, layout: Layout) -> None:
        for path in self.source.parent.glob(f"{self.source.name}.*.sheet"):
            if path != self.path_of(layout):
                path.unlink(missing_ok=True)

    def remove(self) -> None:
        self.source.unlink(missing_ok=True)
        for path in self.source.parent.glob(f"{self.source.name}.*"):
            path.unlink(missing_ok=True)

    def _sheet(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        return self.source.with_name(f"{self.source.name}.{digest}.sheet")


def detect_layout(table: Table, *, is_field_name: Callable[[str], bool], sheet: str = "") -> Layout:
    """Return how a file is best read. Raises InvalidInput for a file that holds no table."""
    if kind_of(table.source) == XLSX:
        found = table.extract(sheet)
        layout = Layout(XLSX, encodings.UTF8, ",", sheet=found.name, sheets=found.all_names)
    else:
        encoding = encodings.detect_encoding(table.source)
        delimiter = detect_delimiter(table.source, encoding=encoding)
        layout = Layout(CSV, encoding, delimiter)
    header_row = find_header(_top(table, layout), is_field_name=is_field_name)
    return with_header(table, layout, header_row)


def choose_layout(
    table: Table, layout: Layout, *, encoding: str, delimiter: str, header_row: int
) -> Layout:
    """Return the layout with a person's choices. Raises InvalidInput for one that cannot be."""
    if layout.format == CSV:
        if encoding not in encodings.NAMES:
            raise InvalidInput("Choose an encoding from the list.", param="encoding")
        if delimiter not in dict(DELIMITERS):
            raise InvalidInput("Choose what divides the columns.", param="delimiter")
        layout = replace(layout, encoding=encoding, delimiter=delimiter)
    if not 0 <= header_row <= MAX_HEADER_ROW:
        raise InvalidInput(
            f"The row with the names is from 1 to {MAX_HEADER_ROW:,}, or 0 for none.",
            param="header_row",
        )
    return with_header(table, layout, header_row)


def with_header(table: Table, layout: Layout, header_row: int) -> Layout:
    """Return the layout with the columns that a header names, or that the rows have."""
    records = list(islice(_records(table, layout), max(header_row, LOOKED_AT) + SAMPLE_ROWS))
    by_number = {record.number: record.cells for record in records}
    if header_row and header_row not in by_number:
        raise InvalidInput("The file has no such row.", param="header_row")
    below = [r.cells for r in records if r.number > header_row and not r.is_blank]
    header = by_number.get(header_row, [])
    width = _table_width(header, below, is_exact=layout.format == XLSX)
    if not width:
        raise InvalidInput("The file has no table in it.", code="unreadable_file", param="file")
    if width > MAX_COLUMNS:
        raise InvalidInput(
            f"The table has more than {MAX_COLUMNS} columns. Delete those you do not need.",
            code="unreadable_file",
            param="file",
        )
    columns = column_names(header, by_number.get(header_row - 1, []), width=width)
    return replace(layout, header_row=header_row, columns=columns)


def read_rows(table: Table, layout: Layout) -> Iterator[Row]:
    """Yield the rows below the header without the blank ones."""
    width = len(layout.columns)
    blank = ("",) * width
    for record in _records(table, layout):
        if record.number <= layout.header_row or record.is_blank:
            continue
        if record.problem:
            yield Row(record.number, blank, record.problem)
            continue
        cells = tuple(record.cells[:width])
        beyond = _width(record.cells)
        if beyond > width and layout.format == CSV:
            yield Row(record.number, cells, _too_wide(beyond, width))
        else:
            yield Row(record.number, cells + blank[len(cells) :])


def count_rows(table: Table, layout: Layout) -> int:
    """Count the rows below the header. Raises InvalidInput where there are none or too many."""
    rows = sum(1 for _ in islice(read_rows(table, layout), MAX_ROWS + 1))
    if rows > MAX_ROWS:
        raise InvalidInput(
            f"The file has more than {MAX_ROWS:,} rows. Divide it.",
            code="unreadable_file",
            param="file",
        )
    if not rows:
        raise InvalidInput(
            "The file has a header, but no row below it.", code="unreadable_file", param="file"
        )
    return rows


def _records(table: Table, layout: Layout) -> Iterator[Record]:
    return read_records(table.path_of(layout), encoding=layout.encoding, delimiter=layout.delimiter)


def _top(table: Table, layout: Layout) -> list[Record]:
    return list(islice(_records(table, layout), LOOKED_AT))


def _width(cells: list[str]) -> int:
    """Return how many cells there are up to the last that is not empty."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return width


def _table_width(header: list[str], below: list[list[str]], *, is_exact: bool) -> int:
    """Return the number of columns: those with a name, and more if the rows really have more.

    In a text file a single wider row is one whose quotation marks are missing; in a workbook
    (`is_exact`) cells are where they are.
    """
    named, widths = _width(header), [_width(cells) for cells in below]
    wider = sum(width > named for width in widths)
    if not named or wider * 5 > len(widths) or (is_exact and wider):
        return max([named, *widths])
    return named


def _too_wide(cells: int, columns: int) -> str:
    return (
        f"The row has {cells} cells and the table {columns} columns. A value with a comma or "
        "semicolon in it needs quotation marks around it."
    )
