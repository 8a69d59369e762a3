"""API keys taken out of what is written down: addresses, log lines, tracebacks."""

import logging
import re
from urllib.parse import unquote_plus

HIDDEN = "hidden"
KEY_PARAMETER = "api_key"

_KEYS = re.compile(r"fl_live_[0-9a-z]{8}_[0-9a-z]{32}")
_PARAMETERS = re.compile(r"(?i)\b(api_key=)[^&\s\"'<>)\]}]{1,4096}")


def without_keys(text: str) -> str:
    """Return a text with every API key in it hidden, and every value of an `api_key`."""
    return _PARAMETERS.sub(rf"\1{HIDDEN}", _KEYS.sub(HIDDEN, text))


def take_key(query: str) -> tuple[str, str]:
    """Return a query string without its keys, and the first key; the parameter stays, emptied."""
    parts = query.split("&")
    key = ""
    for place, part in enumerate(parts):
        name, _, value = part.partition("=")
        if value and unquote_plus(name) == KEY_PARAMETER:
            key = key or unquote_plus(value)
            parts[place] = f"{KEY_PARAMETER}={HIDDEN}"
    return without_keys("&".join(parts)), key


class RedactingFormatter(logging.Formatter):
    """Writes log lines, tracebacks included, without API keys."""

    def format(self, record: logging.LogRecord) -> str:
        return without_keys(super().format(record))
