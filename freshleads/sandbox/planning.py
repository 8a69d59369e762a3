"""Plans one website: its pages, where which address, number and profile stands, and its mail."""

import random

from freshleads.sandbox import casting
from freshleads.sandbox.contacts import CONTACTLESS, plan_contacts
from freshleads.sandbox.drafts import Decks, Draft, Outline
from freshleads.sandbox.entities import Contact, MailSpec, ShownPhone, SiteSpec
from freshleads.sandbox.phones import to_e164

OTHER_PAGES = ("services", "prices", "gallery", "faq", "reviews", "careers", "locations", "news")
DEEP_CHAIN = ("blog", "archive-2", "archive-3", "archive-4")  # archive-4 is four clicks away

# Mail of these domains lives apart from the website: a former domain that died.
_DEAD_DOMAIN_BEHAVIOURS = frozenset({"no_domain", "servfail"})


def plan_site(draft: Draft, decks: Decks) -> tuple[SiteSpec, MailSpec]:
    """Return the website and the mail domain of one business."""
    rng, behaviour = draft.rng, draft.behaviour
    language = _pick_language(draft, decks)
    markup = "bootstrap" if behaviour != casting.ORDINARY else next(decks.markup)
    pages = _pick_pages(draft, markup, language)
    mail_domain = draft.slug + ".test"
    if draft.mail_behaviour in _DEAD_DOMAIN_BEHAVIOURS:
        mail_domain = draft.slug + "-online.test"
    staff = tuple(
        f"{rng.choice(draft.city.given_names)} {rng.choice(draft.city.surnames)}"
        for _ in range(rng.randint(2, 5))
    )
    contacts = plan_contacts(Outline(draft, decks, language, markup, pages, mail_domain, staff))
    phones = _plan_phones(draft, pages)
    spec = SiteSpec(
        host=_host(draft),
        behaviour=behaviour,
        markup=markup,
        language=language,
        pages=pages,
        weight=_pick_weight(rng),
        contacts=contacts,
        phones=phones,
        socials=_plan_socials(draft, phones),
        decoys=tuple(dict.fromkeys(next(decks.decoys) for _ in range(rng.choice((0, 1, 1, 2))))),
        staff=staff,
        sitemap=len(pages) > 3 and rng.random() < 0.4,
        microdata=rng.random() < 0.2,
    )
    return spec, plan_mail(mail_domain, draft.mail_behaviour, contacts, rng)


def plan_mail(
    domain: str, behaviour: str, contacts: tuple[Contact, ...], rng: random.Random
) -> MailSpec:
    """Return the mail domain; about one shown address in twenty-five has no mailbox."""
    shown = [mail for contact in contacts for mail in contact.emails if mail.endswith("@" + domain)]
    alive = [mail for mail in shown if rng.random() >= 0.04]
    # A host that refuses us by policy is avoided for the rest of a run: it must not be shared.
    own_host = {
        "silent": "mx-silent.test",
        "drop": "mx-drop.test",
        "tarpit": "mx-tarpit.test",
        "policy": "mx-policy.test",
    }
    usual = rng.choice(("mx1.hostedmail.test", "mx2.hostedmail.test", f"mail.{domain}"))
    ordinary = rng.random() < 0.9
    return MailSpec(
        domain=domain,
        behaviour=behaviour,
        mailboxes=frozenset([*alive, f"postmaster@{domain}"]),
        mx_host=own_host.get(behaviour, usual),
        spf=ordinary or rng.random() < 0.5,
        dkim_selector=rng.choice(("s1", "default", "google", "mail")) if ordinary else None,
        dmarc=ordinary and rng.random() < 0.95,
    )


def _host(draft: Draft) -> str:
    if draft.behaviour == "redirect_other":
        return f"{draft.slug}-group.test"
    if draft.behaviour in {"redirect_www", "redirect_chain"} or draft.rng.random() < 0.3:
        return f"www.{draft.slug}.test"
    return f"{draft.slug}.test"


