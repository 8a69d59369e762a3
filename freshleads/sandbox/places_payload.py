"""JSON bodies of the Places API, read as proto3 JSON is: no unknown names, no wrong types."""

import json
import re
from collections.abc import Collection
from typing import Any

from freshleads.sandbox.places_errors import PlacesError, bad_payload, invalid_argument
from freshleads.sandbox.places_geometry import Circle, Position, Rectangle

MAX_RADIUS_METRES = 50_000.0
MAX_WIDTH_DEGREES = 180.0
MAX_TYPES = 50


def parse_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request body; an empty body is an empty message."""
    if not body.strip():
        return {}
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_payload("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(data, dict):
        raise bad_payload("Invalid JSON payload received. Root element must be a message.")
    return data


def snake_case(name: str) -> str:
    """Return the proto name of a JSON name, as the error messages quote it."""
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def camel_case(name: str) -> str:
    """Return the JSON name of a proto name; JSON names stay as they are."""
    return re.sub(r"_([a-z])", lambda match: match.group(1).upper(), name)


class Message:
    """One JSON message whose fields are read by type; null counts as absent."""

    def __init__(self, data: dict[str, Any], known: Collection[str], path: str = "") -> None:
        self.path = path
        self.fields: dict[str, Any] = {}
        for name, value in data.items():
            field = camel_case(name)
            if field not in known:
                place = f" at '{path}'" if path else ""
                raise bad_payload(
                    f'Invalid JSON payload received. Unknown name "{name}"{place}: '
                    "Cannot find field.",
                    path,
                )
            if value is not None:
                self.fields[field] = value

    def name_of(self, field: str) -> str:
        """Return the dotted proto path of a field."""
        own = snake_case(field)
        return f"{self.path}.{own}" if self.path else own

    def _wrong(self, field: str, kind: str, value: Any) -> PlacesError:
        """Build the error for a value that is not of the field's type."""
        path = self.name_of(field)
        return bad_payload(f"Invalid value at '{path}' ({kind}), {json.dumps(value)}", path)

    def text(self, field: str) -> str:
        """Return a string field, empty where absent."""
        value = self.fields.get(field, "")
        if not isinstance(value, str):
            raise self._wrong(field, "TYPE_STRING", value)
        return value

    def flag(self, field: str) -> bool:
        """Return a bool field, false where absent."""
        value = self.fields.get(field, False)
        if not isinstance(value, bool):
            raise self._wrong(field, "TYPE_BOOL", value)
        return value

    def integer(self, field: str) -> int:
        """Return an int32 field, 0 where absent; a whole number in quotes counts."""
        value = self.fields.get(field, 0)
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,10}", value):
            return int(value)
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(field, "TYPE_INT32", value)
        return value

    def number(self, field: str) -> float:
        """Return a double field, 0.0 where absent."""
        value = self.fields.get(field, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(field, "TYPE_DOUBLE", value)
        return float(value)

    def choice(self, field: str, allowed: Collection[str], kind: str) -> str:
        """Return an enum field, empty where absent."""
        value = self.fields.get(field, "")
        if value and value not in allowed:
            raise self._wrong(field, f"type.googleapis.com/google.maps.places.v1.{kind}", value)
        return str(value)

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a repeated string field."""
        value = self.fields.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(field, "TYPE_STRING", value)
        if len(value) > MAX_TYPES:
            raise invalid_argument(
                f"Too many values in {self.name_of(field)}: at most {MAX_TYPES}."
            )
        return tuple(value)

    def message(self, field: str, known: Collection[str]) -> "Message | None":
        """Return a message field, or None where absent."""
        value = self.fields.get(field)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(field, "type.googleapis.com/google.protobuf.Message", value)
        return Message(value, known, self.name_of(field))


def read_position(message: Message | None, name: str) -> Position:
    """Return a LatLng message as (latitude, longitude) in range; absent numbers are 0."""
    if message is None:
        raise invalid_argument(f"{name} must be set.")
    latitude, longitude = message.number("latitude"), message.number("longitude")
    if not -90 <= latitude <= 90:
        raise invalid_argument(f"Invalid {name}.latitude: must be between -90 and 90.")
    if not -180 <= longitude <= 180:
        raise invalid_argument(f"Invalid {name}.longitude: must be between -180 and 180.")
    return latitude, longitude


LAT_LNG = ("latitude", "longitude")


def read_rectangle(message: Message) -> Rectangle:
    """Return a Viewport message as a box, refusing one that is upside down or too wide."""
    name = message.path
    low = read_position(message.message("low", LAT_LNG), f"{name}.low")
    high = read_position(message.message("high", LAT_LNG), f"{name}.high")
    if low[0] > high[0]:
        raise invalid_argument(
            f"Invalid {name}: low.latitude cannot be greater than high.latitude."
        )
    rectangle = Rectangle(low, high)
    if rectangle.width > MAX_WIDTH_DEGREES:
        raise invalid_argument(f"Invalid {name}: cannot be wider than 180 degrees.")
    return rectangle


def read_circle(message: Message) -> Circle:
    """Return a Circle message; the radius must be between 0 and 50,000 metres."""
    name = message.path
    center = read_position(message.message("center", LAT_LNG), f"{name}.center")
    radius = message.number("radius")
    if not 0.0 <= radius <= MAX_RADIUS_METRES:
        raise invalid_argument(f"Invalid {name}.radius: must be between 0.0 and 50000.0.")
    return Circle(center, radius)
