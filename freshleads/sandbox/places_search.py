"""Finds the places of the world that answer a search, most relevant first and always alike."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime

from freshleads.sandbox import places_hours
from freshleads.sandbox.crowd import crowd, crowd_in, crowd_near
from freshleads.sandbox.entities import OPERATIONAL, Business, World
from freshleads.sandbox.places_geometry import Position, Rectangle, Region, distance
from freshleads.sandbox.places_named import NamedPlace
from freshleads.sandbox.places_query import Gazetteer, Meaning, index_names, split_words
from freshleads.sandbox.places_rendering import price_level
from freshleads.sandbox.places_requests import NearbySearch, TextSearch

RESULT_CAP = 60

Found = Business | NamedPlace


class PlacesIndex:
    """The businesses and areas of one world, searchable as the Places API searches."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.world = world
        self.clock = clock
        self.gazetteer = Gazetteer(world)
        self.name_words = index_names(world)
        self.by_id: dict[str, Found] = {
            business.place_id: business for business in world.businesses
        }
        for named in self.gazetteer.places.values():
            self.by_id.setdefault(named.place_id, named)

    def find(self, place_id: str) -> Found | None:
        """Return the place with an id, None where it is unknown."""
        if place_id in self.by_id:
            return self.by_id[place_id]
        return next((one for one in crowd() if one.place_id == place_id), None)

    def search_text(self, request: TextSearch) -> list[Found]:
        """Return all results of a text search, at most 60, before paging."""
        for meaning in self.gazetteer.understand(request.text):
            found = self._answer(meaning, request)
            if found:
                return found[:RESULT_CAP]
        return []

    def search_nearby(self, request: NearbySearch) -> list[Business]:
        """Return the businesses in a circle that have the wanted types and none unwanted."""
        found = [
            business
            for business in (*self.world.businesses, *crowd_near(request.circle))
            if request.circle.contains(_position(business)) and _has_types(business, request)
        ]
        center = request.circle.center if request.by_distance else None
        return _ranked(found, None, center)[: request.count]

    def box_of(self, named: NamedPlace) -> Rectangle:
        """Return the viewport of a city, or the box around the businesses of a postal code."""
        area = Rectangle(named.area.low, named.area.high)
        if not named.postal_code:
            return area
        inside = [_position(business) for business in self._in_place(named)]
        if not inside:
            return area
        latitudes, longitudes = zip(*inside, strict=True)
        return Rectangle((min(latitudes), min(longitudes)), (max(latitudes), max(longitudes)))

    def _in_place(self, named: NamedPlace) -> Iterable[Business]:
        """Yield the businesses of a city or postal code."""
        for business in (*self.world.businesses, *crowd_in(named.area)):
            if business.area != named.area.key:
                continue
            if business.postal_code.casefold().startswith(named.postal_code):
                yield business

    def _answer(self, meaning: Meaning, request: TextSearch) -> list[Found]:
        """Return the places for one meaning of the query."""
        if meaning.place and not (meaning.trade or meaning.name):
            return self._answer_area(meaning.place, request)
        pool = self._in_place(meaning.place) if meaning.place else self._everywhere(request)
        found = [
            business
            for business in pool
            if self._matches(business, meaning) and self._passes(business, meaning, request)
        ]
        return list(_ranked(found, request.bias, self._origin(meaning, request)))

    def _everywhere(self, request: TextSearch) -> tuple[Business, ...]:
        """Return the world, and the crowded city where the request looks at it."""
        crowd_there = crowd_near(request.restriction or request.bias)
        return (*self.world.businesses, *crowd_there) if crowd_there else self.world.businesses

    def _answer_area(self, named: NamedPlace, request: TextSearch) -> list[Found]:
        """Return the area itself, unless the request shuts it out."""
        kinds = ("postal_code",) if named.postal_code else ("locality", "political")
        if request.strict_type and request.included_type and request.included_type not in kinds:
            return []
        if request.open_now or request.min_rating or request.price_levels:
            return []
        if request.restriction and not request.restriction.contains(self.box_of(named).center):
            return []
        return [named]

    def _matches(self, business: Business, meaning: Meaning) -> bool:
        """Tell whether a business is what the query names: of the trade, or by that name."""
        if meaning.trade:
            return business.trade == meaning.trade
        wanted, own = frozenset(meaning.name), self._words_of(business)
        return wanted <= own or (len(own) > 1 and own <= wanted)

    def _words_of(self, business: Business) -> frozenset[str]:
        words = self.name_words.get(business.place_id)
        return frozenset(split_words(business.name)) if words is None else words

    def _passes(self, business: Business, meaning: Meaning, request: TextSearch) -> bool:
        """Tell whether a business meets the filters of the request."""
        if request.restriction and not request.restriction.contains(_position(business)):
            return False
        # Google applies the type to queries by category; to names only when told to be strict.
        typed = request.included_type and (meaning.trade or request.strict_type)
        if typed and request.included_type not in business.types:
            return False
        if request.min_rating and (business.rating or 0) < request.min_rating:
            return False
        if request.price_levels and price_level(business) not in request.price_levels:
            return False
        return not request.open_now or self._is_open(business)

    def _is_open(self, business: Business) -> bool:
        """Tell whether a business is open at this moment."""
        local = places_hours.local_time(business.country, self.clock())
        return business.status == OPERATIONAL and places_hours.is_open(business.hours, local)

    def _origin(self, meaning: Meaning, request: TextSearch) -> Position | None:
        """Return where distances are measured from, or None to rank by relevance."""
        if not request.by_distance:
            return None
        region: Region | None = request.bias or request.restriction
        if region:
            return region.center
        return meaning.place.area.center if meaning.place else None


def _position(business: Business) -> Position:
    """Return where a business is."""
    return business.latitude, business.longitude


def _has_types(business: Business, request: NearbySearch) -> bool:
    """Tell whether the types of a business fit all four lists of a nearby search."""
    types, primary = frozenset(business.types), business.types[0]
    if request.included_types and not request.included_types & types:
        return False
    if request.included_primary_types and primary not in request.included_primary_types:
        return False
    return not request.excluded_types & types and primary not in request.excluded_primary_types


def prominence(business: Business) -> float:
    """Return how prominent a business is: its rating, weighed by how many people rated it."""
    return (business.rating or 0.0) * math.log10(1 + (business.reviews_count or 0))


def _ranked(found: list[Business], bias: Region | None, origin: Position | None) -> list[Business]:
    """Return businesses by distance from `origin`, or inside the bias first and then prominent."""

    def key(business: Business) -> tuple[float, float, str]:
        position = _position(business)
        if origin is not None:
            return 0.0, distance(origin, position), business.place_id
        outside = bias is not None and not bias.contains(position)
        return float(outside), -prominence(business), business.place_id

    return sorted(found, key=key)
