"""Where the cities, regions, countries and postal codes of the data lie, told by their places.

An area is the box of all but a few stray places: of many, one in two hundred is cut off on each
side; of few, one; then the box is widened a little.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leads.place_store.curve import UNITS
from leads.place_store.staging import Stage
from leads.place_store.words import area_key

# Shares of the places on each side of the box, and the middle.
SHARES = (0.0, 0.005, 0.02, 0.05, 0.5, 0.95, 0.98, 0.995, 1.0)
MIDDLE = 4
ENOUGH = 10  # places, to cut any off
WIDER = 0.05  # of the width, on each side
AT_LEAST = 0.005  # degrees
GROUPS = {
    "city": ("lower(city)", "any_value(city)", "region", "country"),
    "region": ("lower(region)", "any_value(region)", "NULL", "country"),
    "country": ("country", "country", "NULL", "country"),
    "postal": ("upper(postal_code)", "any_value(postal_code)", "NULL", "country"),
}
Area = tuple[Any, ...]  # as the table `area` has its columns


@dataclass(frozen=True, slots=True)
class _Side:
    low: float
    middle: float
    high: float


def areas_of(stage: Stage) -> Iterator[Area]:
    """Yield the areas of the rows to keep."""
    for kind, (key, name, region, country) in GROUPS.items():
        for found in stage.query(_statement(key, name, region, country)):
            area = _area(kind, found)
            if area is not None:
                yield area


def _statement(key: str, name: str, region: str, country: str) -> str:
    shares = f"[{', '.join(map(str, SHARES))}]"
    eastward = f"CASE WHEN longitude < 0 THEN longitude + {360 * UNITS}::BIGINT ELSE longitude END"
    return (
        f"SELECT {name}, {region}, {country}, count(*), approx_quantile(latitude, {shares}),"
        f" approx_quantile(longitude, {shares}), approx_quantile({eastward}, {shares})"
        f" FROM staged WHERE skip IS NULL AND {key} IS NOT NULL"
        f" GROUP BY {key}, {region}, {country}"
    )


def _area(kind: str, found: tuple[Any, ...]) -> Area | None:
    """Return an area; across the 180th meridian its box is the narrower the other way round."""
    name, region, country, places, latitudes, longitudes, eastwards = found
    key = area_key(kind, name)
    if not key:
        return None
    north_south, west_east = _side(latitudes, places), _side(longitudes, places)
    other_way = _side(eastwards, places)
    if other_way.high - other_way.low < west_east.high - west_east.low:
        west_east = other_way
    if west_east.high - west_east.low >= 359:
        west_east = _Side(-180.0, west_east.middle, 180.0)
    south, north = max(north_south.low, -90.0), min(north_south.high, 90.0)
    west, east = _wrapped(west_east.low), _wrapped(west_east.high)
    center = (north_south.middle, _wrapped(west_east.middle))
    return (kind, key, name, region, country, places, south, west, north, east, *center)


def _side(shares: list[int], places: int) -> _Side:
    """Return from where to where the places reach in degrees, strays left out."""
    if places < ENOUGH:
        cut = 0
    else:
        cut = next(at for at in (3, 2, 1) if places * SHARES[at] <= 1 or at == 1)
    low, high = shares[cut] / UNITS, shares[-1 - cut] / UNITS
    margin = max((high - low) * WIDER, AT_LEAST)
    return _Side(low - margin, shares[MIDDLE] / UNITS, high + margin)


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
