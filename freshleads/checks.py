"""Settings that contradict each other stop the start, in words that say what to change."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

SECRET_KEY_LENGTH = 50


def check_production(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse production with the sandbox or DEBUG on, or without its secret and its address."""
    return list(_production_errors()) if settings.PRODUCTION else []


def _production_errors() -> Iterator[Error]:
    if settings.SANDBOX:
        yield Error(
            "The sandbox invents its data and must not run in production.",
            hint="Unset FRESHLEADS_SANDBOX or FRESHLEADS_PRODUCTION.",
            id="freshleads.E001",
        )
    if len(settings.SECRET_KEY) < SECRET_KEY_LENGTH:
        yield Error(
            f"Production needs SECRET_KEY: at least {SECRET_KEY_LENGTH} random characters.",
            hint="python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="freshleads.E002",
        )
    if not settings.SITE_URL.startswith("https://"):
        yield Error(
            "Production needs FRESHLEADS_URL to begin with https://.",
            id="freshleads.E003",
        )
    if settings.DEBUG:
        yield Error(
            "FRESHLEADS_DEBUG shows settings and code to visitors and must be off in production.",
            hint="Unset FRESHLEADS_DEBUG.",
            id="freshleads.E007",
        )


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


def check_networks(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name the allowed networks that are none: every request would fail on them."""
    return [
        Error(
            f"FRESHLEADS_ALLOWED_NETWORKS: {network!r} is not a network.",
            hint="Write networks like 10.1.0.0/16, separated by commas.",
            id="freshleads.E008",
        )
        for network in settings.NETWORK_ALLOWED
        if not _is_network(network)
    ]


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
