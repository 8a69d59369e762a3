"""The lease on a search: one worker at a time, and a dead worker's work is taken over.

A worker may only write while its token stands in the row. `Lease.writing()` opens the
transaction, locks the row and makes sure of it, so a cancelled search is not charged and a worker
that was thought dead cannot double what its successor did.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from freshleads.lib.ids import new_id
from leads.models import Search

CONSIDERED = 500


class LeaseLost(Exception):
    """The search was cancelled, or another worker has it."""


class Lease:
    """The right to work on one search until it is given back or runs out."""

    def __init__(self, search: Search, token: str) -> None:
        self.search = search
        self.token = token
        self.renewed = monotonic()

    def renew_when_due(self) -> bool:
        """Renew the lease after a third of its time; tells whether it is still held."""
        if monotonic() - self.renewed < settings.LEADS_LEASE_SECONDS / 3:
            return True
        self.renewed = monotonic()
        return bool(
            Search.objects.unfinished()
            .filter(pk=self.search.pk, lease_token=self.token)
            .update(lease_expires_at=_lease_end())
        )

    def cover(self, seconds: float) -> None:
        """Make the lease last for a request that may take so long, if it would end before."""
        if seconds > settings.LEADS_LEASE_SECONDS:
            Search.objects.filter(pk=self.search.pk, lease_token=self.token).update(
                lease_expires_at=timezone.now() + timedelta(seconds=seconds)
            )

    @contextmanager
    def writing(self) -> Iterator[Search]:
        """Open a transaction with the row locked and fresh; LeaseLost if it is ours no more."""
        with transaction.atomic():
            search = (
                Search.objects.select_for_update(of=("self",))
                .select_related("workspace", "project", "hold")
                .filter(pk=self.search.pk)
                .first()
            )
            if search is None or search.is_finished or search.lease_token != self.token:
                raise LeaseLost
            self.search = search
            yield search

    def give_back(self, *, next_attempt_in: float = 0.0) -> None:
        """Let another worker have the row, now or after so many seconds."""
        Search.objects.filter(pk=self.search.pk, lease_token=self.token).update(
            lease_token="",
            lease_expires_at=None,
            next_attempt_at=timezone.now() + timedelta(seconds=next_attempt_in),
        )


def claim(search_id: int) -> Lease | None:
    """Take the search if it is due and nobody has it; counts an attempt that died."""
    now = timezone.now()
    token = new_id("lease")
    claimed = (
        _due(now)
        .filter(pk=search_id)
        .update(
            attempts=Case(
                When(lease_expires_at=None, then=F("attempts")),
                default=F("attempts") + Value(1),
            ),
            status=Search.Status.RUNNING,
            started_at=Coalesce(F("started_at"), now),
            lease_token=token,
            lease_expires_at=_lease_end(),
            rung_at=None,
        )
    )
    if not claimed:
        return None
    search = Search.objects.select_related("workspace", "project", "hold").get(pk=search_id)
    return Lease(search, token)


def forget_leases() -> int:
    """Free every lease; only for the start of a set-up that runs in one single process."""
    return (
        Search.objects.unfinished()
        .exclude(lease_expires_at=None)
        .update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    )


def in_turn(search_id: int) -> int:
    """Return the search to work on when the bell of this one rings.

    That is one of the workspace with the fewest at work: many searches of one workspace do not
    keep the others waiting. Bells are only counted: the passed-over search has another's bell.
    """
    now = timezone.now()
    at_work = Counter(
        Search.objects.unfinished()
        .filter(lease_expires_at__gte=now)
        .values_list("workspace_id", flat=True)
    )
    due = _due(now).order_by("next_attempt_at").values_list("pk", "workspace_id")
    return min(
        due[:CONSIDERED],
        key=lambda row: (at_work[row[1]], row[0] != search_id),
        default=(search_id, 0),
    )[0]


def due_searches(*, limit: int = CONSIDERED) -> list[int]:
    """Mark and return the searches that want a worker and were not queued in the last 20 s."""
    now = timezone.now()
    due = (
        _due(now)
        .filter(Q(rung_at=None) | Q(rung_at__lt=now - timedelta(seconds=20)))
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:limit]
    )
    ids = list(due)
    if ids:
        Search.objects.filter(pk__in=ids).update(rung_at=now)
    return ids


def _due(now: datetime) -> QuerySet[Search]:
    return (
        Search.objects.unfinished()
        .filter(next_attempt_at__lte=now)
        .filter(Q(lease_expires_at=None) | Q(lease_expires_at__lt=now))
    )


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEADS_LEASE_SECONDS)
