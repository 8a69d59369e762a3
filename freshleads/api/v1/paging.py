"""Pages of rows: `page`, `per_page`, and what every list says of itself."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from freshleads.lib.errors import InvalidInput
from leads.listing import MAX_PAGE, MAX_PER_PAGE

DEFAULT_PER_PAGE = 50
NUMBER = re.compile(r"[0-9]{1,9}")

Row = TypeVar("Row", bound=Model)


def _whole(highest: int, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": highest, "default": default}


PAGING = (
    OpenApiParameter("page", _whole(MAX_PAGE, 1), description="Page number."),
    OpenApiParameter(
        "per_page", _whole(MAX_PER_PAGE, DEFAULT_PER_PAGE), description="Results per page."
    ),
)


class PaginationOutput(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    per_page = serializers.IntegerField()
    total = serializers.IntegerField(help_text="Results on all pages.")
    pages = serializers.IntegerField()
    total_is_exact = serializers.BooleanField(
        required=False,
        help_text=(
            "Only there, and false, where more than 10,000 leads meet the filters: `total` and "
            "`pages` are then the least there are, and grow as you go on."
        ),
    )


def page_asked(parameters: Mapping[str, str]) -> tuple[int, int]:
    """Return page and per_page; raises InvalidInput."""
    return (
        _number(parameters, "page", default=1, highest=MAX_PAGE),
        _number(parameters, "per_page", default=DEFAULT_PER_PAGE, highest=MAX_PER_PAGE),
    )


def page_of_rows(
    rows: QuerySet[Row], parameters: Mapping[str, str]
) -> tuple[Sequence[Row], dict[str, int]]:
    """Return the asked page of ordered rows, counted in full, and its pagination."""
    page, per_page = page_asked(parameters)
    total = rows.count()
    start = (page - 1) * per_page
    found = list(rows[start : start + per_page]) if start < total else []
    return found, {
        "page": page,
        "per_page": per_page,
        "total": total,
        "pages": max(1, -(-total // per_page)),
    }


def _number(parameters: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    text = parameters.get(name)
    if text is None:
        return default
    number = int(text) if NUMBER.fullmatch(text) else 0
    if not 1 <= number <= highest:
        raise InvalidInput(f"{name} must be a whole number from 1 to {highest}.", param=name)
    return number
