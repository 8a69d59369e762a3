"""Write leads as an Excel workbook in constant memory, whatever the scraped text tries.

Two writers stand behind one function. The Rust one is many times faster, but it turns whole columns
into links, whatever a cell holds and past Excel's limit of links, so it writes URLs as text.
XlsxWriter links cell by cell and writes the smaller files, where its speed does not matter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.columns import Column, Kind
from exports.excelcells import (
    CELL_OF_KIND,
    INFO_SHEET,
    TEXT_KINDS,
    Cell,
    link_target,
    sheet_names,
    text_cell,
)

try:
    import rustpy_xlsxwriter as rust
except ImportError:  # no wheel for this platform: XlsxWriter writes the large files too
    rust = None  # type: ignore[assignment]

MAX_ROWS = 1_048_575  # leads on one sheet, below the header
MAX_LINKS = 65_530  # on one sheet
LINKED_ROWS = 5_000  # up to here XlsxWriter needs less than two seconds

_NUMBER_FORMATS = {
    Kind.CODE: "@",
    Kind.PHONE: "@",
    Kind.INTEGER: "#,##0",
    Kind.RATING: "0.0",
    Kind.COORDINATE: "0.000000",
    Kind.DATETIME: "yyyy-mm-dd hh:mm:ss",
}
_KIND_WIDTHS = {
    Kind.TEXT: 18,
    Kind.CODE: 14,
    Kind.PHONE: 18,
    Kind.URL: 32,
    Kind.EMAIL: 32,
    Kind.INTEGER: 10,
    Kind.RATING: 10,
    Kind.COORDINATE: 12,
    Kind.DATETIME: 20,
}
_WIDTHS = {"business_name": 32, "address": 40, "opening_hours": 40, "emails": 40, "place_id": 30}
_INFO_WIDTHS = (24, 80)


def write_xlsx(
    path: str | Path,
    rows: Iterable[Mapping[str, Any]],
    *,
    columns: Sequence[Column],
    sheet: str = "Leads",
    info: Mapping[str, str],
    total: int | None,
) -> int:
    """Write the workbook to `path` and return the number of leads in it.

    `rows` is read once, one row at a time. `info` (what was asked for, when) fills a last sheet
    named Info, with the number of leads beneath. `total` is how many rows are expected; above
    LINKED_ROWS it chooses the fast writer and must then not be too low by a whole sheet
    (ValueError). None means not known. Nothing is left at `path` when `rows` or the writer fails.
    """
    target = Path(path)
    part = target.with_name(f"{target.name}.part")
    table = _Table(rows, columns)
    names = sheet_names(sheet)
    expected = total or 0
    try:
        if rust is not None and expected > LINKED_ROWS and not table.empty:
            _write_with_rust(part, table, list(islice(names, -(-expected // MAX_ROWS))), info)
        else:
            _write_with_xlsxwriter(part, table, names, info)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return table.written


class _Table:
    """Lead rows on their way into a workbook: turned into safe cells, and counted."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> None:
        self.columns = columns
        self.written = 0
        cells = self._convert(rows)
        first = list(islice(cells, 1))
        self.empty = not first
        self.cells: Iterator[list[Cell]] = chain(first, cells)

    def _convert(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Cell]]:
        plan = [(column.key, CELL_OF_KIND[column.kind]) for column in self.columns]
        for row in rows:
            self.written += 1
            yield [convert(row.get(key)) for key, convert in plan]

    def about(self, info: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the lines of the Info sheet; to be asked once all leads are written."""
        for name, value in info.items():
            yield text_cell(name) or "", text_cell(value) or ""
        yield "Leads in this file", f"{self.written:,}"


def _column_width(column: Column) -> int:
    return _WIDTHS.get(column.key, _KIND_WIDTHS[column.kind])


def _write_with_rust(
    path: Path, table: _Table, names: Sequence[str], info: Mapping[str, str]
) -> None:
    """Write with the Rust writer, which must know its sheets before the first row."""
    headers = [column.header for column in table.columns]
    sheets: list[tuple[str, Any]] = [
        (name, (dict(zip(headers, row, strict=True)) for row in islice(table.cells, MAX_ROWS)))
        for name in names
    ]
    sheets.append((INFO_SHEET, ({"About": k, "Value": v} for k, v in table.about(info))))
    text_headers = [column.header for column in table.columns if column.kind in TEXT_KINDS]
    widths = [_column_width(column) for column in table.columns]
    formats = {column.header: _rust_format(column.kind) for column in table.columns}
    info_formats = {"About": _rust_format(Kind.TEXT), "Value": _rust_format(Kind.TEXT)}
    options: dict[str, Any] = {
        "bold_headers": True,
        "freeze_panes": {name: {"row": 1, "col": 1} for name in names},
        "autofilter": dict.fromkeys(names, True),
        "column_widths": {**dict.fromkeys(names, widths), INFO_SHEET: list(_INFO_WIDTHS)},
        "column_formats": {**dict.fromkeys(names, formats), INFO_SHEET: info_formats},
        "ignore_errors": dict.fromkeys(names, text_headers),
    }
    rust.write_worksheets(sheets, path, **options)
    if next(table.cells, None) is not None:
        raise ValueError("More leads than announced: they do not fit into the sheets planned.")


def _rust_format(kind: Kind) -> Any:
    cell_format = rust.Format()
    if kind in _NUMBER_FORMATS:
        cell_format.set_num_format(_NUMBER_FORMATS[kind])
    if kind in TEXT_KINDS:
        cell_format.set_quote_prefix()
    return cell_format


def _write_with_xlsxwriter(
    path: Path, table: _Table, names: Iterator[str], info: Mapping[str, str]
) -> None:
    """Write with XlsxWriter, which opens a sheet when the one before is full."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True})
        formats = {kind: _xlsxwriter_format(workbook, kind) for kind in Kind}
        link = workbook.add_format({"quote_prefix": True, "font_color": "blue", "underline": 1})
        row = next(table.cells, None)
        for name in names:
            leads = _LeadSheet(workbook.add_worksheet(name), table.columns, formats, link)
            leads.write_headers(bold)
            while row is not None and leads.height < MAX_ROWS:
                leads.write_row(row)
                row = next(table.cells, None)
            leads.finish()
            if row is None:
                break
        about = workbook.add_worksheet(INFO_SHEET)
        for index, width in enumerate(_INFO_WIDTHS):
            about.set_column(index, index, width)
        about.write_row(0, 0, ["About", "Value"], bold)
        for line, pair in enumerate(table.about(info), 1):
            for index, text in enumerate(pair):
                _write_text(about, line, index, text, formats[Kind.TEXT])


def _xlsxwriter_format(workbook: xlsxwriter.Workbook, kind: Kind) -> Format:
    properties: dict[str, Any] = {"quote_prefix": True} if kind in TEXT_KINDS else {}
    if kind in _NUMBER_FORMATS:
        properties["num_format"] = _NUMBER_FORMATS[kind]
    return workbook.add_format(properties)


class _LeadSheet:
    """One sheet of leads being written by XlsxWriter, from top to bottom."""

    def __init__(
        self,
        worksheet: Worksheet,
        columns: Sequence[Column],
        formats: Mapping[Kind, Format],
        link_format: Format,
    ) -> None:
        self.height = 0
        self._links = 0
        self._worksheet = worksheet
        self._columns = columns
        self._formats = [formats[column.kind] for column in columns]
        self._link_format = link_format

    def write_headers(self, bold: Format) -> None:
        self._worksheet.freeze_panes(1, 1)
        for index, column in enumerate(self._columns):
            self._worksheet.set_column(index, index, _column_width(column), self._formats[index])
            self._worksheet.write_string(0, index, column.header, bold)

    def write_row(self, cells: Sequence[Cell]) -> None:
        self.height += 1
        for index, cell in enumerate(cells):
            if isinstance(cell, str):
                self._write_text(index, cell)
            elif isinstance(cell, datetime):
                self._worksheet.write_datetime(self.height, index, cell, self._formats[index])
            elif cell is not None:
                self._worksheet.write_number(self.height, index, cell, self._formats[index])

    def _write_text(self, index: int, text: str) -> None:
        target = link_target(text, self._columns[index].kind)
        if target and self._links < MAX_LINKS:
            self._links += 1
            self._worksheet.write_url(self.height, index, target, self._link_format, text)
        else:
            _write_text(self._worksheet, self.height, index, text, self._formats[index])

    def finish(self) -> None:
        """Add what needs the height of the table: the filter, and no triangles on text."""
        self._worksheet.autofilter(0, 0, self.height, len(self._columns) - 1)
        last = max(self.height, 1)
        texts = [
            xlsxwriter.utility.xl_range(1, index, last, index)
            for index, column in enumerate(self._columns)
            if column.kind in TEXT_KINDS
        ]
        if texts:
            self._worksheet.ignore_errors({"number_stored_as_text": " ".join(texts)})


def _write_text(sheet: Worksheet, row: int, index: int, text: str, cell_format: Format) -> None:
    """Write a string cell, never a formula, number or link."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would put such a text into the file as markup of its own.
        sheet.write_rich_string(row, index, "<", "r", text[2:], cell_format)
    else:
        sheet.write_string(row, index, text, cell_format)
