"""Locations typed as "latitude,longitude": the box around such a point, without a request."""

import math
import re

from freshleads.lib.errors import InvalidInput
from leads.providers.records import AreaRecord

BOX_KM = 5.0  # from the point to each side of its box
KM_PER_DEGREE = 111.195
MAX_HALF_WIDTH_DEGREES = 89.0  # Google takes boxes of at most 180 degrees

_COORDINATE = r"([+-]?[0-9]{1,3}(?:\.[0-9]{0,15})?)"
_POINT = re.compile(rf"\s*{_COORDINATE}\s*,\s*{_COORDINATE}\s*")


def area_of_point(text: str) -> AreaRecord | None:
    """Return the box that reaches 5 km to each side of a point, None where the text names none.

    Raises InvalidInput where the point is not on earth.
    """
    point = _POINT.fullmatch(text)
    return box_around(float(point[1]), float(point[2])) if point else None


def box_around(latitude: float, longitude: float, km: float = BOX_KM) -> AreaRecord:
    """Return the box that reaches so far around a point; its sides follow the meridians."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        message = "A latitude is from -90 to 90, a longitude from -180 to 180."
        raise InvalidInput(message, param="location")
    height = km / KM_PER_DEGREE
    shrink = max(math.cos(math.radians(latitude)), 1e-6)
    width = min(height / shrink, MAX_HALF_WIDTH_DEGREES)
    low = (max(latitude - height, -90.0), _wrapped(longitude - width))
    high = (min(latitude + height, 90.0), _wrapped(longitude + width))
    return AreaRecord(f"{latitude:.5f}, {longitude:.5f}", low, high, (latitude, longitude))


def _wrapped(longitude: float) -> float:
    """Return a longitude that ran over the 180th meridian on its other side."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
