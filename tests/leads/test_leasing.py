"""Who may work on a search: one at a time, the dead replaced, every workspace in its turn."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.users.models import User, Workspace
from leads import leasing, searching
from leads.models import Search

Start = Callable[..., Search]
A_MOMENT_AGO = timedelta(seconds=1)


@pytest.fixture
def strangers_search(stranger: Workspace, charlie: User) -> Search:
    return searching.start_search(stranger, by=charlie, query="dentists", location="Testville")


def claimed(search: Search) -> leasing.Lease:
    lease = leasing.claim(search.pk)
    assert lease is not None
    return lease


def end_leases() -> None:
    Search.objects.update(lease_expires_at=timezone.now() - A_MOMENT_AGO)


def test_a_claimed_search_is_running_and_nobody_elses(start: Start) -> None:
    search = start()
    lease = claimed(search)
    assert leasing.claim(search.pk) is None
    search.refresh_from_db()
    assert (search.status, search.attempts, search.lease_token) == ("running", 0, lease.token)
    assert search.started_at is not None


def test_a_row_given_back_is_free_at_once_and_counts_no_attempt(start: Start) -> None:
    search = start()
    claimed(search).give_back()
    again = claimed(search)
    assert again.search.attempts == 0


def test_a_row_given_back_for_later_is_not_due_before(start: Start) -> None:
    search = start()
    claimed(search).give_back(next_attempt_in=60)
    assert leasing.claim(search.pk) is None
    assert leasing.due_searches() == []
    Search.objects.update(next_attempt_at=timezone.now())
    assert leasing.due_searches() == [search.pk]


def test_an_ended_lease_goes_to_the_next_worker_and_counts_as_an_attempt(start: Start) -> None:
    search = start()
    dead = claimed(search)
    end_leases()
    successor = claimed(search)
    assert successor.search.attempts == 1
    with pytest.raises(leasing.LeaseLost), dead.writing():
        pass
    dead.give_back()
    search.refresh_from_db()
    assert search.lease_token == successor.token, "the dead cannot free what is another's"


def test_a_late_worker_that_nobody_replaced_may_still_write(start: Start) -> None:
    lease = claimed(start())
    end_leases()
    with lease.writing() as search:
        assert search.lease_token == lease.token


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_an_ended_search_can_neither_be_claimed_nor_written(start: Start, status: str) -> None:
    search = start()
    lease = claimed(search)
    Search.objects.update(status=status)
    with pytest.raises(leasing.LeaseLost), lease.writing():
        pass
    end_leases()
    assert leasing.claim(search.pk) is None
    assert leasing.due_searches() == []


def test_a_lost_search_is_a_lost_lease(start: Start) -> None:
    search = start()
    lease = claimed(search)
    Search.objects.all().delete()
    with pytest.raises(leasing.LeaseLost), lease.writing():
        pass


def test_a_lease_is_renewed_after_a_third_of_its_time(start: Start, settings: Settings) -> None:
    search = start()
    lease = claimed(search)
    before = Search.objects.get().lease_expires_at
    assert lease.renew_when_due()
    assert Search.objects.get().lease_expires_at == before, "not due yet"
    settings.LEADS_LEASE_SECONDS = 0.0
    assert lease.renew_when_due()
    assert Search.objects.get().lease_expires_at != before
    Search.objects.update(lease_token="another")
    assert not lease.renew_when_due()


def test_a_lease_covers_a_request_that_is_longer_than_itself(
    start: Start, settings: Settings
) -> None:
    settings.LEADS_LEASE_SECONDS = 5
    lease = claimed(start())
    lease.cover(3)
    soon = Search.objects.get().lease_expires_at
    assert soon is not None
    assert soon < timezone.now() + timedelta(seconds=6)
    lease.cover(30)
    late = Search.objects.get().lease_expires_at
    assert late is not None
    assert late > timezone.now() + timedelta(seconds=25)


def test_the_start_of_a_single_process_frees_every_lease(start: Start) -> None:
    search = start()
    claimed(search)
    assert leasing.forget_leases() == 1
    assert leasing.due_searches() == [search.pk]
    claimed(search)


def test_a_search_rung_a_moment_ago_is_rung_again_only_after_twenty_seconds(start: Start) -> None:
    search = start()
    assert leasing.due_searches() == [search.pk]
    assert leasing.due_searches() == []
    Search.objects.update(rung_at=timezone.now() - timedelta(seconds=21))
    assert leasing.due_searches() == [search.pk]


# --- whose turn it is -------------------------------------------------------------------------


def test_a_bell_serves_its_own_search_where_nobody_waits_longer_for_a_worker(start: Start) -> None:
    first, second = start(), start()
    assert leasing.in_turn(second.pk) == second.pk
    assert leasing.in_turn(first.pk) == first.pk


def test_many_searches_of_one_workspace_do_not_keep_another_waiting(
    start: Start, strangers_search: Search
) -> None:
    mine = [start() for _ in range(4)]
    claimed(mine[0])
    claimed(mine[1])
    assert leasing.in_turn(mine[2].pk) == strangers_search.pk
    claimed(strangers_search)
    assert leasing.in_turn(mine[2].pk) == mine[2].pk, "nobody else is waiting"


def test_a_bell_for_what_is_done_still_serves_who_waits(start: Start) -> None:
    done, waiting = start(), start()
    Search.objects.filter(pk=done.pk).update(status="completed")
    assert leasing.in_turn(done.pk) == waiting.pk
    Search.objects.all().delete()
    assert leasing.in_turn(done.pk) == done.pk


# --- two workers at once ----------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_race_for_one_search_one_gets_it(
    start: Start, in_parallel: Callable[..., list[Any]]
) -> None:
    search = start()
    for _ in range(5):
        leases = in_parallel(*[lambda: leasing.claim(search.pk)] * 8)
        won = [lease for lease in leases if lease is not None]
        assert len(won) == 1
        search.refresh_from_db()
        assert search.lease_token == won[0].token
        won[0].give_back()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_race_for_a_dead_ones_search_one_gets_it(
    start: Start, in_parallel: Callable[..., list[Any]]
) -> None:
    search = start()
    claimed(search)
    end_leases()
    leases = in_parallel(*[lambda: leasing.claim(search.pk)] * 8)
    assert len([lease for lease in leases if lease is not None]) == 1
    search.refresh_from_db()
    assert search.attempts == 1
