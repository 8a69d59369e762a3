"""What a page of places costs: a credit for each new lead, within the limits."""

from typing import Any

import pytest

from freshleads.billing.models import CreditEntry
from freshleads.users.models import Workspace
from leads import reporting, searching
from leads.models import Lead, LeadTotal
from leads.providers.records import PlacesPage
from tests.leads.discovery import Balance, MakePlace, Start, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")


def test_what_is_yours_is_linked_for_free_even_when_nothing_may_be_paid(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    places.pages = [PlacesPage((place(1), place(2)))]
    searching.cancel_search(workspace, discover(start()).public_id)
    before = balance(workspace)
    places.pages = [PlacesPage((place(2), place(1), place(3), place(4)), "more")]
    search = discover(start(max_credits=0))
    assert found(search) == ["Business 2", "Business 1"]
    assert balance(workspace) == before
    assert reporting.coverage_of(search)["stopped_by_max_credits"] is True
    assert places.tokens[-1] is None, "no page was asked for after credits ran out"


def test_a_search_stops_at_the_first_new_lead_it_cannot_pay(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)), "more"), PlacesPage(())]
    search = discover(start(max_credits=7))
    assert search.results.count() == 7
    assert len(places.tokens) == 1
    assert balance(workspace)[0] == before - 7


def test_credits_that_just_sufficed_are_not_called_a_stop_when_the_limit_is_reached(
    places: Any, place: MakePlace, start: Start
) -> None:
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)))]
    search = discover(start(limit=20))
    coverage = reporting.coverage_of(search)
    assert (coverage["limit_reached"], coverage["stopped_by_max_credits"]) == (True, False)


def test_a_page_beyond_the_limit_is_cut_and_the_rest_is_not_paid(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)))]
    search = discover(start(limit=10))
    assert search.results.count() == Lead.objects.count() == 10
    assert balance(workspace) == (before - 10, 0)


def test_a_lead_is_charged_under_a_reference_that_is_its_own_for_ever(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    before = balance(workspace)
    Lead.objects.all().delete()  # as no part of the product does
    LeadTotal.objects.update(leads=0)
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    assert Lead.objects.count() == 1
    assert balance(workspace) == before
    assert CreditEntry.objects.filter(kind="charge").count() == 1
