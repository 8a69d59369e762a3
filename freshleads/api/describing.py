"""OpenAPI descriptions, each made once and from one dialect's own settings."""

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from freshleads.api.answers import JSON

_generating = threading.Lock()
_made: dict[str, bytes] = {}


def description(urlconf: str, settings: Mapping[str, Any]) -> bytes:
    """Return the OpenAPI document of all paths in a module of URLs, as JSON."""
    # One at a time: the settings patched meanwhile belong to the whole process.
    with _generating:
        if urlconf not in _made:
            with patched_settings(dict(settings)):
                generator: Any = SchemaGenerator(urlconf=urlconf)  # type: ignore[no-untyped-call]
                document = generator.get_schema(public=True)
            _made[urlconf] = json.dumps(document, ensure_ascii=False).encode()
        return _made[urlconf]


def forget() -> None:
    """Let the descriptions be made anew."""
    _made.clear()


def description_answer(document: bytes, *, content_type: str = JSON) -> HttpResponse:
    """Return a description as a response that may be kept for five minutes."""
    headers = {
        "ETag": f'"{hashlib.sha256(document).hexdigest()[:20]}"',
        "Cache-Control": "public, max-age=300",
    }
    return HttpResponse(document, content_type=content_type, headers=headers)
