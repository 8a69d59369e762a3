"""Builds the invented world of one seed: cities, businesses, their websites and mail domains.

The same seed gives the same world on every machine and in every process.
"""

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from freshleads.sandbox import casting, entities
from freshleads.sandbox.cities import CITIES, City
from freshleads.sandbox.contacts import AGENCIES
from freshleads.sandbox.drafts import Decks, Draft, ascii_slug
from freshleads.sandbox.entities import (
    Area,
    Business,
    Contact,
    MailSpec,
    ShownPhone,
    SiteSpec,
    World,
)
from freshleads.sandbox.phones import number_pool, to_e164
from freshleads.sandbox.planning import plan_mail, plan_site
from freshleads.sandbox.trades import ADJECTIVES, TRADES, Trade

__all__ = [
    "Area",
    "Business",
    "Contact",
    "MailSpec",
    "ShownPhone",
    "SiteSpec",
    "World",
    "build_world",
]

_HEADCOUNT = {"miami": {"dentist": 240}, "bristol": {"restaurant": 30}, "lyon": {"restaurant": 24}}
_USUAL_HEADCOUNT = {"miami": 14, "bristol": 12, "berlin": 12, "lyon": 12}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STATUSES = (entities.OPERATIONAL, entities.CLOSED_TEMPORARILY, entities.CLOSED_PERMANENTLY)
_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@lru_cache(maxsize=4)
def build_world(seed: int = 1) -> World:
    """Return the world of a seed; the same object for the same seed within a process."""
    rng = random.Random(f"world:{seed}")
    drafts = _draft_all(rng)
    websites = _deal_websites(drafts, rng)
    may_be_odd = [
        draft.city.area.key != "miami" or trade.key != "dentist" or index % 9 == 0
        for index, (draft, trade) in enumerate(drafts)
    ]
    cast = iter(
        casting.cast_sites(
            [odd for odd, kind in zip(may_be_odd, websites, strict=True) if kind == "site"], rng
        )
    )
    mail_deck = casting.deal(casting.MAIL_SHARES, rng)
    decks = Decks(rng)
    businesses = []
    for (draft, trade), kind in zip(drafts, websites, strict=True):
        if kind == "site":
            draft.behaviour, draft.mail_behaviour = next(cast), next(mail_deck)
        businesses.append(_make_business(draft, trade, kind, decks))
    return World(
        seed=seed,
        areas=tuple(city.area for city in CITIES.values()),
        businesses=tuple(businesses),
        shared_mail=_shared_mail(businesses, rng),
    )


class _Presence(NamedTuple):
    """Website, its domain, its plan, and the mail domain of one business."""

    website: str | None
    domain: str | None
    site: SiteSpec | None
    mail: MailSpec


def _draft_all(rng: random.Random) -> list[tuple[Draft, Trade]]:
    drafts = []
    taken: set[str] = set()
    for city in CITIES.values():
        numbers = number_pool(city, rng)
        for trade in TRADES.values():
            key = city.area.key
            count = _HEADCOUNT.get(key, {}).get(trade.key, _USUAL_HEADCOUNT[key])
            for _ in range(count):
                name, slug = _invent_name(city, trade, taken, rng)
                own_rng = random.Random(rng.getrandbits(64))
                draft = Draft(
                    name, slug, city, casting.ORDINARY, "no_domain", next(numbers), numbers, own_rng
                )
                drafts.append((draft, trade))
    return drafts


def _invent_name(city: City, trade: Trade, taken: set[str], rng: random.Random) -> tuple[str, str]:
    """Return a name and the slug of its domain, unique over the world."""
    language = city.area.language
    for attempt in range(60):
        name = rng.choice(trade.names[language]).format(
            adj=rng.choice(ADJECTIVES[language]),
            place=rng.choice(city.districts),
            name=rng.choice(city.surnames),
            name2=rng.choice(city.surnames),
        )
        if attempt > 20:
            name = f"{name} {rng.choice(city.districts)}"
        slug = ascii_slug(name)
        if slug not in taken:
            taken.add(slug)
            return name, slug
    raise ValueError(f"too few names for {trade.key} in {city.area.name}")


def _deal_websites(drafts: list[tuple[Draft, Trade]], rng: random.Random) -> list[str]:
    """Return site, facebook or none for each business: about 90 % have a site of their own."""
    deck = casting.deal({"site": 90, "facebook": 3, "none": 7}, rng)
    return [next(deck) for _ in drafts]


