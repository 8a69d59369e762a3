"""The ledger: what is held, charged, released and refused."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from freshleads.billing import charging
from freshleads.billing.charging import Charge, CreditsMissing, LedgerBroken
from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.lib.errors import Conflict, InsufficientCredits, InvalidInput, NotFound
from freshleads.users.models import User, Workspace


def account(workspace: Workspace) -> tuple[int, int]:
    """Return (balance, held) after proving that the ledger adds up."""
    charging.verify_ledger(workspace)
    row = Subscription.objects.get(workspace=workspace)
    return row.balance, row.held


def lead(number: int, amount: int = 1) -> Charge:
    return Charge(f"lead:{number}", amount, f"Lead {number}")


def references(workspace: Workspace) -> set[str]:
    return set(CreditEntry.objects.owned_by(workspace).values_list("reference", flat=True))


def test_refuses_a_hold_of_more_than_is_available(alices: Workspace) -> None:
    charging.hold(alices, 60, reference="first")
    with pytest.raises(CreditsMissing) as refused:
        charging.hold(alices, 50, reference="second")
    assert isinstance(refused.value, InsufficientCredits)
    assert refused.value.code == "insufficient_credits"
    assert (refused.value.needed, refused.value.available, refused.value.missing) == (50, 40, 10)
    assert refused.value.message == "50 credits are needed and 40 are available: 10 are missing."
    assert account(alices) == (100, 60)
    assert CreditHold.objects.count() == 1


def test_a_hold_sets_credits_aside_without_spending_them(alices: Workspace) -> None:
    hold = charging.hold(alices, 100, reference="all")
    assert (hold.amount, hold.captured, hold.state) == (100, 0, "open")
    assert account(alices) == (100, 100)
    assert Subscription.objects.get(workspace=alices).available == 0


def test_refuses_a_second_hold_under_one_reference(alices: Workspace) -> None:
    charging.hold(alices, 10, reference="search:1")
    with pytest.raises(Conflict) as refused:
        charging.hold(alices, 10, reference="search:1")
    assert refused.value.code == "hold_exists"
    assert account(alices) == (100, 10)


@pytest.mark.parametrize("amount", [0, -1, charging.MAX_CREDITS + 1])
def test_refuses_amounts_that_make_no_sense(alices: Workspace, amount: int) -> None:
    for attempt in (charging.hold, charging.hold_up_to):
        with pytest.raises(InvalidInput) as refused:
            attempt(alices, amount, reference="odd")
        assert refused.value.param == "amount"
    with pytest.raises(InvalidInput):
        charging.grant(alices, amount, reference="odd", description="Odd")
    assert account(alices) == (100, 0)


def test_refuses_a_balance_that_no_column_can_store(alices: Workspace) -> None:
    with pytest.raises(InvalidInput, match="A balance ends at 1000000000 credits"):
        charging.grant(alices, charging.MAX_CREDITS, reference="much", description="Much")
    assert account(alices) == (100, 0)


def test_refuses_empty_and_overlong_references(alices: Workspace) -> None:
    for reference in ("", "x" * 121):
        with pytest.raises(ValueError, match="A reference has 1 to 120 characters"):
            charging.hold(alices, 1, reference=reference)
    assert account(alices) == (100, 0)


def test_refuses_a_workspace_without_a_subscription(db: None) -> None:
    bare = Workspace.objects.create(name="Bare")
    with pytest.raises(NotFound):
        charging.hold(bare, 1, reference="first")


def test_holds_what_is_left_where_less_is_left(alices: Workspace) -> None:
    charging.hold(alices, 70, reference="first")
    assert charging.hold_up_to(alices, 50, reference="second").amount == 30
    with pytest.raises(CreditsMissing) as refused:
        charging.hold_up_to(alices, 50, reference="third")
    assert refused.value.missing == 1
    assert account(alices) == (100, 100)


def test_holds_no_more_than_asked_where_more_is_left(alices: Workspace) -> None:
    assert charging.hold_up_to(alices, 50, reference="first").amount == 50
    assert account(alices) == (100, 50)


def test_a_repeated_capture_costs_nothing(alices: Workspace) -> None:
    hold = charging.hold(alices, 20, reference="search:1")
    assert charging.capture(hold, [lead(1), lead(2)]) == 2
    assert charging.capture(hold, [lead(1), lead(2), lead(3)]) == 1
    assert charging.capture(hold, [lead(1), lead(2), lead(3)]) == 0
    assert account(alices) == (97, 17)
    assert references(alices) == {"start", "lead:1", "lead:2", "lead:3"}
    assert hold.captured == 3


def test_a_reference_named_twice_in_one_capture_is_charged_once(alices: Workspace) -> None:
    hold = charging.hold(alices, 20, reference="search:1")
    assert charging.capture(hold, [lead(1, 2), lead(1, 5)]) == 2
    assert account(alices) == (98, 18)


def test_a_reference_charged_by_another_hold_is_not_charged_again(alices: Workspace) -> None:
    first = charging.hold(alices, 20, reference="search:1")
    second = charging.hold(alices, 20, reference="search:2")
    charging.capture(first, [lead(1)])
    assert charging.capture(second, [lead(1), lead(2)]) == 1
    assert account(alices) == (98, 38)


def test_captures_nothing_rather_than_more_than_the_hold(alices: Workspace) -> None:
    hold = charging.hold(alices, 3, reference="search:1")
    charging.capture(hold, [lead(1)])
    with pytest.raises(CreditsMissing) as refused:
        charging.capture(hold, [lead(2), lead(3), lead(4)])
    assert refused.value.missing == 1
    assert account(alices) == (99, 2)
    assert references(alices) == {"start", "lead:1"}


def test_refuses_new_charges_to_a_closed_hold_and_skips_old_ones(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    charging.capture(hold, [lead(1)])
    charging.release(hold)
    assert charging.capture(hold, [lead(1)]) == 0
    with pytest.raises(Conflict) as refused:
        charging.capture(hold, [lead(2)])
    assert refused.value.code == "hold_closed"
    assert account(alices) == (99, 0)


@pytest.mark.parametrize("amount", [0, -5])
def test_refuses_a_charge_that_would_add_credits(alices: Workspace, amount: int) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    with pytest.raises(InvalidInput):
        charging.capture(hold, [lead(1), lead(2, amount)])
    assert account(alices) == (100, 10)


def test_a_capture_that_is_rolled_back_with_its_effects_costs_nothing(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    with pytest.raises(RuntimeError), transaction.atomic():
        charging.capture(hold, [lead(1)])
        raise RuntimeError("the leads could not be stored")
    assert account(alices) == (100, 10)
    assert charging.capture(hold, [lead(1)]) == 1


@pytest.mark.django_db(transaction=True)
def test_refuses_to_capture_outside_the_transaction_of_the_effects(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    with pytest.raises(transaction.TransactionManagementError):
        charging.capture(hold, [lead(1)])
    assert account(alices) == (100, 10)


def test_captures_sixty_charges_with_few_queries(alices: Workspace) -> None:
    hold = charging.hold(alices, 60, reference="search:1")
    with CaptureQueriesContext(connection) as queries:
        charging.capture(hold, [lead(number) for number in range(60)])
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 6
    assert account(alices) == (40, 0)


def test_release_gives_back_the_rest_once(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    charging.capture(hold, [lead(1), lead(2)])
    assert charging.release(hold) == 8
    assert charging.release(hold) == 0
    assert (hold.state, hold.captured) == ("closed", 2)
    assert hold.closed_at is not None
    assert account(alices) == (98, 0)


def test_a_grant_counts_once_for_its_reference(alices: Workspace) -> None:
    assert charging.grant(alices, 5, reference="gift", description="Gift") == 5
    assert charging.grant(alices, 5, reference="gift", description="Gift") == 0
    assert account(alices) == (105, 0)


def test_refuses_an_adjustment_into_credits_that_are_held(alices: Workspace, alice: User) -> None:
    charging.hold(alices, 60, reference="search:1")
    with pytest.raises(CreditsMissing) as refused:
        charging.adjust(alices, -41, reason="Mistake", by=alice)
    assert refused.value.missing == 1
    assert charging.adjust(alices, -40, reason="Mistake", by=alice) == -40
    assert account(alices) == (60, 60)


def test_refuses_an_adjustment_without_a_reason(alices: Workspace, alice: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        charging.adjust(alices, 5, reason="  ", by=alice)
    assert refused.value.param == "reason"
    assert account(alices) == (100, 0)


def test_an_adjustment_names_who_made_it_and_why(alices: Workspace, alice: User) -> None:
    charging.adjust(alices, 5, reason="Sorry for the outage", by=alice)
    entry = CreditEntry.objects.owned_by(alices).get(kind="adjustment")
    assert (entry.amount, entry.description, entry.created_by) == (5, "Sorry for the outage", alice)


def test_a_refund_gives_a_charge_back_once(alices: Workspace, charlies: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    charging.capture(hold, [lead(1, 3)])
    with pytest.raises(NotFound):
        charging.refund(charlies, "lead:1", reason="Bounced")
    with pytest.raises(NotFound):
        charging.refund(alices, "start", reason="Not a charge")
    assert charging.refund(alices, "lead:1", reason="Bounced") == 3
    assert charging.refund(alices, "lead:1", reason="Bounced") == 0
    assert charging.capture(hold, [lead(1, 3)]) == 0
    assert account(alices) == (100, 7)
    assert account(charlies) == (100, 0)


def test_workspaces_use_the_same_references_without_meeting(
    alices: Workspace, charlies: Workspace
) -> None:
    for workspace in (alices, charlies):
        hold = charging.hold(workspace, 10, reference="search:1")
        assert charging.capture(hold, [lead(1)]) == 1
    assert account(alices) == account(charlies) == (99, 9)


def test_stores_what_fits_of_a_description_from_the_web(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    charging.capture(hold, [Charge("lead:1", 1, "a\x00" + "b" * 500)])
    assert CreditEntry.objects.get(reference="lead:1").description == "a" + "b" * 299


def test_verification_finds_a_balance_changed_by_other_hands(alices: Workspace) -> None:
    Subscription.objects.filter(workspace=alices).update(balance=101)
    with pytest.raises(LedgerBroken, match="the balance is 101, its entries sum up to 100"):
        charging.verify_ledger(alices)


def test_verification_finds_held_credits_without_a_hold(alices: Workspace) -> None:
    Subscription.objects.filter(workspace=alices).update(held=1)
    with pytest.raises(LedgerBroken, match="1 credits are held, by open holds 0"):
        charging.verify_ledger(alices)


def test_verification_finds_a_hold_that_differs_from_its_charges(alices: Workspace) -> None:
    hold = charging.hold(alices, 10, reference="search:1")
    CreditHold.objects.filter(pk=hold.pk).update(amount=11, captured=1)
    with pytest.raises(LedgerBroken, match="differ from their charges: 1"):
        charging.verify_ledger(alices)
