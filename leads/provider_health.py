"""How each provider has been doing, kept for operators and for whoever has to choose one."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from freshleads.lib.errors import ProviderError
from leads.cleaning import clean
from leads.models import ProviderHealth

PLACES = "places"
# A key or an account does not mend itself from one request to the next.
REST_SECONDS = {"invalid_key": 3600.0, "access_denied": 3600.0, "no_credit": 3600.0}
NOTED_AGAIN_AFTER = timedelta(seconds=10)  # a row per provider, not a write per request


def note_success(provider: str, ability: str) -> None:
    """Note that a provider answered; it may be asked again at once."""
    now = timezone.now()
    stale = Q(failures__gt=0) | Q(last_success_at=None)
    stale |= Q(last_success_at__lt=now - NOTED_AGAIN_AFTER) | Q(resting_until__isnull=False)
    well = {
        "last_success_at": now,
        "failures": 0,
        "error_code": "",
        "error_message": "",
        "resting_until": None,
    }
    rows = ProviderHealth.objects.filter(provider=provider, ability=ability)
    if not rows.filter(stale).update(**well) and not rows.exists():
        _create(provider, ability)
        rows.filter(stale).update(**well)


def note_failure(provider: str, ability: str, error: ProviderError) -> None:
    """Note why a provider failed, and until when it rests where another can answer."""
    now = timezone.now()
    seconds = REST_SECONDS.get(error.code) or error.retry_after or 0.0
    ill = {
        "last_failure_at": now,
        "failures": F("failures") + 1,
        "error_code": error.code[:60],
        "error_message": clean(error.message)[:500],
        "resting_until": now + timedelta(seconds=seconds) if seconds else None,
    }
    rows = ProviderHealth.objects.filter(provider=provider, ability=ability)
    if not rows.update(**ill):
        _create(provider, ability)
        rows.update(**ill)


def resting(ability: str, providers: Iterable[str]) -> dict[str, ProviderHealth]:
    """Return those of the providers that should not be asked now, each with its reason."""
    rows = ProviderHealth.objects.filter(
        ability=ability, provider__in=list(providers), resting_until__gt=timezone.now()
    )
    return {row.provider: row for row in rows}


def end_rest(provider: str, ability: str) -> None:
    """Let a provider be asked in its turn again: somebody mended its key or its account."""
    rows = ProviderHealth.objects.filter(provider=provider, ability=ability)
    rows.update(resting_until=None)


def _create(provider: str, ability: str) -> None:
    row = ProviderHealth(provider=provider, ability=ability)
    ProviderHealth.objects.bulk_create([row], ignore_conflicts=True)
