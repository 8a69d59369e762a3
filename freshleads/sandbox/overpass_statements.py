"""What an Overpass query is made of, once it is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from freshleads.sandbox.places_geometry import Rectangle

DEFAULT_SET = "_"

Element = Mapping[str, Any]
Test = Callable[[Element], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """Objects of some kinds that pass every test, out of the database or out of a set."""

    kinds: frozenset[str]
    source: str
    tests: tuple[Test, ...]
    box: Rectangle | None
    target: str


@dataclass(frozen=True, slots=True)
class Union:
    """All objects of several statements, each once."""

    parts: tuple["Statement", ...]
    target: str


@dataclass(frozen=True, slots=True)
class Item:
    """A set that stands in a union by its name."""

    source: str


@dataclass(frozen=True, slots=True)
class Out:
    """What is printed of which set, and how many objects at most."""

    source: str
    words: frozenset[str]
    limit: int | None


Statement = Query | Union | Item | Out


@dataclass(frozen=True)
class Script:
    """A whole request; `timeout` is in seconds, `maxsize` in bytes."""

    statements: tuple[Statement, ...]
    output: str
    timeout: int
    maxsize: int
    box: Rectangle | None


def boxes_of(script: Script) -> Iterator[Rectangle]:
    """Yield every box that a query looks into."""
    if script.box is not None:
        yield script.box
    waiting = list(script.statements)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, Union):
            waiting += statement.parts
        elif isinstance(statement, Query) and statement.box is not None:
            yield statement.box
