"""Runs the statements of a query over elements, within the time and memory it asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from freshleads.sandbox.overpass_statements import (
    Element,
    Item,
    Out,
    Query,
    Script,
    Statement,
    Union,
)
from freshleads.sandbox.places_geometry import Position, Rectangle

BYTES_PER_ELEMENT = 2048

Elements = Sequence[Element]


@dataclass
class Run:
    """One execution: the named sets, what was printed, and the remark that ended it early.

    `patience` is how many elements are found before time is up.
    """

    script: Script
    database: Elements
    patience: int
    sets: dict[str, Elements] = field(default_factory=dict)
    printed: list[Element] = field(default_factory=list)
    remark: str = ""

    def finish(self) -> "Run":
        """Do every statement, until one runs out of time or memory; what is printed stays."""
        for statement in self.script.statements:
            self._do(statement)
        return self

    def _do(self, statement: Statement) -> Elements:
        if isinstance(statement, Out):
            self._print(statement)
            return ()
        if isinstance(statement, Item):
            return self.sets.get(statement.source, ())
        found = self._unite(statement) if isinstance(statement, Union) else self._find(statement)
        self.sets[statement.target] = found
        return found

    def _unite(self, union: Union) -> Elements:
        seen: dict[tuple[str, int], Element] = {}
        for part in union.parts:
            for element in self._do(part):
                seen[element["type"], element["id"]] = element
        order = {"node": 0, "way": 1, "relation": 2}
        return sorted(seen.values(), key=lambda one: (order[one["type"]], one["id"]))

    def _find(self, query: Query) -> Elements:
        pool: Iterable[Element] = self.sets.get(query.source, ()) if query.source else self.database
        box = query.box or self.script.box
        found = [element for element in pool if _passes(element, query, box)]
        if self.remark or query.source:
            return found
        if len(found) * BYTES_PER_ELEMENT > self.script.maxsize:
            needed = self.script.maxsize // (1024 * 1024) + 1
            self.remark = f"runtime error: Query run out of memory using about {needed} MB of RAM."
            return ()
        if len(found) > self.patience:
            seconds = self.script.timeout + 1
            self.remark = (
                f'runtime error: Query timed out in "query" at line 1 after {seconds} seconds.'
            )
            return found[: self.patience]
        return found

    def _print(self, out: Out) -> None:
        whole = self.sets.get(out.source, ())
        for element in whole[: out.limit]:
            self.printed.append(_shown(element, out.words))


def position_of(element: Element) -> Position:
    """Return where a node is, or the centre of a way or relation."""
    point: Mapping[str, float] = element.get("center", element)
    return point["lat"], point["lon"]


def _passes(element: Element, query: Query, box: Rectangle | None) -> bool:
    if element["type"] not in query.kinds:
        return False
    if box is not None and not box.contains(position_of(element)):
        return False
    return all(test(element) for test in query.tests)


def _shown(element: Element, words: frozenset[str]) -> Element:
    """Return an element as `out` prints it; `tags` leaves coordinates out, `center` adds them."""
    left_out = set()
    if words & {"ids", "skel"}:
        left_out.add("tags")
    if "center" not in words:
        left_out.add("center")
    if words & {"ids", "tags"} and not words & {"center", "bb", "geom"}:
        left_out |= {"lat", "lon"}
    return {name: value for name, value in element.items() if name not in left_out}
