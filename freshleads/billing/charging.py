"""The only writer of balances, holds and entries.

Every function takes the workspace's subscription row first (a row lock on PostgreSQL, the one write
lock of an IMMEDIATE transaction on SQLite), so the writers of one workspace take turns and what is
looked up afterwards stays true until the commit. Credits then move by conditional UPDATEs, so that
not even a writer without the lock could spend a credit twice.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.lib.errors import Conflict, InsufficientCredits, InvalidInput, NotFound
from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace

logger = logging.getLogger(__name__)

MAX_CREDITS = 1_000_000_000  # of a balance and of one movement; their sum fits a 32-bit column
REFERENCE_LENGTH = 120
DESCRIPTION_LENGTH = 300


class CreditsMissing(InsufficientCredits):
    """Fewer credits than needed; `missing` says how many."""

    def __init__(self, *, needed: int, available: int) -> None:
        self.needed = needed
        self.available = available
        self.missing = needed - available
        super().__init__(
            f"{needed} credits are needed and {available} are available: "
            f"{self.missing} are missing."
        )


class LedgerBroken(Exception):
    """The balance, the holds and the entries of a workspace contradict each other."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one thing costs; its reference is charged once in a workspace, ever."""

    reference: str
    amount: int
    description: str


@transaction.atomic
def grant(workspace: Workspace, amount: int, *, reference: str, description: str) -> int:
    """Add credits and return how many: 0 where the reference was granted before."""
    _check_amount(amount)
    return _append(workspace, CreditEntry.Kind.GRANT, amount, reference, description)


@transaction.atomic
def adjust(
    workspace: Workspace, amount: int, *, reason: str, by: User | None, reference: str = ""
) -> int:
    """Add credits, or take them where negative, on an operator's word; return the amount.

    With a `reference` it happens once: 0 where it did before. Raises CreditsMissing where more
    would be taken than is available.
    """
    _check_amount(abs(amount))
    if not reason.strip():
        raise InvalidInput("Say why the credits are adjusted.", param="reason")
    once = reference or new_id("adjust")
    return _append(workspace, CreditEntry.Kind.ADJUSTMENT, amount, once, reason, by=by)


@transaction.atomic
def refund(workspace: Workspace, reference: str, *, reason: str, by: User | None = None) -> int:
    """Give back the charge with this reference and return its credits: 0 where it was given back.

    Raises NotFound where the workspace was never charged under the reference.
    """
    _lock(workspace.pk)
    charges = CreditEntry.objects.owned_by(workspace).filter(kind=CreditEntry.Kind.CHARGE)
    charge = charges.filter(reference=reference).first()
    if charge is None:
        raise NotFound("There is no such charge.")
    once = f"refund:{charge.public_id}"
    return _append(workspace, CreditEntry.Kind.REFUND, -charge.amount, once, reason, by=by)


@transaction.atomic
def hold(workspace: Workspace, amount: int, *, reference: str) -> CreditHold:
    """Set credits aside for one piece of work.

    Raises CreditsMissing, and Conflict where the reference has a hold already.
    """
    _check_amount(amount)
    if not _free(workspace, amount).update(held=F("held") + amount):
        raise CreditsMissing(needed=amount, available=_lock(workspace.pk).available)
    return _open_hold(workspace, amount, reference)


@transaction.atomic
def hold_up_to(workspace: Workspace, amount: int, *, reference: str) -> CreditHold:
    """Set aside what is available, at most `amount`; raises CreditsMissing where nothing is."""
    _check_amount(amount)
    affordable = min(amount, _lock(workspace.pk).available)
    if affordable < 1 or not _free(workspace, affordable).update(held=F("held") + affordable):
        raise CreditsMissing(needed=1, available=0)
    return _open_hold(workspace, affordable, reference)


