"""A map of places drawn by the server: their true distances, and no request to another host.

Lengths are in hundredths of the map's width. Markers that would lie upon each other
are moved apart; a line leads to where the place is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, isfinite, log10, pi, radians

WIDTH = 100.0
HEIGHT = 66.0
MARGIN = 8.0
SPACE = 9.0  # between two markers: their size on the narrowest phone
ROUNDS = 80
METRES_PER_DEGREE = 111_195.0
SMALLEST_METRES = 400.0  # a single place is not shown at the scale of its door
LONGEST_BAR = 30.0

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Marker:
    """A place: `number` as in the table, where it is, and where its number is written.

    `left` is in percent of the map's width, `top` in percent of its height.
    """

    number: int
    name: str
    left: float
    top: float
    shown_left: float
    shown_top: float

    @property
    def is_moved(self) -> bool:
        return hypot(self.left - self.shown_left, self.top - self.shown_top) > 1.0


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """What the template draws; the scale bar goes from 3 to `bar_end` percent of the width."""

    markers: tuple[Marker, ...]
    bar_end: float
    bar_label: str


def map_of(places: Sequence[tuple[str, float | None, float | None]]) -> PlaceMap | None:
    """Return a map of places (name, latitude, longitude); None where none has a position."""
    known = [
        (number, name, lat, lng)
        for number, (name, lat, lng) in enumerate(places, start=1)
        if lat is not None and lng is not None and isfinite(lat) and isfinite(lng)
    ]
    if not known:
        return None
    metres = _metres([(lat, lng) for _, _, lat, lng in known])
    spots, scale = _fit(metres)
    shown = _apart(spots)
    markers = tuple(
        Marker(number, name, *_percent(spot), *_percent(at))
        for (number, name, _, _), spot, at in zip(known, spots, shown, strict=True)
    )
    length = _round_length(LONGEST_BAR / scale)
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    return PlaceMap(markers, round(3 + length * scale, 2), label)


def _percent(point: Position) -> Position:
    return round(point[0], 2), round(100 * point[1] / HEIGHT, 2)


def _metres(positions: Sequence[Position]) -> list[Position]:
    """Return positions as metres east and south of the first one."""
    latitude, longitude = positions[0]
    narrow = max(cos(radians(latitude)), 0.01)
    return [
        (
            # The short way round, for places on both sides of the 180th meridian.
            ((lng - longitude + 180.0) % 360.0 - 180.0) * METRES_PER_DEGREE * narrow,
            (latitude - lat) * METRES_PER_DEGREE,
        )
        for lat, lng in positions
    ]


def _fit(metres: Sequence[Position]) -> tuple[list[Position], float]:
    """Return the points in percent, in the middle of the map, and percent per metre."""
    xs, ys = [x for x, _ in metres], [y for _, y in metres]
    wide = max(max(xs) - min(xs), SMALLEST_METRES)
    high = max(max(ys) - min(ys), SMALLEST_METRES)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    spots = [
        (WIDTH / 2 + (x - middle_x) * scale, HEIGHT / 2 + (y - middle_y) * scale) for x, y in metres
    ]
    return spots, scale


def _apart(spots: Sequence[Position]) -> list[Position]:
    """Return the points pushed apart, step by step, until no two markers overlap."""
    points = [list(spot) for spot in spots]
    for _ in range(ROUNDS):
        is_moved = False
        for i, first in enumerate(points):
            for j in range(i):
                is_moved |= _push(points[j], first, i + j)
        for point in points:
            point[0] = min(max(point[0], SPACE / 2), WIDTH - SPACE / 2)
            point[1] = min(max(point[1], SPACE / 2), HEIGHT - SPACE / 2)
        if not is_moved:
            break
    return [(x, y) for x, y in points]


def _push(first: list[float], second: list[float], seed: int) -> bool:
    across, down = second[0] - first[0], second[1] - first[1]
    distance = hypot(across, down)
    if distance >= SPACE:
        return False
    if distance < 0.01:  # the same spot: any direction will do, the same one each time
        angle = seed * 2.399963  # the golden angle spreads them evenly
        across, down, distance = cos(angle), cos(angle - pi / 2), 1.0
        step = SPACE / 2
    else:
        step = (SPACE - distance) / 2 + 0.05
    for axis, part in enumerate((across / distance * step, down / distance * step)):
        first[axis] -= part
        second[axis] += part
    return True


def _round_length(longest: float) -> float:
    """Return the longest of 1, 2, 5 times a power of ten that is not longer."""
    power = 10.0 ** int(log10(max(longest, 1.0)))
    return max(step * power for step in (1, 2, 5) if step * power <= max(longest, 1.0))
