"""Workbooks by both writers: what a person opens in Excel, and what hostile text must not do."""

import warnings
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import islice
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from exports import spreadsheets
from exports.columns import LEAD_COLUMNS, Column, Kind, choose_columns
from exports.excelcells import link_target, sheet_names
from exports.spreadsheets import write_xlsx

LEAD = {
    "business_name": "Bright Smiles Dental",
    "category": "Dentist",
    "address": "12 Ocean Dr, Miami, FL 33139",
    "phone": "+13055550100",
    "website": "https://bright-smiles.test/",
    "email": "info@bright-smiles.test",
    "email_status": "valid",
    "facebook": "https://www.facebook.com/brightsmiles",
    "rating": Decimal("4.6"),
    "reviews_count": 1234,
    "opening_hours": "Monday: 9:00-17:00\nTuesday: closed",
    "latitude": 25.781234,
    "longitude": -80.130001,
    "google_maps_url": "https://maps.google.test/?cid=1",
    "place_id": "0123456789",
    "postal_code": "01069",
    "created_at": datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=2))),
    "id": "lead_8Zk",
}

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.test","click")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    " padded ",
    "{=SUM(A1)}",
    "<r><t>x</t></r>",
    "<r></broken></r>",
    "<r></r>",
    "</t></is></c>&amp;\"'",
    "😀 Zahnärzte 日本",
    "internal:Info!A1",
    "external:c:\\x.xlsx",
    "file:///etc/passwd",
    "ms-excel:ofe|u|http://evil.test/x",
    "javascript:alert(1)",
    "ftp://evil.test/",
    "\\\\evil.test\\share",
    "0123",
    "1E5",
    "TRUE",
    "#N/A",
    "line one\nline two",
]


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


@pytest.fixture(autouse=True)
def rust_writes_every_known_total(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LINKED_ROWS", 0)


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


class TestLinks:
    """Web and mail links, which XlsxWriter writes in the smaller files."""

    def test_web_and_mail_cells_are_links_that_show_their_target(self, tmp_path):
        write_xlsx(tmp_path / "x.xlsx", [LEAD], columns=LEAD_COLUMNS, info={}, total=None)
        row = load_workbook(tmp_path / "x.xlsx")["Leads"][2]
        links = {cell.value: cell.hyperlink.target for cell in row if cell.hyperlink}
        assert links == {
            "https://bright-smiles.test/": "https://bright-smiles.test/",
            "info@bright-smiles.test": "mailto:info@bright-smiles.test",
            "https://www.facebook.com/brightsmiles": "https://www.facebook.com/brightsmiles",
            "https://maps.google.test/?cid=1": "https://maps.google.test/?cid=1",
        }

    def test_the_small_file_is_linked_and_the_large_one_has_text(self, tmp_path, monkeypatch):
        monkeypatch.setattr(spreadsheets, "LINKED_ROWS", 2)
        linked = {}
        for total in (2, 3):
            path = tmp_path / f"{total}.xlsx"
            write_xlsx(path, [LEAD] * total, columns=LEAD_COLUMNS, info={}, total=total)
            linked[total] = load_workbook(path)["Leads"]["E2"].hyperlink is not None
        assert linked == {2: True, 3: False}

    def test_past_the_limit_of_a_sheet_links_are_plain_text(self, tmp_path, monkeypatch):
        monkeypatch.setattr(spreadsheets, "MAX_LINKS", 2)
        monkeypatch.setattr(spreadsheets, "MAX_ROWS", 4)
        rows = [{"website": f"http://a{number}.test/"} for number in range(6)]
        write_xlsx(tmp_path / "x.xlsx", rows, columns=LEAD_COLUMNS, info={}, total=None)
        book = load_workbook(tmp_path / "x.xlsx")
        cells = [cell for name in book.sheetnames[:2] for cell in book[name]["E"][1:]]
        assert [cell.value for cell in cells] == [row["website"] for row in rows]
        assert [bool(cell.hyperlink) for cell in cells] == [True, True, False, False, True, True]

    @pytest.mark.parametrize(
        ("text", "kind", "target"),
        [
            ("http://a.test/?q=1&b=%20#x", Kind.URL, "http://a.test/?q=1&b=%20#x"),
            ("HTTPS://A.test", Kind.URL, "HTTPS://A.test"),
            ("https://bücher.test/ü", Kind.URL, "https://bücher.test/ü"),
            ("http://a.test/" + "y" * 2_065, Kind.URL, "http://a.test/" + "y" * 2_065),
            ("http://a.test/" + "y" * 2_066, Kind.URL, None),
            ("http://a.test/" + "😀" * 1_040, Kind.URL, None),
            ("http://a.test/ b", Kind.URL, None),
            ('http://a.test/"onclick="', Kind.URL, None),
            ("http://a.test/\u202egpj.exe", Kind.URL, None),
            ("http://", Kind.URL, None),
            ("ftp://a.test/", Kind.URL, None),
            ("file:///etc/passwd", Kind.URL, None),
            ("javascript:alert(1)", Kind.URL, None),
            ("internal:Info!A1", Kind.URL, None),
            ("http://a.test/", Kind.TEXT, None),
            ("a.b+c@d.test", Kind.EMAIL, "mailto:a.b+c@d.test"),
            ("a@b.test?bcc=all@c.test", Kind.EMAIL, None),
            ("a@b.test, c@d.test", Kind.EMAIL, None),
            ("a@b.test", Kind.TEXT, None),
        ],
    )
    def test_only_plain_web_and_mail_addresses_are_links(self, text, kind, target):
        assert link_target(text, kind) == target


class TestWithoutTheRustWriter:
    """A platform without its wheel exports the same files, only slower."""

    def test_large_files_are_written_all_the_same(self, tmp_path, monkeypatch):
        monkeypatch.setattr(spreadsheets, "rust", None)
        path = tmp_path / "x.xlsx"
        assert write_xlsx(path, [LEAD] * 3, columns=LEAD_COLUMNS, info={}, total=3) == 3
        assert load_workbook(path)["Leads"].max_row == 4

    def test_both_writers_make_the_same_cells(self, tmp_path):
        rows: list[dict[str, Any]] = [
            LEAD,
            *({"business_name": text, "website": text} for text in HOSTILE),
        ]
        books = {}
        for total in (None, len(rows)):
            path = tmp_path / f"{total}.xlsx"
            write_xlsx(path, rows, columns=LEAD_COLUMNS, info={"a": "b"}, total=total)
            book = load_workbook(path)
            books[total] = [
                (name, cell.coordinate, cell.value, cell.number_format)
                for name in book.sheetnames
                for row in book[name].iter_rows()
                for cell in row
                if cell.value is not None
            ]
        assert books[None] == books[len(rows)]


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
