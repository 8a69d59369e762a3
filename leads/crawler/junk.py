"""Addresses that are on pages but belong to nobody one could write to."""

import re

SITE_BUILDERS = (
    "wix.com wixpress.com wixsite.com squarespace.com sentry.io sentry-next.wixpress.com "
    "weebly.com godaddy.com shopify.com myshopify.com webflow.com webflow.io wordpress.com "
    "wordpress.org jimdo.com strikingly.com duda.co elementor.com cloudflare.com site123.com "
    "editmysite.com parastorage.com"
).split()
PLACEHOLDERS = (
    "example.com example.org example.net example.edu yourname.com yourdomain.com your-domain.com "
    "yourdomain.tld yourcompany.com yourbusiness.com yoursite.com yourwebsite.com youremail.com "
    "mydomain.com mycompany.com mysite.com mywebsite.com domain.com domain.tld domain.net "
    "domainname.com email.com emailaddress.com company.com companyname.com website.com "
    "sitename.com somedomain.com address.com test.com sample.com samplesite.com placeholder.com "
    "beispiel.de musterfirma.de mustermann.de muster.de exemple.com exemple.fr ejemplo.com "
    "ejemplo.es esempio.com esempio.it exemplo.com exemplo.com.br voorbeeld.nl przyklad.pl "
    "exempel.se domaine.com domaine.fr dominio.com dominio.it dominio.es tudominio.com "
    "ihredomain.de ihre-domain.de deinedomain.de votredomaine.com votresite.com"
).split()
GENERIC_LOCAL_PARTS = frozenset(
    "admin administrator noreply no-reply no_reply no.reply donotreply do-not-reply do_not_reply "
    "test testing tester root webmaster postmaster hostmaster mailer-daemon daemon abuse nobody "
    "null void bounce bounces example sample user username yourname your.name your-name youremail "
    "your-email your.email your_email name email.address emailaddress someone somebody anonymous "
    "johndoe john.doe janedoe jane.doe max.mustermann firstname.lastname first.last "
    "vorname.nachname prenom.nom nombre.apellido nome.cognome".split()
)
_FILE_ENDINGS = (
    ".png .jpg .jpeg .gif .webp .svg .avif .bmp .ico .tif .tiff .css .js .mjs .json .map .woff "
    ".woff2 .ttf .eot .mp4 .webm .mp3 .pdf .zip .html .htm .php"
).split()
_DOMAINS = frozenset((*SITE_BUILDERS, *PLACEHOLDERS))
_HEX_LOCAL = re.compile(r"[0-9a-f]{20,64}")  # Sentry keys, tracking ids
_RETINA = re.compile(r"@[1-4]x\.", re.IGNORECASE)


def is_junk(address: str, *, page_domain: str = "") -> bool:
    """Tell whether a lower-case address must never be reported.

    `page_domain` is the site's own registrable domain: a builder's own website keeps its addresses.
    """
    local, _, domain = address.partition("@")
    if local in GENERIC_LOCAL_PARTS or _HEX_LOCAL.fullmatch(local) or local.isdigit():
        return True
    if _RETINA.search(address) or domain.endswith(tuple(_FILE_ENDINGS)):
        return True
    if page_domain and (domain == page_domain or domain.endswith("." + page_domain)):
        return page_domain in PLACEHOLDERS
    parts = domain.split(".")
    return any(".".join(parts[start:]) in _DOMAINS for start in range(len(parts) - 1))
