"""Settings that contradict each other stop the start, in words that say what to change."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

SECRET_KEY_LENGTH = 50
SERVED_BY_VOLUNTEERS = ("openstreetmap.org", "overpass-api.de")
# Names that lead nowhere, by RFC 2606 and RFC 6762.
UNREACHABLE = (
    ".localhost", ".local", ".test", ".invalid", ".example",
    ".example.com", ".example.org", ".example.net",
)  # fmt: skip


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


KNOWN_PROVIDERS = {
    "PLACES": ("google", "openstreetmap", "local"),
    "SEARCH": ("serpapi", "scraperapi", "serper", "brave", "searxng"),
    "ADS": ("serpapi", "scraperapi"),
}
# What a provider needs: the setting that must not be empty.
NEEDED = {
    "google": "GOOGLE_PLACES_KEY",
    "serpapi": "SERPAPI_KEY",
    "scraperapi": "SCRAPERAPI_KEY",
    "serper": "SERPER_KEY",
    "brave": "BRAVE_KEY",
    "searxng": "SEARXNG_URL",
}


def check_providers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Name the chosen providers that are unknown or lack their key."""
    return [
        error
        for ability, known in KNOWN_PROVIDERS.items()
        for provider in getattr(settings, f"LEADS_{ability}_PROVIDERS")
        for error in _provider_errors(ability, known, provider)
    ]


def _provider_errors(ability: str, known: Sequence[str], provider: str) -> Iterator[Error]:
    if provider not in known:
        yield Error(
            f"FRESHLEADS_{ability}_PROVIDERS: {provider!r} is not known.",
            hint=f"Known: {', '.join(known)}.",
            id="freshleads.E005",
        )
    elif provider in NEEDED and not getattr(settings, NEEDED[provider]):
        yield Error(
            f"The {provider} provider needs {NEEDED[provider]}.",
            hint="Set it, or FRESHLEADS_SANDBOX=true for invented data.",
            id="freshleads.E006",
        )


def check_contact(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to ask the volunteers behind OpenStreetMap without telling them whom to write to."""
    if "openstreetmap" not in settings.LEADS_PLACES_PROVIDERS:
        return []
    public = [
        name
        for name in ("NOMINATIM_URL", "OVERPASS_URL")
        if _host_of(getattr(settings, name)).endswith(SERVED_BY_VOLUNTEERS)
    ]
    if not public or _reaches_somebody(settings.BOT_CONTACT):
        return []
    return [
        Error(
            "The public servers of OpenStreetMap block programs that do not say whom to write to: "
            f"FRESHLEADS_BOT_CONTACT is {settings.BOT_CONTACT!r}.",
            hint="Set FRESHLEADS_BOT_CONTACT to a mail address or a public web page of yours, or "
            f"{' and '.join(public)} to servers of your own.",
            id="freshleads.E009",
        )
    ]


def _reaches_somebody(contact: str) -> bool:
    """Tell whether a contact is a mail address or a web page that others can reach."""
    local, at, domain = contact.rpartition("@")
    is_page = contact.startswith(("https://", "http://"))
    host = _host_of(contact) if is_page else domain if at and local else ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not f".{host}".endswith(UNREACHABLE)


def _host_of(url: str) -> str:
    """Return the host of an address in lower case, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


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
