"""The organic results and the ads of a Bing result page in HTML."""

from selectolax.lexbor import LexborNode

from leads.providers.records import AdRecord, SearchResult
from leads.providers.result_pages import MAX_NODES, ResultPage, link_of, parse, text_of
from leads.providers.result_reading import read_ad, read_result

RESULT_AREA = "#b_results"
RESULTS = "li.b_algo"
AD_BLOCKS = "li.b_ad"
ADS = ".sb_add, ul > li"
NEXT_PAGE = "a.sb_pagN, a[title='Next page']"
TITLE = "h2"
LINK = "h2 a[href]"
TEXTS = (".b_caption p", "[class*=b_lineclamp]", "p")


def read_bing(html: str) -> ResultPage | None:
    """Return what a Bing result page shows, None where it is another page."""
    tree = parse(html)
    if tree.css_first(RESULT_AREA) is None:
        return None
    results = map(_read_result, tree.css(RESULTS)[:MAX_NODES])
    ads = map(_read_ad, _ad_nodes(tree.css(AD_BLOCKS)[:MAX_NODES]))
    return ResultPage(
        results=tuple(result for result in results if result is not None),
        ads=tuple(ad for ad in ads if ad is not None),
        has_more=tree.css_first(NEXT_PAGE) is not None,
    )


def _read_result(node: LexborNode) -> SearchResult | None:
    return read_result(text_of(node, TITLE), link_of(node, LINK), text_of(node, *TEXTS))


def _ad_nodes(blocks: list[LexborNode]) -> list[LexborNode]:
    """Return the single ads: a block above or below the results holds several."""
    return [ad for block in blocks for ad in (block.css(ADS) or [block])][:MAX_NODES]


def _read_ad(node: LexborNode) -> AdRecord | None:
    displayed, text = text_of(node, "cite"), text_of(node, *TEXTS)
    return read_ad(text_of(node, TITLE), link_of(node, LINK), displayed, text)
