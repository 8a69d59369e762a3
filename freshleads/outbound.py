"""The one way out of this installation, as its settings allow it."""

from ipaddress import ip_network

from django.conf import settings

from freshleads.lib.addresses import AddressPolicy, NameserverResolver, Route, SystemResolver
from freshleads.lib.http import Client

LOOPBACK = "127.0.0.1"


def sandbox_routes() -> tuple[Route, ...]:
    """Return the doors to the sandbox's servers; none unless the sandbox is on."""
    if not settings.SANDBOX:
        return ()
    doors = [door.rsplit(":", 2) for door in settings.SANDBOX_ROUTES]
    return (
        *(Route(suffix, int(port), (LOOPBACK, int(target))) for suffix, port, target in doors),
        Route(".test", 80, (LOOPBACK, settings.SANDBOX_WEB_PORT)),
        Route(".test", 25, (LOOPBACK, settings.SANDBOX_SMTP_PORT)),
    )


def nameservers() -> list[tuple[str, int]] | None:
    """Return the DNS servers to ask, or None for those of the machine."""
    return [(LOOPBACK, settings.SANDBOX_DNS_PORT)] if settings.SANDBOX else None


def address_policy() -> AddressPolicy:
    """Return which addresses this installation may connect to."""
    return AddressPolicy(
        resolver=(
            NameserverResolver((LOOPBACK, settings.SANDBOX_DNS_PORT))
            if settings.SANDBOX
            else SystemResolver()
        ),
        routes=sandbox_routes(),
        allowed_networks=tuple(ip_network(network) for network in settings.NETWORK_ALLOWED),
    )


def user_agent() -> str:
    """Return how the crawler and the clients introduce themselves."""
    return f"FreshLeadsBot/1.0 (+{settings.BOT_CONTACT})"


def http_client() -> Client:
    """Return a guarded HTTP client for vendor calls; it alone may reach the sandbox's vendors."""
    policy = address_policy()
    if settings.SANDBOX:
        ports = (settings.SANDBOX_PLACES_PORT, settings.SANDBOX_VENDORS_PORT)
        policy = policy.with_routes(*(Route(LOOPBACK, port, (LOOPBACK, port)) for port in ports))
    return Client(policy, user_agent=user_agent())
