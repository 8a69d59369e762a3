"""Which columns the leads table shows: everybody's own choice, kept from page to page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import Workspace
from leads.models import Lead

AddLead = Callable[..., Lead]
TABLE = "/leads"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def heads(html: str) -> list[str]:
    """Return the heads of the table behind the names."""
    table = re.search(r'<table[^>]*id="leads-table".*?</table>', html, re.DOTALL)
    assert table
    cells = re.findall(r'<th scope="col".*?</th>', table[0], re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell).strip() for cell in cells][2:]


def labels(html: str) -> list[str]:
    """Return what the cells of the first row are called on a phone."""
    row = re.search(r"<tr data-lead.*?</tr>", html, re.DOTALL)
    assert row
    return re.findall(r'data-label="([^"]*)"', row[0])


def choose(page: Client, *names: str, back: str = TABLE) -> Any:
    path = reverse("leads:choose_columns")
    return page.post(path, {"column": names, "next": back}, follow=True)


@pytest.fixture
def lead(workspace: Workspace, add_lead: AddLead) -> Lead:
    return add_lead(
        workspace,
        "Bright",
        address="1 Main St <b>",
        country="US",
        first_name="Ada",
        last_name="Byron",
        job_title="Owner",
        city="Miami",
    )


def test_five_columns_show_unless_others_are_chosen(page: Client, lead: Lead) -> None:
    html = text(page.get(TABLE))
    assert heads(html) == labels(html) == ["E-mail", "Phone", "City", "Rating", "Added"]


def test_the_chosen_columns_stay_chosen_in_the_tables_order(page: Client, lead: Lead) -> None:
    answer = choose(page, "person", "address", "email", back="/leads?city=Miami")
    assert answer.redirect_chain[-1][0] == "/leads?city=Miami"
    assert heads(text(answer)) == labels(text(answer)) == ["E-mail", "Person", "Address"]
    again = text(page.get(TABLE, headers={"HX-Request": "true"}))
    assert heads(again) == ["E-mail", "Person", "Address"]
    assert "Ada Byron" in again
    assert "Owner" in again
    assert "1 Main St &lt;b&gt;" in again
    assert len(re.findall(r'name="column"[^>]* checked', again)) == 3


def test_every_column_can_be_shown_at_once_or_none(page: Client, lead: Lead) -> None:
    every = re.findall(r'name="column" value="(\w+)"', text(page.get(TABLE)))
    assert len(every) == len(set(every)) == 9
    assert len(heads(text(choose(page, *every)))) == 9
    assert heads(text(choose(page))) == []


def test_what_is_no_column_is_left_out(page: Client, lead: Lead) -> None:
    assert heads(text(choose(page, "password", "phone", "phone", "<x>"))) == ["Phone"]


def test_the_choice_of_one_person_is_not_that_of_another(page: Client, lead: Lead) -> None:
    choose(page, "phone")
    other = Client()
    other.force_login(lead.workspace.members.get())
    assert len(heads(text(other.get(TABLE)))) == 5
    assert page.get(reverse("leads:choose_columns")).status_code == 405
    answer = page.post(reverse("leads:choose_columns"), {"next": "//evil.example"})
    assert answer["Location"] == TABLE
