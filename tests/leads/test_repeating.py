"""Saved searches: a slot starts one run, a run brings what is new, a problem waits for the next."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.lib.errors import (
    Conflict,
    InsufficientCredits,
    InvalidInput,
    LimitReached,
    NotFound,
)
from freshleads.users.models import User, Workspace
from leads import projects, repeating, searching, tasks
from leads.models import SavedSearch, Search

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ASKED: dict[str, Any] = {"query": "dentists", "location": "Testville", "every": "week"}


@pytest.fixture
def save(workspace: Workspace, alice: User) -> Callable[..., SavedSearch]:
    """Return a function that saves a search of Alice's."""

    def create(**asked: Any) -> SavedSearch:
        return repeating.create_saved_search(workspace, by=alice, **{**ASKED, **asked})

    return create


def fresh(saved: SavedSearch) -> SavedSearch:
    saved.refresh_from_db()
    return saved


# --- slots ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "slots"),
    [
        ("day", ["2026-02-01", "2026-02-02"]),
        ("week", ["2026-02-07", "2026-02-14"]),
        ("month", ["2026-02-28", "2026-03-31"]),
        ("never", [None, None]),
    ],
)
def test_slots_come_a_day_a_week_or_a_month_after_each_other(
    save: Callable[..., SavedSearch], every: str, slots: list[str | None]
) -> None:
    with time_machine.travel(NOON, tick=False):
        saved = save(every=every)
    found = []
    for _ in slots:
        found.append(saved.next_run_at and f"{saved.next_run_at:%Y-%m-%d}")
        assert saved.next_run_at is None or saved.next_run_at.hour == 12
        saved.next_run_at = repeating.next_slot(saved, after=saved.next_run_at or NOON)
    assert found == slots


