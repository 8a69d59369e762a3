"""JSON answers of this dialect."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

JSON = "application/json"


def answer(
    data: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return plain values as a JSON response."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A refused text may hold half a surrogate pair, which UTF-8 cannot carry.
    body = text.encode(errors="replace")
    return HttpResponse(body, status=status, content_type=JSON, headers=dict(headers or {}))


def stamp(moment: datetime) -> str:
    """Return a time as `2026-01-15T10:30:00.000Z`, cut to milliseconds."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


class Moment(serializers.DateTimeField):
    """A time as every answer shows it."""

    def to_representation(self, value: datetime) -> str:
        return stamp(value)


def or_null(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy in which what is unknown is null, never an empty text."""
    return {name: None if value == "" else value for name, value in values.items()}
