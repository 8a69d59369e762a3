"""Many threads at one balance, on a database that lets them meet."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from freshleads.billing import charging, plans
from freshleads.billing.charging import Charge, CreditsMissing
from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.lib.errors import Conflict
from freshleads.users.models import Workspace
from tests.parallel import let_loose

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 50


def in_parallel(work: Callable[[int], int]) -> list[int]:
    """Return what `work(number)` returned in each of the threads, all let loose at once."""
    return let_loose([partial(work, number) for number in range(THREADS)])


def account(workspace: Workspace) -> tuple[int, int]:
    """Return (balance, held) after proving that the ledger adds up."""
    charging.verify_ledger(workspace)
    row = Subscription.objects.get(workspace=workspace)
    return row.balance, row.held


@pytest.fixture
def twenty(alices: Workspace) -> Workspace:
    """Alice's workspace with 20 credits."""
    charging.adjust(alices, -80, reason="Begin with 20", by=None)
    return alices


def test_fifty_threads_spend_twenty_credits_exactly(twenty: Workspace) -> None:
    def spend(number: int) -> int:
        try:
            hold = charging.hold(twenty, 1, reference=f"search:{number}")
        except CreditsMissing:
            return 0
        with transaction.atomic():
            taken = charging.capture(hold, [Charge(f"lead:{number}", 1, "Lead")])
        charging.release(hold)
        return taken

    taken = in_parallel(spend)
    assert taken.count(1) == 20
    assert taken.count(0) == 30
    assert account(twenty) == (0, 0)
    amounts = CreditEntry.objects.values_list("amount", flat=True)
    assert sum(amounts) == 0
    assert CreditEntry.objects.filter(kind="charge").count() == 20


def test_fifty_threads_hold_what_is_left_and_no_more(twenty: Workspace) -> None:
    def hold(number: int) -> int:
        try:
            return charging.hold_up_to(twenty, 3, reference=f"search:{number}").amount
        except CreditsMissing:
            return 0

    held = in_parallel(hold)
    assert sorted(held)[-8:] == [0, 2, 3, 3, 3, 3, 3, 3]
    assert account(twenty) == (20, 20)


def test_one_task_run_by_fifty_threads_is_charged_once(twenty: Workspace) -> None:
    hold = charging.hold(twenty, 20, reference="search:1")
    charges = [Charge(f"lead:{number}", 1, "Lead") for number in range(10)]

    def capture(number: int) -> int:
        with transaction.atomic():
            return charging.capture(CreditHold.objects.get(pk=hold.pk), charges)

    assert sorted(in_parallel(capture)) == [0] * 49 + [10]
    assert account(twenty) == (10, 10)


def test_different_charges_to_one_hold_never_exceed_it(twenty: Workspace) -> None:
    hold = charging.hold(twenty, 15, reference="search:1")

    def capture(number: int) -> int:
        try:
            with transaction.atomic():
                own = CreditHold.objects.get(pk=hold.pk)
                return charging.capture(own, [Charge(f"lead:{number}", 2, "Lead")])
        except CreditsMissing:
            return 0

    assert sum(in_parallel(capture)) == 14
    assert account(twenty) == (6, 1)


def test_a_hold_is_released_once_while_others_capture(twenty: Workspace) -> None:
    hold = charging.hold(twenty, 20, reference="search:1")

    def capture_or_release(number: int) -> int:
        own = CreditHold.objects.get(pk=hold.pk)
        if number % 5 == 0:
            return charging.release(own)
        try:
            with transaction.atomic():
                return charging.capture(own, [Charge(f"lead:{number}", 1, "Lead")])
        except Conflict:
            return 0

    assert sum(in_parallel(capture_or_release)) == 20
    balance, held = account(twenty)
    assert (balance, held) == (20 - CreditEntry.objects.filter(kind="charge").count(), 0)


def test_a_month_is_granted_once_by_fifty_threads(twenty: Workspace) -> None:
    Subscription.objects.filter(workspace=twenty).update(next_grant_at=timezone.now())
    now = timezone.now()
    assert sum(in_parallel(lambda number: plans.grant_due(now))) == 1
    assert account(twenty) == (5020, 0)


def test_many_repeats_of_a_grant_count_once(twenty: Workspace) -> None:
    def grant(number: int) -> int:
        return charging.grant(twenty, 7, reference="gift", description="Gift")

    assert sum(in_parallel(grant)) == 7
    assert account(twenty) == (27, 0)