def _make_business(draft: Draft, trade: Trade, kind: str, decks: Decks) -> Business:
    rng, city, area = draft.rng, draft.city, draft.city.area
    online = _go_online(draft, kind, decks)
    street = city.street_form.format(number=rng.randint(1, 180), street=rng.choice(city.streets))
    postal = rng.choice(city.postal_codes)
    place_id = "ChIJ" + "".join(rng.choice(_ID_ALPHABET) for _ in range(23))
    listed_phone = rng.random() < 0.94
    rated = rng.random() < 0.93
    return Business(
        place_id=place_id,
        name=draft.name,
        trade=trade.key,
        trade_label=trade.labels["en"],
        types=trade.types,
        area=area.key,
        street=street,
        city=city.city,
        region=area.region,
        postal_code=postal,
        country=area.country,
        formatted_address=_format_address(city, street, postal),
        latitude=round(rng.uniform(area.low[0], area.high[0]), 6),
        longitude=round(rng.uniform(area.low[1], area.high[1]), 6),
        phone_e164=to_e164(draft.phone, area.country) if listed_phone else None,
        phone_national=draft.phone if listed_phone else None,
        website=online.website,
        domain=online.domain,
        rating=round(min(5.0, rng.triangular(2.6, 5.0, 4.7)), 1) if rated else None,
        reviews_count=int(rng.lognormvariate(3.8, 1.1)) + 1 if rated else None,
        hours=_opening_hours(rng),
        status=rng.choices(_STATUSES, (96, 2, 2))[0],
        google_maps_url=f"https://maps.google.com/?cid={rng.getrandbits(63)}",
        site=online.site,
        mail=online.mail,
    )


def _format_address(city: City, street: str, postal: str) -> str:
    return city.address_form.format(
        street=street,
        city=city.city,
        region=city.area.region,
        postal=postal,
        country=city.country_name,
    )


def _go_online(draft: Draft, kind: str, decks: Decks) -> _Presence:
    """Plan what the internet knows of a business: a site, a Facebook page or nothing."""
    mail = plan_mail(f"{draft.slug}.test", "no_domain", (), draft.rng)
    if kind == "facebook":
        page = f"https://www.facebook.com/{draft.slug.replace('-', '')}"
        return _Presence(page, None, None, mail)
    if kind == "none":
        return _Presence(None, None, None, mail)
    site, mail = plan_site(draft, decks)
    domain = f"{draft.slug}.test"
    listed = domain if draft.behaviour.startswith("redirect") else site.host
    return _Presence(f"http://{listed}/", domain, site, mail)


def _opening_hours(rng: random.Random) -> tuple[str, ...]:
    """Return seven lines in the words Google uses: with an en dash: `Monday: 9:00 AM - 5:00 PM`."""
    opens, closes = rng.choice((7, 8, 9, 10)), rng.choice((5, 6, 7, 8))
    saturday = rng.random() < 0.4
    lines = []
    for number, day in enumerate(_WEEKDAYS):
        if number < 5:
            lines.append(f"{day}: {opens}:00\u202fAM\u2009\u2013\u2009{closes}:00\u202fPM")
        elif number == 5 and saturday:
            lines.append(f"{day}: {opens}:00\u202fAM\u2009\u2013\u20091:00\u202fPM")
        else:
            lines.append(f"{day}: Closed")
    return tuple(lines)


def _shared_mail(businesses: list[Business], rng: random.Random) -> tuple[MailSpec, ...]:
    """Return the free mail and agency domains with every mailbox that some site shows."""
    shown: Iterator[str] = (
        mail
        for business in businesses
        if business.site
        for contact in business.site.contacts
        for mail in contact.emails
    )
    by_domain: dict[str, set[str]] = {
        domain: set()
        for domain in (*AGENCIES, *(name for city in CITIES.values() for name in city.free_mail))
    }
    for mail in shown:
        domain = mail.partition("@")[2]
        if domain in by_domain:
            by_domain[domain].add(mail)
    return tuple(
        MailSpec(domain, "reject_unknown", frozenset(boxes), "mx.bigmail.test", True, "s1", True)
        for domain, boxes in by_domain.items()
    )
