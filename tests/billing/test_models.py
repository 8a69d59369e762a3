"""What the database itself refuses, whoever writes."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from freshleads.billing import charging
from freshleads.billing.charging import Charge
from freshleads.billing.models import CreditEntry, CreditHold, EntriesAreFinal, Subscription
from freshleads.users.models import User, Workspace


@pytest.fixture
def entry(alices: Workspace) -> CreditEntry:
    """A charge of 3 credits in Alice's workspace."""
    hold = charging.hold(alices, 10, reference="search:1")
    charging.capture(hold, [Charge("lead:1", 3, "Lead 1")])
    return CreditEntry.objects.get(reference="lead:1")


def refused_by_the_database(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "credit entries are never changed or removed" in str(error)
    return False


def test_the_model_refuses_to_change_or_remove_entries(entry: CreditEntry) -> None:
    entry.amount = -1
    with pytest.raises(EntriesAreFinal):
        entry.save()
    with pytest.raises(EntriesAreFinal):
        entry.delete()
    with pytest.raises(EntriesAreFinal):
        CreditEntry.objects.update(amount=-1)
    with pytest.raises(EntriesAreFinal), transaction.atomic():
        CreditEntry.objects.bulk_update([entry], ["amount"])
    with pytest.raises(EntriesAreFinal):
        CreditEntry.objects.filter(pk=entry.pk).delete()
    assert CreditEntry.objects.get(pk=entry.pk).amount == -3


@pytest.mark.parametrize(
    "change", ["amount = -1", "reference = 'x'", "kind = 'grant'", "workspace_id = 0"]
)
def test_the_database_refuses_to_change_entries(entry: CreditEntry, change: str) -> None:
    statement = f"UPDATE billing_creditentry SET {change} WHERE id = {entry.pk}"
    assert refused_by_the_database(statement)


@pytest.mark.postgres
def test_the_database_refuses_to_remove_entries(entry: CreditEntry) -> None:
    assert refused_by_the_database(f"DELETE FROM billing_creditentry WHERE id = {entry.pk}")
    assert CreditEntry.objects.filter(pk=entry.pk).exists()


def test_entries_outlive_the_user_who_made_them(alices: Workspace, alice: User) -> None:
    charging.adjust(alices, 5, reason="Gift", by=alice)
    alice.delete()
    entry = CreditEntry.objects.get(kind="adjustment")
    assert (entry.amount, entry.created_by) == (5, None)


def test_a_workspace_goes_with_its_whole_ledger_and_no_other(
    entry: CreditEntry, alices: Workspace, charlies: Workspace
) -> None:
    alices.delete()
    assert not Subscription.objects.filter(workspace_id=entry.workspace_id).exists()
    assert not CreditHold.objects.exists()
    assert [row.workspace for row in CreditEntry.objects.all()] == [charlies]
    charging.verify_ledger(charlies)


def test_a_hold_with_entries_cannot_go_alone(entry: CreditEntry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditHold.objects.all().delete()
    assert CreditHold.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"balance": 6}, {"balance": -1}, {"held": -1}, {"held": 98}, {"balance": 0}]
)
def test_the_database_refuses_impossible_balances(
    entry: CreditEntry, alices: Workspace, change: dict[str, int]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.filter(workspace=alices).update(**change)
    charging.verify_ledger(alices)


def test_the_database_refuses_to_capture_more_than_a_hold(entry: CreditEntry) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditHold.objects.update(captured=11)


def test_the_database_refuses_a_reference_twice_in_a_workspace(
    entry: CreditEntry, alices: Workspace
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.objects.create(
            workspace=alices, kind="grant", amount=1, reference="lead:1", description="Again"
        )
