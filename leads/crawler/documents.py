"""One parsed page: its element tree, its visible text, its links and its scripts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from freshleads.lib.domains import host_of, registrable_domain
from freshleads.lib.taming import tame
from leads.crawler.charsets import decode_page
from leads.crawler.hiding import unveil
from leads.crawler.mending import mend
from leads.crawler.scanning import Anchor, Element, Scan, Values, scan
from leads.crawler.styles import read_styles

MAX_TEMPLATES = 20
MAX_SCRIPTS = 200


@dataclass(slots=True)
class Document:
    """A page ready to be read, without what its styles hide.

    `roots` are the document and its `<template>` contents; `domain` is the registrable domain, or
    the host where it has none.
    """

    url: str
    source: str
    tree: LexborHTMLParser
    base_url: str
    host: str
    domain: str
    roots: list[LexborNode] = field(default_factory=list)
    found: Scan = field(default_factory=Scan)
    scripts: list[str] = field(default_factory=list)
    data_scripts: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The visible text, a newline exactly where a block element begins or ends."""
        return self.found.text

    @property
    def anchors(self) -> list[Anchor]:
        """The links of the page in document order."""
        return self.found.anchors

    @property
    def metas(self) -> list[Values]:
        """The attributes of each meta tag."""
        return self.found.metas

    def marked(self, attribute: str) -> list[Element]:
        """Return the elements that carry one of the watched attributes."""
        return self.found.marked.get(attribute, [])

    def select(self, selector: str, limit: int = 100) -> Iterator[LexborNode]:
        """Yield at most `limit` elements that match, in document order."""
        left = limit
        for root in self.roots:
            for node in root.css(selector)[:left]:
                left -= 1
                yield node

    def absolute(self, href: str) -> str:
        """Return a link's address made absolute, "" where it cannot be read."""
        href = href.strip()
        if href[:1] == "/" and href[1:2] != "/":  # most links, and joining is slow
            return "/".join(self.base_url.split("/", 3)[:3]) + href
        try:
            return urljoin(self.base_url, href)
        except ValueError:
            return ""


def read_document(body: bytes, url: str, content_type: str = "") -> Document:
    """Parse a page; one that shows the strict parser nothing gets a second, lenient reading."""
    source = decode_page(body, content_type)
    tamed = tame(source)
    document = _parse(tamed, source, url)
    if not document.text.strip() and not document.anchors:
        mended = mend(tamed)  # closing what is open makes no page explosive
        if mended != tamed:
            return _parse(mended, mended, url)
    return document


def _parse(tamed: str, source: str, url: str) -> Document:
    tree = LexborHTMLParser(tamed)
    host = host_of(url) or ""
    document = Document(url, source, tree, url, host, registrable_domain(host) or host)
    root = tree.root
    if root is None:
        return document
    document.roots = [root, *root.template_fragments()[:MAX_TEMPLATES]]
    hints = read_styles(_take_scripts(document))
    for part in document.roots:
        unveil(part, source, hints)
    document.found = scan(document.roots)
    if document.found.base:
        document.base_url = document.absolute(document.found.base) or url
    return document


def _take_scripts(document: Document) -> list[str]:
    """Sort the scripts of a page by kind; return its style sheets."""
    sheets: list[str] = []
    for node in document.select("script,style", MAX_SCRIPTS):
        text = node.text()
        if not text:
            continue
        if node.tag == "style":
            sheets.append(text)
            continue
        kind = (node.attributes.get("type") or "").lower()
        if "ld+json" in kind:
            document.json_ld.append(text)
        elif "json" in kind or "template" in kind or "html" in kind:
            document.data_scripts.append(text)
        else:
            document.scripts.append(text)
    return sheets
