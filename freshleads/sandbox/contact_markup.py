"""HTML for what people look for on a business website: numbers, profiles, addresses, facts."""

import json
import random
from html import escape

from freshleads.sandbox.entities import Business, ShownPhone, SiteSpec
from freshleads.sandbox.obfuscations import show
from freshleads.sandbox.phones import printed_forms
from freshleads.sandbox.wording import WORDINGS

# How sites write a profile address; {0} is the part after the canonical host.
_PROFILE_FORMS = {
    "facebook": (
        *("https://www.facebook.com/{0}/", "http://facebook.com/{0}"),
        *("https://www.facebook.com/{0}", "https://m.facebook.com/{0}/"),
        "https://m.facebook.com/{0}?ref=page_internal",
    ),
    "instagram": ("https://instagram.com/{0}/?hl=en", "https://www.instagram.com/{0}/"),
    "x": (
        *("https://twitter.com/{0}", "http://www.twitter.com/{0}?lang=en", "https://x.com/{0}"),
        "https://mobile.twitter.com/{0}/",
    ),
    "linkedin": ("https://www.linkedin.com/{0}/", "http://linkedin.com/{0}?trk=public"),
    "youtube": ("https://www.youtube.com/{0}", "https://youtube.com/{0}?sub_confirmation=1"),
    "tiktok": ("https://www.tiktok.com/{0}?lang=en", "https://tiktok.com/{0}"),
    "pinterest": ("https://www.pinterest.com/{0}/", "https://pinterest.com/{0}"),
    "snapchat": ("https://www.snapchat.com/{0}", "https://snapchat.com/{0}?share_id=a1"),
    "telegram": ("https://t.me/{0}", "https://telegram.me/{0}"),
    "whatsapp": ("https://wa.me/{0}?text=Hello", "https://api.whatsapp.com/send?phone={0}"),
    "spotify": ("https://open.spotify.com/{0}?si=3f2a", "https://open.spotify.com/{0}"),
}

SHARE_LINKS = """<div class="share">
<a href="https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2F{host}%2F">Share</a>
<a href="https://www.facebook.com/sharer.php?u=http%3A%2F%2F{host}%2F">Share</a>
<a href="https://twitter.com/intent/tweet?url=http%3A%2F%2F{host}%2F">Tweet</a>
<a href="https://x.com/share?text=Look">Post</a>
<a href="https://www.linkedin.com/shareArticle?mini=true&amp;url=http%3A%2F%2F{host}">Share</a>
<a href="https://pinterest.com/pin/create/button/?url=http%3A%2F%2F{host}">Pin</a>
<a href="https://t.me/share/url?url=http%3A%2F%2F{host}">Telegram</a>
<a href="https://api.whatsapp.com/send?text=Look%20http%3A%2F%2F{host}">WhatsApp</a>
<iframe src="https://www.facebook.com/plugins/page.php?href=x"></iframe>
<img height="1" src="https://www.facebook.com/tr?id=1029384756&amp;ev=PageView&amp;noscript=1">
<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe></div>"""


def contact_lines(business: Business, site: SiteSpec, page: str, rng: random.Random) -> str:
    """Return a block for each number and address that the plan puts on this page."""
    phones = [phone_line(phone, business, rng) for phone in site.phones if phone.page == page]
    mails = []
    for contact in site.contacts:
        if contact.page == page:
            person = f"<strong>{escape(contact.person)}</strong> " if contact.person else ""
            mails.append(person + show(contact, business.name, site.language, rng))
    return "\n".join(f'<div class="contact-line">{line}</div>' for line in (*phones, *mails))


