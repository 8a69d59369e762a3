"""Letting go of old lookups: after a year, sooner where they quote what a source only lends."""

from datetime import datetime, timedelta

from django.utils import timezone

from leads import registry
from leads.models import Lookup

KEPT_FOR = timedelta(days=365)
ROWS_AT_ONCE = 1000
QUOTING = (Lookup.Kind.PLACES, Lookup.Kind.REVIEWS)


def forget_old_lookups() -> bool:
    """Delete the next lookups that are too old; returns whether there may be more.

    What they cost stays in the ledger, and what was found stays in the caches for its own time.
    """
    now = timezone.now()
    lent = [timedelta(days=days) for days in registry.lent_days().values()]
    is_more = _forget(now - KEPT_FOR, tuple(Lookup.Kind))
    return _forget(now - min(lent), QUOTING) or is_more if lent else is_more


def _forget(before: datetime, kinds: tuple[Lookup.Kind, ...]) -> bool:
    ended = Lookup.objects.filter(kind__in=kinds, finished_at__lt=before)
    ids = list(ended.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
    ended.filter(pk__in=ids).delete()
    return len(ids) == ROWS_AT_ONCE
