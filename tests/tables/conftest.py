"""Files as people bring them, and how they are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from leads.tables.reading import Layout, Row, Table, detect_layout, read_rows

FIELD_NAMES = frozenset("name e-mail email phone website city company street stadt firma".split())
Read = Callable[..., tuple[Layout, list[Row]]]


def is_field_name(text: str) -> bool:
    return text.strip().lower() in FIELD_NAMES


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Return a function that puts content into a file; texts are UTF-8."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read(keep: Callable[[str | bytes], Path]) -> Read:
    """Return a function that gives the layout that was detected and the rows."""

    def open_table(content: str | bytes, *, sheet: str = "") -> tuple[Layout, list[Row]]:
        table = Table(keep(content))
        layout = detect_layout(table, is_field_name=is_field_name, sheet=sheet)
        return layout, list(read_rows(table, layout))

    return open_table


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., bytes]:
    """Return a function that makes a workbook of sheets: their names, and rows of cells."""

    def make(
        sheets: dict[str, list[list[Any]]], finish: Callable[[Any], object] = lambda book: None
    ) -> bytes:
        path = tmp_path / "made.xlsx"
        book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
        finish(book)
        book.close()
        return path.read_bytes()

    return make
