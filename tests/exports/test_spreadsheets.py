"""Workbooks by both writers: what a person opens in Excel, and what hostile text must not do."""

import warnings
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from exports import spreadsheets
from exports.columns import LEAD_COLUMNS, Column, Kind, choose_columns
from exports.excelcells import sheet_names
from exports.spreadsheets import write_xlsx
from tests.exports.rows import HOSTILE, LEAD

pytestmark = pytest.mark.usefixtures("rust_writes_every_known_total")


@pytest.fixture(params=["rust", "xlsxwriter"])
def write(request, tmp_path):
    """Write with one writer, whatever the number of rows; returns the opened workbook."""

    def write_with(rows, **options):
        rows = list(rows)
        path = tmp_path / "leads.xlsx"
        options = {"columns": LEAD_COLUMNS, "info": {}, "sheet": "Leads"} | options
        total = options.pop("total", len(rows))
        options["total"] = total if request.param == "rust" else None
        assert write_xlsx(path, iter(rows), **options) == len(rows)
        assert [file.name for file in tmp_path.iterdir()] == ["leads.xlsx"]
        return load_workbook(path)

    return write_with


def column_of(sheet, header):
    for cells in sheet.iter_cols():
        if cells[0].value == header:
            return list(cells[1:])
    raise AssertionError(f"no column {header}")


def test_values_come_back_exactly_and_missing_ones_are_empty(write):
    sheet = write([LEAD, {}])["Leads"]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [column.header for column in LEAD_COLUMNS]
    stored = datetime(2026, 2, 28, 23, 2, 3, tzinfo=UTC).replace(tzinfo=None)
    expected = LEAD | {"rating": 4.6, "created_at": stored}
    assert [cell.value for cell in sheet[2]] == [expected.get(c.key) for c in LEAD_COLUMNS]
    assert {cell.value for cell in sheet[3]} == {None}


def test_numbers_and_times_are_typed_even_below_an_empty_first_row(write):
    sheet = write([{}, LEAD])["Leads"]
    types = {header: column_of(sheet, header)[1].data_type for header in ("Rating", "Reviews")}
    assert types == {"Rating": "n", "Reviews": "n"}
    assert column_of(sheet, "Created at (UTC)")[1].is_date


def test_number_formats_keep_digits_that_are_no_numbers(write):
    sheet = write([LEAD])["Leads"]
    formats = {
        "Phone": "@",
        "Postal code": "@",
        "Google place ID": "@",
        "Rating": "0.0",
        "Reviews": "#,##0",
        "Latitude": "0.000000",
        "Created at (UTC)": "yyyy-mm-dd hh:mm:ss",
    }
    assert {name: column_of(sheet, name)[0].number_format for name in formats} == formats
    assert column_of(sheet, "Postal code")[0].value == "01069"
    assert column_of(sheet, "Postal code")[0].data_type == "s"


def test_the_sheet_is_ready_to_work_with(write, tmp_path):
    sheet = write([LEAD, LEAD])["Leads"]
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:AM3"
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [33, 19, 41, 19]
    xml = ZipFile(tmp_path / "leads.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert 'numberStoredAsText="1"' in xml


def test_text_cells_stay_text_when_somebody_edits_them(write):
    sheet = write([LEAD])["Leads"]
    assert sheet["A2"].quotePrefix
    assert not column_of(sheet, "Rating")[0].quotePrefix


@pytest.mark.parametrize("column", LEAD_COLUMNS, ids=lambda column: column.key)
def test_hostile_text_survives_as_text_in_every_column(write, column):
    sheet = write([{column.key: text} for text in HOSTILE])["Leads"]
    cells = column_of(sheet, column.header)
    assert [cell.value for cell in cells] == HOSTILE
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)


def test_no_formula_is_in_the_file(write, tmp_path):
    write([dict.fromkeys((c.key for c in LEAD_COLUMNS), text) for text in HOSTILE])
    with ZipFile(tmp_path / "leads.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_characters_no_reader_agrees_on_are_replaced(write):
    sheet = write([{"business_name": "a\0b\x0bc\ud800d\uffffe\x85f\r\ng"}])["Leads"]
    assert sheet["A2"].value == "ab\ufffdc\ufffdd\ufffde\ufffdf\ng"


def test_text_that_looks_like_an_escape_is_escaped_as_excel_wants_it(write):
    # Excel shows _x0041_; openpyxl hands out what stands in the file.
    assert write([{"business_name": "_x0041_"}])["Leads"]["A2"].value == "_x005F_x0041_"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("x" * 40_000, "x" * 32_766 + "…"),
        ("😀" * 20_000, "😀" * 16_383 + "…"),
        ("a" + "😀" * 20_000, "a" + "😀" * 16_382 + "…"),
    ],
)
def test_a_cell_is_cut_at_excels_limit_with_a_visible_ellipsis(write, text, cell):
    assert write([{"business_name": text}])["Leads"]["A2"].value == cell


def test_no_cell_has_more_lines_than_excel_allows(write):
    value = write([{"business_name": "x\n" * 300}])["Leads"]["A2"].value
    assert value.count("\n") == 253
    assert value == "x\n" * 253 + "x " * 47


