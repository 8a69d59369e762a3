"""Asking for searches, stopping them and starting them again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from freshleads.billing import charging
from freshleads.billing.models import CreditHold, Subscription
from freshleads.lib.errors import (
    Conflict,
    InsufficientCredits,
    InvalidInput,
    LimitReached,
    NotFound,
    ProviderError,
)
from freshleads.users.models import Workspace
from leads import bells, projects, running, searching, tasks
from leads.models import Lead, Project, Search, SearchLead
from leads.providers.records import PlaceRecord, PlacesPage

Start = Callable[..., Search]
MakePlace = Callable[..., PlaceRecord]
Balance = Callable[[Workspace], tuple[int, int]]
REFUSED = ProviderError("No.", code="access_denied", permanent=True)


def test_a_started_search_holds_its_price_and_has_a_project_of_its_name(
    start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = start(query="  coffee \n shops ", location=" Bristol ", limit=30)
    assert (search.query, search.location, search.status) == ("coffee shops", "Bristol", "queued")
    assert search.project is not None
    assert search.project.name == "coffee shops in Bristol"
    assert balance(workspace) == (before, 30)
    assert start(query="coffee shops", location="Bristol").project == search.project


def test_a_name_that_no_project_can_bear_is_cut(start: Start) -> None:
    search = start(query="q" * 196, location="l" * 200)
    assert search.project is not None
    assert search.project.name == "q" * 196 + " in"


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"query": " "}, "query"),
        ({"query": "q" * 201}, "query"),
        ({"query": "q\0"}, "query"),
        ({"location": "\ud800"}, "location"),
        ({"location": ""}, "location"),
        ({"limit": 9}, "limit"),
        ({"limit": 501}, "limit"),
        ({"max_credits": -1}, "max_credits"),
        ({"max_credits": 501}, "max_credits"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_costs_nothing(
    start: Start, workspace: Workspace, balance: Balance, asked: dict[str, Any], param: str
) -> None:
    before = balance(workspace)
    with pytest.raises(InvalidInput) as refusal:
        start(**asked)
    assert refusal.value.param == param
    assert balance(workspace) == before
    assert not Search.objects.exists()


def test_a_project_of_another_workspace_is_not_found_and_nothing_is_held(
    start: Start, workspace: Workspace, stranger: Workspace, balance: Balance
) -> None:
    theirs = projects.create_project(stranger, name="Theirs")
    before = balance(workspace)
    with pytest.raises(NotFound):
        start(project_id=theirs.public_id)
    assert balance(workspace) == before


def test_missing_credits_refuse_the_search_and_leave_no_project(
    start: Start, workspace: Workspace
) -> None:
    available = Subscription.objects.get(workspace=workspace).available
    charging.adjust(workspace, 10 - available, reason="Begin with 10", by=None)
    with pytest.raises(InsufficientCredits):
        start(limit=20)
    assert not Project.objects.exists()
    hold = start(limit=20, max_credits=10).hold
    assert hold is not None
    assert hold.amount == 10


def test_an_estimate_says_the_most_it_can_cost_and_holds_nothing(
    workspace: Workspace, balance: Balance
) -> None:
    before = balance(workspace)
    asked: dict[str, Any] = {"query": "dentists", "location": "Bristol", "limit": 50}
    assert searching.estimate_search(workspace, **asked).max_credits == 50
    capped = searching.estimate_search(workspace, **asked, max_credits=5)
    assert (capped.max_credits, capped.enough) == (5, True)
    assert balance(workspace) == before


def test_no_more_searches_run_than_the_plan_says(start: Start, workspace: Workspace) -> None:
    searches = [start() for _ in range(5)]
    with pytest.raises(LimitReached) as refusal:
        start()
    assert refusal.value.code == "too_many_searches"
    searching.cancel_search(workspace, searches[0].public_id)
    start()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_requests_that_arrive_at_once_do_not_pass_the_plans_limit_together(
    start: Start, in_parallel: Callable[..., list[Any]]
) -> None:
    def attempt() -> bool:
        try:
            start()
        except LimitReached:
            return False
        return True

    assert in_parallel(*[attempt] * 12).count(True) == 5
    assert Search.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_cannot_be_rung_does_not_fail_the_search(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*bell: Any, **options: Any) -> None:
        raise ConnectionError("the broker is down")

    monkeypatch.setattr(bells.current_app, "send_task", broken)
    search = start()
    rung: list[int] = []
    monkeypatch.setattr(tasks.run_search, "delay", rung.append)
    tasks.sweep_searches()
    assert rung == [search.pk]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_only_after_the_commit(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(
        bells.current_app, "send_task", lambda name, args: rung.append((name, args))
    )
    with transaction.atomic():
        search = start()
        assert rung == []
    assert rung == [("leads.run_search", [search.pk])]
    assert rung[0][0] == tasks.run_search.name


# --- stopping ---------------------------------------------------------------------------------


def test_a_cancelled_search_gives_back_what_it_held_and_stays_cancelled(
    start: Start, workspace: Workspace, balance: Balance
) -> None:
    before = balance(workspace)
    search = start()
    assert searching.cancel_search(workspace, search.public_id).status == "cancelled"
    assert balance(workspace) == before
    finished_at = Search.objects.get().finished_at
    searching.cancel_search(workspace, search.public_id)
    assert Search.objects.get().finished_at == finished_at
    assert balance(workspace) == before
    assert running.advance(search.pk) is False


def test_an_ended_search_keeps_its_end_when_it_is_cancelled(
    start: Start, workspace: Workspace, places: Any, run_to_end: Callable[[Search], Search]
) -> None:
    search = run_to_end(start())
    assert searching.cancel_search(workspace, search.public_id).status == "completed"


@pytest.mark.parametrize("public_id", ["srch_unknown", "", "nul\0"])
def test_nobody_stops_what_is_not_there_or_not_theirs(
    start: Start, workspace: Workspace, stranger: Workspace, public_id: str
) -> None:
    search = start()
    with pytest.raises(NotFound):
        searching.cancel_search(workspace, public_id)
    with pytest.raises(NotFound):
        searching.cancel_search(stranger, search.public_id)
    with pytest.raises(NotFound):
        searching.stop_search("srch_unknown")
    search.refresh_from_db()
    assert search.status == "queued"


# --- starting again ---------------------------------------------------------------------------


def advance(search: Search, slices: int) -> None:
    for _ in range(slices):
        running.advance(search.pk)
    search.refresh_from_db()


def test_a_retried_search_asks_for_what_is_missing_and_holds_its_price_alone(
    start: Start,
    workspace: Workspace,
    balance: Balance,
    places: Any,
    place: MakePlace,
    run_to_end: Callable[[Search], Search],
) -> None:
    before, _ = balance(workspace)
    search = start(limit=10)
    places.pages = [PlacesPage((place(1), place(2)), "old token"), REFUSED]
    search = run_to_end(search)
    assert (search.status, search.error_code) == ("failed", "access_denied")
    assert balance(workspace) == (before - 2, 0)
    places.tokens.clear()
    places.pages = [PlacesPage((place(1), place(2), place(3)))]
    searching.retry_search(search.public_id)
    assert balance(workspace) == (before - 2, 8)
    search.refresh_from_db()
    assert (search.status, search.error, search.finished_at) == ("queued", None, None)
    search = run_to_end(search)
    assert search.status == "completed"
    assert places.tokens == [None], "a token of long ago is not used"
    assert search.results.count() == Lead.objects.count() == 3
    assert balance(workspace) == (before - 3, 0)
    assert CreditHold.objects.filter(state="open").count() == 0
    charging.verify_ledger(workspace)


def test_a_retried_search_reads_what_the_cancel_left_unread(
    start: Start, workspace: Workspace, places: Any, place: MakePlace
) -> None:
    search = start()
    places.pages = [PlacesPage((place(1, website="http://bright.test/"),), "more")]
    advance(search, 2)
    searching.cancel_search(workspace, search.public_id)
    assert search.results.get().crawl == SearchLead.Work.SKIPPED
    searching.retry_search(search.public_id)
    assert (search.results.get().crawl, search.results.get().verify) == ("pending", "pending")


def test_a_search_whose_credits_are_spent_can_be_retried_without_a_hold(
    start: Start,
    workspace: Workspace,
    balance: Balance,
    places: Any,
    place: MakePlace,
    run_to_end: Callable[[Search], Search],
) -> None:
    search = start(max_credits=1)
    places.pages = [PlacesPage((place(1),), "more"), REFUSED]
    search = run_to_end(search)
    before = balance(workspace)
    places.pages = [PlacesPage((place(1), place(2)))]
    search = run_to_end(searching.retry_search(search.public_id))
    assert (search.status, search.results.count()) == ("completed", 1)
    assert balance(workspace) == before


def test_a_search_can_be_retried_more_than_once(
    start: Start, workspace: Workspace, places: Any, run_to_end: Callable[[Search], Search]
) -> None:
    search = start()
    for _ in range(3):
        searching.cancel_search(workspace, search.public_id)
        searching.retry_search(search.public_id)
    search = run_to_end(search)
    assert (search.status, search.retries) == ("completed", 3)


def test_only_what_failed_or_was_cancelled_is_retried(
    start: Start, places: Any, run_to_end: Callable[[Search], Search]
) -> None:
    search = start()
    with pytest.raises(Conflict):
        searching.retry_search(search.public_id)
    run_to_end(search)
    with pytest.raises(Conflict):
        searching.retry_search(search.public_id)
    with pytest.raises(NotFound):
        searching.retry_search("srch_unknown")


def test_a_retry_without_credits_leaves_the_search_as_it_was(
    start: Start, workspace: Workspace
) -> None:
    search = start()
    searching.cancel_search(workspace, search.public_id)
    available = Subscription.objects.get(workspace=workspace).available
    charging.adjust(workspace, -available, reason="None left", by=None)
    with pytest.raises(InsufficientCredits):
        searching.retry_search(search.public_id)
    search.refresh_from_db()
    assert (search.status, search.retries) == ("cancelled", 0)


def test_a_search_with_its_hold_goes_with_its_workspace(
    start: Start, workspace: Workspace, places: Any, place: MakePlace
) -> None:
    places.pages = [PlacesPage((place(1),))]
    advance(start(), 2)
    workspace.delete()
    assert not Search.objects.exists()
    assert not Lead.objects.exists()
    assert not CreditHold.objects.exists()


def test_a_fault_of_the_verifying_stage_ends_the_search_and_does_not_go_round(
    start: Start,
    places: Any,
    place: MakePlace,
    run_to_end: Callable[[Search], Search],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(lease: Any) -> bool:
        raise REFUSED

    places.pages = [PlacesPage((place(1),))]
    stage = Search.Stage.VERIFYING
    monkeypatch.setitem(running.STAGES, stage, (refuse, Search.Stage.DONE))
    search = run_to_end(start())
    assert (search.status, search.stage, search.error_code) == (
        "failed",
        "verifying",
        "access_denied",
    )
