"""JSON answers of this dialect."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from freshleads.api.answers import json_answer as answer

__all__ = ["Moment", "answer", "or_null", "stamp"]


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
