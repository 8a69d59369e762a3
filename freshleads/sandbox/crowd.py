"""Bistropolis: 1,500 restaurants in one city, far more than a source shows for one question.

It is made when somebody looks there. Most restaurants stand around the centre, as in real
cities; none has a website or a phone, so nothing but sources of places has to know them.
"""

import random
from functools import cache
from itertools import product

from freshleads.sandbox.cities import BISTROPOLIS
from freshleads.sandbox.entities import OPERATIONAL, Area, Business, MailSpec
from freshleads.sandbox.places_geometry import Position, Rectangle, Region, distance
from freshleads.sandbox.trades import ADJECTIVES, TRADES

CROWD = 1500
CENTRAL_SHARE = 0.6
SPREAD_DEGREES = 0.02  # about two kilometres
CITY_BOX = Rectangle(BISTROPOLIS.area.low, BISTROPOLIS.area.high)
CITY_RADIUS_METRES = distance(CITY_BOX.low, CITY_BOX.center)
KINDS = ("Kitchen", "Grill", "Table", "Diner", "Trattoria", "Noodle House", "Tavern")
ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
NO_MAIL = MailSpec("bistropolis.test", "no_domain", frozenset(), "")


def crowd_in(area: Area) -> tuple[Business, ...]:
    """Return the restaurants of an area, none unless it is the crowded city."""
    return crowd() if area.key == BISTROPOLIS.area.key else ()


def crowd_near(region: Region | None) -> tuple[Business, ...]:
    """Return all restaurants of the crowded city where a region reaches into it."""
    if region is None:
        return ()
    if isinstance(region, Rectangle):
        return crowd() if region.meets(CITY_BOX) else ()
    is_near = distance(region.center, CITY_BOX.center) <= region.radius + CITY_RADIUS_METRES
    return crowd() if is_near else ()


@cache
def crowd() -> tuple[Business, ...]:
    """Return the restaurants, the same in every world and every process."""
    rng = random.Random("crowd")
    names = [
        f"{adjective} {name} {kind}"
        for adjective, name, kind in product(ADJECTIVES["en"], BISTROPOLIS.surnames, KINDS)
    ]
    names += [f"{district} {name}" for district, name in product(BISTROPOLIS.districts, names)]
    rng.shuffle(names)
    return tuple(_restaurant(name, rng) for name in names[:CROWD])


def _restaurant(name: str, rng: random.Random) -> Business:
    trade, area = TRADES["restaurant"], BISTROPOLIS.area
    latitude, longitude = _place(rng)
    street = f"{rng.randint(1, 900)} {rng.choice(BISTROPOLIS.streets)}"
    postal = BISTROPOLIS.postal_codes[0]
    return Business(
        place_id="ChIJ" + "".join(rng.choice(ID_ALPHABET) for _ in range(23)),
        name=name,
        trade=trade.key,
        trade_label=trade.labels["en"],
        types=trade.types,
        area=area.key,
        street=street,
        city=BISTROPOLIS.city,
        region=area.region,
        postal_code=postal,
        country=area.country,
        formatted_address=f"{street}, {BISTROPOLIS.city}, {area.region} {postal}, USA",
        latitude=latitude,
        longitude=longitude,
        phone_e164=None,
        phone_national=None,
        website=None,
        domain=None,
        rating=round(rng.uniform(2.6, 5.0), 1),
        reviews_count=rng.randint(1, 900),
        hours=(),
        status=OPERATIONAL,
        google_maps_url=f"https://maps.google.com/?cid={rng.getrandbits(63)}",
        site=None,
        mail=NO_MAIL,
    )


def _place(rng: random.Random) -> Position:
    """Return where a restaurant stands: near the centre, or anywhere in the city."""
    area = BISTROPOLIS.area
    while rng.random() < CENTRAL_SHARE:
        latitude = round(rng.gauss(area.center[0], SPREAD_DEGREES), 6)
        longitude = round(rng.gauss(area.center[1], SPREAD_DEGREES), 6)
        if CITY_BOX.contains((latitude, longitude)):
            return latitude, longitude
    return (
        round(rng.uniform(area.low[0], area.high[0]), 6),
        round(rng.uniform(area.low[1], area.high[1]), 6),
    )
