"""The ads of a Google result page in HTML.

Google renames its classes often, so attributes come first: `data-text-ad` marks an ad, its heading
has a role, its link names the landing page and keeps the click counter in `data-rw`.
"""

from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from leads.providers.records import AdRecord
from leads.providers.result_pages import MAX_NODES, ResultPage, link_of, parse, text_of
from leads.providers.result_reading import read_ad

HOME = "https://www.google.com/"
RESULT_AREAS = "#search, #rso, #res, #center_col, #rcnt, #tads, #tadsb"
ADS = "[data-text-ad], li.ads-ad"
LINKS = ("a[data-rw]", "a[href]:has([role=heading])", "a[href]:has(h3)", "h3 a[href]", "a[href]")
TITLES = ("[role=heading]", "h3")
DISPLAYED = ("cite", ".x2VHCd", ".qzEoUe", "span[dir=ltr]")
TEXTS = (".yDYNvb", ".ads-creative", ".MUxGbd.lyLwlc")


def read_google(html: str) -> ResultPage | None:
    """Return what a Google result page shows, None where it is another page."""
    tree = parse(html)
    if tree.css_first(RESULT_AREAS) is None:
        return None
    ads = tuple(ad for ad in map(_read_ad, tree.css(ADS)[:MAX_NODES]) if ad is not None)
    return ResultPage(results=(), ads=ads)


def _read_ad(node: LexborNode) -> AdRecord | None:
    href = link_of(node, *LINKS)
    link = _absolute(href) if href else None
    return read_ad(text_of(node, *TITLES), link, text_of(node, *DISPLAYED), text_of(node, *TEXTS))


def _absolute(href: str) -> str | None:
    try:
        return urljoin(HOME, href)
    except ValueError:
        return None
