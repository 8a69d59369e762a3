"""JSON as both APIs write it."""

import json
from collections.abc import Mapping

from django.http import HttpResponse

JSON = "application/json"


def json_answer(
    data: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = JSON,
) -> HttpResponse:
    """Return plain values as a JSON response."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A refused text may hold half a surrogate pair, which UTF-8 cannot carry.
    body = text.encode(errors="replace")
    return HttpResponse(body, status=status, content_type=content_type, headers=dict(headers or {}))
