"""Businesses and areas as Place messages of the Places API (New), complete before the mask."""

import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import phonenumbers

from freshleads.sandbox import places_hours
from freshleads.sandbox.cities import city_of
from freshleads.sandbox.entities import OPERATIONAL, Area, Business
from freshleads.sandbox.places_geometry import Position, Rectangle
from freshleads.sandbox.places_named import NamedPlace
from freshleads.sandbox.places_requests import PRICE_LEVELS
from freshleads.sandbox.places_reviews import SENTENCES, invent_reviews
from freshleads.sandbox.trades import TRADES

COUNTRIES: Mapping[str, str] = {
    "US": "United States",
    "GB": "United Kingdom",
    "DE": "Germany",
    "FR": "France",
}
REGIONS: Mapping[str, str] = {
    "FL": "Florida",
    "KS": "Kansas",
    "England": "England",
    "BE": "Berlin",
    "ARA": "Auvergne-Rhône-Alpes",
}
PRICED_TRADES = frozenset(("restaurant", "bakery"))
PLUS_CODE_DIGITS = "23456789CFGHJMPQRVWX"
PLUS_CODE_STEPS = (20.0, 1.0, 0.05, 0.0025, 0.000125)
VIEWPORT_MARGIN_DEGREES = 0.00135
MAX_PHOTOS = 10


def render_business(business: Business, language: str, now: datetime) -> dict[str, Any]:
    """Return the whole Place message of a business, without its reviews.

    Absent facts are absent fields, as proto3 JSON has it.
    """
    area = city_of(business.area).area
    position = (business.latitude, business.longitude)
    place = {
        "name": f"places/{business.place_id}",
        "id": business.place_id,
        "types": list(business.types),
        "primaryType": business.types[0],
        "primaryTypeDisplayName": _trade_label(business.trade, language),
        "displayName": {"text": business.name, "languageCode": area.language},
        "nationalPhoneNumber": business.phone_national,
        "internationalPhoneNumber": _international(business.phone_e164),
        "formattedAddress": business.formatted_address,
        "shortFormattedAddress": f"{business.street}, {business.city}",
        "addressComponents": _address_components(business),
        "plusCode": _plus_code(position, area),
        "location": _lat_lng(position),
        "viewport": _viewport(_around(position)),
        "rating": business.rating,
        "userRatingCount": business.reviews_count,
        "googleMapsUri": business.google_maps_url,
        "websiteUri": business.website,
        "businessStatus": business.status,
        "priceLevel": price_level(business) or None,
        "photos": _photos(business),
        "pureServiceAreaBusiness": False,
        "iconMaskBaseUri": "https://maps.gstatic.com/mapfiles/place_api/icons/v2/generic_pinlet",
        "iconBackgroundColor": "#7B9EB0",
        **_hours(business, language, now),
    }
    return {name: value for name, value in place.items() if value not in (None, [])}


def render_reviews(business: Business, now: datetime) -> dict[str, Any]:
    """Return the `reviews` field of a business, absent where it has none."""
    language = city_of(business.area).area.language
    reviews = invent_reviews(business, language if language in SENTENCES else "en", now)
    return {"reviews": reviews} if reviews else {}


def render_named_place(named: NamedPlace, box: Rectangle) -> dict[str, Any]:
    """Return the Place message of a city or postal code, whose viewport is `box`."""
    area, city = named.area, city_of(named.area.key)
    center = box.center if named.postal_code else area.center
    title = named.postal_code.upper() or city.city
    address = _area_address(named)
    kind = "postal_code" if named.postal_code else "locality"
    components = [_component(title, title, kind, *([] if named.postal_code else ["political"]))]
    if named.postal_code:
        components.append(_component(city.city, city.city, "locality", "political"))
    return {
        "name": f"places/{named.place_id}",
        "id": named.place_id,
        "types": [kind] if named.postal_code else ["locality", "political"],
        "primaryType": kind,
        "displayName": {"text": title, "languageCode": area.language},
        "formattedAddress": address,
        "shortFormattedAddress": title,
        "addressComponents": components + _region_components(area),
        "location": _lat_lng(center),
        "viewport": _viewport(box),
        "googleMapsUri": f"https://maps.google.com/?q={title.replace(' ', '+')}",
        "pureServiceAreaBusiness": False,
        **_zone(area.country),
    }


def price_level(business: Business) -> str:
    """Return the price level of a business that has one: places to eat, by their id."""
    if business.trade not in PRICED_TRADES:
        return ""
    return PRICE_LEVELS[1:][zlib.crc32(business.place_id.encode()) % 4]


