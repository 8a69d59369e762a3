"""Answers that came when nobody waited any more: paid once, and free for who asks again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from freshleads.users.models import User, Workspace
from leads import answering, looking_up
from leads.looking_up import Answer
from leads.models import Lookup
from leads.questions import AdsQuestion

Ask = Callable[[], Lookup | Answer]
Balance = Callable[[Workspace], tuple[int, int]]


@pytest.fixture
def ask(sandbox: object, workspace: Workspace, alice: User) -> Ask:
    """Return a function that asks who advertises, which no cache answers."""
    return lambda: looking_up.ask(workspace, by=alice, question=AdsQuestion("dentist miami"))


def come_too_late(ask: Ask) -> Lookup:
    lookup = ask()
    assert isinstance(lookup, Lookup)
    assert looking_up.wait(lookup, seconds=0) is None
    answering.answer(lookup.pk)
    lookup.refresh_from_db()
    assert lookup.status == "done"
    return lookup


def test_an_answer_nobody_waited_for_is_free_once(
    ask: Ask, workspace: Workspace, balance: Balance
) -> None:
    late = come_too_late(ask)
    before = balance(workspace)
    given = ask()
    assert isinstance(given, Answer)
    assert (given.lookup, given.credits_used, given.is_cached) == (late, 0, False)
    assert given.data["fresh_count"] > 0
    assert balance(workspace) == before
    assert isinstance(ask(), Lookup)


def test_an_answer_somebody_got_is_not_given_away(ask: Ask) -> None:
    lookup = ask()
    assert isinstance(lookup, Lookup)
    answering.answer(lookup.pk)
    assert looking_up.wait(lookup, seconds=0) is not None
    assert isinstance(ask(), Lookup)


def test_it_waits_for_ten_minutes_only(ask: Ask) -> None:
    come_too_late(ask)
    Lookup.objects.update(finished_at=timezone.now() - timedelta(minutes=10))
    assert isinstance(ask(), Lookup)


def test_another_workspace_does_not_get_it(ask: Ask, stranger: Workspace, charlie: User) -> None:
    come_too_late(ask)
    given = looking_up.ask(stranger, by=charlie, question=AdsQuestion("dentist miami"))
    assert isinstance(given, Lookup)
