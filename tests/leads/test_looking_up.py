"""One question: answered once by a worker, kept for everybody, paid once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, CreditHold
from freshleads.lib.errors import (
    Conflict,
    InsufficientCredits,
    InvalidInput,
    NotFound,
    ProviderError,
)
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from leads import answering, looking_up
from leads.looking_up import Answer
from leads.models import Lookup, SiteCrawl
from leads.questions import CrawlQuestion

Ask = Callable[..., Lookup | Answer]
SetCredits = Callable[[int], None]
Balance = Callable[[Workspace], tuple[int, int]]
Parallel = Callable[..., list[Any]]


@pytest.fixture
def host(bright: Business) -> str:
    """Return the name of an ordinary website."""
    assert bright.site is not None
    return bright.site.host


@pytest.fixture
def ask(workspace: Workspace, alice: User, host: str) -> Ask:
    """Return a function that asks for the contacts of a website."""

    def begin(url: str = host, **asked: Any) -> Lookup | Answer:
        values = {"by": alice, "question": CrawlQuestion(url), **asked}
        return looking_up.ask(workspace, **values)

    return begin


def opened(given: Lookup | Answer) -> Lookup:
    assert isinstance(given, Lookup)
    return given


def answered(given: Lookup | Answer) -> Answer:
    """Let a worker answer and return what the waiting caller gets."""
    answering.answer(opened(given).pk)
    answer = looking_up.wait(opened(given), seconds=0)
    assert answer is not None
    return answer


# --- one question -----------------------------------------------------------------------------


def test_a_question_is_answered_by_a_worker_and_paid_with_what_was_set_aside(
    ask: Ask, workspace: Workspace, host: str, balance: Balance
) -> None:
    before, _ = balance(workspace)
    lookup = opened(ask(request_id="req_1", endpoint="crawl.php"))
    assert (lookup.status, balance(workspace)) == ("queued", (before, 15))
    answer = answered(lookup)
    assert answer.data["domain"] == f"https://{host}"
    assert answer.credits_used == len(answer.data["emails"]) > 1
    assert (answer.is_cached, answer.lookup) == (False, lookup)
    assert balance(workspace) == (before - answer.credits_used, 0)
    entry = CreditEntry.objects.get(kind="charge")
    assert entry.reference == f"lookup:{lookup.public_id}"
    assert entry.description == f"crawl.php: https://{host}/ (request req_1)"
    charging.verify_ledger(workspace)


def test_the_same_question_again_is_answered_at_once_and_free_for_everybody(
    ask: Ask,
    sandbox: Sandbox,
    workspace: Workspace,
    stranger: Workspace,
    charlie: User,
    host: str,
    balance: Balance,
) -> None:
    first = answered(ask())
    before, reads = balance(workspace), len(sandbox.web.seen)
    for given in (
        ask(f"  HTTPS://{host.upper()}#top "),
        looking_up.ask(stranger, by=charlie, question=CrawlQuestion(host)),
    ):
        assert isinstance(given, Answer)
        assert (given.lookup, given.credits_used, given.is_cached) == (None, 0, True)
        assert given.data == first.data
    assert balance(workspace) == before
    assert (Lookup.objects.count(), len(sandbox.web.seen)) == (1, reads)


def test_a_cached_answer_is_two_queries(
    ask: Ask, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    answered(ask())
    with django_assert_max_num_queries(2):
        assert isinstance(ask(), Answer)


def test_a_cached_answer_is_served_without_credits_and_anything_else_is_not(
    ask: Ask, sandbox: Sandbox, set_credits: SetCredits
) -> None:
    answered(ask())
    set_credits(0)
    reads = len(sandbox.web.seen)
    assert isinstance(ask(), Answer)
    with pytest.raises(InsufficientCredits):
        ask("elsewhere.test")
    assert Lookup.objects.count() == 1, "the question was not kept"
    assert len(sandbox.web.seen) == reads, "nothing was read"


def test_with_fewer_credits_than_the_price_all_that_is_left_is_taken_and_no_more(
    ask: Ask, workspace: Workspace, balance: Balance, set_credits: SetCredits
) -> None:
    set_credits(1)
    answer = answered(ask())
    assert len(answer.data["emails"]) > 1
    assert answer.credits_used == 1
    assert balance(workspace) == (0, 0)
    charging.verify_ledger(workspace)


def test_a_failure_costs_nothing_says_why_and_may_be_asked_again(
    ask: Ask, workspace: Workspace, balance: Balance
) -> None:
    before = balance(workspace)
    lookup = opened(ask("nobody-lives-here.test"))
    answering.answer(lookup.pk)
    with pytest.raises(ProviderError, match="could not be reached") as caught:
        looking_up.wait(lookup, seconds=0)
    assert caught.value.code == "unreachable"
    assert balance(workspace) == before
    assert CreditHold.objects.filter(state="open").count() == 0
    assert opened(ask("nobody-lives-here.test")).pk != lookup.pk


def test_a_wrong_question_is_refused_before_anything_is_kept(
    ask: Ask, workspace: Workspace, balance: Balance
) -> None:
    before = balance(workspace)
    with pytest.raises(InvalidInput) as caught:
        ask("http://127.0.0.1/")
    assert caught.value.param == "domain"
    assert (Lookup.objects.count(), balance(workspace)) == (0, before)


# --- several callers --------------------------------------------------------------------------


def test_who_asks_what_is_being_asked_joins_and_pays_nothing(
    ask: Ask, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    first, second = opened(ask()), opened(ask())
    assert (second.pk, balance(workspace)) == (first.pk, (before, 15))
    paid = answered(first)
    joined = looking_up.wait(second, seconds=0)
    assert joined is not None
    assert (joined.credits_used, joined.data) == (0, paid.data)
    assert balance(workspace) == (before - paid.credits_used, 0)


def test_two_workspaces_that_ask_at_once_cause_one_reading_and_the_first_pays(
    ask: Ask,
    sandbox: Sandbox,
    stranger: Workspace,
    charlie: User,
    host: str,
    balance: Balance,
) -> None:
    before = balance(stranger)
    mine = ask()
    theirs = looking_up.ask(stranger, by=charlie, question=CrawlQuestion(host))
    paid = answered(mine)
    reads = len(sandbox.web.seen)
    late = answered(theirs)
    assert (late.credits_used, late.is_cached, late.data) == (0, True, paid.data)
    assert (len(sandbox.web.seen), balance(stranger)) == (reads, before)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one_row_one_reading_and_one_charge(
    sandbox: Sandbox,
    workspace: Workspace,
    alice: User,
    host: str,
    balance: Balance,
    set_credits: SetCredits,
    in_parallel: Parallel,
) -> None:
    set_credits(9)  # the first sets all of it aside

    def call() -> Answer:
        given = looking_up.ask(workspace, by=alice, question=CrawlQuestion(host))
        answer = given if isinstance(given, Answer) else looking_up.wait(given, seconds=60)
        assert answer is not None
        return answer

    def work() -> None:
        ends_at = monotonic() + 60
        while not Lookup.objects.exists() and monotonic() < ends_at:
            pass
        answering.answer(Lookup.objects.get().pk)

    *answers, _ = in_parallel(*[call] * 20, work)
    price = len(answers[0].data["emails"])
    assert sorted(answer.credits_used for answer in answers) == [0] * 19 + [price]
    assert all(answer.data == answers[0].data for answer in answers)
    assert (Lookup.objects.count(), SiteCrawl.objects.count()) == (1, 1)
    assert CreditEntry.objects.filter(kind="charge").count() == 1
    assert balance(workspace) == (9 - price, 0)
    charging.verify_ledger(workspace)


# --- waiting and coming back ------------------------------------------------------------------


def test_waiting_ends_when_the_time_is_up_and_the_finished_work_is_free_later(ask: Ask) -> None:
    lookup = opened(ask())
    started = monotonic()
    assert looking_up.wait(lookup, seconds=0.3) is None
    assert 0.3 <= monotonic() - started < 2
    answering.answer(lookup.pk)
    again = ask()
    assert isinstance(again, Answer)
    assert again.credits_used == 0


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_soon_after_the_worker(ask: Ask) -> None:
    lookup = opened(ask())
    worker = Thread(target=answering.answer, args=[lookup.pk])
    worker.start()
    answer = looking_up.wait(lookup, seconds=60)
    ended = timezone.now()
    worker.join()
    assert answer is not None
    assert answer.lookup is not None
    assert answer.lookup.finished_at is not None
    assert ended - answer.lookup.finished_at < timedelta(seconds=1)


def test_a_lookup_is_found_by_its_workspace_alone_and_tells_its_answer(
    ask: Ask, workspace: Workspace, stranger: Workspace
) -> None:
    lookup = opened(ask())
    with pytest.raises(Conflict):
        looking_up.answer_of(looking_up.find_lookup(workspace, lookup.public_id))
    paid = answered(lookup)
    found = looking_up.answer_of(looking_up.find_lookup(workspace, lookup.public_id))
    assert (found.data, found.credits_used) == (paid.data, paid.credits_used)
    for theirs, public_id in ((stranger, lookup.public_id), (workspace, "look_\0")):
        with pytest.raises(NotFound):
            looking_up.find_lookup(theirs, public_id)