def _area_address(named: NamedPlace) -> str:
    """Return the formatted address of a city or postal code."""
    city = city_of(named.area.key)
    region = f", {named.area.region}" if named.area.country == "US" else ""
    if named.area.country == "US" and named.postal_code:
        return f"{city.city}{region} {named.postal_code}, {city.country_name}"
    town = f"{named.postal_code.upper()} {city.city}" if named.postal_code else city.city
    return f"{town}{region}, {city.country_name}"


def _trade_label(trade: str, language: str) -> dict[str, str]:
    """Return the display name of a trade in the language asked for, else in English."""
    code = language[:2].lower()
    labels = TRADES[trade].labels
    if code in labels:
        return {"text": labels[code], "languageCode": language}
    return {"text": labels["en"], "languageCode": "en-US"}


@lru_cache(maxsize=4096)
def _international(e164: str | None) -> str | None:
    """Return a number as `+1 305-555-0134`."""
    if e164 is None:
        return None
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _component(long_text: str, short_text: str, *types: str) -> dict[str, Any]:
    """Return one AddressComponent message."""
    return {
        "longText": long_text,
        "shortText": short_text,
        "types": list(types),
        "languageCode": "en",
    }


def _region_components(area: Area) -> list[dict[str, Any]]:
    """Return the components for the region and the country of an area."""
    return [
        _component(REGIONS[area.region], area.region, "administrative_area_level_1", "political"),
        _component(COUNTRIES[area.country], area.country, "country", "political"),
    ]


def _address_components(business: Business) -> list[dict[str, Any]]:
    """Return the address of a business in components; British towns are postal towns."""
    number = re.search(r"^\d+|\d+$", business.street)
    route = re.sub(r"^\d+\s|\s\d+$", "", business.street)
    town = ("postal_town",) if business.country == "GB" else ("locality", "political")
    components = [
        _component(route, route, "route"),
        _component(business.city, business.city, *town),
        *_region_components(city_of(business.area).area),
        _component(business.postal_code, business.postal_code, "postal_code"),
    ]
    if number:
        components.insert(0, _component(number.group(), number.group(), "street_number"))
    return components


def _hours(business: Business, language: str, now: datetime) -> dict[str, Any]:
    """Return the hours and time zone fields; a closed business has no current hours."""
    zone = _zone(business.country)
    local = places_hours.local_time(business.country, now)
    offset = local.utcoffset()
    zone["utcOffsetMinutes"] = int(offset.total_seconds() // 60) if offset else 0
    if not business.hours:
        return zone
    regular = places_hours.render_hours(business.hours, local, language, dated=False)
    if business.status != OPERATIONAL:
        return {**zone, "regularOpeningHours": {**regular, "openNow": False}}
    current = places_hours.render_hours(business.hours, local, language, dated=True)
    return {**zone, "regularOpeningHours": regular, "currentOpeningHours": current}


def _zone(country: str) -> dict[str, Any]:
    """Return the timeZone field of a country."""
    return {"timeZone": {"id": places_hours.TIME_ZONES[country]}}


def _lat_lng(position: Position) -> dict[str, float]:
    """Return a LatLng message."""
    return {"latitude": position[0], "longitude": position[1]}


def _around(position: Position) -> Rectangle:
    """Return the small box that frames one building on a map."""
    latitude, longitude = position
    margin = VIEWPORT_MARGIN_DEGREES
    return Rectangle(
        (round(latitude - margin, 7), round(longitude - margin, 7)),
        (round(latitude + margin, 7), round(longitude + margin, 7)),
    )


def _viewport(box: Rectangle) -> dict[str, Any]:
    """Return a Viewport message."""
    return {"low": _lat_lng(box.low), "high": _lat_lng(box.high)}


def _plus_code(position: Position, area: Area) -> dict[str, str]:
    """Return the open location code of a position (10 digits) and its short form."""
    rest = [position[0] + 90, position[1] + 180]
    digits = ""
    for step in PLUS_CODE_STEPS:
        for axis in (0, 1):
            number = int(rest[axis] / step)
            digits += PLUS_CODE_DIGITS[min(number, 19)]
            rest[axis] -= number * step
    code = f"{digits[:8]}+{digits[8:]}"
    city = city_of(area.key)
    return {"globalCode": code, "compoundCode": f"{code[4:]} {city.city}, {city.country_name}"}


def _photos(business: Business) -> list[dict[str, Any]]:
    """Return up to ten Photo messages, their number set by the place id."""
    seed = zlib.crc32(b"photos:" + business.place_id.encode())
    return [
        {
            "name": f"places/{business.place_id}/photos/{seed:08x}{number}",
            "widthPx": 4032,
            "heightPx": 3024,
            "authorAttributions": [{"displayName": business.name}],
        }
        for number in range(seed % (MAX_PHOTOS + 1))
    ]
