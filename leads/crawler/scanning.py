"""One walk over a parsed page that gathers its visible text, its links and its telling attributes.

Walking once in Python costs less than a dozen selector queries, each of which walks the whole tree.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_NODES = 100_000
MAX_ANCHORS = 2000
MAX_MARKED = 300  # elements remembered per attribute
MAX_METAS = 300

Values = dict[str, str | None]  # the attributes of an element

_BLOCK_TAGS = (
    "address article aside blockquote body br button canvas caption center dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header "
    "hgroup hr iframe input legend li main menu nav object ol optgroup option p pre section "
    "select summary svg table tbody td textarea tfoot th thead tr ul video"
)
MARKING_ATTRIBUTES = frozenset(
    "data-cfemail data-mailto-token data-domain data-host data-d data-part2 data-email data-mail "
    "data-rot13 itemprop property onclick onmouseover onfocus".split()
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")) | {
    ord("\uff20"): "@",
    ord("\uff0e"): ".",
    ord("\u00a0"): " ",
}
_SPACES = re.compile(r"\s+")
_HAS_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u2060\ufeff\uff20\uff0e]")


def _tag_ids(names: str) -> frozenset[int]:
    """Return the parser's own numbers of tags, which compare faster than names."""
    maker = LexborHTMLParser("")
    return frozenset(maker.create_node(name).tag_id for name in names.split())


_BLOCKS = _tag_ids(_BLOCK_TAGS)
_ANCHORS = _tag_ids("a area")
(_META,) = _tag_ids("meta")
(_IMAGE,) = _tag_ids("img")
(_FRAME,) = _tag_ids("frame")
(_BASE,) = _tag_ids("base")
(_TITLE,) = _tag_ids("title")
_BREAKS, _IS_RAW, _NOTED = 1, 2, 4  # what a tag does to text, and whether it is looked at closer
_KINDS: dict[int, int] = {}
for _tags, _kind in (
    (_BLOCK_TAGS, _BREAKS),
    ("script style title iframe noembed noframes xmp", _IS_RAW),
    ("a area meta img frame base link title", _NOTED),
):
    for _tag in _tag_ids(_tags):
        _KINDS[_tag] = _KINDS.get(_tag, 0) | _kind
_ALT_AT = frozenset({"@", "at", "(at)", "[at]"})  # pictures of the sign that hides an address
_TEXT, _COMMENT = 2, 4  # the parser's numbers of nodes that are no elements


class Anchor(NamedTuple):
    """One link: its element and its address as written."""

    node: LexborNode
    href: str


class Element(NamedTuple):
    """An element that carries a telling attribute, with all its attributes."""

    node: LexborNode
    values: Values


@dataclass(slots=True)
class Scan:
    """What a walk gathered; `text` has a newline exactly where a block element begins or ends."""

    text: str = ""
    anchors: list[Anchor] = field(default_factory=list)
    metas: list[Values] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    own_profiles: list[str] = field(default_factory=list)  # <link rel="me">
    title: str = ""
    base: str = ""
    marked: dict[str, list[Element]] = field(default_factory=dict)


def scan(roots: Iterable[LexborNode]) -> Scan:
    """Walk the trees in order; spaces are collapsed, zero-width characters dropped."""
    found = Scan()
    pieces: list[str] = []
    for root in roots:
        pieces.append("\n")
        _walk(root, found, pieces)
    text = "".join(pieces)
    plain = text.isascii() or not _HAS_INVISIBLE.search(text)
    found.text = text if plain else text.translate(_INVISIBLE)
    return found


def _walk(root: LexborNode, found: Scan, pieces: list[str]) -> None:
    """Visit every node once; the loop is the hottest of the crawler, hence its plain form."""
    touching = False  # the last piece is text that the next one would join
    raw = 0
    unmarked, kind_of, write = MARKING_ATTRIBUTES.isdisjoint, _KINDS.get, pieces.append
    for node in islice(root.traverse(include_text=True), MAX_NODES):
        tag = node.tag_id
        if tag == _TEXT:
            if not raw:
                if touching and (before := node.prev) is not None and _ends_block(before):
                    write("\n")
                text = node.text_content or ""
                write(_spaced(text) if "\n" in text else text)
                touching = text != "\n"
            raw = 0
            continue
        kind = kind_of(tag, 0)
        if kind & _BREAKS or (
            touching
            and (before := node.prev) is not None
            and before.tag_id != _TEXT
            and _ends_block(before)
        ):
            write("\n")
            touching = False
        raw = kind & _IS_RAW
        values = node.attributes
        if kind & _NOTED:
            _note(node, values, tag, found, pieces)
        if values and not unmarked(values):
            _remember(node, values, found)


def _spaced(text: str) -> str:
    """Return text as the eye sees it: a line break in the source is a space."""
    return " " if text == "\n" else _SPACES.sub(" ", text)


def _note(node: LexborNode, values: Values, tag: int, found: Scan, pieces: list[str]) -> None:
    """Keep what a tag of interest says, or write the sign that a picture shows."""
    if tag in _ANCHORS:
        if (href := values.get("href")) and len(found.anchors) < MAX_ANCHORS:
            found.anchors.append(Anchor(node, href))
    elif tag == _IMAGE:
        if (values.get("alt") or "").lower() in _ALT_AT:
            pieces.append("@")
    elif tag == _META:
        if len(found.metas) < MAX_METAS:
            found.metas.append(values)
    elif tag == _FRAME:
        found.frames += [source] if (source := values.get("src")) else []
    elif tag == _TITLE:
        found.title = found.title or node.text()
    elif tag == _BASE:
        found.base = found.base or values.get("href") or ""
    elif "me" in (values.get("rel") or "").lower().split():
        found.own_profiles.append(values.get("href") or "")


def _remember(node: LexborNode, values: Values, found: Scan) -> None:
    """Keep an element under each of its telling attributes."""
    for name in MARKING_ATTRIBUTES.intersection(values):
        kept = found.marked.setdefault(name, [])
        if len(kept) < MAX_MARKED:
            kept.append(Element(node, values))


def _ends_block(node: LexborNode) -> bool:
    """Tell whether what stands before a text or an element ended with a block element."""
    last: LexborNode | None = node
    for _ in range(8):
        if last is None or (tag := last.tag_id) == _TEXT:
            return False
        if tag in _BLOCKS:
            return True
        last = last.prev if tag == _COMMENT else last.last_child
    return False
