"""E-mail addresses out of what a person pastes or uploads: divided, each once, so many at most."""

import re
from typing import Any

from freshleads.lib.errors import InvalidInput
from leads.cleaning import clean
from leads.questions import MAX_ADDRESS, MOST_ADDRESSES

MOST = 200
MAX_CHARACTERS = 100_000
MAX_FILE_BYTES = 1_000_000

_DIVIDERS = re.compile(r"[\s,;|<>()\[\]\"\ufeff]+")


def read(pasted: str, file: Any | None) -> tuple[str, ...]:
    """Return the addresses of a text and of a file (an uploaded one, or None), each once.

    All that is pasted counts as an address, and is checked as one. Of lines such as
    "Jane <jane@example.com>", and of a file, which may have other columns, only what has an @ does.
    Raises InvalidInput (param `emails` or `file`).
    """
    words = _words(pasted, param="emails")
    if "<" in pasted:
        words = [word for word in words if "@" in word]
    found = dict.fromkeys(word.lower() for word in words)
    if file is not None:
        words = _words(_text_of(file), param="file")
        in_file = [word.lower() for word in words if "@" in word]
        if not in_file:
            raise InvalidInput("There is no e-mail address in this file.", param="file")
        found |= dict.fromkeys(in_file)
    param = "emails" if file is None else "file"
    if not found:
        raise InvalidInput("Paste at least one address, or choose a file.", param="emails")
    if len(found) > MOST:
        message = f"These are {len(found)} addresses. Check up to {MOST} at once."
        raise InvalidInput(message, param=param)
    return tuple(found)


def parts(emails: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Divide addresses into as many as one question takes."""
    return [
        emails[start : start + MOST_ADDRESSES] for start in range(0, len(emails), MOST_ADDRESSES)
    ]


def _words(text: str, *, param: str) -> list[str]:
    words = [word for word in _DIVIDERS.split(clean(text)) if word]
    for word in words:
        if len(word) > MAX_ADDRESS and (param == "emails" or "@" in word):
            message = f"“{word[:40]}…” is longer than an address can be."
            raise InvalidInput(message, param=param)
    return words


def _text_of(file: Any) -> str:
    if file.size > MAX_FILE_BYTES:
        raise InvalidInput("The file may have at most 1 MB: divide it.", param="file")
    content: bytes = file.read(MAX_FILE_BYTES)
    # Addresses are ASCII in nearly every list; what is not survives as far as UTF-8 tells.
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    return content.decode(encoding, "replace")
