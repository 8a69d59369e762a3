"""The lease on a lookup: like that on a search, one worker at a time, and a dead one is replaced.

`LookupLease.writing()` opens the transaction, locks the row and makes sure that it is still ours,
so an answer is stored and paid once, whoever else thought to be at work on it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from freshleads.lib.ids import new_id
from leads.leasing import LeaseLost
from leads.models import Lookup

CONSIDERED = 500
RUNG_AGAIN_AFTER = timedelta(seconds=20)


class LookupLease:
    """The right to answer one lookup until it is given back or runs out."""

    def __init__(self, lookup: Lookup, token: str) -> None:
        self.lookup = lookup
        self.token = token
        self.renewed = monotonic()

    def renew_when_due(self) -> bool:
        """Renew the lease after a third of its time; tells whether it is still held."""
        if monotonic() - self.renewed < settings.LEADS_LEASE_SECONDS / 3:
            return True
        self.renewed = monotonic()
        return bool(self._row().update(lease_expires_at=_lease_end()))

    def cover(self, seconds: float) -> None:
        """Make the lease last for a request that may take so long, if it would end before."""
        if seconds > settings.LEADS_LEASE_SECONDS:
            self._row().update(lease_expires_at=timezone.now() + timedelta(seconds=seconds))

    def note(self, stage: str, *, done: int = 0, total: int = 0) -> None:
        """Tell who watches the lookup what is being done right now."""
        self._row().update(stage=stage[:60], done=done, total=total)

    @contextmanager
    def writing(self) -> Iterator[Lookup]:
        """Open a transaction with the row locked and fresh; LeaseLost if it is ours no more."""
        with transaction.atomic():
            lookup = (
                Lookup.objects.select_for_update(of=("self",))
                .select_related("workspace", "hold")
                .filter(pk=self.lookup.pk)
                .first()
            )
            if lookup is None or lookup.is_finished or lookup.lease_token != self.token:
                raise LeaseLost
            self.lookup = lookup
            yield lookup

    def give_back(self, *, next_attempt_in: float) -> None:
        """Let another worker have the row after so many seconds."""
        self._row().update(
            lease_token="",
            lease_expires_at=None,
            next_attempt_at=timezone.now() + timedelta(seconds=next_attempt_in),
        )

    def _row(self) -> QuerySet[Lookup]:
        rows = Lookup.objects.unfinished()
        return rows.filter(pk=self.lookup.pk, lease_token=self.token)


def claim(lookup_id: int) -> LookupLease | None:
    """Take the lookup if it is due and nobody has it; counts an attempt that died."""
    now = timezone.now()
    token = new_id("lease")
    claimed = (
        _due(now)
        .filter(pk=lookup_id)
        .update(
            attempts=Case(
                When(lease_expires_at=None, then=F("attempts")),
                default=F("attempts") + Value(1),
            ),
            status=Lookup.Status.RUNNING,
            lease_token=token,
            lease_expires_at=_lease_end(),
            rung_at=None,
        )
    )
    if not claimed:
        return None
    return LookupLease(Lookup.objects.select_related("workspace", "hold").get(pk=lookup_id), token)


def forget_leases() -> int:
    """Free every lease; only for the start of a set-up that runs in one single process."""
    held = Lookup.objects.unfinished().exclude(lease_expires_at=None)
    return held.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def in_turn(lookup_id: int) -> int:
    """Return the lookup to answer when the bell of this one rings: of who has the fewest at work.

    Bells are only counted: the passed-over lookup has another's bell.
    """
    now = timezone.now()
    held = Lookup.objects.unfinished().filter(lease_expires_at__gte=now)
    at_work = Counter(held.values_list("workspace_id", flat=True))
    due = _due(now).order_by("next_attempt_at").values_list("pk", "workspace_id")
    return min(
        due[:CONSIDERED],
        key=lambda row: (at_work[row[1]], row[0] != lookup_id),
        default=(lookup_id, 0),
    )[0]


def due_lookups(*, limit: int = CONSIDERED) -> list[int]:
    """Mark and return the lookups that want a worker and were not queued in the last 20 s."""
    now = timezone.now()
    silent = Q(rung_at=None) | Q(rung_at__lt=now - RUNG_AGAIN_AFTER)
    due = _due(now).filter(silent).order_by("next_attempt_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    if ids:
        Lookup.objects.filter(pk__in=ids).update(rung_at=now)
    return ids


def _due(now: datetime) -> QuerySet[Lookup]:
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)
    return Lookup.objects.unfinished().filter(free, next_attempt_at__lte=now)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEADS_LEASE_SECONDS)
