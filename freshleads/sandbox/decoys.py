"""Things on real pages that look like addresses and are none, or are nobody's to write to."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from freshleads.sandbox.entities import SiteSpec
from freshleads.sandbox.obfuscations import NEEDS_JAVASCRIPT

_HEX_KEY = "605a7baede844d278b89dc95ae0a9123"


def _retina_image(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    html = '<img src="/img/logo@2x.png" srcset="/img/logo@3x.webp 3x" alt="logo@2x.png">'
    return html, ("logo@2x.png", "logo@3x.webp")


def _sentry_key(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    address = f"{_HEX_KEY}@o184532.ingest.sentry.io"
    return f'<script>Sentry.init({{dsn:"https://{address}/5634"}});</script>', (address,)


def _wixpress(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    addresses = (f"{_HEX_KEY}@sentry.wixpress.com", f"{_HEX_KEY[::-1]}@sentry-next.wixpress.com")
    urls = json.dumps([f"https://{address}/18" for address in addresses])
    return f"<script>window.viewerModel={{sentryUrls:{urls}}};</script>", addresses


def _example_com(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    html = '<form><input type="email" placeholder="you@example.com"></form><p>jane@example.com</p>'
    return html, ("you@example.com", "jane@example.com")


def _yourdomain(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    html = (
        '<form><input name="mail" value="name@yourdomain.com"></form>'
        '<a href="mailto:user@domain.com">Newsletter</a><p>you@yourname.com</p>'
    )
    return html, ("name@yourdomain.com", "user@domain.com", "you@yourname.com")


def _npm_package(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    html = (
        '<script src="https://cdn.jsdelivr.net/npm/bootstrap@5.3.2/dist/js/bootstrap.min.js">'
        "</script><!-- swiper@11.0.5 --><p>Built with vite@5.4.0.</p>"
    )
    return html, ("bootstrap@5.3.2", "swiper@11.0.5", "vite@5.4.0")


def _escaped_json(site: SiteSpec, _: str) -> tuple[str, tuple[str, ...]]:
    """Repeat an address of the home page inside JSON whose angle brackets are escaped."""
    shown = [
        contact.emails[0]
        for contact in site.contacts
        if contact.page in {"home", "footer"} and contact.technique not in NEEDS_JAVASCRIPT
    ]
    if not shown:
        return "", ()
    inner = f"\\u003ca href=\\u0022#\\u0022\\u003e{shown[0]}\\u003c/a\\u003e"
    return (
        f'<script type="application/json">{{"html":"{inner}"}}</script>',
        (f"u003e{shown[0]}", f"{shown[0]}u003c"),
    )


def _noreply(_: SiteSpec, domain: str) -> tuple[str, tuple[str, ...]]:
    addresses = (f"noreply@{domain}", f"no-reply@{domain}")
    return f"<p>{addresses[0]}</p><a href='mailto:{addresses[1]}'>Newsletter</a>", addresses


def _admin(_: SiteSpec, domain: str) -> tuple[str, tuple[str, ...]]:
    return f'<a href="mailto:admin@{domain}">Webmaster</a>', (f"admin@{domain}",)


def _test_account(_: SiteSpec, domain: str) -> tuple[str, tuple[str, ...]]:
    return f"<p class='small'>test@{domain}</p>", (f"test@{domain}",)


def _prose_at(_: SiteSpec, __: str) -> tuple[str, tuple[str, ...]]:
    html = "<p>More about your choices can be found at knowyouroptions.com, free of charge.</p>"
    return html, ("found@knowyouroptions.com",)


def _prose_at_site(site: SiteSpec, domain: str) -> tuple[str, tuple[str, ...]]:
    html = f"<p>Book online at {site.host} or visit us at any time.</p>"
    return html, (f"online@{site.host}", f"online@{domain}")


DECOYS: Mapping[str, Callable[[SiteSpec, str], tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "retina_image": _retina_image,
        "sentry_key": _sentry_key,
        "wixpress": _wixpress,
        "example_com": _example_com,
        "yourdomain": _yourdomain,
        "npm_package": _npm_package,
        "escaped_json": _escaped_json,
        "noreply": _noreply,
        "admin": _admin,
        "test_account": _test_account,
        "prose_at": _prose_at,
        "prose_at_site": _prose_at_site,
    }
)


def decoy(key: str, site: SiteSpec, domain: str) -> tuple[str, tuple[str, ...]]:
    """Return the HTML of a decoy and the addresses that must not be reported because of it."""
    return DECOYS[key](site, domain)
