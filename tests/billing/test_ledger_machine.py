"""The ledger against a model of it: any order of operations, and every one repeated at will."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from freshleads.billing import charging
from freshleads.billing.charging import Charge, CreditsMissing
from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.lib.errors import Conflict, NotFound
from freshleads.users.models import Workspace

AMOUNTS = st.integers(1, 12)
NAMES = st.sampled_from("abcdef")
CHARGES = st.lists(st.tuples(NAMES, st.integers(1, 4)), max_size=6)


@dataclass
class ModelHold:
    row: CreditHold
    captured: int = 0
    is_open: bool = True

    @property
    def rest(self) -> int:
        return self.row.amount - self.captured if self.is_open else 0


class Ledger(RuleBasedStateMachine):
    """Runs each example in a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.workspace = Workspace.objects.get()
        self.balance = 20
        self.grants: set[str] = set()
        self.holds: dict[str, ModelHold] = {}
        self.charges: dict[str, int] = {}
        self.refunds: set[str] = set()

    def teardown(self) -> None:
        charging.verify_ledger(self.workspace)
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @property
    def held(self) -> int:
        return sum(hold.rest for hold in self.holds.values())

    @property
    def available(self) -> int:
        return self.balance - self.held

    @rule(amount=AMOUNTS, name=NAMES)
    def grant(self, amount: int, name: str) -> None:
        expected = 0 if name in self.grants else amount
        granted = charging.grant(
            self.workspace, amount, reference=f"grant:{name}", description="Grant"
        )
        assert granted == expected
        self.grants.add(name)
        self.balance += expected

    @rule(amount=st.integers(-12, 12).filter(bool))
    def adjust(self, amount: int) -> None:
        if -amount > self.available:
            with pytest.raises(CreditsMissing) as refused:
                charging.adjust(self.workspace, amount, reason="Correction", by=None)
            assert refused.value.missing == -amount - self.available
        else:
            assert charging.adjust(self.workspace, amount, reason="Correction", by=None) == amount
            self.balance += amount

    @rule(amount=AMOUNTS, name=NAMES)
    def hold(self, amount: int, name: str) -> None:
        if amount > self.available:
            with pytest.raises(CreditsMissing) as refused:
                charging.hold(self.workspace, amount, reference=name)
            assert refused.value.missing == amount - self.available
        elif name in self.holds:
            with pytest.raises(Conflict):
                charging.hold(self.workspace, amount, reference=name)
        else:
            row = charging.hold(self.workspace, amount, reference=name)
            assert row.amount == amount
            self.holds[name] = ModelHold(row)

    @rule(amount=AMOUNTS, name=NAMES)
    def hold_up_to(self, amount: int, name: str) -> None:
        if self.available == 0:
            with pytest.raises(CreditsMissing):
                charging.hold_up_to(self.workspace, amount, reference=name)
        elif name in self.holds:
            with pytest.raises(Conflict):
                charging.hold_up_to(self.workspace, amount, reference=name)
        else:
            row = charging.hold_up_to(self.workspace, amount, reference=name)
            assert row.amount == min(amount, self.available)
            self.holds[name] = ModelHold(row)

    @rule(name=NAMES, charges=CHARGES, repeats=st.integers(1, 3))
    def capture(self, name: str, charges: list[tuple[str, int]], repeats: int) -> None:
        if name not in self.holds:
            return
        hold = self.holds[name]
        fresh: dict[str, int] = {}
        for reference, amount in charges:
            if reference not in self.charges:
                fresh.setdefault(reference, amount)
        total = sum(fresh.values())
        asked = [Charge(f"lead:{reference}", amount, "Lead") for reference, amount in charges]
        if total and not hold.is_open:
            with pytest.raises(Conflict):
                charging.capture(hold.row, asked)
        elif total > hold.rest:
            with pytest.raises(CreditsMissing):
                charging.capture(hold.row, asked)
        else:
            taken = [charging.capture(hold.row, asked) for _ in range(repeats)]
            assert taken == [total] + [0] * (repeats - 1)
            hold.captured += total
            self.balance -= total
            self.charges |= fresh

    @rule(name=NAMES)
    def release(self, name: str) -> None:
        if name in self.holds:
            hold = self.holds[name]
            assert charging.release(hold.row) == hold.rest
            hold.is_open = False

    @rule(name=NAMES)
    def refund(self, name: str) -> None:
        if name not in self.charges:
            with pytest.raises(NotFound):
                charging.refund(self.workspace, f"lead:{name}", reason="Bounced")
            return
        expected = 0 if name in self.refunds else self.charges[name]
        assert charging.refund(self.workspace, f"lead:{name}", reason="Bounced") == expected
        self.refunds.add(name)
        self.balance += expected

    @invariant()
    def agrees_with_the_model(self) -> None:
        row = Subscription.objects.get()
        assert (row.balance, row.held) == (self.balance, self.held)
        assert 0 <= row.held <= row.balance
        entries = CreditEntry.objects.aggregate(total=Sum("amount"))
        assert entries["total"] == row.balance


def test_the_ledger_does_what_its_model_does(alices: Workspace) -> None:
    charging.adjust(alices, -80, reason="Begin with 20", by=None)
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=500,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
