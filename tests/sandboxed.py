"""The settings that point the product at a running sandbox."""

from typing import Any

from freshleads.sandbox.server import Sandbox

VENDORS = ("serpapi", "scraperapi", "serper", "brave", "searxng", "nominatim", "overpass")
KEYED = ("GOOGLE_PLACES", "SERPAPI", "SCRAPERAPI", "SERPER", "BRAVE")


def sandbox_settings(sandbox: Sandbox) -> dict[str, Any]:
    """Return every setting that names a port, an address or a key of this sandbox."""
    ports = sandbox.ports
    vendors = f"http://127.0.0.1:{ports.vendors}"
    return {
        "SANDBOX_WEB_PORT": ports.web,
        "SANDBOX_PLACES_PORT": ports.places,
        "SANDBOX_DNS_PORT": ports.dns,
        "SANDBOX_SMTP_PORT": ports.smtp,
        "SANDBOX_VENDORS_PORT": ports.vendors,
        "SANDBOX_ROUTES": [":".join(map(str, route)) for route in sandbox.routes()],
        "GOOGLE_PLACES_URL": f"http://127.0.0.1:{ports.places}",
        **{f"{vendor.upper()}_URL": f"{vendors}/{vendor}" for vendor in VENDORS},
        **{f"{name}_KEY": "sandbox-key" for name in KEYED},
    }
