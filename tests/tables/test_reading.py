"""A table in a text file: its layout, and its rows as wide as the table."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from freshleads.lib.errors import InvalidInput
from leads.tables import reading
from leads.tables.reading import (
    Layout,
    Row,
    Table,
    choose_layout,
    count_rows,
    detect_layout,
    read_rows,
)
from tests.tables.conftest import Read, is_field_name

Keep = Callable[[str | bytes], Path]


def refusal(read: Read, content: str | bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        read(content)
    return refused.value.message


def test_a_plain_list(read: Read) -> None:
    layout, rows = read("name,email\nAcme,a@acme.test\n\nBest,b@best.test\n")
    assert layout == Layout("csv", "utf-8-sig", ",", 1, ("name", "email"))
    assert rows == [Row(2, ("Acme", "a@acme.test")), Row(4, ("Best", "b@best.test"))]


def test_an_excel_list_of_western_europe(read: Read) -> None:
    layout, rows = read("Firma;Stadt\r\nBäckerei Groß;Köln\r\n".encode("cp1252"))
    assert (layout.encoding, layout.delimiter) == ("cp1252", ";")
    assert rows == [Row(2, ("Bäckerei Groß", "Köln"))]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_in_any_unicode(read: Read, encoding: str) -> None:
    _, rows = read("name\tcity\nZoë\tKöln\n".encode(encoding))
    assert rows == [Row(2, ("Zoë", "Köln"))]


def test_short_rows_are_filled_up_and_empty_cells_beyond_do_no_harm(read: Read) -> None:
    _, rows = read("name,email,city\nAcme\nBest,b@best.test,Bonn,,,\n")
    assert rows == [Row(2, ("Acme", "", "")), Row(3, ("Best", "b@best.test", "Bonn"))]


def test_a_row_with_a_cell_too_many_is_refused_for_its_cells_stand_wrong(read: Read) -> None:
    rows = "".join(f"B{n},b{n}@best.test,Bonn\n" for n in range(20))
    _, found = read(f"name,email,city\nAcme, Inc.,a@acme.test,Miami\n{rows}")
    assert found[0].problem == (
        "The row has 4 cells and the table 3 columns. A value with a comma or semicolon in it "
        "needs quotation marks around it."
    )
    assert [row.problem for row in found[1:]] == [""] * 20


def test_columns_that_only_the_rows_have_get_a_name(read: Read) -> None:
    layout, rows = read("name,email\nAcme,a@acme.test,call first\nBest,b@best.test,new\n")
    assert layout.columns == ("name", "email", "Column C")
    assert rows[0].cells == ("Acme", "a@acme.test", "call first")


def test_a_list_without_a_header(read: Read) -> None:
    layout, rows = read("Acme,a@acme.test\nBest,b@best.test\n")
    assert (layout.header_row, layout.columns) == (0, ("Column A", "Column B"))
    assert [row.number for row in rows] == [1, 2]


def test_a_list_of_nothing_but_addresses(read: Read) -> None:
    layout, rows = read("a@acme.test\nb@best.test\n")
    assert (layout.header_row, [row.cells for row in rows]) == (
        0,
        [("a@acme.test",), ("b@best.test",)],
    )


def test_two_columns_of_one_name_are_told_apart(read: Read) -> None:
    layout, _ = read("Email,Name,Email\na@acme.test,Acme,b@acme.test\n")
    assert layout.columns == ("Email", "Name", "Email (2)")


def test_a_person_may_read_it_in_another_way(keep: Keep) -> None:
    table = Table(keep("name;city\nMüller;Köln\n".encode("mac_roman")))
    layout = detect_layout(table, is_field_name=is_field_name)
    chosen = choose_layout(table, layout, encoding="mac_roman", delimiter=";", header_row=0)
    assert [row.cells for row in read_rows(table, chosen)] == [("name", "city"), ("Müller", "Köln")]


@pytest.mark.parametrize(
    ("choice", "param"),
    [
        ({"encoding": "base64"}, "encoding"),
        ({"delimiter": "x"}, "delimiter"),
        ({"header_row": -1}, "header_row"),
        ({"header_row": 40}, "header_row"),
        ({"header_row": 1_000_000}, "header_row"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_where_it_was_made(
    keep: Keep, choice: dict[str, object], param: str
) -> None:
    table = Table(keep("name,city\nAcme,Bonn\n"))
    layout = detect_layout(table, is_field_name=is_field_name)
    right: dict[str, object] = {"encoding": "utf-8-sig", "delimiter": ",", "header_row": 1}
    with pytest.raises(InvalidInput) as refused:
        choose_layout(table, layout, **(right | choice))  # type: ignore[arg-type]
    assert refused.value.param == param


def test_more_columns_than_anybody_needs_are_refused(read: Read) -> None:
    names = ",".join(f"name {number}" for number in range(201))
    assert refusal(read, f"{names}\n{names}\n") == (
        "The table has more than 200 columns. Delete those you do not need."
    )
    layout, _ = read(",".join(f"name {number}" for number in range(200)) + "\n1,2\n")
    assert len(layout.columns) == 200


def test_rows_are_counted_within_bounds(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(keep("name,city\n" + "Acme,Bonn\n\n" * 5))
    layout = detect_layout(table, is_field_name=is_field_name)
    assert count_rows(table, layout) == 5
    monkeypatch.setattr(reading, "MAX_ROWS", 4)
    with pytest.raises(InvalidInput, match="more than 4 rows"):
        count_rows(table, layout)
    with pytest.raises(InvalidInput, match="no row below"):
        count_rows(table, replace(layout, header_row=100))


def test_a_million_rows_stream_through_little_memory(keep: Keep) -> None:
    table = Table(keep("name,email\n" + "Acme,a@acme.test\n" * 1_000_000))
    layout = detect_layout(table, is_field_name=is_field_name)
    assert count_rows(table, layout) == 1_000_000


def test_a_layout_survives_json() -> None:
    layout = Layout("xlsx", "utf-8-sig", ",", 3, ("a", "b"), sheet="S", sheets=("S", "T"))
    assert Layout.from_dict(layout.to_dict()) == layout
