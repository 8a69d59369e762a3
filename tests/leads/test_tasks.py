"""The doorbell: a bell may ring twice, late or never, and each workspace is served in turn."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.users.models import User, Workspace
from leads import leasing, searching, tasks, verifying
from leads.models import Search


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the ids that a bell is rung for."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.run_search, "delay", ids.append)
    return ids


def test_a_bell_does_one_slice_and_rings_for_the_next_until_nothing_is_left(
    start: Callable[..., Search], places: Any, rung: list[int]
) -> None:
    search = start()
    for _ in range(10):
        rung.clear()
        tasks.run_search(search.pk)
        if not rung:
            break
        assert rung == [search.pk]
    search.refresh_from_db()
    assert search.status == "completed"


def test_a_bell_that_rings_twice_finds_nothing_to_do_the_second_time(
    start: Callable[..., Search], places: Any, rung: list[int], run_to_end: Callable[..., Search]
) -> None:
    search = run_to_end(start())
    finished_at = search.finished_at
    tasks.run_search(search.pk)
    tasks.run_search(10**9)
    search.refresh_from_db()
    assert (rung, search.finished_at) == ([], finished_at)


def test_a_bell_for_a_search_somebody_works_on_leaves_it_alone(
    start: Callable[..., Search], places: Any, rung: list[int]
) -> None:
    search = start()
    lease = leasing.claim(search.pk)
    tasks.run_search(search.pk)
    assert lease is not None
    with lease.writing() as row:
        assert row.area is None
    assert rung == []


def test_the_bells_of_a_busy_workspace_serve_the_one_that_waits(
    start: Callable[..., Search], stranger: Workspace, charlie: User, places: Any, rung: list[int]
) -> None:
    mine = [start() for _ in range(3)]
    assert leasing.claim(mine[0].pk)
    other = searching.start_search(stranger, by=charlie, query="dentists", location="Testville")
    tasks.run_search(mine[1].pk)
    assert rung == [other.pk]
    other.refresh_from_db()
    assert other.area is not None


def test_the_sweeper_rings_once_for_what_nobody_works_on(
    start: Callable[..., Search], rung: list[int]
) -> None:
    waiting, busy = start(), start()
    assert leasing.claim(busy.pk)
    tasks.sweep_searches()
    tasks.sweep_searches()
    assert rung == [waiting.pk]


def test_a_slice_that_crashes_is_logged_and_tried_again_later(
    start: Callable[..., Search], places: Any, rung: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    places.area = "not an area"
    search = start()
    tasks.run_search(search.pk)
    search.refresh_from_db()
    assert (search.status, search.attempts, rung) == ("running", 1, [])
    assert search.public_id in caplog.text


def test_the_recheck_task_rechecks(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(verifying, "recheck_due", lambda: calls.append("recheck"))
    tasks.recheck_addresses()
    assert calls == ["recheck"]


def test_letting_go_rings_again_while_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[bool] = []
    monkeypatch.setattr(tasks.forget_lent_content, "delay", lambda: rung.append(True))
    for is_more, rings in ((True, 1), (False, 1)):
        monkeypatch.setattr(tasks.retaining, "forget_lent_content", lambda more=is_more: more)
        tasks.forget_lent_content()
        assert len(rung) == rings
