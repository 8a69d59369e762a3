"""Asking from a page: every question gets a row, and a row costs only what its answer does."""

from collections.abc import Callable

import pytest

from freshleads.lib.errors import InsufficientCredits, NotFound
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from leads import answering, asking, looking_up
from leads.models import Lookup
from leads.questions import CrawlQuestion

Balance = Callable[[Workspace], tuple[int, int]]


@pytest.fixture
def question(bright: Business) -> CrawlQuestion:
    assert bright.site is not None
    return CrawlQuestion(bright.site.host)


def test_a_new_question_is_the_row_a_worker_answers(
    sandbox: Sandbox, workspace: Workspace, alice: User, question: CrawlQuestion
) -> None:
    lookup = asking.look_up(workspace, by=alice, question=question)
    assert (lookup.status, lookup.created_by) == ("queued", alice)
    assert asking.look_up(workspace, by=alice, question=question) == lookup, "twice is once"


def test_a_known_answer_gets_a_row_of_its_own_that_costs_nothing(
    sandbox: Sandbox,
    workspace: Workspace,
    stranger: Workspace,
    alice: User,
    question: CrawlQuestion,
    balance: Balance,
) -> None:
    first = asking.look_up(workspace, by=alice, question=question)
    answering.answer(first.pk)
    before = balance(stranger)
    again = asking.look_up(stranger, by=None, question=question)
    assert (again.status, again.workspace, again.credits_used) == ("done", stranger, 0)
    assert balance(stranger) == before
    answer = looking_up.answer_of(again)
    first.refresh_from_db()
    assert answer.data == looking_up.answer_of(first).data
    assert answer.is_cached


def test_without_credits_no_row_is_left(
    workspace: Workspace, set_credits: Callable[[int], None]
) -> None:
    set_credits(0)
    with pytest.raises(InsufficientCredits):
        asking.look_up(workspace, by=None, question=CrawlQuestion("example.com"))
    assert not Lookup.objects.exists()


def test_only_own_lookups_are_found_and_asked_again(
    workspace: Workspace, stranger: Workspace
) -> None:
    theirs = asking.look_up(stranger, by=None, question=CrawlQuestion("example.com"))
    with pytest.raises(NotFound):
        asking.ask_again(workspace, theirs.public_id, by=None)
    with pytest.raises(NotFound):
        asking.find_lookups(workspace, [theirs.public_id])
    assert Lookup.objects.count() == 1
