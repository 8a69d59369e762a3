"""What a result page in HTML shows, and how to tell one from a CAPTCHA."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from freshleads.lib.taming import tame
from leads.providers.records import AdRecord, SearchResult

MAX_NODES = 100  # results or ads of one page
CAPTCHA_MARKS = (
    *("/sorry/index", "captcha-form", "g-recaptcha", "hcaptcha", "cf-turnstile"),
    *("challenges.cloudflare.com", "detected unusual traffic", "solve the challenge below"),
    *("/captcha/", "verify you are human", "not a robot"),
)


@dataclass(frozen=True)
class ResultPage:
    """The organic results and the ads of one page, unnumbered, in their order."""

    results: tuple[SearchResult, ...]
    ads: tuple[AdRecord, ...]
    has_more: bool = False


def parse(html: str) -> LexborHTMLParser:
    """Return the tree of a page that may be made to hurt the parser."""
    return LexborHTMLParser(tame(html))


def is_captcha(html: str) -> bool:
    """Tell whether a page without results asks for a human being."""
    lowered = html.lower()
    return any(mark in lowered for mark in CAPTCHA_MARKS)


def text_of(node: LexborNode, *selectors: str) -> str:
    """Return the text of the element inside that the first matching selector finds."""
    match = _first(node, selectors)
    return match.text() if match is not None else ""


def link_of(node: LexborNode, *selectors: str) -> str:
    """Return the address of the link inside that the first matching selector finds."""
    match = _first(node, selectors)
    return (match.attributes.get("href") or "") if match is not None else ""


def _first(node: LexborNode, selectors: tuple[str, ...]) -> LexborNode | None:
    found = (node.css_first(selector) for selector in selectors)
    return next((match for match in found if match is not None), None)
