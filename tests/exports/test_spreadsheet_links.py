"""Workbooks: which cells are links, and the same file by either writer."""

from typing import Any

import pytest
from openpyxl import load_workbook

from exports import spreadsheets
from exports.columns import LEAD_COLUMNS, Kind
from exports.excelcells import link_target
from exports.spreadsheets import write_xlsx
from tests.exports.rows import HOSTILE, LEAD

pytestmark = pytest.mark.usefixtures("rust_writes_every_known_total")


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
