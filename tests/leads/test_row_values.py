"""Rows of somebody's own list, read into values of a lead."""

from typing import Any

import pytest

from leads.row_values import UnusableRow, name_in_address, row_values


def reason_of(row: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(UnusableRow) as refused:
        row_values(row)
    return refused.value.field, refused.value.reason


def test_a_full_row_is_read_field_by_field() -> None:
    assert row_values(
        {
            "email": " John.Smith@Bücher.example.com ",
            "first_name": "John",
            "business_name": "  Smith \n & Sons ",
            "website": "smith.example.com/shop#top",
            "phones": "+1 305-555-0101, (305) 555-0102; +1 305-555-0101",
            "country": "us",
            "description": "One\nTwo ",
            "tags": "vip, new ,, vip",
        }
    ) == {
        "email": "john.smith@xn--bcher-kva.example.com",
        "first_name": "John",
        "business_name": "Smith & Sons",
        "website": "https://smith.example.com/shop",
        "phones": ["+13055550101", "+13055550102"],
        "country": "US",
        "description": "One\nTwo",
        "tags": ["vip", "new"],
    }


def test_what_is_empty_or_null_is_left_out() -> None:
    assert row_values({"email": "a@example.com", "city": " ", "website": None}) == {
        "email": "a@example.com"
    }


def test_what_no_field_is_called_is_not_read() -> None:
    assert row_values({"email": "a@example.com", "workspace": "5", "identity": "x"}) == {
        "email": "a@example.com"
    }


def test_a_number_without_its_country_stays_as_it_is_written() -> None:
    assert row_values({"phones": "(555) 123-4567"}) == {"phones": ["(555) 123-4567"]}
    assert row_values({"phones": "0049 30 901820 / +49 30 901821"}) == {
        "phones": ["+4930901820", "+4930901821"]
    }


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"email": "nobody"}, "email", "is not an e-mail address: "),
        ({"email": "a@b"}, "email", "is not an e-mail address: "),
        ({"email": "a@localhost"}, "email", "is not an e-mail address: "),
        ({"email": "a@example.com, b@example.com"}, "email", "is not an e-mail address: "),
        ({"email": "a" * 400 + "@example.com"}, "email", "is not an e-mail address: "),
        ({"email": "a\x00@example.com"}, "email", "holds a character that no text can hold."),
        ({"city": "\ud800"}, "city", "holds a character that no text can hold."),
        ({"email": 5}, "email", "must be text."),
        ({"phones": ["+1"]}, "phones", "must be text."),
        ({"business_name": "x" * 301}, "business_name", "may have at most 300 characters."),
        ({"description": "x" * 1001}, "description", "may have at most 1000 characters."),
        ({"description": "x" * 20_001}, "description", "may have at most 20000 characters."),
        ({"website": "javascript:alert(1)"}, "website", "is not the address of a website: "),
        ({"website": "none"}, "website", "is not the address of a website: none"),
        ({"website": "ftp://example.com"}, "website", "is not the address of a website: "),
        ({"website": f"https://example.com/{'x' * 2048}"}, "website", "is not the address of"),
        ({"phones": "call us"}, "phones", "holds something that is no number: call us"),
        ({"phones": "1" * 21}, "phones", "holds something that is no number: 111"),
        ({"phones": ",".join(f"5550{n}" for n in range(21))}, "phones", "may be at most 20"),
        ({"country": "USA"}, "country", "must be a code of two letters, like US."),
        ({"tags": ",".join(map(str, range(51)))}, "tags", "may be at most 50"),
    ],
)
def test_what_a_lead_cannot_hold_is_refused_with_the_reason(
    row: dict[str, Any], field: str, reason: str
) -> None:
    found = reason_of(row)
    assert found[0] == field
    assert found[1].startswith(reason)


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("john.smith@example.com", ("John", "Smith")),
        ("john.smith+news@example.com", ("John", "Smith")),
        ("mary-jane.o'neil@example.com", ("Mary-Jane", "O'Neil")),
        ("jörg.müller@example.com", ("Jörg", "Müller")),
        ("john.smith@johnsmith.com", ("John", "Smith")),
        ("john@example.com", ("", "")),
        ("j.smith@example.com", ("", "")),
        ("john.s@example.com", ("", "")),
        ("j.s@example.com", ("", "")),
        ("john.smith.3@example.com", ("", "")),
        ("john.smith3@example.com", ("", "")),
        ("john_smith@example.com", ("", "")),
        ("sales.team@example.com", ("", "")),
        ("info.miami@example.com", ("", "")),
        ("front.desk@example.com", ("", "")),
        ("miami.office@example.com", ("", "")),
        ("dr.smith@example.com", ("", "")),
        ("acme.paris@acme.com", ("", "")),
        ("acme.paris@mail.acme.co.uk", ("", "")),
        (".smith@example.com", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_name_is_read_only_out_of_an_address_that_really_has_one(
    email: str, names: tuple[str, str]
) -> None:
    assert name_in_address(email) == names
