"""Addresses in entities, attributes and structured data, decoded without running a script."""

import base64
import json
from html import escape

from freshleads.sandbox.sight import Sight


def entities_decimal(sight: Sight) -> str:
    """Decimal character references in link and text (alistapart.com, Graceful E-Mail)."""
    written = "".join(f"&#{ord(letter)};" for letter in sight.email)
    return f'<a href="mailto:{written}">{written}</a>'


def entities_hex(sight: Sight) -> str:
    """Hexadecimal character references, some with leading zeros, the scheme written so too."""
    written = "".join(f"&#x{ord(letter):04x};" for letter in "mailto:" + sight.email)
    shown = "".join(f"&#x{ord(letter):X};" for letter in sight.email)
    return f'<a href="{written}">{shown}</a>'


def entities_mixed(sight: Sight) -> str:
    """WordPress antispambot(): letters as they are, decimal references or %XX by lot."""
    written = "".join(_antispambot(letter, sight, in_link=True) for letter in sight.email)
    shown = "".join(_antispambot(letter, sight, in_link=False) for letter in sight.email)
    return f'<a href="mailto:{written}">{shown}</a>'


def _antispambot(letter: str, sight: Sight, *, in_link: bool) -> str:
    choice = sight.rng.randrange(3 if in_link else 2)
    if letter == "@" or choice == 1:
        return f"&#{ord(letter)};"
    return f"%{ord(letter):02x}" if choice == 2 else letter


def cloudflare_span(sight: Sight) -> str:
    """Cloudflare Email Address Obfuscation, text form: first byte is the key, XOR the rest."""
    return (
        '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" '
        f'data-cfemail="{cloudflare_code(sight)}">[email&#160;protected]</a>'
    )


def cloudflare_href(sight: Sight) -> str:
    """Cloudflare Email Address Obfuscation, link form: the code follows the hash."""
    return f'<a href="/cdn-cgi/l/email-protection#{cloudflare_code(sight)}">{sight.label}</a>'


def cloudflare_code(sight: Sight) -> str:
    """Return the hexadecimal code of Cloudflare's email-decode.min.js for the address."""
    key = sight.rng.randrange(1, 256)
    return f"{key:02x}" + "".join(f"{byte ^ key:02x}" for byte in sight.email.encode())


def joomla_hidden(sight: Sight) -> str:
    """Joomla 4 and 5, libraries/src/HTML/Helpers/Email.php: base64 in a custom element."""
    local, domain = sight.parts
    return (
        f'<joomla-hidden-mail is-link="1" is-email="1" first="{_base64(local)}" '
        f'last="{_base64(domain)}" text="{_base64(sight.email)}" base="">'
        "This email address is being protected from spambots. "
        "You need JavaScript enabled to view it.</joomla-hidden-mail>"
    )


def spamspan(sight: Sight) -> str:
    """Drupal SpamSpan: user and domain in marked spans, the at sign as a word."""
    local, domain = sight.parts
    return (
        f'<span class="spamspan"><span class="u">{local}</span> [at] '
        f'<span class="d">{domain}</span></span>'
    )


def spamspan_dot(sight: Sight) -> str:
    """Drupal SpamSpan with the options "dots as words" and "form link text"."""
    local, domain = sight.parts
    dotted = domain.replace(".", '<span class="o"> [dot] </span>')
    return (
        f'<span class="spamspan"><span class="u">{local}</span>'
        f'<img class="spamspanimage" alt="at" src="/modules/spamspan/image.gif">'
        f'<span class="d">{dotted}</span><span class="t"> ({sight.label})</span></span>'
    )


def base64_attribute(sight: Sight) -> str:
    """The whole address as base64 in a data attribute, read by a script of the theme."""
    name = sight.rng.choice(("data-email", "data-mail", "data-e"))
    return f'<a href="#" class="js-mail" {name}="{_base64(sight.email)}">{sight.label}</a>'


def data_user_domain(sight: Sight) -> str:
    """User and domain in two data attributes, joined by CSS attr() or a script."""
    local, domain = sight.parts
    return f'<a href="#" class="cryptedmail" data-user="{local}" data-domain="{domain}"></a>'


def data_name_domain_tld(sight: Sight) -> str:
    """Name, domain and top-level domain in three data attributes (css-tricks.com, attr())."""
    local, domain = sight.parts
    name, _, suffix = domain.rpartition(".")
    return (
        f'<a href="#" class="cryptedmail" data-name="{local}" data-domain="{name}" '
        f'data-tld="{suffix}"></a>'
    )


def json_ld(sight: Sight) -> str:
    """schema.org in JSON-LD: `email` of the business, or of its contactPoint."""
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "name": sight.name,
    }
    if sight.rng.random() < 0.5:
        facts["email"] = sight.rng.choice(("", "mailto:")) + sight.email
    else:
        point = {"@type": "ContactPoint", "contactType": "customer service", "email": sight.email}
        facts["contactPoint"] = [point]
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


def microdata(sight: Sight) -> str:
    """schema.org in microdata: itemprop email, as meta content or as link."""
    prop = sight.rng.choice(
        (
            f'<meta itemprop="email" content="{sight.email}">',
            f'<link itemprop="email" href="mailto:{sight.email}">',
        )
    )
    name = f'<span itemprop="name">{escape(sight.name)}</span>'
    return f'<div itemscope itemtype="https://schema.org/LocalBusiness">{name}{prop}</div>'


def rdfa(sight: Sight) -> str:
    """schema.org in RDFa Lite: property email."""
    return (
        '<div vocab="https://schema.org/" typeof="LocalBusiness">'
        f'<span property="name">{escape(sight.name)}</span>'
        f'<meta property="email" content="{sight.email}"></div>'
    )


def hcard(sight: Sight) -> str:
    """microformats.org hCard 1.0 with a typed value, or h-card with a data element."""
    name = escape(sight.name)
    if sight.rng.random() < 0.5:
        return (
            f'<div class="vcard"><span class="fn org">{name}</span> <span class="email">'
            f'<span class="type">Work</span> <span class="value">{sight.email}</span></span></div>'
        )
    return (
        f'<div class="h-card"><span class="p-name">{name}</span> '
        f'<data class="u-email" value="mailto:{sight.email}">{sight.label}</data></div>'
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
