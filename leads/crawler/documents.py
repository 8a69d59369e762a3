"""One parsed page: its element tree, its visible text, its links and its scripts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from freshleads.lib.domains import host_of, registrable_domain
from leads.crawler.charsets import decode_page
from leads.crawler.hiding import unveil
from leads.crawler.mending import mend
from leads.crawler.styles import read_styles
from leads.crawler.taming import tame

MAX_NODES = 200_000
MAX_ANCHORS = 2000
MAX_TEMPLATES = 20
MAX_SCRIPTS = 200

_BLOCK_TAGS = (
    "address article aside blockquote body br button canvas caption center dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 header "
    "hgroup hr iframe input legend li main menu nav object ol optgroup option p pre section "
    "select summary svg table tbody td textarea tfoot th thead tr ul video"
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
_RAW = _tag_ids("script style iframe noembed noframes xmp")
_TEXT, _COMMENT = 2, 4


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link: its element and its address as written."""

    node: LexborNode
    href: str


@dataclass(slots=True)
class Document:
    """A page ready to be read; `text` has a newline exactly where a block element begins or ends.

    `roots` are the document and its `<template>` contents; hidden elements are gone from them.
    """

    url: str
    source: str
    tree: LexborHTMLParser
    base_url: str
    host: str
    domain: str
    text: str = ""
    roots: list[LexborNode] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    data_scripts: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)

    def select(self, selector: str, limit: int = 500) -> Iterator[LexborNode]:
        """Yield at most `limit` elements that match, in document order."""
        left = limit
        for root in self.roots:
            for node in root.css(selector)[:left]:
                left -= 1
                yield node

    def absolute(self, href: str) -> str:
        """Return a link's address made absolute, "" where it cannot be read."""
        try:
            return urljoin(self.base_url, href.strip())
        except ValueError:
            return ""


def read_document(body: bytes, url: str, content_type: str = "") -> Document:
    """Parse a page; one that shows the strict parser nothing gets a second, lenient reading."""
    source = decode_page(body, content_type)
    document = _parse(source, url)
    if not document.text.strip() and not document.anchors:
        mended = mend(source)
        if mended != source:
            return _parse(mended, url)
    return document


def _parse(source: str, url: str) -> Document:
    tree = LexborHTMLParser(tame(source))
    host = host_of(url) or ""
    document = Document(url, source, tree, url, host, registrable_domain(host) or host)
    root = tree.root
    if root is None:
        return document
    document.roots = [root]
    if "<template" in source:
        document.roots += root.template_fragments()[:MAX_TEMPLATES]
    if (base := root.css_first("base[href]")) is not None:
        document.base_url = document.absolute(base.attributes.get("href") or "") or url
    hints = read_styles(_take_scripts(document))
    for part in document.roots:
        unveil(part, source, hints)
    document.anchors = [
        Anchor(node, href)
        for node in document.select("a[href],area[href]", MAX_ANCHORS)
        if (href := node.attributes.get("href"))
    ]
    document.text = _visible_text(document.roots)
    return document


def _take_scripts(document: Document) -> list[str]:
    """Sort the scripts of a page by kind; return its style sheets."""
    sheets: list[str] = []
    for node in document.select("script,style", MAX_SCRIPTS):
        text = node.text()
        kind = (node.attributes.get("type") or "").lower()
        if not text:
            continue
        if node.tag == "style":
            sheets.append(text)
        elif "ld+json" in kind:
            document.json_ld.append(text)
        elif "json" in kind or "template" in kind or "html" in kind:
            document.data_scripts.append(text)
        else:
            document.scripts.append(text)
    return sheets


def _visible_text(roots: Iterable[LexborNode]) -> str:
    """Join the text of inline elements and break it at block elements only."""
    pieces: list[str] = []
    for root in roots:
        body = root.css_first("body") or root
        pieces.append("\n")
        _collect_text(body, pieces)
    text = "".join(pieces)
    return text.translate(_INVISIBLE) if _HAS_INVISIBLE.search(text) else text


def _collect_text(root: LexborNode, pieces: list[str]) -> None:
    touching = False  # the last piece is text that the next one would join
    raw = False
    for count, node in enumerate(root.traverse(include_text=True)):
        tag = node.tag_id
        if tag == _TEXT:
            content = "" if raw else node.text_content or ""
            raw = False
            if "\n" in content:  # to the eye a line break in the source is a space
                content = _SPACES.sub(" ", content)
            if touching and _ends_block(node.prev):
                pieces.append("\n")
            pieces.append(content)
            touching = not content.isspace()
        elif tag in _BLOCKS:
            pieces.append("\n")
            touching = False
        elif tag in _RAW:
            raw = node.first_child is not None
        elif touching and tag != _COMMENT and _ends_block(node.prev):
            pieces.append("\n")
            touching = False
        if count > MAX_NODES:
            return


def _ends_block(node: LexborNode | None) -> bool:
    """Tell whether what stands before a node ended with a block element."""
    for _ in range(8):
        if node is None or node.tag_id == _TEXT:
            return False
        if node.tag_id in _BLOCKS:
            return True
        node = node.prev if node.tag_id == _COMMENT else node.last_child
    return False
