"""Leases on rows of any model that is worked on in slices: one worker at a time, none for ever.

The model has `lease_token`, `lease_expires_at`, `attempts`, `next_attempt_at`, `rung_at`, a
`workspace`, and a manager whose `unfinished()` gives the rows with work left. A worker may only
write while its token stands in the row: `Lease.writing()` opens the transaction, locks the row and
makes sure of it, so a worker that was thought dead cannot double what its successor did.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.utils import timezone

from freshleads.lib.ids import new_id
from leads.leasing import LeaseLost

CONSIDERED = 500
RUNG_AGAIN_AFTER = timedelta(seconds=20)

Row = TypeVar("Row", bound=Model)


class Lease(Generic[Row]):
    """The right to work on one row until it is given back or runs out."""

    def __init__(self, rows: QuerySet[Row], row: Row, token: str) -> None:
        self.rows = rows
        self.row = row
        self.token = token
        self.renewed = monotonic()

    def renew_when_due(self) -> bool:
        """Renew the lease after a third of its time; tells whether it is still held."""
        if monotonic() - self.renewed < settings.LEADS_LEASE_SECONDS / 3:
            return True
        self.renewed = monotonic()
        return bool(self._held().update(lease_expires_at=_lease_end()))

    def cover(self, seconds: float) -> None:
        """Make the lease last for a request that may take so long, if it would end before."""
        if seconds > settings.LEADS_LEASE_SECONDS:
            self.note(lease_expires_at=timezone.now() + timedelta(seconds=seconds))

    def note(self, **columns: Any) -> None:
        """Write columns that tell who watches what is being done, while the lease is held."""
        self._held().update(**columns)

    @contextmanager
    def writing(self) -> Iterator[Row]:
        """Open a transaction with the row locked and fresh; LeaseLost if it is ours no more."""
        with transaction.atomic():
            row = self._held().select_for_update(of=("self",)).first()
            if row is None:
                raise LeaseLost
            self.row = row
            yield row

    def give_back(self, *, next_attempt_in: float = 0.0) -> None:
        """Let another worker have the row, now or after so many seconds."""
        self._held().update(
            lease_token="",
            lease_expires_at=None,
            next_attempt_at=timezone.now() + timedelta(seconds=next_attempt_in),
        )

    def _held(self) -> QuerySet[Row]:
        return self.rows.filter(pk=self.row.pk, lease_token=self.token)


class Leases(Generic[Row]):
    """The leases on the unfinished rows of one model."""

    def __init__(self, model: type[Row], *related: str) -> None:
        self.model = model
        self.related = related

    def claim(self, row_id: int, **columns: Any) -> Lease[Row] | None:
        """Take a row if it is due and nobody has it, and write these columns beside.

        Counts an attempt that died.
        """
        token = new_id("lease")
        tried = Case(
            When(lease_expires_at=None, then=F("attempts")),
            default=F("attempts") + Value(1),
        )
        claimed = (
            self._due(timezone.now())
            .filter(pk=row_id)
            .update(
                attempts=tried,
                lease_token=token,
                lease_expires_at=_lease_end(),
                rung_at=None,
                **columns,
            )
        )
        if not claimed:
            return None
        rows = self._unfinished().select_related(*self.related)
        row = rows.filter(pk=row_id).first()
        return Lease(rows, row, token) if row is not None else None

    def in_turn(self, row_id: int) -> int:
        """Return the row to work on when the bell of this one rings: of who has the fewest at work.

        Bells are only counted: the passed-over row has another's bell.
        """
        now = timezone.now()
        held = self._unfinished().filter(lease_expires_at__gte=now)
        at_work = Counter(held.values_list("workspace_id", flat=True))
        due = self._due(now).order_by("next_attempt_at").values_list("pk", "workspace_id")
        return min(
            due[:CONSIDERED],
            key=lambda row: (at_work[row[1]], row[0] != row_id),
            default=(row_id, 0),
        )[0]

    def due(self, *, limit: int = CONSIDERED) -> list[int]:
        """Mark and return the rows that want a worker and were not queued in the last 20 s."""
        now = timezone.now()
        silent = Q(rung_at=None) | Q(rung_at__lt=now - RUNG_AGAIN_AFTER)
        due = self._due(now).filter(silent).order_by("next_attempt_at")
        ids = list(due.values_list("pk", flat=True)[:limit])
        if ids:
            self._unfinished().filter(pk__in=ids).update(rung_at=now)
        return ids

    def forget(self) -> int:
        """Free every lease; only for the start of a set-up that runs in one single process."""
        held = self._unfinished().exclude(lease_expires_at=None)
        return held.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    def _due(self, now: datetime) -> QuerySet[Row]:
        free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)
        return self._unfinished().filter(free, next_attempt_at__lte=now)

    def _unfinished(self) -> QuerySet[Row]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Row] = manager.unfinished()
        return rows


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEADS_LEASE_SECONDS)
