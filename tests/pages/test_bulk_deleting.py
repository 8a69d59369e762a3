"""Deleting everything that matches from the table, and the way back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import Workspace
from leads import editing
from leads.models import Lead, LeadTotal

AddLead = Callable[..., Lead]
DELETE, RESTORE, TABLE = reverse("leads:delete_leads"), reverse("leads:restore_leads"), "/leads"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def thirty(workspace: Workspace, add_lead: AddLead) -> None:
    for number in range(30):
        add_lead(workspace, f"Miami {number}", city="Miami")
    add_lead(workspace, "Bristol", city="Bristol")


def offer(html: str) -> str | None:
    """Return how many leads the table offers to delete at once."""
    found = re.search(r'name="everything"[^>]*data-everything="(\d+)"', html)
    return found[1] if found else None


def test_the_table_offers_all_that_match_where_a_page_shows_only_some(
    page: Client, thirty: None
) -> None:
    assert offer(text(page.get(f"{TABLE}?city=Miami&per_page=25"))) == "30"
    assert offer(text(page.get(f"{TABLE}?city=Miami&per_page=50"))) is None
    assert offer(text(page.get(f"{TABLE}?city=Bristol&per_page=25"))) is None


def test_more_than_can_be_deleted_at_once_is_not_offered(
    page: Client, workspace: Workspace, thirty: None
) -> None:
    LeadTotal.objects.filter(workspace=workspace).update(leads=editing.DELETED_AT_MOST)
    assert offer(text(page.get(f"{TABLE}?per_page=25"))) == "10000"
    LeadTotal.objects.filter(workspace=workspace).update(leads=editing.DELETED_AT_MOST + 1)
    assert offer(text(page.get(f"{TABLE}?per_page=25"))) is None


def test_all_that_match_are_deleted_and_come_back_by_one_click(
    page: Client, workspace: Workspace, stranger: Workspace, thirty: None, add_lead: AddLead
) -> None:
    theirs = add_lead(stranger, "Theirs", city="Miami")
    form = {"everything": "1", "filters": "city=Miami&email_status=unverified&page=2&per_page=25"}
    some = list(Lead.objects.owned_by(workspace).values_list("public_id", flat=True)[:25])
    answer = page.post(DELETE, {**form, "lead": some, "next": TABLE}, follow=True)
    assert "30 leads deleted." in text(answer)
    assert [lead.business_name for lead in Lead.objects.owned_by(workspace)] == ["Bristol"]
    theirs.refresh_from_db()
    assert theirs.deleted_at is None
    toast = re.search(r'<form class="undo-toast".*?</form>', text(answer), re.DOTALL)
    assert toast
    undo = dict(re.findall(r'name="(moment|next)" value="([^"]*)"', toast[0]))
    assert 'name="lead"' not in toast[0]
    back = page.post(RESTORE, undo, follow=True)
    assert "30 leads are back." in text(back)
    assert LeadTotal.objects.get(workspace=workspace).leads == 31
    assert "0 leads are back." in text(page.post(RESTORE, undo, follow=True))


@pytest.mark.parametrize(
    "filters", ["min_rating=many", "project_id=proj_x", "search_id=srch_x", "created_after=x"]
)
def test_a_filter_that_makes_no_sense_deletes_nothing_and_says_so(
    page: Client, workspace: Workspace, thirty: None, filters: str
) -> None:
    answer = page.post(DELETE, {"everything": "1", "filters": filters, "next": TABLE}, follow=True)
    assert "Nothing was deleted" in text(answer)
    assert Lead.objects.owned_by(workspace).count() == 31


def test_everything_of_nothing_in_particular_is_refused(
    page: Client, workspace: Workspace, thirty: None
) -> None:
    page.post(DELETE, {"everything": "1"})
    assert Lead.objects.owned_by(workspace).count() == 31


@pytest.mark.parametrize("moment", ["", "now", "2026-99-01", "0", "2026-01-01"])
def test_a_moment_that_is_none_brings_nothing_back(
    page: Client, workspace: Workspace, thirty: None, moment: str
) -> None:
    editing.delete_matching(workspace, filters={})
    assert page.post(RESTORE, {"moment": moment}).status_code == 302
    assert Lead.objects.owned_by(workspace).count() == 0


def test_what_a_stranger_deleted_stays_deleted(
    page: Client, stranger: Workspace, add_lead: AddLead
) -> None:
    add_lead(stranger, "Theirs")
    deletion = editing.delete_matching(stranger, filters={})
    page.post(RESTORE, {"moment": deletion.moment.isoformat()})
    assert Lead.objects.owned_by(stranger).count() == 0
