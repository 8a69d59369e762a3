"""Keeps hostile markup from making the HTML parser slow or large, in time linear in the page.

The HTML standard lets a short page cost a parser quadratic work: every start tag may walk all open
elements, every paragraph may rebuild all unclosed formatting elements (47 KB can become 4.5 million
nodes), every attribute is compared with its siblings. A page that might do so is flattened first:
its links, scripts and text stay, its structure goes. Ordinary pages pass untouched.
"""

import re

MAX_WALKED = 16_000_000  # open elements a parser may have to walk past in all: about 40 ms
MAX_REBUILT = 300_000  # formatting elements it may have to make anew
TAG_BLOCK = 4096  # a longer stretch without ">" may be one tag with thousands of attributes
MAX_TAG = 3 * TAG_BLOCK
MAX_ATTRIBUTES = 1000
SEARCHED_DEPTH = 16

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,20})")
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_STYLING = sorted(_FORMATTING - {"a"})
_ANY_CASE = ("".join(f"[{c}{c.upper()}]" for c in name) for name in _STYLING)
# A glance at two letters first spares most tags the walk through all the names.
_FIRST, _SECOND = ("".join(sorted({name[n : n + 1] for name in _STYLING})) for n in (0, 1))
_GLANCE = rf"(?=[{_FIRST}{_FIRST.upper()}][\s/{_SECOND}{_SECOND.upper()}])"
_STYLED_FORMATTING = re.compile(rf"<{_GLANCE}(?:{'|'.join(_ANY_CASE)})[\s/][^<>]{{0,200}}")
_ATTRIBUTE_BREAK = re.compile(r"[\s/\"'=]+")
_DROPPED_TAG = re.compile(
    r"<(?!/?(?:a|script|style|title|meta|link|base|br)(?:[\s/>]|$)|!)/?[a-zA-Z?][^<>]*>?",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"<br>(?:\s{0,20}<br>)+")
_PLAIN_FORMATTING = 3 * len(_FORMATTING)  # at most three alike are ever rebuilt ("Noah's Ark")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr path use".split()
)
_CLOSED_BY = {  # elements whose end tags people leave out, by the start tag that closes them
    "p": frozenset({"p"}),
    "a": frozenset({"a"}),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "td": frozenset({"p", "td", "th"}),
    "th": frozenset({"p", "td", "th"}),
    "tr": frozenset({"p", "td", "th", "tr"}),
    "option": frozenset({"option"}),
}
_NOTHING: frozenset[str] = frozenset()
_SCOPES = frozenset(
    "table td th caption template object marquee applet svg math select button".split()
)


def tame(page: str) -> str:
    """Return `page`, or a flattened page of the same text and links if parsing it might blow up."""
    page = _without_monstrous_tags(page)
    tags = page.count("<")
    styled = 3 * len(set(_STYLED_FORMATTING.findall(page))) + _PLAIN_FORMATTING
    harmless = tags * tags <= 2 * MAX_WALKED and styled * tags <= MAX_REBUILT
    if harmless or not _is_explosive(page):
        return page
    return _BREAKS.sub("<br>", _DROPPED_TAG.sub("<br>", page))


def _without_monstrous_tags(page: str) -> str:
    """Cut tags with thousands of attributes short; comparing those with each other is quadratic."""
    pieces: list[str] = []
    done = 0
    for block in range(0, len(page) - TAG_BLOCK, TAG_BLOCK):
        if block < done or page.find(">", block, block + TAG_BLOCK) >= 0:
            continue
        start = max(page.rfind(">", done, block), done)
        end = page.find(">", block + TAG_BLOCK)
        end = len(page) if end < 0 else end
        pieces += (page[done:start], _cut_attributes(page[start:end]))
        done = end
    return "".join([*pieces, page[done:]]) if pieces else page


def _cut_attributes(piece: str) -> str:
    """Drop the end of a stretch of markup that is one tag of far too many attributes."""
    tag = _TAG.search(piece) if len(piece) > MAX_TAG else None
    if tag is None:
        return piece
    head = piece[: tag.start() + TAG_BLOCK]
    rest = piece[len(head) :]
    return head if len(_ATTRIBUTE_BREAK.findall(rest)) > MAX_ATTRIBUTES else piece


def _is_explosive(page: str) -> bool:
    """Follow the open elements roughly, never too few, and add up what a parser would walk."""
    opened: list[str] = []
    kinds: dict[tuple[str, str], tuple[str, frozenset[str] | None]] = {}
    walked = rebuilt = orphans = 0
    for tag in _TAG.findall(page):
        walked += len(opened)
        rebuilt += orphans
        if walked > MAX_WALKED or rebuilt > MAX_REBUILT:
            return True
        known = kinds.get(tag)
        if known is None:
            known = kinds[tag] = _kind_of(*tag)
        name, closes = known
        if closes is None:
            orphans += _close(opened, name)
        elif name:
            while opened and opened[-1] in closes:
                opened.pop()
            opened.append(name)
    return False


def _kind_of(closing: str, written: str) -> tuple[str, frozenset[str] | None]:
    """Return a tag's name ("" opens nothing) and what its start closes; None for an end tag."""
    name = written.lower()
    if closing:
        return name, None
    return ("" if name in _VOID else name), _CLOSED_BY.get(name, _NOTHING)


def _close(opened: list[str], name: str) -> int:
    """Take the innermost `name` off the stack; return how many formatting elements it orphaned."""
    for depth in range(1, min(len(opened), SEARCHED_DEPTH) + 1):
        top = opened[-depth]
        if top == name:
            if name in _FORMATTING:  # the standard keeps blocks inside it open
                del opened[-depth]
                return 0
            inner = opened[len(opened) - depth + 1 :]
            del opened[-depth:]
            return sum(tag in _FORMATTING for tag in inner)
        if top in _SCOPES:
            break
    return 0
