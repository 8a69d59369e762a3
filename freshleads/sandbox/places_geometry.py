"""Boxes and circles on the globe, in degrees and metres."""

import math
from dataclasses import dataclass

EARTH_RADIUS_METRES = 6_371_000.0

Position = tuple[float, float]  # latitude, longitude in degrees


def distance(one: Position, other: Position) -> float:
    """Return the great-circle distance between two positions in metres."""
    latitude_1, longitude_1 = map(math.radians, one)
    latitude_2, longitude_2 = map(math.radians, other)
    haversine = (
        math.sin((latitude_2 - latitude_1) / 2) ** 2
        + math.cos(latitude_1)
        * math.cos(latitude_2)
        * math.sin((longitude_2 - longitude_1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, haversine)))


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A box from its south-west corner `low` to its north-east corner `high`.

    It crosses the 180th meridian where low lies east of high.
    """

    low: Position
    high: Position

    @property
    def width(self) -> float:
        """How many degrees of longitude the box spans."""
        span = self.high[1] - self.low[1]
        return span % 360 if span < 0 else span

    @property
    def center(self) -> Position:
        """The middle of the box."""
        longitude = self.low[1] + self.width / 2
        return (self.low[0] + self.high[0]) / 2, (longitude + 180) % 360 - 180

    def contains(self, position: Position) -> bool:
        """Tell whether a position lies in the box, borders included."""
        latitude, longitude = position
        return self.low[0] <= latitude <= self.high[0] and self._spans(longitude)

    def meets(self, other: "Rectangle") -> bool:
        """Tell whether two boxes share any position."""
        if self.low[0] > other.high[0] or other.low[0] > self.high[0]:
            return False
        return self._spans(other.low[1]) or other._spans(self.low[1])

    def _spans(self, longitude: float) -> bool:
        if self.low[1] <= self.high[1]:
            return self.low[1] <= longitude <= self.high[1]
        return longitude >= self.low[1] or longitude <= self.high[1]


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around a centre; the radius is in metres."""

    center: Position
    radius: float

    def contains(self, position: Position) -> bool:
        """Tell whether a position lies in the circle."""
        return distance(self.center, position) <= self.radius


Region = Rectangle | Circle
