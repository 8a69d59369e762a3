"""The worker's side of a lookup: whatever dies or crashes, it is answered and paid once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, CreditHold
from freshleads.lib.errors import ProviderError
from freshleads.sandbox.vendors import VendorsServer
from freshleads.users.models import User, Workspace
from leads import answering, bells, engines, looking_up, lookup_leases, registry, tasks
from leads.leasing import LeaseLost
from leads.lookup_leases import LEASES
from leads.models import Lookup, SerpPage
from leads.questions import Question, SearchQuestion

Balance = Callable[[Workspace], tuple[int, int]]
Ask = Callable[..., Lookup]
Parallel = Callable[..., list[Any]]
DENTISTS = SearchQuestion("dentists miami")


@pytest.fixture
def ask(vendors: VendorsServer, workspace: Workspace, alice: User) -> Ask:
    """Return a function that asks a question which no cache answers."""

    def begin(question: Question = DENTISTS) -> Lookup:
        lookup = looking_up.ask(workspace, by=alice, question=question)
        assert isinstance(lookup, Lookup)
        return lookup

    return begin


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the ids that a bell is rung for."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.answer_lookup, "delay", ids.append)
    monkeypatch.setattr(bells.current_app, "send_task", lambda name, args: ids.extend(args))
    return ids


def claimed(lookup: Lookup) -> lookup_leases.LookupLease:
    lease = lookup_leases.claim(lookup.pk)
    assert lease is not None
    return lease


def end_leases() -> None:
    Lookup.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def charges() -> int:
    return CreditEntry.objects.filter(kind="charge").count()


# --- once -------------------------------------------------------------------------------------


def test_a_lookup_that_is_answered_is_not_answered_again(ask: Ask, vendors: VendorsServer) -> None:
    lookup = ask()
    answering.answer(lookup.pk)
    asked = len(vendors.requests)
    answering.answer(lookup.pk)
    answering.answer(10**9)
    assert (len(vendors.requests), charges()) == (asked, 1)


def test_a_killed_workers_lookup_is_taken_over_and_paid_once(
    ask: Ask, workspace: Workspace, balance: Balance, rung: list[int]
) -> None:
    before, _ = balance(workspace)
    lookup = ask()
    dead = claimed(lookup)
    assert LEASES.due() == [], "nobody rings for what is being done"
    answering.answer(lookup.pk)
    assert SerpPage.objects.count() == 0
    end_leases()
    tasks.sweep_lookups()
    assert rung == [lookup.pk]
    answering.answer(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.status, lookup.attempts, lookup.credits_used) == ("done", 1, 10)
    with pytest.raises(LeaseLost), dead.writing():
        pass
    assert (charges(), balance(workspace)) == (1, (before - 10, 0))
    charging.verify_ledger(workspace)


def test_a_worker_that_was_thought_dead_stores_and_charges_nothing(
    ask: Ask, workspace: Workspace, balance: Balance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = balance(workspace)
    lookup = ask()
    find = engines.KIND.find

    def overtaken(lease: lookup_leases.LookupLease, question: SearchQuestion) -> Any:
        found = find(lease, question)
        if lease.row.attempts == 0:  # the first is slow, and a second one does all of it
            end_leases()
            answering.answer(lookup.pk)
        return found

    kind = type(engines.KIND)(recall=engines.KIND.recall, find=overtaken)
    monkeypatch.setitem(answering.KINDS, Lookup.Kind.SEARCH, kind)
    answering.answer(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.status, lookup.attempts, charges()) == ("done", 1, 1)
    assert balance(workspace) == (before - 10, 0)
    charging.verify_ledger(workspace)


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_rung_together_do_it_once(
    ask: Ask, vendors: VendorsServer, in_parallel: Parallel
) -> None:
    lookup, asked = ask(), len(vendors.requests)
    in_parallel(*[lambda: answering.answer(lookup.pk)] * 8)
    assert (len(vendors.requests) - asked, charges(), SerpPage.objects.count()) == (1, 1, 1)


# --- what goes wrong --------------------------------------------------------------------------


def test_what_kills_its_workers_again_and_again_is_given_up_and_costs_nothing(
    ask: Ask, workspace: Workspace, balance: Balance
) -> None:
    before = balance(workspace)
    lookup = ask()
    for _ in range(1 + answering.MAX_ATTEMPTS):
        claimed(lookup)
        end_leases()
    assert LEASES.due() == [lookup.pk]
    answering.answer(lookup.pk)
    with pytest.raises(ProviderError, match="interrupted too often") as caught:
        looking_up.wait(lookup, seconds=0)
    assert caught.value.code == "interrupted"
    assert balance(workspace) == before
    assert not CreditHold.objects.filter(state="open").exists()
    assert LEASES.due() == []


def test_a_crash_is_tried_again_a_few_times_and_then_given_up(
    ask: Ask, workspace: Workspace, balance: Balance, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes: list[None] = []

    def crash() -> list[Any]:
        crashes.append(None)
        raise OperationalError("database is locked")

    before = balance(workspace)
    monkeypatch.setattr(registry, "search_engines", crash)
    lookup = ask()
    for _ in range(10):
        answering.answer(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.status, lookup.error_code) == ("failed", "interrupted")
    assert len(crashes) == 1 + answering.MAX_ATTEMPTS
    assert balance(workspace) == before


def test_a_crash_that_passes_is_not_noticed(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.LEADS_RETRY_SECONDS = 30.0
    engine_list, lookup = registry.search_engines, ask()
    monkeypatch.setattr(registry, "search_engines", lambda: 1 / 0)
    answering.answer(lookup.pk)
    monkeypatch.setattr(registry, "search_engines", engine_list)
    answering.answer(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.status, lookup.attempts) == ("running", 1), "not before half a minute"
    Lookup.objects.update(next_attempt_at=timezone.now())
    answering.answer(lookup.pk)
    answer = looking_up.wait(lookup, seconds=0)
    assert answer is not None
    assert answer.credits_used == 10


def test_a_failure_that_cannot_be_stored_leaves_nothing_half_done(
    ask: Ask, workspace: Workspace, balance: Balance, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = balance(workspace)
    lookup, capture = ask(), charging.capture

    def broken(*_: Any) -> int:
        raise OperationalError("disk full")

    monkeypatch.setattr(charging, "capture", broken)
    answering.answer(lookup.pk)
    assert (SerpPage.objects.count(), charges(), balance(workspace)) == (0, 0, (before, 10))
    monkeypatch.setattr(charging, "capture", capture)
    answering.answer(lookup.pk)
    assert (SerpPage.objects.count(), charges(), balance(workspace)) == (1, 1, (before - 10, 0))


# --- bells and turns --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_new_lookup_rings_when_it_is_committed_and_the_sweeper_for_lost_bells(
    rung: list[int], ask: Ask
) -> None:
    lookup = ask()
    assert rung == [lookup.pk]
    tasks.sweep_lookups()
    tasks.sweep_lookups()
    assert rung == [lookup.pk] * 2, "the second sweep waits for the bell of the first"
    Lookup.objects.update(rung_at=timezone.now() - timedelta(seconds=21))
    tasks.sweep_lookups()
    assert rung == [lookup.pk] * 3


def test_a_busy_workspaces_bell_answers_the_question_of_the_one_that_waits(
    ask: Ask, stranger: Workspace, charlie: User
) -> None:
    mine = [ask(SearchQuestion(f"question {number}")) for number in range(3)]
    claimed(mine[0])
    theirs = looking_up.ask(stranger, by=charlie, question=SearchQuestion("theirs"))
    assert isinstance(theirs, Lookup)
    assert LEASES.in_turn(mine[1].pk) == theirs.pk
    claimed(theirs)
    assert LEASES.in_turn(mine[2].pk) == mine[2].pk


def test_a_start_of_the_only_process_frees_what_the_last_one_held(ask: Ask) -> None:
    lookup = ask()
    claimed(lookup)
    assert lookup_leases.claim(lookup.pk) is None
    assert LEASES.forget() == 1
    assert claimed(lookup).row.attempts == 1


def test_a_lease_is_renewed_while_it_is_held_and_no_longer(ask: Ask, settings: Settings) -> None:
    settings.LEADS_LEASE_SECONDS = 3.0
    lease = claimed(ask())
    lease.renewed -= 2
    until = Lookup.objects.get().lease_expires_at
    assert lease.renew_when_due()
    renewed = Lookup.objects.get().lease_expires_at
    assert until is not None
    assert renewed is not None
    assert renewed > until
    lease.cover(60)
    covered = Lookup.objects.get().lease_expires_at
    assert covered is not None
    assert covered > timezone.now() + timedelta(seconds=55)
    lookup_leases.note_stage(lease, "Asking", done=1, total=3)
    row = Lookup.objects.get()
    assert (row.stage, row.done, row.total) == ("Asking", 1, 3)
    Lookup.objects.update(lease_token="another")
    lease.renewed -= 2
    assert not lease.renew_when_due()