@pytest.mark.parametrize(
    ("every", "next_one"),
    [("day", "2026-08-02"), ("week", "2026-08-08"), ("month", "2026-08-31")],
)
def test_missed_slots_are_left_out_and_a_late_start_does_not_shift_the_next(
    save: Callable[..., SavedSearch], every: str, next_one: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        saved = save(every=every)
    late = datetime(2026, 8, 1, 13, 7, tzinfo=UTC)
    slot = repeating.next_slot(saved, after=late)
    assert slot is not None
    assert (f"{slot:%Y-%m-%d}", slot.hour, slot.minute) == (next_one, 12, 0)


# --- keeping ----------------------------------------------------------------------------------


def test_a_saved_search_is_checked_like_any_search(save: Callable[..., SavedSearch]) -> None:
    for asked, param in (
        ({"query": " "}, "query"),
        ({"limit": 9}, "limit"),
        ({"max_credits": -1}, "max_credits"),
        ({"every": "hour"}, "every"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            save(**asked)
        assert refusal.value.param == param
    with pytest.raises(NotFound):
        save(project_id="proj_none")
    assert not SavedSearch.objects.exists()


def test_a_workspace_keeps_so_many_and_no_more(
    save: Callable[..., SavedSearch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeating, "MAX_SAVED", 1)
    save()
    with pytest.raises(LimitReached) as refusal:
        save()
    assert refusal.value.code == "too_many_saved_searches"


def test_a_search_that_was_run_is_saved_with_its_settings_and_is_the_first_run(
    workspace: Workspace, alice: User
) -> None:
    project = projects.create_project(workspace, name="Mine")
    search = searching.start_search(
        workspace,
        by=alice,
        query="dentists",
        location="Testville",
        limit=30,
        verify_emails=False,
        project_id=project.public_id,
    )
    saved = repeating.save_search(
        workspace, search.public_id, by=alice, settings={"every": "month", "max_credits": 5}
    )
    assert (saved.query, saved.location, saved.limit) == ("dentists", "Testville", 30)
    assert (saved.verify_emails, saved.project, saved.max_credits) == (False, project, 5)
    assert list(saved.runs.all()) == [search]
    search.refresh_from_db()
    assert not search.is_repeated, "it was asked as an ordinary search"
    with pytest.raises(Conflict):
        repeating.save_search(workspace, search.public_id, by=alice, settings={"every": "day"})
    assert SavedSearch.objects.count() == 1


def test_saving_and_running_is_done_wholly_or_not_at_all(workspace: Workspace, alice: User) -> None:
    search = repeating.save_and_run(workspace, by=alice, limit=30, **ASKED)
    assert search.is_repeated
    assert search.saved_search is not None
    assert (search.limit, search.saved_search.limit) == (30, 30)
    available = Subscription.objects.get(workspace=workspace).available
    charging.adjust(workspace, -available, reason="spent", by=None)
    with pytest.raises(InsufficientCredits):
        repeating.save_and_run(workspace, by=alice, **ASKED)
    assert SavedSearch.objects.count() == Search.objects.count() == 1


def test_only_how_it_runs_can_be_changed_and_another_rhythm_starts_from_now(
    save: Callable[..., SavedSearch], workspace: Workspace
) -> None:
    with time_machine.travel(NOON, tick=False):
        saved = save()
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        changes = {"limit": 50, "max_credits": 10, "verify_emails": False, "every": "week"}
        saved = repeating.update_saved_search(workspace, saved.public_id, changes=changes)
        assert saved.next_run_at == NOON + timedelta(days=7), "the rhythm is the same"
        changes = {"every": "day"}
        saved = repeating.update_saved_search(workspace, saved.public_id, changes=changes)
    assert (saved.limit, saved.max_credits, saved.verify_emails) == (50, 10, False)
    assert saved.next_run_at == NOON + timedelta(days=4)
    for wrong in ({"query": "x"}, {"limit": 5000}, {"every": ""}):
        with pytest.raises(InvalidInput):
            repeating.update_saved_search(workspace, saved.public_id, changes=wrong)


def test_a_pause_stops_the_schedule_and_going_on_starts_it_anew(
    save: Callable[..., SavedSearch], workspace: Workspace
) -> None:
    with time_machine.travel(NOON, tick=False):
        saved = save()
    saved = repeating.set_paused(workspace, saved.public_id, paused=True)
    assert (saved.next_run_at, saved.every) == (None, "week")
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assert repeating.start_due() == 0
        saved = repeating.set_paused(workspace, saved.public_id, paused=False)
    assert saved.next_run_at == NOON + timedelta(days=37)


def test_a_deleted_one_leaves_its_runs(
    save: Callable[..., SavedSearch], workspace: Workspace, alice: User
) -> None:
    saved = save()
    search = repeating.run_now(workspace, saved.public_id, by=alice)
    repeating.delete_saved_search(workspace, saved.public_id)
    search.refresh_from_db()
    assert (search.saved_search, search.status) == (None, "queued")


def test_the_saved_search_of_a_stranger_is_not_there(
    save: Callable[..., SavedSearch], stranger: Workspace, charlie: User
) -> None:
    public_id = save().public_id
    for attempt in (
        lambda: repeating.find_saved_search(stranger, public_id),
        lambda: repeating.run_now(stranger, public_id, by=charlie),
        lambda: repeating.set_paused(stranger, public_id, paused=True),
        lambda: repeating.update_saved_search(stranger, public_id, changes={"limit": 20}),
        lambda: repeating.delete_saved_search(stranger, public_id),
        lambda: repeating.find_saved_search(stranger, "\x00"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert SavedSearch.objects.get().next_run_at is not None
    assert not Search.objects.exists()


# --- starting ---------------------------------------------------------------------------------


def test_a_run_starts_when_its_slot_comes_and_not_before(
    save: Callable[..., SavedSearch], alice: User
) -> None:
    saved = save(max_credits=7, verify_emails=False)
    tasks.start_saved_searches()
    assert not Search.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        tasks.start_saved_searches()
        tasks.start_saved_searches()
    search = saved.runs.get()
    assert (search.query, search.location, search.max_credits) == ("dentists", "Testville", 7)
    assert (search.created_by, search.verify_emails, search.status) == (alice, False, "queued")
    assert search.is_repeated
    assert search.hold is not None
    assert search.hold.amount == 7


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_start_a_slot_once(
    save: Callable[..., SavedSearch], in_parallel: Callable[..., list[Any]]
) -> None:
    for number in range(3):
        save(location=f"Town {number}")
    SavedSearch.objects.update(next_run_at=timezone.now() - timedelta(minutes=1))
    assert sum(in_parallel(*[repeating.start_due] * 4)) == 3
    assert Search.objects.count() == 3
    assert not SavedSearch.objects.exclude(last_problem="").exists()


def test_a_run_that_cannot_be_paid_says_so_and_is_tried_at_the_next_slot(
    save: Callable[..., SavedSearch], workspace: Workspace
) -> None:
    saved = save()
    available = Subscription.objects.get(workspace=workspace).available
    charging.adjust(workspace, -available, reason="spent", by=None)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert repeating.start_due() == repeating.start_due() == 0
        assert "credits are needed" in fresh(saved).last_problem
        assert saved.next_run_at is not None
        assert saved.next_run_at > timezone.now() + timedelta(days=6)
    assert not Search.objects.exists()
    charging.adjust(workspace, 100, reason="back", by=None)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        assert repeating.start_due() == 1
    assert fresh(saved).last_problem == ""


def test_a_run_is_not_started_beside_the_one_before_it_or_beyond_the_plan(
    save: Callable[..., SavedSearch], workspace: Workspace, alice: User
) -> None:
    saved = save()
    repeating.run_now(workspace, saved.public_id, by=alice)
    with pytest.raises(Conflict):
        repeating.run_now(workspace, saved.public_id, by=alice)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert repeating.start_due() == 0
    assert "has not ended" in fresh(saved).last_problem
    Search.objects.update(status="completed")
    for _ in range(5):
        searching.start_search(workspace, by=alice, query="x", location="y", limit=10)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        assert repeating.start_due() == 0
    assert "searches at once" in fresh(saved).last_problem
    assert saved.runs.count() == 1


def test_a_broken_one_does_not_keep_the_others_waiting(
    save: Callable[..., SavedSearch], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = save(location="Brokenville"), save()
    start = searching.start_search

    def fail(*args: Any, **asked: Any) -> Search:
        if asked["location"] == "Brokenville":
            raise RuntimeError("a bug")
        return start(*args, **asked)

    monkeypatch.setattr(searching, "start_search", fail)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert repeating.start_due() == 1
        assert repeating.start_due() == 0
    assert "went wrong inside" in fresh(broken).last_problem
    assert (fresh(whole).last_problem, whole.runs.count()) == ("", 1)


def test_a_project_deleted_meanwhile_makes_room_for_one_named_after_the_search(
    save: Callable[..., SavedSearch], workspace: Workspace, alice: User
) -> None:
    project = projects.create_project(workspace, name="Gone")
    saved = save(project_id=project.public_id)
    projects.delete_project(workspace, project.public_id)
    search = repeating.run_now(workspace, saved.public_id, by=alice)
    assert search.project is not None
    assert search.project.name == "dentists in Testville"
