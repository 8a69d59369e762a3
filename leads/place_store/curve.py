"""The curve through the map along which places are stored: near numbers are near places.

Latitude and longitude, in units of 1e-7 degrees, are cut to 24 bits each and interleaved
(Morton order), so that every square of the quadtree is one range of numbers.
"""

from dataclasses import dataclass
from functools import lru_cache

UNITS = 10_000_000  # per degree
BITS = 24
MAX_RANGES = 12
_LATITUDE_STEP, _LONGITUDE_STEP = 128, 256
_SPREADS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees; where it crosses the 180th meridian, `west` is above `east`."""

    south: float
    west: float
    north: float
    east: float

    def sides(self) -> tuple[tuple[float, float], ...]:
        """Return from which longitude to which it reaches: in two parts where it crosses."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return (self.west, 180.0), (-180.0, self.east)

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes have a point in common."""
        is_level = self.south <= other.north and other.south <= self.north
        return is_level and any(
            west <= other_east and other_west <= east
            for west, east in self.sides()
            for other_west, other_east in other.sides()
        )


def in_units(degrees: float) -> int:
    """Return degrees as the whole number that is stored."""
    return round(degrees * UNITS)


def cell_of(latitude: int, longitude: int) -> int:
    """Return where on the curve a point (in stored units) lies."""
    return _interleaved(*_grid(latitude, longitude))


def cell_sql(latitude: str, longitude: str) -> str:
    """Return the same as an SQL expression over two columns of stored units."""
    rows = _spread_sql(f"(({latitude}::BIGINT + {90 * UNITS}) // {_LATITUDE_STEP})")
    columns = _spread_sql(f"(({longitude}::BIGINT + {180 * UNITS}) // {_LONGITUDE_STEP})")
    return f"(({rows} << 1) | {columns})"


@lru_cache(maxsize=1024)
def ranges_over(box: Box) -> tuple[tuple[int, int], ...]:
    """Return ranges of the curve, a dozen at most, that cover a box and little around it."""
    sides = box.sides()
    found: list[tuple[int, int]] = []
    for west, east in sides:
        low = _grid(in_units(box.south), in_units(west))
        high = _grid(in_units(box.north), in_units(east))
        found += map(_range_of, _squares_over(low, high, MAX_RANGES // len(sides)))
    return _joined(sorted(found))


def _squares_over(low: tuple[int, int], high: tuple[int, int], most: int) -> list["_Square"]:
    """Divide the whole square where that shows that a part lies beside the corners."""
    inside: list[_Square] = []
    edge: list[_Square] = [(0, 0, BITS)]
    while edge and len(inside) + len(edge) < most:
        edge.sort(key=lambda square: square[2])
        for square in _quarters(edge.pop()):
            if not _is_beside(square, low, high):
                (inside if _is_inside(square, low, high) else edge).append(square)
    return inside + edge


def _grid(latitude: int, longitude: int) -> tuple[int, int]:
    row = (latitude + 90 * UNITS) // _LATITUDE_STEP
    column = (longitude + 180 * UNITS) // _LONGITUDE_STEP
    largest = (1 << BITS) - 1
    return min(max(row, 0), largest), min(max(column, 0), largest)


def _interleaved(row: int, column: int) -> int:
    return (_spread(row) << 1) | _spread(column)


def _spread(number: int) -> int:
    """Put a zero between each two bits."""
    for shift, mask in _SPREADS:
        number = (number | (number << shift)) & mask
    return number


def _spread_sql(number: str) -> str:
    for shift, mask in _SPREADS:
        number = f"spread_bits({number}, {shift}, {mask})"
    return number


SPREAD_MACRO = "CREATE MACRO spread_bits(n, shift, mask) AS ((n | (n << shift)) & mask)"

_Square = tuple[int, int, int]  # row, column, bits of its side


def _quarters(square: _Square) -> list[_Square]:
    row, column, bits = square
    half = 1 << (bits - 1)
    corners = (
        (row, column),
        (row, column + half),
        (row + half, column),
        (row + half, column + half),
    )
    return [(*corner, bits - 1) for corner in corners]


def _is_beside(square: _Square, low: tuple[int, int], high: tuple[int, int]) -> bool:
    row, column, bits = square
    last = (1 << bits) - 1
    is_apart = row > high[0] or row + last < low[0]
    return is_apart or column > high[1] or column + last < low[1]


def _is_inside(square: _Square, low: tuple[int, int], high: tuple[int, int]) -> bool:
    """Tell whether nothing more is gained by dividing: wholly inside, or a single point."""
    row, column, bits = square
    last = (1 << bits) - 1
    is_within = row >= low[0] and row + last <= high[0]
    return bits == 0 or (is_within and column >= low[1] and column + last <= high[1])


def _range_of(square: _Square) -> tuple[int, int]:
    row, column, bits = square
    first = _interleaved(row, column)
    return first, first + (1 << (2 * bits)) - 1


def _joined(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and joined[-1][1] + 1 >= first:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
