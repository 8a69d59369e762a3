"""What a page's style rules say about text: not shown at all, or shown back to front.

Addresses are often salted with hidden text (`info<i style="display:none">x</i>@...`), trapped in
hidden blocks, or written in reverse. Only inline styles and plain class or id rules are read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

MAX_SHEET = 128 * 1024  # characters of one <style> that are read
MAX_RULES = 60
MAX_NAMES = 20
_SELECTOR_REACH = 300

_HIDES = re.compile(
    r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden"
    r"|font-size\s{0,4}:\s{0,4}0(?:px|em|rem|pt|%)?\s{0,4}(?:[;!}]|$)"
    r"|(?:left|top|text-indent)\s{0,4}:\s{0,4}-\d{4,6}",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"display\s{0,4}:\s{0,4}(?!none)[a-z]|visibility\s{0,4}:\s{0,4}visible", re.I)
_OVERRIDES = re.compile(r"unicode-bidi\s{0,4}:\s{0,4}(?:bidi|isolate)-override", re.IGNORECASE)
_RIGHT_TO_LEFT = re.compile(r"direction\s{0,4}:\s{0,4}rtl", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"(?:[a-z0-9]{1,10})?([.#][A-Za-z_][\w-]{0,60})")
_WORDS = ("none", "hidden", "-override", "font-size", "-9999")


@dataclass(frozen=True, slots=True)
class StyleHints:
    """Selectors (`.name`, `#name`) whose elements rules hide, and whose text they reverse."""

    hidden: frozenset[str] = frozenset()
    reversed: frozenset[str] = frozenset()


def hides(style: str) -> bool:
    """Tell whether an inline style keeps its element from being seen."""
    return _HIDES.search(style) is not None


def reverses(style: str) -> bool:
    """Tell whether a style shows its text from the last letter to the first."""
    return (
        "-override" in style.lower()
        and _OVERRIDES.search(style) is not None
        and _RIGHT_TO_LEFT.search(style) is not None
    )


def read_styles(sheets: Iterable[str]) -> StyleHints:
    """Read `<style>` texts; a name that any rule shows again (another width) is not hidden."""
    hidden: set[str] = set()
    turned: set[str] = set()
    for sheet in sheets:
        hints = _read_sheet(sheet[:MAX_SHEET])
        hidden |= hints.hidden
        turned |= hints.reversed
    return StyleHints(frozenset(hidden), frozenset(turned))


@lru_cache(maxsize=64)
def _read_sheet(sheet: str) -> StyleHints:
    """Look at the few rules of a sheet that hide or reverse; the rest is not parsed at all."""
    if not any(word in sheet for word in _WORDS):
        return StyleHints()
    hidden: set[str] = set()
    turned: set[str] = set()
    for rule in _rules_at(sheet, _OVERRIDES):
        if reverses(rule.declarations):
            turned |= rule.names
    for rule in _rules_at(sheet, _HIDES):
        if not rule.nested:
            hidden |= {name for name in rule.names if not _shown_elsewhere(sheet, name)}
    return StyleHints(frozenset(sorted(hidden)[:MAX_NAMES]), frozenset(sorted(turned)[:MAX_NAMES]))


@dataclass(frozen=True, slots=True)
class _Rule:
    names: frozenset[str]
    declarations: str
    nested: bool  # stands inside @media or the like


def _rules_at(sheet: str, declaration: re.Pattern[str]) -> list[_Rule]:
    """Return the rules around the first places where a declaration stands."""
    rules: list[_Rule] = []
    for found in declaration.finditer(sheet):
        if len(rules) >= MAX_RULES:
            break
        brace = sheet.rfind("{", 0, found.start())
        if brace < 0:
            continue
        end = sheet.find("}", found.start())
        before = sheet[max(brace - _SELECTOR_REACH, 0) : brace]
        selector = re.split(r"[{};]|\*/", before)[-1]
        names = {m[1] for part in selector.split(",") if (m := _PLAIN_NAME.fullmatch(part.strip()))}
        nested = sheet.count("{", 0, brace) > sheet.count("}", 0, brace)
        declarations = sheet[brace + 1 : end if end >= 0 else len(sheet)][:2000]
        rules.append(_Rule(frozenset(names), declarations, nested))
    return rules


def _shown_elsewhere(sheet: str, name: str) -> bool:
    """Tell whether another rule for the same name makes it visible."""
    at = sheet.find(name)
    for _ in range(MAX_RULES):
        if at < 0:
            return False
        brace = sheet.find("{", at)
        end = sheet.find("}", brace)
        if brace >= 0 and _SHOWS.search(sheet, brace, end if end >= 0 else brace + 2000):
            return True
        at = sheet.find(name, at + 1)
    return True