@pytest.mark.parametrize(
    ("value", "cell"),
    [(float("nan"), None), (float("inf"), None), (Decimal("-inf"), None), (10**16, str(10**16))],
)
def test_a_number_excel_cannot_hold_is_empty_or_text(write, value, cell):
    sheet = write([{"business_name": "x", "reviews_count": value}])["Leads"]
    assert column_of(sheet, "Reviews")[0].value == cell


def test_a_time_before_excels_calendar_is_text(write):
    sheet = write([{"created_at": datetime(1850, 1, 1, tzinfo=UTC)}])["Leads"]
    assert column_of(sheet, "Created at (UTC)")[0].value == "1850-01-01 00:00:00+00:00"


def test_full_sheets_roll_over_to_the_next(write, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    book = write({"business_name": f"B{number}"} for number in range(7))
    assert book.sheetnames == ["Leads", "Leads (2)", "Leads (3)", "Info"]
    names = [[cell.value for cell in book[name]["A"]] for name in book.sheetnames[:3]]
    assert names == [
        ["Business name", "B0", "B1", "B2"],
        ["Business name", "B3", "B4", "B5"],
        ["Business name", "B6"],
    ]
    assert [book[name].freeze_panes for name in book.sheetnames[:3]] == ["B2"] * 3


def test_an_exactly_full_sheet_opens_no_second_one(write, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    assert write([LEAD] * 3).sheetnames == ["Leads", "Info"]


def test_the_info_sheet_tells_what_was_asked_and_the_true_count(write):
    book = write([LEAD] * 2, info={"Search": "=dentists", "Made at": "2026-03-01"}, total=9_999)
    assert [[cell.value for cell in row] for row in book["Info"].iter_rows()] == [
        ["About", "Value"],
        ["Search", "=dentists"],
        ["Made at", "2026-03-01"],
        ["Leads in this file", "2"],
    ]
    assert book["Info"]["B2"].data_type == "s"


def test_without_leads_there_is_still_a_sheet_with_headers(write):
    book = write([], total=10)
    assert [cell.value for cell in book["Leads"][1]] == [c.header for c in LEAD_COLUMNS]
    assert book["Info"]["B2"].value == "0"


def test_only_the_chosen_columns_are_written(write):
    book = write([LEAD], columns=choose_columns(["rating", "business_name"]))
    assert [[c.value for c in row] for row in book["Leads"].iter_rows()] == [
        ["Rating", "Business name"],
        [4.6, "Bright Smiles Dental"],
    ]


def test_a_sheet_of_numbers_alone_can_be_written(write):
    book = write([LEAD], columns=[Column("reviews_count", "Reviews", Kind.INTEGER)])
    assert book["Leads"]["A2"].value == 1234


def test_a_failing_source_leaves_no_file_and_spares_the_one_before(tmp_path):
    path = tmp_path / "leads.xlsx"
    path.write_bytes(b"the export before")

    def leads():
        yield LEAD
        raise ConnectionError("the database went away")

    for total in (None, 100):
        with pytest.raises(ConnectionError, match="went away"):
            write_xlsx(path, leads(), columns=LEAD_COLUMNS, info={}, total=total)
    assert [file.name for file in tmp_path.iterdir()] == ["leads.xlsx"]
    assert path.read_bytes() == b"the export before"


def test_more_leads_than_the_announced_sheets_hold_are_refused_not_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    with pytest.raises(ValueError, match="More leads than announced"):
        write_xlsx(tmp_path / "x.xlsx", [LEAD] * 4, columns=LEAD_COLUMNS, info={}, total=2)
    assert list(tmp_path.iterdir()) == []


def test_rows_are_read_one_at_a_time_not_collected(tmp_path):
    alive = 0
    most = 0

    class Lead(dict):
        def __del__(self):
            nonlocal alive
            alive -= 1

    def leads():
        nonlocal alive, most
        for _ in range(500):
            alive += 1
            most = max(most, alive)
            yield Lead(LEAD)

    for total in (None, 500):
        write_xlsx(tmp_path / "x.xlsx", leads(), columns=LEAD_COLUMNS, info={}, total=total)
    assert most <= 4


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("Leads", ["Leads", "Leads (2)", "Leads (3)"]),
        ("[a]:b*c?d/e\\f", ["a b c d e f", "a b c d e f (2)", "a b c d e f (3)"]),
        ("'quoted'", ["quoted", "quoted (2)", "quoted (3)"]),
        ("", ["Leads", "Leads (2)", "Leads (3)"]),
        ("HISTORY", ["HISTORY leads", "HISTORY leads (2)", "HISTORY leads (3)"]),
        ("info", ["info leads", "info leads (2)", "info leads (3)"]),
        ("x" * 40, ["x" * 31, "x" * 27 + " (2)", "x" * 27 + " (3)"]),
        ("😀" * 20, ["😀" * 15, "😀" * 13 + " (2)", "😀" * 13 + " (3)"]),
        ("a\nb\tc", ["a b c", "a b c (2)", "a b c (3)"]),
    ],
)
def test_sheet_names_follow_excels_rules(wanted, names):
    assert list(islice(sheet_names(wanted), 3)) == names


@pytest.mark.parametrize("name", ["[x]", "History", "x" * 40, "'a'", "dentists: Miami/FL"])
def test_a_sheet_can_be_named_after_any_search(write, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = write([LEAD], sheet=name)
    assert book.sheetnames == [next(sheet_names(name)), "Info"]