def capture(hold: CreditHold, charges: Sequence[Charge]) -> int:
    """Charge to an open hold and return the credits taken now.

    A reference charged before, by this hold or another, is skipped and costs nothing; the rest is
    charged whole or not at all. Call it inside the transaction that stores what is paid for.
    Raises CreditsMissing beyond the hold, Conflict for new charges to a closed one.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Capture inside the transaction that stores what the credits are for."
        )
    with transaction.atomic():
        _lock(hold.workspace_id)
        current = CreditHold.objects.get(pk=hold.pk)
        fresh = _not_yet_charged(current, charges)
        total = sum(charge.amount for charge in fresh)
        if total:
            _take(current, total)
            CreditEntry.objects.bulk_create(_entry(current, charge) for charge in fresh)
    hold.captured, hold.state = current.captured + total, current.state
    return total


@transaction.atomic
def release(hold: CreditHold) -> int:
    """Close the hold and return how many credits became available again; 0 once it is closed."""
    _lock(hold.workspace_id)
    now = timezone.now()
    closed = CreditHold.objects.filter(pk=hold.pk, state=CreditHold.State.OPEN).update(
        state=CreditHold.State.CLOSED, closed_at=now
    )
    hold.refresh_from_db()
    if not closed:
        return 0
    rest = hold.amount - hold.captured
    _move(hold, held=rest)
    return rest


@transaction.atomic
def verify_ledger(workspace: Workspace) -> None:
    """Raise LedgerBroken unless balance, held, holds and entries of a workspace agree."""
    subscription = _lock(workspace.pk)
    entries = CreditEntry.objects.owned_by(workspace).aggregate(total=Coalesce(Sum("amount"), 0))
    holds = CreditHold.objects.filter(workspace=workspace)
    held = holds.filter(state=CreditHold.State.OPEN).aggregate(
        total=Coalesce(Sum(F("amount") - F("captured")), 0)
    )
    charged = -Coalesce(Sum("entries__amount"), 0)
    strays = holds.annotate(charged=charged).exclude(captured=F("charged")).count()
    expected = (entries["total"], held["total"], 0)
    if (subscription.balance, subscription.held, strays) != expected:
        raise LedgerBroken(
            f"Workspace {workspace.public_id}: the balance is {subscription.balance}, its entries "
            f"sum up to {expected[0]}; {subscription.held} credits are held, by open holds "
            f"{expected[1]}; holds that differ from their charges: {strays}."
        )


def _lock(workspace_id: int) -> Subscription:
    """Return the subscription, locked until the end of the transaction."""
    # NO KEY: rows that refer to the workspace can still be inserted meanwhile.
    rows = Subscription.objects.select_for_update(no_key=True)
    subscription = rows.filter(workspace=workspace_id).first()
    if subscription is None:
        raise NotFound("This workspace has no subscription.")
    return subscription


def _free(workspace: Workspace, amount: int) -> QuerySet[Subscription]:
    """Return the subscription if that many credits are neither spent nor held, else no row."""
    return Subscription.objects.filter(workspace=workspace, balance__gte=F("held") + amount)


def _append(
    workspace: Workspace,
    kind: CreditEntry.Kind,
    amount: int,
    reference: str,
    description: str,
    *,
    by: User | None = None,
) -> int:
    """Write one entry outside any hold and move the balance; 0 where the reference is known."""
    available = _lock(workspace.pk).available
    if CreditEntry.objects.owned_by(workspace).filter(reference=reference).exists():
        return 0
    rows = Subscription.objects.filter(workspace=workspace)
    if amount < 0:
        if not _free(workspace, -amount).update(balance=F("balance") + amount):
            raise CreditsMissing(needed=-amount, available=available)
    elif not rows.filter(balance__lte=MAX_CREDITS - amount).update(balance=F("balance") + amount):
        raise InvalidInput(f"A balance ends at {MAX_CREDITS} credits.", param="amount")
    CreditEntry.objects.create(
        workspace=workspace,
        kind=kind,
        amount=amount,
        reference=_checked_reference(reference),
        description=_shortened(description),
        created_by=by,
    )
    logger.info("workspace %s: %s %+d", workspace.pk, kind, amount)
    return amount


def _open_hold(workspace: Workspace, amount: int, reference: str) -> CreditHold:
    """Insert the hold of credits that are already set aside."""
    if CreditHold.objects.filter(workspace=workspace, reference=reference).exists():
        raise Conflict("Credits are already held under this reference.", code="hold_exists")
    return CreditHold.objects.create(
        workspace=workspace, reference=_checked_reference(reference), amount=amount
    )


def _not_yet_charged(hold: CreditHold, charges: Sequence[Charge]) -> list[Charge]:
    """Return the charges whose reference has no entry, each reference once."""
    wanted: dict[str, Charge] = {}
    for charge in charges:
        wanted.setdefault(charge.reference, charge)
    entries = CreditEntry.objects.filter(workspace=hold.workspace_id, reference__in=list(wanted))
    known = set(entries.values_list("reference", flat=True))
    fresh = [charge for charge in wanted.values() if charge.reference not in known]
    for charge in fresh:
        _check_amount(charge.amount)
    return fresh


def _take(hold: CreditHold, amount: int) -> None:
    """Move credits of an open hold out of the workspace."""
    if hold.state != CreditHold.State.OPEN:
        raise Conflict("The hold is closed.", code="hold_closed")
    taken = CreditHold.objects.filter(
        pk=hold.pk, state=CreditHold.State.OPEN, captured__lte=F("amount") - amount
    ).update(captured=F("captured") + amount)
    if not taken:
        raise CreditsMissing(needed=amount, available=hold.amount - hold.captured)
    _move(hold, held=amount, spent=amount)


def _move(hold: CreditHold, *, held: int, spent: int = 0) -> None:
    """Take credits off what is held, and off the balance where they are spent."""
    moved = Subscription.objects.filter(
        workspace=hold.workspace_id, held__gte=held, balance__gte=spent
    ).update(held=F("held") - held, balance=F("balance") - spent)
    if not moved:
        raise LedgerBroken(f"Hold {hold.pk} has more credits than its workspace holds.")


def _entry(hold: CreditHold, charge: Charge) -> CreditEntry:
    return CreditEntry(
        workspace_id=hold.workspace_id,
        kind=CreditEntry.Kind.CHARGE,
        amount=-charge.amount,
        reference=_checked_reference(charge.reference),
        description=_shortened(charge.description),
        hold=hold,
    )


def _check_amount(amount: int) -> None:
    if not 1 <= amount <= MAX_CREDITS:
        raise InvalidInput(f"An amount is from 1 to {MAX_CREDITS} credits.", param="amount")


def _checked_reference(reference: str) -> str:
    """Return the reference; a cut one could meet another, so a long one is a mistake."""
    if not 1 <= len(reference) <= REFERENCE_LENGTH:
        raise ValueError(f"A reference has 1 to {REFERENCE_LENGTH} characters: {reference[:20]!r}")
    return reference


def _shortened(description: str) -> str:
    """Return the description as the column takes it: it may quote what the web said."""
    return description.replace("\x00", "")[:DESCRIPTION_LENGTH]
