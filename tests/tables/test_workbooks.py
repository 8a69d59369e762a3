"""Workbooks: every kind of cell as text, and none that takes the server down."""

import errno
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from freshleads.lib.errors import InvalidInput
from leads.tables import extracting, workbooks
from leads.tables.reading import Row, Table, detect_layout
from leads.tables.workbooks import TOO_BIG, check_unpacked_size, extract_sheet
from tests.tables.conftest import Read, is_field_name

Make = Callable[..., bytes]
Keep = Callable[[str | bytes], Path]


def refusal(read: Read, content: bytes, **options: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        read(content, **options)
    return refused.value


def test_cells_are_read_as_they_are_seen(read: Read, workbook: Make) -> None:
    def add_odd_cells(book: Any) -> None:
        sheet = book.worksheets()[0]
        sheet.write_formula(1, 6, "=1+1", None, 2)
        sheet.write_formula(1, 7, "=NA()", None, "#N/A")
        sheet.write_rich_string(1, 8, "Bäcker ", book.add_format({"bold": True}), "Groß")

    names = ["Name", "Phone", "Rating", "Since", "Open", "Postal", "Sum", "Error", "Rich"]
    cells = ["Acme", 13055550100, 4.5, date(2024, 5, 1), True, "00123"]
    layout, rows = read(workbook({"Leads": [names, cells]}, add_odd_cells))
    assert (layout.format, layout.sheet, layout.header_row) == ("xlsx", "Leads", 1)
    assert rows == [
        Row(
            2,
            ("Acme", "13055550100", "4.5", "2024-05-01", "TRUE", "00123", "2", "", "Bäcker Groß"),
        )
    ]


def test_a_merged_title_and_empty_lines_above_the_header(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "Customers of 2026"
    sheet.merge_cells("B2:E2")
    for column, name in enumerate(["Name", "Email", "Address", None], start=2):
        sheet.cell(4, column, name)
    sheet.merge_cells("B4:B5")
    sheet.merge_cells("C4:C5")
    sheet.merge_cells("D4:E4")
    sheet["D5"], sheet["E5"] = "Street", "City"
    sheet["B7"], sheet["C7"], sheet["E7"] = "Acme", "a@acme.test", "Bonn"
    packed = io.BytesIO()
    book.save(packed)
    layout, rows = read(packed.getvalue())
    assert layout.columns == ("Column A", "Name", "Email", "Street", "City")
    assert rows == [Row(7, ("", "Acme", "a@acme.test", "", "Bonn"))]


def test_the_first_sheet_with_cells_is_read_and_another_may_be_chosen(
    read: Read, workbook: Make
) -> None:
    sheets = {
        "Cover": [],
        "Old": [["name"], ["Acme"]],
        "New": [["name", "city"], ["Best", "Bonn"]],
    }
    content = workbook(sheets)
    layout, rows = read(content)
    assert (layout.sheet, layout.sheets) == ("Old", ("Cover", "Old", "New"))
    assert rows == [Row(2, ("Acme",))]
    layout, rows = read(content, sheet="New")
    assert (layout.sheet, rows) == ("New", [Row(2, ("Best", "Bonn"))])
    assert refusal(read, content, sheet="Nowhere").param == "sheet"
    assert "no table in it" in refusal(read, content, sheet="Cover").message


def test_a_workbook_without_a_cell_is_told_so(read: Read, workbook: Make) -> None:
    assert refusal(read, workbook({"A": [], "B": []})).message == (
        "The workbook has no sheet with anything in it."
    )


def test_a_damaged_workbook_is_told_so(read: Read, workbook: Make) -> None:
    whole = workbook({"A": [["name"], ["Acme"]]})
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.namelist():
            is_sheet = part.startswith("xl/worksheets/")
            new.writestr(part, b"<worksheet><row" if is_sheet else old.read(part))
    assert refusal(read, packed.getvalue()).message.startswith("The workbook is damaged.")


def test_two_cells_far_apart_end_a_process_of_their_own_only(
    read: Read, workbook: Make, tmp_path: Path
) -> None:
    far = workbook({"A": [["name"]]}, lambda book: book.worksheets()[0].write(1048575, 16383, "x"))
    assert refusal(read, far).message == TOO_BIG
    assert [path.name for path in tmp_path.glob("upload*")] == ["upload"]


def bomb(megabytes: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * megabytes * 1024 * 1024)
    return packed.getvalue()


def test_a_bomb_is_told_by_its_sizes_before_anything_is_unpacked(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_run", lambda arguments: pytest.fail("it was opened"))
    assert refusal(read, bomb(30)).message == TOO_BIG


def test_a_bomb_that_lies_about_its_sizes_meets_the_limits_of_its_process(
    keep: Keep, tmp_path: Path, workbook: Make
) -> None:
    """One text of 32 KB in each of 60,000 cells: a small file with a huge table in it."""
    rows = [["x" * 32_000]] * 60_000
    path = keep(workbook({"A": rows}))
    check_unpacked_size(path)
    with pytest.raises(InvalidInput) as refused:
        extract_sheet(path, tmp_path / "sheet")
    assert refused.value.message == TOO_BIG


def test_many_parts_are_refused(keep: Keep) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}", "")
    with pytest.raises(InvalidInput, match="too big"):
        check_unpacked_size(keep(packed.getvalue()))


def test_what_takes_too_long_is_given_up(
    keep: Keep, workbook: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "SECONDS", 0.001)
    with pytest.raises(InvalidInput) as refused:
        extract_sheet(keep(workbook({"A": [["name"]]})), tmp_path / "sheet")
    assert refused.value.message == TOO_BIG


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (OSError(errno.EFBIG, "File too large"), "too_big"),
        (OSError(errno.EIO, "Input/output error"), "damaged"),
        (MemoryError(), "too_big"),
        (ValueError("nonsense"), "damaged"),
    ],
)
def test_what_stops_the_process_is_told_by_its_cause(
    fault: Exception,
    error: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*arguments: Path) -> None:
        raise fault

    monkeypatch.setattr(extracting, "set_limits", lambda: None)
    monkeypatch.setattr("os.umask", lambda mask: 0)
    monkeypatch.setattr(extracting, "extract", fail)
    extracting.main(["workbook", "target"])
    assert json.loads(capsys.readouterr().out) == {"error": error}
    assert error in workbooks.ERRORS


def test_what_is_extracted_is_its_owners_alone_and_goes_with_the_file(
    keep: Keep, workbook: Make, tmp_path: Path
) -> None:
    table = Table(keep(workbook({"A": [["name"], ["Acme"]], "B": [["name"], ["Best"]]})))
    first = detect_layout(table, is_field_name=is_field_name)
    detect_layout(table, is_field_name=is_field_name, sheet="B")
    assert table.path_of(first).stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.glob("upload.*.sheet"))) == 2
    table.remove_other_sheets(first)
    assert list(tmp_path.glob("upload.*.sheet")) == [table.path_of(first)]
    table.remove()
    assert list(tmp_path.glob("upload*")) == []
