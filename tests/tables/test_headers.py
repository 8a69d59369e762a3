"""Where the names of the columns stand, and what columns without a name are called."""

import pytest

from leads.tables.headers import column_names, find_header, letters
from leads.tables.records import Record
from tests.tables.conftest import is_field_name


def header_of(*rows: list[str]) -> int:
    records = [Record(number, cells) for number, cells in enumerate(rows, start=1)]
    return find_header(records, is_field_name=is_field_name)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["Name", "Email"], ["Acme", "a@acme.test"]], 1),
        ([["Our customers", ""], ["", ""], ["Name", "Email"], ["Acme", "a@acme.test"]], 3),
        ([["Export of 1 May", "", ""], ["Name", "City", "Phone"], ["Acme", "Bonn", "1"]], 2),
        ([["Who", "", "Where", ""], ["Name", "Email", "Street", "City"]], 2),
        ([["Alpha", "Beta"], ["Acme", "a@acme.test"]], 1),
        ([["Acme", "a@acme.test"], ["Best", "b@best.test"]], 0),
        ([["Acme", "+1 305 555 0100"], ["Best", "+1 305 555 0101"]], 0),
        ([["https://acme.test/"], ["https://best.test/"]], 0),
        ([["email"], ["a@acme.test"]], 1),
        ([["a@acme.test"]], 0),
        ([["Acme", "Acme"], ["Best", "Best"]], 0),
        ([["", ""], ["", ""]], 0),
        ([], 0),
    ],
)
def test_the_header_is_found_below_titles_and_missed_where_there_is_none(
    rows: list[list[str]], header: int
) -> None:
    assert header_of(*rows) == header


def test_names_of_fields_far_down_are_taken_for_rows() -> None:
    rows = [["Acme", "a@acme.test"]] * 40 + [["Name", "Email"]]
    assert header_of(*rows) == 0


def test_no_two_columns_have_one_name_and_none_is_without() -> None:
    header = ["Name", "", " E-mail ", "E-mail", "NAME", "two\nlines"]
    assert column_names(header, [], width=7) == (
        "Name",
        "Column B",
        "E-mail",
        "E-mail (2)",
        "NAME (2)",
        "two lines",
        "Column G",
    )


def test_a_cell_merged_from_above_gives_its_name() -> None:
    above = ["Name", "E-mail", "Address", "", ""]
    assert column_names(["", "", "Street", "City", ""], above, width=5) == (
        "Name",
        "E-mail",
        "Street",
        "City",
        "Column E",
    )


def test_long_names_are_cut() -> None:
    assert column_names(["x" * 5_000], [], width=1) == ("x" * 80,)


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    assert [letters(column) for column in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
