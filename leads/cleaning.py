"""What the web said, made fit for the database: it may hold what no column takes."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

# PostgreSQL takes no NUL, and no encoding takes one half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(value: Any) -> Any:
    """Return JSON-like data without NULs, lone surrogates and numbers that JSON does not know."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean(key): clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    return value