def phone_line(phone: ShownPhone, business: Business, rng: random.Random) -> str:
    """Return a number as text, as tel: link, as both, as wa.me link, or labelled as fax."""
    assert business.site is not None
    words = WORDINGS[business.site.language]
    printed = rng.choice(printed_forms(phone.national, business.country))
    if phone.label == "fax":
        return f"{words.fax}: {printed}"
    if phone.label == "whatsapp":
        return f'<a href="https://wa.me/{phone.e164[1:]}">WhatsApp</a> {printed}'
    digits = "".join(letter for letter in phone.national if letter.isdigit())
    target = rng.choice(
        (f"tel:{phone.e164}", f"tel:{digits}", f"TEL:{phone.e164}", f"callto:{phone.e164}")
    )
    if phone.form == "text":
        return f"{words.phone}: {printed}"
    if phone.form == "link":
        return f'<a class="btn" href="{target}">{words.phone}</a>'
    return f'{words.phone}: <a href="{target}">{printed}</a>'


def social_links(site: SiteSpec, rng: random.Random) -> str:
    """Return icon links to the profiles, written in the many ways that sites write them."""
    links = []
    for network, url in site.socials:
        handle = url.removeprefix("https://").partition("/")[2]
        href = rng.choice(_PROFILE_FORMS[network]).format(handle)
        links.append(
            f'<a href="{escape(href)}" aria-label="{network}" rel="me noopener" target="_blank">'
            '<svg viewBox="0 0 16 16"><path d="M1 1h14v14z"/></svg></a>'
        )
    return "<div class='social'>" + WORDINGS[site.language].follow + " ".join(links) + "</div>"


def postal_address(business: Business, site: SiteSpec) -> str:
    """Return the street address, in microdata where the site uses it."""
    lines = (business.street, f"{business.postal_code} {business.city}")
    if not site.microdata:
        return "<address>" + "<br>".join(map(escape, lines)) + "</address>"
    return (
        '<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">'
        f'<span itemprop="streetAddress">{escape(business.street)}</span>, '
        f'<span itemprop="postalCode">{escape(business.postal_code)}</span> '
        f'<span itemprop="addressLocality">{escape(business.city)}</span></div>'
    )


def opening_hours(site: SiteSpec) -> str:
    """Return the hours in one line."""
    words = WORDINGS[site.language]
    return f'<p class="hours">{words.hours}: {words.weekdays} 9:00 - 18:00</p>'


def json_ld(business: Business, site: SiteSpec) -> str:
    """Return the business as schema.org JSON-LD, with the number the home page shows."""
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "name": business.name,
        "url": f"http://{site.host}/",
        "image": f"http://{site.host}/media/front.jpg",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": business.street,
            "addressLocality": business.city,
            "postalCode": business.postal_code,
            "addressCountry": business.country,
        },
        "openingHours": "Mo-Fr 09:00-18:00",
        "sameAs": [url for _, url in site.socials],
    }
    shown = [p.e164 for p in site.phones if p.label == "phone" and p.page in {"home", "footer"}]
    if shown:
        facts["telephone"] = shown[0]
    text = json.dumps({"@context": "https://schema.org", "@graph": [facts]}, ensure_ascii=False)
    inert = text.replace("</", "<\\/")
    return f'<script type="application/ld+json">{inert}</script>'


def company_particulars(business: Business, site: SiteSpec, rng: random.Random) -> str:
    """Return what the law wants on an Impressum or in mentions légales; no number is a phone."""
    owner = escape(site.staff[0])
    name = escape(business.name)
    if site.language == "de":
        return (
            f"<h2>Angaben gemäß § 5 DDG</h2><p>{name}<br>Vertreten durch: {owner}</p>"
            f"<p>Handelsregister: HRB {rng.randrange(100_000, 250_000)} B<br>"
            f"USt-IdNr.: DE{rng.randrange(100_000_000, 350_000_000)}</p>"
        )
    if site.language == "fr":
        return (
            f"<h2>Éditeur du site</h2><p>{name}, SARL au capital de 8 000 euros</p>"
            f"<p>Directeur de la publication : {owner}</p>"
            f"<p>TVA : FR{rng.randrange(10, 99)}{rng.randrange(10**8, 10**9)}</p>"
        )
    return f"<p>{name}, {owner}. All rights reserved.</p>"
