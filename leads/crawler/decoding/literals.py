"""Evaluates the few JavaScript expressions that only join constants; nothing is ever executed.

Understood: string, template and number literals, names assigned from such, `+`, `+=`, arrays with
`.join()`, `String.fromCharCode(...)`, `unescape`, `decodeURIComponent`, `atob`, and the methods in
`_METHODS`. Anything else has no value, and what it is joined with is not joined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from leads.crawler.decoding import ciphers

MAX_TOKENS = 20_000
MAX_VALUE = 4096
MAX_DEPTH = 6
MAX_NAMES = 300

_TOKEN = re.compile(
    r"""(?P<space>\s{1,400}|//[^\n]{0,2000}|/\*.{0,4000}?\*/)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.){0,4096}"?|'(?:[^'\\\n]|\\.){0,4096}'?|`(?:[^`\\]|\\.){0,4096}`?)"""
    r"""|(?P<number>0x[0-9a-fA-F]{1,8}|\d{1,9}(?:\.\d{0,9})?)"""
    r"""|(?P<name>[A-Za-z_$][\w$]{0,80})"""
    r"""|(?P<mark>\+=|\.\.\.|=>|[=!]==?|.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(.))", re.S)
_PLACEHOLDER = re.compile(r"\$\{\s{0,4}([\w$]{1,80})\s{0,4}\}")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "\n": "", "0": ""}
_STARTERS = frozenset({"String", "unescape", "decodeURIComponent", "decodeURI", "atob"})

Value = str | list[str]
Token = tuple[str, str]  # (kind, text)


def values_of(script: str) -> Iterator[str]:
    """Yield every string that a script's constant expressions make, whole expressions only."""
    yield from _Evaluation(_tokens(script)).run()


def _tokens(script: str) -> list[Token]:
    tokens: list[Token] = []
    for found in _TOKEN.finditer(script):
        kind = found.lastgroup or "mark"
        if kind != "space":
            tokens.append((kind, found[0]))
            if len(tokens) >= MAX_TOKENS:
                break
    return tokens


@dataclass(slots=True)
class _Evaluation:
    """One pass over the tokens of a script, remembering what names hold."""

    tokens: list[Token]
    at: int = 0
    names: dict[str, Value] = field(default_factory=dict)

    def run(self) -> Iterator[str]:
        while self.at < len(self.tokens):
            start = self.at
            if not self._starts_value(start):
                self.at += 1
                continue
            value = self._sum(0)
            if value is None:
                self.at = start + 1  # a call that is not understood; the literals in it stand
                if self.tokens[start][0] == "string":
                    value = self._literal(self.tokens[start][1])
            if value is not None and self._stands_alone(start):
                value = self._remember(start, value)
                yield from [value] if isinstance(value, str) else value

    def _text(self, at: int) -> str:
        return self.tokens[at][1] if 0 <= at < len(self.tokens) else ""

    def _starts_value(self, at: int) -> bool:
        kind, text = self.tokens[at]
        if kind == "string" or text in {"[", "("}:
            return True
        known = text in _STARTERS or text in self.names
        return kind == "name" and known and self._text(at + 1) not in {"=", "+="}

    def _stands_alone(self, start: int) -> bool:
        """Tell whether an expression is not joined to something that has no value here."""
        return self._text(start - 1) != "+" and self._text(self.at) != "+"

    def _remember(self, start: int, value: Value) -> Value:
        """Keep, and return, what `name = value` and `name += value` leave in a name."""
        sign, name = self._text(start - 1), self._text(start - 2)
        if start < 2 or self.tokens[start - 2][0] != "name" or len(self.names) > MAX_NAMES:
            return value
        if sign == "+=":
            before = self.names.pop(name, None)
            if not isinstance(before, str) or not isinstance(value, str):
                return value
            value = (before + value)[:MAX_VALUE]
        if sign in {"=", "+="}:
            self.names[name] = value
        return value

    def _sum(self, depth: int) -> Value | None:
        """Read `a + b + ...`; None, and stop, at the first part that has no value."""
        total = self._factor(depth)
        while total is not None and self._text(self.at) == "+":
            mark = self.at
            self.at += 1
            part = self._factor(depth)
            if not isinstance(part, str) or not isinstance(total, str):
                self.at = mark
                break
            total = (total + part)[:MAX_VALUE]
        return total

    def _factor(self, depth: int) -> Value | None:
        value = self._primary(depth) if depth < MAX_DEPTH else None
        while value is not None and self._text(self.at) == ".":
            value = self._method(value, depth)
        return value

    def _primary(self, depth: int) -> Value | None:
        if self.at >= len(self.tokens):
            return None
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "string":
            return self._literal(text)
        if text == "(":
            value = self._sum(depth + 1)
            return value if self._take(")") else None
        if text == "[":
            return self._items("]", depth)
        if text == "String":
            return self._from_char_codes(depth)
        if text in _STARTERS:
            arguments = self._arguments(depth)
            return _decoded(text, arguments[0]) if arguments else None
        return self.names.get(text) if kind == "name" else None

    def _literal(self, text: str) -> str | None:
        if len(text) < 2 or text[-1] != text[0]:
            return None
        body = _ESCAPE.sub(_unescaped, text[1:-1])
        if text[0] != "`" or "${" not in body:
            return body[:MAX_VALUE]
        values = [self.names.get(name) for name in _PLACEHOLDER.findall(body)]
        constants = [value for value in values if isinstance(value, str)]
        if len(constants) < body.count("${"):
            return None
        pieces = _PLACEHOLDER.split(body)[::2]
        joined = zip(pieces, [*constants, ""], strict=True)
        return "".join(piece + constant for piece, constant in joined)[:MAX_VALUE]

    def _take(self, text: str) -> bool:
        found = self._text(self.at) == text
        self.at += found
        return found

    def _items(self, end: str, depth: int) -> list[str] | None:
        """Read strings and numbers up to a closing bracket."""
        items: list[str] = []
        while not self._take(end):
            kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            if kind == "number":
                items.append(text)
                self.at += 1
            else:
                value = self._sum(depth + 1)
                if value is None:
                    return None
                items += [value] if isinstance(value, str) else value
            if not self._take(",") and self._text(self.at) != end:
                return None
        return items

    def _arguments(self, depth: int) -> list[str] | None:
        if not self._take("("):
            return None
        self._take("...")
        return self._items(")", depth)

    def _from_char_codes(self, depth: int) -> str | None:
        """Read what follows `String`: `.fromCharCode(...)` or `.fromCharCode.apply(x, [...])`."""
        if not (self._take(".") and self._take("fromCharCode")):
            return None
        if self._take("."):
            if not (self._take("apply") and self._take("(")):
                return None
            self.at += 1
            codes = self._items(")", depth) if self._take(",") else None
        else:
            codes = self._arguments(depth)
        try:
            return "".join(chr(int(code, 0)) for code in codes or [])[:MAX_VALUE] or None
        except (ValueError, OverflowError):
            return None

    def _method(self, value: Value, depth: int) -> Value | None:
        """Apply `.name(arguments)` to a value; None for every method that is not understood."""
        self.at += 1
        name = self._text(self.at)
        self.at += 1
        arguments = self._arguments(depth)
        if arguments is None:
            return None
        return _apply(name, value, arguments)


def _apply(name: str, value: Value, arguments: list[str]) -> Value | None:
    """Return what a string or array method makes of constants."""
    first = arguments[0] if arguments else None
    if isinstance(value, list):
        if name == "join":
            return ("," if first is None else first).join(value)[:MAX_VALUE]
        return value[::-1] if name == "reverse" else None
    if name == "concat":
        return "".join((value, *arguments))[:MAX_VALUE]
    if name == "split" and first is not None:
        return value.split(first) if first else list(value)
    if name in {"replace", "replaceAll"} and len(arguments) == 2 and first:
        return value.replace(first, arguments[1], 1 if name == "replace" else -1)[:MAX_VALUE]
    plain = {"toLowerCase": value.lower(), "trim": value.strip(), "toString": value}
    return plain.get(name)


def _decoded(function: str, argument: str) -> str | None:
    if function == "atob":
        return ciphers.base64_text(argument)
    return unquote(argument, encoding="latin-1" if function == "unescape" else "utf-8")


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return _CONTROLS.get(escape[4], escape[4])
