"""A row of a file as values of a lead: what spreadsheets did to it, what is left out, and why."""

from decimal import Decimal
from typing import Any

import pytest

from leads.countries import choices, country_code
from leads.import_values import Draft, Problem, read_draft
from leads.tables.reading import Row


def draft_of(list_country: str = "", /, **cells: str) -> Draft:
    """Return the draft of a row with a column for each field; `email_2` is another e-mail."""
    mapping = {n: name.partition("_2")[0] for n, name in enumerate(cells)}
    return read_draft(Row(7, tuple(cells.values())), mapping, country=list_country)


def values(**cells: str) -> dict[str, Any]:
    draft = draft_of(**cells)
    assert (draft.problems, draft.refused) == ([], "")
    return draft.values


def problem(**cells: str) -> Problem:
    (found,) = draft_of(**cells).problems
    return found


def test_a_full_row() -> None:
    assert values(
        business_name="  Bright  Smiles ",
        email="Info@Bright.example.com",
        phones="(305) 555-0100",
        website="bright.example.com",
        country="USA",
        rating="4,5",
        reviews_count="1,234",
        latitude="25.7617",
        longitude="-80,1918",
        opening_hours="Monday: 9:00-17:00; Tuesday: closed",
        facebook="facebook.com/bright",
        instagram="@bright.smiles",
        tags="vip, new",
    ) == {
        "business_name": "Bright Smiles",
        "email": "info@bright.example.com",
        "emails": ["info@bright.example.com"],
        "phones": ["+13055550100"],
        "website": "https://bright.example.com/",
        "country": "US",
        "rating": Decimal("4.5"),
        "reviews_count": 1234,
        "latitude": 25.7617,
        "longitude": -80.1918,
        "opening_hours": {"Monday": "9:00-17:00", "Tuesday": "closed"},
        "social_links": {
            "facebook": "https://www.facebook.com/bright",
            "instagram": "https://www.instagram.com/bright.smiles",
        },
        "tags": ["vip", "new"],
    }


@pytest.mark.parametrize(
    ("cell", "emails"),
    [
        ("a@acme.test; b@acme.test", ["a@acme.test", "b@acme.test"]),
        ("a@acme.test ::: b@acme.test", ["a@acme.test", "b@acme.test"]),
        ("Acme <a@acme.test>, Best <b@best.test>", ["a@acme.test", "b@best.test"]),
        ("mailto:a@acme.test", ["a@acme.test"]),
        ("n/a a@acme.test", ["a@acme.test"]),
    ],
)
def test_a_cell_may_hold_several_addresses(cell: str, emails: list[str]) -> None:
    assert values(email=cell)["emails"] == emails
    assert values(email=cell)["email"] == emails[0]


def test_several_columns_may_hold_one_field() -> None:
    found = values(
        email="a@acme.test", email_2="b@acme.test, a@acme.test", tags="vip", tags_2="vip,new"
    )
    assert found["emails"] == ["a@acme.test", "b@acme.test"]
    assert found["tags"] == ["vip", "new"]


def test_what_a_spreadsheet_did_is_undone() -> None:
    assert values(email="a@acme.test", business_name="'=HYPERLINK(1)")["business_name"] == (
        "=HYPERLINK(1)"
    )
    assert values(email="a@acme.test", business_name="'s Lands Beste")["business_name"] == (
        "'s Lands Beste"
    )
    assert values(email="a@acme.test", business_name="Joe's '=Bar'")["business_name"] == (
        "Joe's '=Bar'"
    )
    assert values(phones="'+49 30 901820")["phones"] == ["+4930901820"]
    assert values(phones="4930901820")["phones"] == ["+4930901820"]
    for nothing in ("#N/A", "#REF!", "NULL", "n/a", "-", "  "):
        assert values(email="a@acme.test", city=nothing) == {
            "email": "a@acme.test",
            "emails": ["a@acme.test"],
        }