def _pick_language(draft: Draft, decks: Decks) -> str:
    area = draft.city.area
    if area.key == "miami":
        return "es" if draft.rng.random() < 0.12 else "en"
    return next(decks.foreign) if draft.rng.random() < 0.1 else area.language


def _pick_weight(rng: random.Random) -> int:
    """Return bytes of a home page, from 8 to 280 KB; its other pages are three quarters of it."""
    return int(min(280_000, max(8_000, rng.lognormvariate(10.95, 0.9))))


def _pick_pages(draft: Draft, markup: str, language: str) -> tuple[str, ...]:
    rng = draft.rng
    if markup == "onepage" or draft.behaviour in CONTACTLESS:
        return ("home",)
    pages = ["home", "contact", "about"]
    if language == "de" or (language in {"fr", "es", "it"} and rng.random() < 0.7):
        pages.append("legal")
    pages += [page for page in ("team", "privacy") if rng.random() < 0.5]
    pages += rng.sample(OTHER_PAGES, rng.choice((1, 2, 2, 3, 4, 6)))
    if rng.random() < 0.03:
        pages += DEEP_CHAIN
    elif rng.random() < 0.08:
        pages += [f"post-{number}" for number in range(1, 25 - len(pages))]
    return tuple(pages)


def _plan_phones(draft: Draft, pages: tuple[str, ...]) -> tuple[ShownPhone, ...]:
    rng, country = draft.rng, draft.country
    if draft.behaviour in CONTACTLESS:
        return ()
    phones = []
    # Of a contact page that ends early nobody can say what arrives, so nothing stands on it.
    is_whole = draft.behaviour != "contact_truncated"
    contact = "contact" if "contact" in pages and is_whole else "home"
    if rng.random() < 0.96:
        form, page = rng.choice(("text", "both", "both", "link")), rng.choice(("footer", contact))
        phones.append((draft.phone, "phone", form, page))
    if rng.random() < 0.12:
        phones.append(
            (next(draft.spare_numbers), rng.choice(("phone", "whatsapp")), "both", "home")
        )
    if rng.random() < 0.15:
        page = "legal" if "legal" in pages else contact
        phones.append((next(draft.spare_numbers), "fax", "text", page))
    return tuple(
        ShownPhone(to_e164(national, country), national, label, form, page)
        for national, label, form, page in phones
    )


def _plan_socials(draft: Draft, phones: tuple[ShownPhone, ...]) -> tuple[tuple[str, str], ...]:
    if draft.behaviour in CONTACTLESS:
        return ()
    handle = draft.slug.replace("-", "")[:28]
    whatsapp = [phone.e164[1:] for phone in phones if phone.label == "whatsapp"]
    urls = {
        "facebook": f"https://www.facebook.com/{handle}",
        "instagram": f"https://www.instagram.com/{handle}",
        "x": f"https://x.com/{handle[:15]}",
        "linkedin": f"https://www.linkedin.com/company/{draft.slug}",
        "youtube": f"https://www.youtube.com/@{handle}",
        "tiktok": f"https://www.tiktok.com/@{handle}",
        "pinterest": f"https://www.pinterest.com/{handle}",
        "snapchat": f"https://www.snapchat.com/add/{handle[:15]}",
        "telegram": f"https://t.me/{handle}",
        "spotify": f"https://open.spotify.com/show/{draft.rng.getrandbits(110):022x}",
    }
    count = draft.rng.choices((0, 1, 2, 3, 5), (20, 25, 30, 15, 10))[0]
    weights = (40, 30, 12, 10, 8, 6, 4, 3, 3, 2)
    chosen = set(draft.rng.choices(list(urls), weights, k=count))
    shown = {network: url for network, url in urls.items() if network in chosen}
    if whatsapp:
        shown["whatsapp"] = f"https://wa.me/{whatsapp[0]}"
    return tuple(shown.items())
