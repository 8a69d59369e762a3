"""Plans which addresses a website shows, on which page and by which technique."""

import random
from collections.abc import Mapping
from dataclasses import replace

from freshleads.sandbox import casting
from freshleads.sandbox.drafts import Draft, Outline, ascii_slug
from freshleads.sandbox.entities import Contact

ROLE_LOCALS: Mapping[str, tuple[str, ...]] = {
    "en": ("info", "contact", "hello", "office", "appointments", "reception", "team", "frontdesk"),
    "de": ("info", "kontakt", "praxis", "post", "mail", "buero", "empfang", "anfrage"),
    "fr": ("contact", "info", "accueil", "bonjour", "secretariat", "cabinet", "rdv"),
    "es": ("info", "contacto", "citas", "hola", "oficina", "recepcion"),
    "it": ("info", "contatti", "segreteria", "prenotazioni"),
    "nl": ("info", "contact", "welkom", "afspraak"),
    "pt": ("info", "contato", "geral", "atendimento"),
    "pl": ("biuro", "kontakt", "info", "rejestracja"),
    "sv": ("info", "kontakt", "hej", "bokning"),
    "ja": ("info", "contact", "yoyaku", "otoiawase"),
}

AGENCIES = ("pixelcraft-studio.test", "websmiths-agency.test", "seitenwerk.test", "agence-web.test")

MAX_PAGES = 15  # a crawler may stop there, so no address that counts lies beyond

# These sites carry an address where its role in the tests needs it, never "no address".
_PLACES: Mapping[str, tuple[str, str]] = {
    "robots_contact": ("contact", "home"),
    "contact_reset": ("contact", "home"),
    "contact_truncated": ("home", "home"),
    "huge_home": ("end", "home"),
}
CONTACTLESS = frozenset({"parked", "pdf_home"})
# Whether the start of such an about page counts is a matter of taste, so nothing stands on it.
_UNREADABLE_ABOUT = frozenset({"huge_about", "endless_about", "endless_drip", "gzip_bomb"})


def plan_contacts(outline: Outline) -> tuple[Contact, ...]:
    """Return the addresses a site shows, each with its page and its technique."""
    draft, domain, pages = outline.draft, outline.mail_domain, outline.pages
    rng = draft.rng
    if draft.behaviour in CONTACTLESS:
        return ()
    roles = rng.sample(ROLE_LOCALS[outline.language], 4)
    count = rng.choices((0, 1, 2, 3, 4), (5, 45, 30, 12, 8))[0]
    if draft.behaviour in _PLACES or "archive-4" in pages:
        count = max(2, count)
    about_counts = draft.behaviour not in _UNREADABLE_ABOUT
    readable = tuple(page for page in pages if page != "about" or about_counts)
    contacts = [
        _contact(f"{roles[number]}@{domain}", _pick_technique(outline), readable, rng)
        for number in range(min(count, 2))
    ]
    if count and rng.random() < 0.08:
        free = f"{draft.slug.replace('-', '')[:24]}@{rng.choice(draft.city.free_mail)}"
        contacts[0] = Contact((free,), "mailto_text", contacts[0].page)
    for person in outline.staff[: max(0, count - 2)]:
        local = ascii_slug(person).replace("-", ".")
        page = next((page for page in ("team", "about") if page in readable), "home")
        technique = _pick_technique(outline)
        contacts.append(Contact((f"{local}@{domain}",), technique, page, person))
    if rng.random() < 0.06:
        agency = f"hello@{rng.choice(AGENCIES)}"
        contacts.append(Contact((agency,), "mailto", "footer"))
    return _place(draft, pages, _distinct(_with_many(contacts, roles, domain)))


def _pick_technique(outline: Outline) -> str:
    draft, decks, markup = outline.draft, outline.decks, outline.markup
    if draft.behaviour != casting.ORDINARY or draft.rng.random() < 0.5:
        return draft.rng.choice(casting.PLAIN_TECHNIQUES)
    if markup in decks.own and draft.rng.random() < 0.5:
        return next(decks.own[markup])
    return next(decks.shared)


def _contact(email: str, technique: str, pages: tuple[str, ...], rng: random.Random) -> Contact:
    weights = {"home": 30, "contact": 45, "footer": 15, "legal": 30, "about": 6}
    usable = [page for page in weights if page in pages or page == "footer"]
    page = rng.choices(usable, [weights[page] for page in usable])[0]
    return Contact((email,), technique, page)


def _with_many(contacts: list[Contact], roles: list[str], domain: str) -> list[Contact]:
    """Give the mailto with several recipients its further addresses."""
    extra = (f"{roles[2]}@{domain}", f"{roles[3]}@{domain}")
    return [
        Contact((*contact.emails, *extra), contact.technique, contact.page)
        if contact.technique == "mailto_many"
        else contact
        for contact in contacts
    ]


def _distinct(contacts: list[Contact]) -> list[Contact]:
    """Drop a contact whose first address another one shows already."""
    seen: set[str] = set()
    kept = []
    for contact in contacts:
        if contact.emails[0] not in seen:
            kept.append(contact)
        seen.update(contact.emails)
    return kept


def _place(draft: Draft, pages: tuple[str, ...], contacts: list[Contact]) -> tuple[Contact, ...]:
    """Move contacts to the pages that the site's behaviour is about."""
    if not contacts:
        return ()
    on_offer = "services" in pages and len(pages) <= MAX_PAGES
    if draft.behaviour in _PLACES:
        first, others = _PLACES[draft.behaviour]
    elif "archive-4" in pages:
        first, others = "archive-4", None
    elif draft.behaviour == casting.ORDINARY and on_offer and draft.rng.random() < 0.1:
        # Nothing on contact-like pages then: a crawler that stops early must go on here.
        first = others = "services"
    else:
        return tuple(contacts)
    return tuple(
        replace(contact, page=(first if number == 0 else others) or contact.page)
        for number, contact in enumerate(contacts)
    )
