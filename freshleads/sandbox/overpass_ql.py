"""The part of Overpass QL that finds objects by tags in boxes, read into statements.

Settings, queries (node, way, relation, nwr) with tag filters, boxes and input sets, unions, named
sets and `out`. Anything else is a parse error in the words of the service.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from freshleads.sandbox.overpass_statements import (
    DEFAULT_SET,
    Item,
    Out,
    Query,
    Script,
    Statement,
    Test,
    Union,
)
from freshleads.sandbox.places_geometry import Rectangle

MAX_LENGTH = 100_000
MAX_DEPTH = 20
KINDS: Mapping[str, frozenset[str]] = {
    "node": frozenset({"node"}),
    "way": frozenset({"way"}),
    "relation": frozenset({"relation"}),
    "rel": frozenset({"relation"}),
    "nwr": frozenset({"node", "way", "relation"}),
}
OUT_WORDS = frozenset("ids skel body tags meta count center bb geom asc qt noids".split())
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
}

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<sign>->|!=|!~|>=|<=|==|\S)""",
    re.DOTALL,
)


class ParseError(Exception):
    """The query is not what the service reads."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, sign or quoted text, and the line it stands in."""

    kind: str
    value: str
    line: int


END = Token("end", "", 0)


def parse(text: str) -> Script:
    """Return the statements of a query; raises ParseError."""
    if len(text) > MAX_LENGTH:
        raise ParseError("line 1: parse error: the query is too long.")
    return _Parser(text).script()


class _Parser:
    """Reads tokens from left to right; no rule needs to look back."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            Token(str(match.lastgroup), match[0], text.count("\n", 0, match.start()) + 1)
            for match in _TOKEN.finditer(text)
        ]
        self._at = 0

    def script(self) -> Script:
        settings = self._settings()
        statements: list[Statement] = []
        while self._peek() is not END:
            statements.append(self._statement())
        box = settings.get("bbox")
        return Script(
            statements=tuple(statements),
            output=settings.get("out", "xml"),
            timeout=self._whole(settings.get("timeout", "180")),
            maxsize=self._whole(settings.get("maxsize", "536870912")),
            box=self._rectangle(box.split(",")) if box else None,
        )

    def _settings(self) -> dict[str, str]:
        settings: dict[str, str] = {}
        while self._accept("["):
            name = self._take("word")
            self._expect(":")
            settings[name] = ""
            while not self._accept("]"):
                settings[name] += self._take()
        if settings:
            self._expect(";")
        return settings

    def _statement(self, depth: int = 0) -> Statement:
        if depth > MAX_DEPTH:
            raise self._wrong("fewer unions")
        if self._accept("("):
            parts = []
            while not self._accept(")"):
                parts.append(self._statement(depth + 1))
            return Union(tuple(parts), self._target())
        source = self._take("word") if self._accept(".") else ""
        if self._peek().value == "out":
            return self._out(source or DEFAULT_SET)
        if source:
            self._expect(";")
            return Item(source)
        return self._query()

    def _out(self, source: str) -> Out:
        self._expect("out")
        words, limit = set(), None
        while not self._accept(";"):
            if self._peek().kind == "number":
                limit = self._whole(self._take("number"))
            elif self._peek().value in OUT_WORDS:
                words.add(self._take())
            else:
                raise self._wrong("';' expected")
        return Out(source, frozenset(words), limit)

    def _query(self) -> Query:
        kind = self._take("word")
        if kind not in KINDS:
            raise self._wrong(f'Unknown type "{kind}"')
        source = self._take("word") if self._accept(".") else ""
        tests: list[Test] = []
        box = None
        while self._peek().value in {"[", "("}:
            if self._accept("["):
                tests.append(self._tag_test())
            elif self._peek(1).value == "if":
                tests.append(self._id_test())
            else:
                box = self._box()
        return Query(KINDS[kind], source, tuple(tests), box, self._target())

    def _target(self) -> str:
        """Read `->.name;`, or only the `;`."""
        target = DEFAULT_SET
        if self._accept("->"):
            self._expect(".")
            target = self._take("word")
        self._expect(";")
        return target

    def _tag_test(self) -> Test:
        """Read what stands behind the `[` of a filter."""
        if self._accept("!"):
            key = self._text()
            self._expect("]")
            return lambda element: key not in element["tags"]
        key = self._text()
        sign = self._peek().value
        if sign == "]":
            self._expect("]")
            return lambda element: key in element["tags"]
        if sign not in {"=", "!=", "~", "!~"}:
            raise self._wrong("']' expected")
        self._expect(sign)
        value = self._text()
        ignores_case = self._accept(",")
        if ignores_case:
            self._expect("i")
        self._expect("]")
        if sign in {"=", "!="}:
            return lambda element: (element["tags"].get(key) == value) == (sign == "=")
        pattern = self._pattern(value, ignores_case=ignores_case)
        return lambda element: bool(pattern.search(element["tags"].get(key, "\n"))) == (sign == "~")

    def _id_test(self) -> Test:
        """Read `(if:id()>5)`."""
        for part in ("(", "if", ":", "id", "(", ")"):
            self._expect(part)
        compare = COMPARISONS.get(self._peek().value)
        if compare is None:
            raise self._wrong("a comparison expected")
        self._take()
        number = self._whole(self._take("number"))
        self._expect(")")
        return lambda element: compare(element["id"], number)

    def _box(self) -> Rectangle:
        self._expect("(")
        numbers = [self._take("number")]
        while self._accept(","):
            numbers.append(self._take("number"))
        self._expect(")")
        return self._rectangle(numbers)

    def _rectangle(self, numbers: list[str]) -> Rectangle:
        try:
            south, west, north, east = map(float, numbers)
        except ValueError:
            raise self._wrong("a bounding box of four numbers") from None
        if not -90 <= south <= north <= 90 or max(abs(west), abs(east)) > 180:
            raise self._wrong("a bounding box on earth")
        return Rectangle((south, west), (north, east))

    def _whole(self, written: str) -> int:
        if not (written.isascii() and written.isdigit() and len(written) < 13):
            raise self._wrong("a whole number expected")
        return int(written)

    def _pattern(self, value: str, *, ignores_case: bool) -> re.Pattern[str]:
        try:
            return re.compile(value, re.IGNORECASE if ignores_case else 0)
        except re.error:
            raise self._wrong(f'Invalid regular expression: "{value}"') from None

    def _text(self) -> str:
        """Read a key or a value, quoted or plain."""
        token = self._peek()
        if token.kind == "text":
            return re.sub(r"\\(.)", r"\1", self._take()[1:-1], flags=re.DOTALL)
        return self._take("word")

    def _peek(self, further: int = 0) -> Token:
        at = self._at + further
        return self._tokens[at] if at < len(self._tokens) else END

    def _take(self, kind: str = "") -> str:
        token = self._peek()
        if token is END or (kind and token.kind != kind):
            raise self._wrong(f"{kind or 'more'} expected")
        self._at += 1
        return token.value

    def _accept(self, value: str) -> bool:
        if self._peek().kind == "text" or self._peek().value != value:
            return False
        self._at += 1
        return True

    def _expect(self, value: str) -> None:
        if not self._accept(value):
            raise self._wrong(f"'{value}' expected")

    def _wrong(self, reason: str) -> ParseError:
        token = self._peek()
        last = self._tokens[-1].line if self._tokens else 1
        found = token.value or "end of input"
        return ParseError(f"line {token.line or last}: parse error: {reason} - '{found}' found.")
