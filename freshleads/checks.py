"""Settings that contradict each other stop the start, in words that say what to change."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_production(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse production with the sandbox on, or without the secrets and hosts it needs."""
    errors: list[CheckMessage] = []
    if not settings.PRODUCTION:
        return errors
    if settings.SANDBOX:
        errors.append(
            Error(
                "The sandbox invents its data and must not run in production.",
                hint="Unset FRESHLEADS_SANDBOX or FRESHLEADS_PRODUCTION.",
                id="freshleads.E001",
            )
        )
    if len(settings.SECRET_KEY) < 50:
        errors.append(
            Error(
                "Production needs SECRET_KEY: at least 50 random characters.",
                hint="python -c 'import secrets; print(secrets.token_urlsafe(50))'",
                id="freshleads.E002",
            )
        )
    if not settings.SITE_URL.startswith("https://"):
        errors.append(
            Error(
                "Production needs FRESHLEADS_URL to begin with https://.",
                id="freshleads.E003",
            )
        )
    return errors


def check_processes(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse many processes on SQLite: Redis without PostgreSQL has no shared truth."""
    if settings.REDIS_URL and not settings.DATABASE_URL and not settings.DEBUG:
        return [
            Error(
                "REDIS_URL means many processes, and these need PostgreSQL.",
                hint="Set DATABASE_URL too, or unset REDIS_URL for the embedded set-up.",
                id="freshleads.E004",
            )
        ]
    return []


def check_places(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name the missing key of the chosen places provider."""
    if settings.LEADS_PLACES_PROVIDER not in {"google"}:
        return [
            Error(
                f"FRESHLEADS_PLACES_PROVIDER={settings.LEADS_PLACES_PROVIDER!r} is not known.",
                hint="Known: google.",
                id="freshleads.E005",
            )
        ]
    if not settings.GOOGLE_PLACES_KEY:
        return [
            Error(
                "The google places provider needs GOOGLE_PLACES_KEY.",
                hint="Set it, or FRESHLEADS_SANDBOX=true for invented data.",
                id="freshleads.E006",
            )
        ]
    return []
