"""JSON answers of this dialect."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse

from freshleads.api.answers import json_answer

CONTENT_TYPE = "application/json; charset=utf-8"
# An address with a key in it must not travel on as the referrer of anything.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def success(data: Mapping[str, Any], *, credits_used: int = 0) -> HttpResponse:
    """Return the data of an answer in its envelope."""
    return json_answer(
        {"status": "success", "credits_used": credits_used, "data": data},
        headers=HEADERS,
        content_type=CONTENT_TYPE,
    )


def failure(
    status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return the error body: its fields are the same three whatever went wrong."""
    return json_answer(
        {"status": "error", "code": code, "message": message},
        status=status,
        headers={**HEADERS, **(headers or {})},
        content_type=CONTENT_TYPE,
    )


def stamp(moment: datetime) -> str:
    """Return a time as `2026-02-15 14:30:00`, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