def test_numbers_are_of_the_country_of_their_row_or_else_of_the_list() -> None:
    assert draft_of("DE", phones="030 901820").values["phones"] == ["+4930901820"]
    in_row = draft_of("DE", phones="(305) 555-0100", country="United States")
    assert in_row.values["phones"] == ["+13055550100"]
    assert draft_of("", phones="030 901820").values["phones"] == ["030 901820"]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Ada King Lovelace", "Ada King", "Lovelace"),
        ("Lovelace, Ada", "Ada", "Lovelace"),
        ("Ada", "Ada", None),
    ],
)
def test_a_full_name_is_taken_apart(name: str, first: str, last: str | None) -> None:
    found = values(email="a@acme.test", full_name=name)
    assert (found["first_name"], found.get("last_name")) == (first, last)
    assert "full_name" not in found


def test_a_full_name_does_not_replace_its_parts() -> None:
    found = values(email="a@acme.test", first_name="Grace", full_name="Ada Lovelace")
    assert (found["first_name"], found["last_name"]) == ("Grace", "Lovelace")


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("phones", "1,3E+10", "was shortened by a spreadsheet program"),
        ("phones", "call us", "holds something that is no number"),
        ("website", "none yet", "is not the address of a website"),
        ("country", "Atlantis", "is no country that we know"),
        ("rating", "11", "must be a number from 0 to 5."),
        ("latitude", "north", "must be a number from -90 to 90."),
        ("reviews_count", "many", "must be a whole number."),
        ("google_maps_url", "javascript:alert(1)", "must begin with https://"),
        ("facebook", "https://acme.test/", "is no profile on Facebook."),
        ("opening_hours", "always", "must look like “Monday: 9:00-17:00; Tuesday: closed”."),
        ("business_name", "x" * 301, "may have at most 300 characters."),
        ("place_id", "two words", "may have at most 300 characters and no blanks."),
    ],
)
def test_a_cell_no_lead_can_hold_is_left_out_and_the_row_stays(
    field: str, cell: str, reason: str
) -> None:
    draft = draft_of(email="a@acme.test", **{field: cell})
    assert draft.values == {"email": "a@acme.test", "emails": ["a@acme.test"]}
    assert draft.refused == ""
    (found,) = draft.problems
    assert (found.field, found.value) == (field, cell[:60])
    assert found.reason.startswith(reason)


def test_a_row_that_nothing_tells_from_others_is_refused() -> None:
    assert draft_of(business_name="Acme", city="Bonn").refused == (
        "The row has no e-mail, website or phone by which the lead could be known again."
    )
    assert draft_of(business_name="Acme", email="nobody").refused != ""
    assert problem(business_name="Acme", email="nobody").field == "email"
    assert draft_of(business_name="Acme", website="facebook.com/acme").refused != ""
    assert draft_of(business_name="Acme", place_id="ChIJN1t_tDeuEmsR").refused == ""


def test_a_row_the_file_itself_broke_is_refused_with_its_reason() -> None:
    row = Row(9, ("", ""), "A quotation mark is opened and not closed.")
    draft = read_draft(row, {0: "email"})
    assert (draft.refused, draft.values) == ("A quotation mark is opened and not closed.", {})


def test_hostile_cells_are_only_text() -> None:
    found = values(
        email="a@acme.test",
        business_name="<script>alert(1)</script>\x00",
        city="=cmd|' /C calc'!A0",
    )
    assert found["business_name"] == "<script>alert(1)</script>"
    assert found["city"] == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"),
        ("usa", "US"),
        ("U.S.A.", "US"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("España", "ES"),
        ("UK", "GB"),
        ("日本", "JP"),
        ("Łotwa", "LV"),
        ("xx", None),
        ("", None),
    ],
)
def test_countries_as_people_write_them(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_countries_to_choose_from_are_by_name() -> None:
    offered = choices()
    assert len(offered) > 200
    assert [name for _, name in offered] == sorted(name for _, name in offered)
    assert all(country_code(code) == code for code, _ in offered)
