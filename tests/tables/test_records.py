"""Records of delimited text: delimiters, quotes, lines that are broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from leads.tables.records import MAX_CELL, Record, detect_delimiter, read_records

Keep = Callable[[str | bytes], Path]


def records(path: Path, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[Record]:
    return list(read_records(path, encoding=encoding, delimiter=delimiter))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name,city\nAcme,Miami\n", ","),
        ("name;rating\nAcme;4,5\nBest;3,9\n", ";"),
        ("name\tcity\nAcme, Inc.\tMiami\n", "\t"),
        ("name|city\nAcme|Miami\n", "|"),
        ('name;address;city\nAcme;"1, Main St; rear";Miami\nBest;"2, Oak St";Bonn\n', ";"),
        ("name,address\nAcme,1; rear; left\nBest,2\n", ","),
        ("sep=|\nname|a,b,c|d\n", "|"),
        ("info@acme.test\npost@best.test\n", ","),
    ],
)
def test_what_divides_most_evenly_divides_the_cells(keep: Keep, text: str, delimiter: str) -> None:
    assert detect_delimiter(keep(text), encoding="utf-8-sig") == delimiter


def test_quotes_keep_commas_lines_and_quotes(keep: Keep) -> None:
    text = 'name,note\r\n"Acme, Inc.","two\r\nlines and ""quotes"""\r\nBest, "spaced, out"\r\n'
    assert records(keep(text)) == [
        Record(1, ["name", "note"]),
        Record(2, ["Acme, Inc.", 'two\r\nlines and "quotes"']),
        Record(3, ["Best", "spaced, out"]),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(keep: Keep, newline: str) -> None:
    assert [record.cells for record in records(keep(f"a,b{newline}c,d{newline}"))] == [
        ["a", "b"],
        ["c", "d"],
    ]


def test_blank_lines_count_as_rows_as_a_spreadsheet_counts_them(keep: Keep) -> None:
    found = records(keep("name\n\n , \nAcme\n"))
    assert [(record.number, record.is_blank) for record in found] == [
        (1, False),
        (2, True),
        (3, True),
        (4, False),
    ]


def test_a_line_that_states_the_delimiter_is_no_row(keep: Keep) -> None:
    assert records(keep("sep=;\r\nname;city\r\nAcme;Miami\r\n"), ";")[0] == Record(
        1, ["name", "city"]
    )


def test_zeros_vanish(keep: Keep) -> None:
    assert records(keep(b"na\x00me,city\nAc\x00\x00me,Miami\n"))[1].cells == ["Acme", "Miami"]


def test_a_lost_quotation_mark_is_told_with_the_lines_it_swallows(keep: Keep) -> None:
    rows = "".join(f"Business {number},info@business-{number}.test\n" for number in range(10_000))
    found = records(keep(f'name,email\n"Acme,a@acme.test\n{rows}'))
    broken = [record for record in found if record.problem]
    assert broken[0].number == 2
    assert broken[0].problem.startswith("A quotation mark is opened and not closed: lines 2 to ")
    assert found[-1].cells == ["Business 9999", "info@business-9999.test"]


def test_a_lost_quotation_mark_near_the_end_is_told_too(keep: Keep) -> None:
    rows = "".join(f"Business {number},info@business-{number}.test\n" for number in range(500))
    found = records(keep(f'name,email\nAcme,a@acme.test\n"Best,b@best.test\n{rows}'))
    assert [record.number for record in found] == [1, 2, 3]
    assert found[2].problem.endswith("lines 3 to 503 of the file cannot be read.")


def test_cells_and_records_are_bounded(keep: Keep) -> None:
    (record,) = records(keep("x" * 50_000 + "," * 5_000 + "\n"))
    assert len(record.cells) == 400
    assert len(record.cells[0]) == MAX_CELL
    assert not record.problem


def test_what_the_encoding_cannot_say_is_marked_not_raised(keep: Keep) -> None:
    assert records(keep(b"M\xfcller\n"), encoding="utf-8-sig")[0].cells == ["M\ufffdller"]
    assert records(keep("Zo\u00eb,K\u00f6ln\n".encode("utf-16")), encoding="utf-16")[0].cells == [
        "Zo\u00eb",
        "K\u00f6ln",
    ]
