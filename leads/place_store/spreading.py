"""Where the cities, regions, countries and postal codes of the data lie, told by their places.

An area is the box of all but a few stray places: of many, one in two hundred is cut off on each
side; of few, one; then the box is widened a little. Places are counted by strips of half a
kilometre, so that DuckDB holds no list of them, however many cities there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leads.place_store.curve import UNITS
from leads.place_store.staging import Stage
from leads.place_store.words import area_key

STRIP = 50_000  # units
# Shares of the places below each side of the box, and below the middle.
SHARES = (0.0, 0.005, 0.02, 0.05, 0.5, 0.95, 0.98, 0.995, 1.0)
MIDDLE = 4
ENOUGH = 10  # places, to cut any off
WIDER = 0.05  # of the width, on each side
AT_LEAST = 0.005  # degrees
GROUPS = {
    "city": ("lower(city)", "city", "region"),
    "region": ("lower(region)", "region", "NULL"),
    "country": ("country", "country", "NULL"),
    "postal": ("upper(postal_code)", "postal_code", "NULL"),
}
AXES = {
    "north": "latitude",
    "east": "longitude",
    # From Greenwich once around: on both sides of the 180th meridian the numbers stay near.
    "around": f"(longitude::BIGINT + {360 * UNITS}) % {360 * UNITS}",
}
Area = tuple[Any, ...]  # as the table `area` has its columns


@dataclass(frozen=True, slots=True)
class _Side:
    low: float
    middle: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


def areas_of(stage: Stage) -> Iterator[Area]:
    """Yield the areas of the rows to keep."""
    (reach,) = stage.query("SELECT min(longitude), max(longitude) FROM staged WHERE skip IS NULL")
    # Only data on both sides of the world can lie across the 180th meridian.
    is_wide = reach[1] - reach[0] > 180 * UNITS
    axes = [axis for axis in AXES if is_wide or axis != "around"]
    for kind, (key, name, region) in GROUPS.items():
        for found in stage.query(_statement(key, name, region, axes)):
            area = _area(kind, found)
            if area is not None:
                yield area


def _statement(key: str, name: str, region: str, axes: Sequence[str]) -> str:
    counted = " UNION ALL ".join(
        f"SELECT '{axis}' AS axis, {key} AS key, any_value({name}) AS name, {region} AS region,"
        f" country, ({AXES[axis]}) // {STRIP} AS strip, count(*) AS places FROM staged"
        f" WHERE skip IS NULL AND {key} IS NOT NULL GROUP BY ALL"
        for axis in axes
    )
    group = "PARTITION BY axis, key, region, country"
    summed = (
        f"SELECT *, sum(places) OVER ({group} ORDER BY strip) AS below,"
        f" sum(places) OVER ({group}) AS total FROM ({counted})"
    )
    lists = (f"[{', '.join(_strip_at(axis, share) for share in SHARES)}]" for axis in axes)
    return (
        f"SELECT any_value(name), region, country, max(total), {', '.join(lists)}"
        f" FROM ({summed}) GROUP BY key, region, country"
    )


def _strip_at(axis: str, share: float) -> str:
    return f"min(strip) FILTER (axis = '{axis}' AND below >= {share} * total)"


def _area(kind: str, found: tuple[Any, ...]) -> Area | None:
    """Return an area; across the 180th meridian its box is the narrower the other way round."""
    name, region, country, total, *strips = found
    key, places = area_key(kind, name), int(total)
    if not key:
        return None
    north_south, *ways = (_side(each, places) for each in strips)
    west_east = min(ways, key=lambda side: side.width)
    if west_east.width >= 359:
        west_east = _Side(-180.0, west_east.middle, 180.0)
    south, north = max(north_south.low, -90.0), min(north_south.high, 90.0)
    west, east = _wrapped(west_east.low), _wrapped(west_east.high)
    center = (north_south.middle, _wrapped(west_east.middle))
    return (kind, key, name, region, country, places, south, west, north, east, *center)


def _side(strips: list[int], places: int) -> _Side:
    """Return from where to where the places reach in degrees, strays left out."""
    cut = 0
    if places >= ENOUGH:
        cut = next(at for at in (3, 2, 1) if places * SHARES[at] <= 1 or at == 1)
    low, high = strips[cut] * STRIP / UNITS, (strips[-1 - cut] + 1) * STRIP / UNITS
    margin = max((high - low) * WIDER, AT_LEAST)
    return _Side(low - margin, (strips[MIDDLE] + 0.5) * STRIP / UNITS, high + margin)


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
