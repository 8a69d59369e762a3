"""Searches that store their pages at once: each lead once, paid once, no waiting in a circle."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry
from freshleads.users.models import User, Workspace
from leads import leasing, projects, running, searching, storing
from leads.models import Lead, LeadTotal, Place, ProjectLead, Search, SearchLead
from leads.providers.records import PlacesPage
from tests.leads.discovery import Balance, MakePlace, Start, found

pytestmark = pytest.mark.usefixtures("exact_totals")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_searches_that_find_the_same_places_at_once_create_and_charge_each_lead_once(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    in_parallel: Callable[..., list[Any]],
) -> None:
    before, _ = balance(workspace)
    searches = [start() for _ in range(4)]
    for search in searches:
        running.advance(search.pk)
    ours = tuple(place(n) for n in range(20))
    places.pages = [PlacesPage(ours), PlacesPage(ours[::-1]), PlacesPage(ours[10:] + ours[:10])]
    places.pages.append(PlacesPage(ours))
    in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert Lead.objects.owned_by(workspace).count() == 20
    assert LeadTotal.objects.get(workspace=workspace).leads == 20
    assert CreditEntry.objects.filter(kind="charge").count() == 20
    assert balance(workspace)[0] == before - 20
    assert SearchLead.objects.filter(is_new=True).count() == 20
    assert all(search.results.count() == 20 for search in searches)
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}, "nobody was thrown out"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workspaces_that_find_the_same_places_in_other_orders_do_not_wait_in_a_circle(
    places: Any,
    place: MakePlace,
    start: Start,
    stranger: Workspace,
    charlie: User,
    in_parallel: Callable[..., list[Any]],
) -> None:
    other = searching.start_search(
        stranger, by=charlie, query="dentists", location="Testville", limit=10
    )
    searches = [start(limit=10), other]
    for search in searches:
        running.advance(search.pk)
    many = [place(n, latitude=9) for n in range(2000)]  # outside: kept for all, no lead of ours
    for _ in range(3):
        places.pages = [PlacesPage(tuple(many), "more"), PlacesPage(tuple(many[::-1]), "more")]
        in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}
    assert Place.objects.count() == 2000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_total_is_exact_when_searches_find_different_places_at_once(
    places: Any, place: MakePlace, start: Start, in_parallel: Callable[..., list[Any]]
) -> None:
    searches = [start(limit=100) for _ in range(4)]
    for search in searches:
        running.advance(search.pk)
    for begin in range(0, 400, 80):
        ours = [range(begin + part, begin + part + 20) for part in (0, 20, 40, 60)]
        places.pages = [PlacesPage(tuple(place(n) for n in part), "more") for part in ours]
        in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert LeadTotal.objects.get().leads == Lead.objects.count() == 400
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_cancel_waits_for_a_page_being_stored_and_nothing_is_charged_after_it(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    in_parallel: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = start()
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),), "more"), PlacesPage((place(2),), "more")]
    is_storing, charge = Event(), charging.capture

    def slow_charge(*args: Any) -> int:
        is_storing.set()
        Event().wait(0.5)
        return charge(*args)

    monkeypatch.setattr(charging, "capture", slow_charge)

    def work() -> None:
        while running.advance(search.pk):
            pass

    def cancel() -> tuple[int, int]:
        assert is_storing.wait(10)
        searching.cancel_search(workspace, search.public_id)
        return balance(workspace)

    _, at_return = in_parallel(work, cancel)
    assert at_return == balance(workspace), "what cancel left is what there is"
    assert at_return[1] == 0
    assert Lead.objects.count() == search.results.count() == 1
    search.refresh_from_db()
    assert search.status == "cancelled"
    assert leasing.claim(search.pk) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_project_deleted_while_a_page_is_stored_is_gone_and_the_search_goes_on(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    in_parallel: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = start()
    assert search.project is not None
    project_id = search.project.public_id
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),))]
    is_storing, link = Event(), storing._link

    def slow_link(*args: Any) -> None:
        is_storing.set()
        Event().wait(0.5)
        link(*args)

    monkeypatch.setattr(storing, "_link", slow_link)

    def delete() -> None:
        assert is_storing.wait(10)
        projects.delete_project(workspace, project_id)

    in_parallel(lambda: running.advance(search.pk), delete)
    search.refresh_from_db()
    assert (search.project, search.attempts) == (None, 0)
    assert found(search) == ["Business 1"]
    assert not ProjectLead.objects.exists()
