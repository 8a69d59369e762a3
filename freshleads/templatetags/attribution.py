"""The credit that the licence of OpenStreetMap wants wherever its data is shown."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()

_ELEMENT = re.compile(r"(?:node|way|relation)/[0-9]{1,20}")


@register.inclusion_tag("parts/attribution.html")
def attribution(rows: Iterable[Any]) -> dict[str, Any]:
    """Render the credit where any of these sources, places or listings is under the ODbL."""
    return {"is_needed": any(map(_is_open_street_map, rows or ()))}


def _is_open_street_map(row: Any) -> bool:
    """Tell by the licence of a source, or by the id that all places of OpenStreetMap have."""
    licence, place_id = _text_of(row, "licence"), _text_of(row, "place_id")
    return licence.startswith("ODbL") or _ELEMENT.fullmatch(place_id) is not None


def _text_of(row: Any, name: str) -> str:
    value = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    return str(value or "")
