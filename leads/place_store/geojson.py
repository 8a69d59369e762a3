"""Features of GeoJSON files one by one, however long the file (RFC 7946, RFC 8142, and by lines).

A collection's features are read as they come; everything else at the top must fit the bounds.
"""

import json
from collections.abc import Iterator
from json import JSONDecodeError
from typing import IO, Any

CHUNK = 1 << 18  # characters
MAX_VALUE = 1 << 24  # characters of one feature
LONGEST_NUMBER = 400
_BLANKS = " \t\r\n\x1e\ufeff"

Feature = dict[str, Any]


class Broken(ValueError):
    """The text is no GeoJSON, or ends too early."""


def read_features(text: IO[str]) -> Iterator[Feature]:
    """Yield every feature of a collection, or of objects that stand one after the other."""
    reader = _Reader(text)
    while reader.peek():
        yield from _read_object(reader)


def _read_object(reader: "_Reader") -> Iterator[Feature]:
    """Read one object of the top level; yields what it collects, or itself if a feature."""
    reader.expect("{")
    members: Feature = {}
    while reader.peek() != "}":
        key = reader.value()
        reader.expect(":")
        if key == "features" and reader.peek() == "[":
            yield from _read_array(reader)
        else:
            members[str(key)] = reader.value()
        if reader.peek() != "}":
            reader.expect(",")
    reader.expect("}")
    if members.get("type") == "Feature":
        yield members


def _read_array(reader: "_Reader") -> Iterator[Feature]:
    reader.expect("[")
    while reader.peek() != "]":
        feature = reader.value()
        if isinstance(feature, dict):
            yield feature
        if reader.peek() != "]":
            reader.expect(",")
    reader.expect("]")


class _Reader:
    """A window that moves along the text."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._window = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """Return the next sign that is no blank, an empty text at the end."""
        while True:
            while self._at < len(self._window) and self._window[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def expect(self, sign: str) -> None:
        """Move behind a sign that must come next."""
        found = self.peek()
        if found != sign:
            where = f"“{found}”" if found else "the end of the file"
            raise Broken(f"“{sign}” should stand where {where} is")
        self._at += 1

    def value(self) -> Any:
        """Return the value that comes next."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
            except JSONDecodeError as error:
                value, end, problem = None, len(self._window), str(error.msg)
            except RecursionError:
                raise Broken("its values are nested too deeply") from None
            else:
                problem = ""
            if not problem and not self._may_go_on(end):
                self._at = end
                return value
            if len(self._window) - self._at > MAX_VALUE:
                raise Broken("it is no JSON, or one of its values is too long")
            if not self._more():
                if problem:
                    raise Broken(f"it is no whole JSON ({problem})")
                self._at = end
                return value

    def _may_go_on(self, end: int) -> bool:
        """Tell whether a number goes on behind the window: "1" may be the beginning of "1.5"."""
        return not self._window[end : end + LONGEST_NUMBER].lstrip("0123456789.eE+-")

    def _more(self) -> bool:
        """Read on, at least as much as is there already; returns whether anything came."""
        kept = self._window[self._at :]
        read = self._text.read(max(CHUNK, len(kept)))
        self._window, self._at = kept + read, 0
        return bool(read)
