"""The businesses of the world as OpenStreetMap has them: tagged by many hands in many habits.

What stands in a tag is what the business shows itself; not everything is tagged everywhere.
Addresses that a website hides are not tagged, as the community's own rule asks.
"""

import hashlib
import random
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from freshleads.sandbox.casting import PLAIN_TECHNIQUES
from freshleads.sandbox.entities import CLOSED_PERMANENTLY, CLOSED_TEMPORARILY, Business
from freshleads.sandbox.phones import printed_forms
from freshleads.sandbox.places_hours import parse_hours

TYPES = ("node", "way", "relation")
TYPE_WEIGHTS = (65, 30, 5)
# Some mappers tag a trade in one way, some in another, careful ones in both.
TRADE_TAGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "dentist": (
        {"amenity": "dentist", "healthcare": "dentist"},
        {"amenity": "dentist"},
        {"healthcare": "dentist"},
    ),
    "plumber": ({"craft": "plumber"},),
    "restaurant": (
        {"amenity": "restaurant", "cuisine": "italian"},
        {"amenity": "restaurant", "cuisine": "regional;pizza"},
        {"amenity": "restaurant"},
    ),
    "hair_salon": ({"shop": "hairdresser"},),
    "lawyer": ({"office": "lawyer"},),
    "accountant": ({"office": "accountant"}, {"office": "tax_advisor"}),
    "gym": ({"leisure": "fitness_centre", "sport": "fitness"}, {"leisure": "fitness_centre"}),
    "electrician": ({"craft": "electrician"},),
    "veterinarian": ({"amenity": "veterinary"},),
    "real_estate": ({"office": "estate_agent"},),
    "bakery": ({"shop": "bakery"},),
    "auto_repair": ({"shop": "car_repair"},),
}
KIND_KEYS = ("amenity", "healthcare", "shop", "office", "craft", "leisure")
DAYS = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
PHONE_KEYS = ("phone", "contact:phone", "phone", "contact:mobile")
WEBSITE_KEYS = ("website", "contact:website", "website", "url")
NETWORK_KEYS = {"x": "twitter"}

Element = Mapping[str, Any]


def elements_of(businesses: Iterable[Business]) -> tuple[Element, ...]:
    """Return businesses as the service orders them: nodes, ways, relations, each by id."""
    elements = map(element_of, businesses)
    return tuple(sorted(elements, key=lambda one: (TYPES.index(one["type"]), one["id"])))


def element_of(business: Business) -> Element:
    """Return a business as one element: a node with its position, or an outline with its centre."""
    rng = random.Random(f"osm:{business.place_id}")
    kind = rng.choices(TYPES, TYPE_WEIGHTS)[0]
    position = {"lat": business.latitude, "lon": business.longitude}
    where = position if kind == "node" else {"center": position}
    return {"type": kind, "id": _id_of(business), **where, "tags": _tags(business, rng)}


def _id_of(business: Business) -> int:
    digest = hashlib.sha256(business.place_id.encode()).hexdigest()
    return int(digest[:10], 16) % 12_000_000_000 + 1


def _tags(business: Business, rng: random.Random) -> dict[str, str]:
    tags = {
        "name": business.name,
        **rng.choice(TRADE_TAGS[business.trade]),
        **_address(business, rng),
        **_phone(business, rng),
        **_website(business, rng),
        **_email(business, rng),
        **_socials(business, rng),
        **_hours(business, rng),
    }
    if business.status == CLOSED_PERMANENTLY:
        tags = {f"disused:{key}" if key in KIND_KEYS else key: tags[key] for key in tags}
    elif business.status == CLOSED_TEMPORARILY:
        tags["opening_hours"] = 'closed "renovation"'
    return tags


def _address(business: Business, rng: random.Random) -> dict[str, str]:
    if rng.random() < 0.1:
        return {}
    words = business.street.split(" ")
    number = words[0] if words[0].isdigit() else words[-1]
    street = " ".join(word for word in words if word != number)
    tags = {
        "addr:housenumber": number,
        "addr:street": street,
        "addr:city": business.city,
        "addr:postcode": business.postal_code,
    }
    if business.country == "US":
        tags["addr:state"] = business.region
    return {**tags, "addr:country": business.country} if rng.random() < 0.4 else tags


def _phone(business: Business, rng: random.Random) -> dict[str, str]:
    if not business.phone_national or not business.phone_e164 or rng.random() < 0.2:
        return {}
    forms = (*printed_forms(business.phone_national, business.country), business.phone_e164)
    written = rng.choice(forms)
    if rng.random() < 0.1:
        written += f"; {business.phone_e164}"
    elif rng.random() < 0.05:
        written = f"{business.phone_e164}\\;ext=12"
    return {rng.choice(PHONE_KEYS): written}


def _website(business: Business, rng: random.Random) -> dict[str, str]:
    if not business.website or rng.random() < 0.15:
        return {}
    written = business.website
    if rng.random() < 0.5:
        written = written.removesuffix("/")
    return {rng.choice(WEBSITE_KEYS): written}


def _email(business: Business, rng: random.Random) -> dict[str, str]:
    contacts = business.site.contacts if business.site else ()
    open_ones = [contact for contact in contacts if contact.technique in PLAIN_TECHNIQUES]
    if not open_ones or rng.random() < 0.6:
        return {}
    written = ";".join(open_ones[0].emails)
    return {rng.choice(("email", "contact:email")): written}


def _socials(business: Business, rng: random.Random) -> dict[str, str]:
    """Return profiles as links or as bare handles."""
    tags = {}
    for network, url in business.site.socials if business.site else ():
        if rng.random() < 0.5:
            continue
        key = NETWORK_KEYS.get(network, network)
        handle = url.rstrip("/").rpartition("/")[2]
        has_handle = network in {"facebook", "instagram", "x"} and rng.random() < 0.5
        tags[rng.choice((f"contact:{key}", key))] = handle if has_handle else url
    return tags


def _hours(business: Business, rng: random.Random) -> dict[str, str]:
    """Return the week in the language of the tag: `Mo-Fr 09:00-17:00; Sa 09:00-13:00`."""
    if not business.hours or rng.random() < 0.35:
        return {}
    by_time = groupby(parse_hours(business.hours), key=lambda period: (period.opens, period.closes))
    rules = []
    for (opens, closes), periods in by_time:
        days = [DAYS[period.day] for period in periods]
        stretch = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
        rules.append(f"{stretch} {_clock(opens)}-{_clock(closes)}")
    return {"opening_hours": "; ".join(rules)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
