"""What lets threads loose: all at once, and a failure is told as what it is."""

from threading import Barrier

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from freshleads.billing.models import Plan
from tests import parallel
from tests.parallel import let_loose

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_begin_at_once_and_each_gives_its_result() -> None:
    meeting = Barrier(5)
    assert let_loose([lambda: meeting.wait(timeout=30) >= 0] * 5) == [True] * 5


def test_the_failure_of_one_is_raised_itself() -> None:
    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        let_loose([lambda: 1, lambda: 2, fail])


def test_who_finds_no_connection_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals, real = [True] * 3, BaseDatabaseWrapper.ensure_connection

    def refuse_at_first(wrapper: BaseDatabaseWrapper) -> None:
        if refusals:
            refusals.pop()
            raise OperationalError("sorry, too many clients already")
        real(wrapper)

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse_at_first)
    assert let_loose([Plan.objects.count]) == [Plan.objects.count()]
    assert refusals == []


def test_without_any_connection_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("sorry, too many clients already")

    monkeypatch.setattr(parallel, "_connect", refuse)
    with pytest.raises(OperationalError, match="too many clients"):
        let_loose([lambda: 1, lambda: 2])
