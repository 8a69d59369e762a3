"""Result pages of the invented Google and Bing in HTML, built as the real ones are."""

from collections.abc import Sequence
from html import escape

from freshleads.sandbox.serp_links import ad_counter, result_counter
from freshleads.sandbox.serp_pages import WebPage
from freshleads.sandbox.serp_world import Advert

RESULTS_ON_A_PAGE = 10
BEHIND_COUNTER = 3  # every third result of Bing
GOOGLE_CAPTCHA = """<html><head><title>https://www.google.com/search</title></head><body>
<form id="captcha-form" action="index" method="post"><div class="g-recaptcha"></div></form>
<div id="infoDiv">Our systems have detected unusual traffic from your computer network.</div>
</body></html>"""
BING_CAPTCHA = """<html><head><title>Bing</title></head><body><div class="captcha_header">One last
step</div><div>Please solve the challenge below to continue</div>
<iframe src="https://challenges.cloudflare.com/turnstile/v0"></iframe></body></html>"""


def google_page(query: str, pages: Sequence[WebPage], adverts: Sequence[Advert]) -> str:
    """Return Google's page: ads above and below the results."""
    top, bottom = adverts[:4], adverts[4:]
    results = "".join(map(_google_result, pages)) or (
        f"<p>Your search - <em>{escape(query)}</em> - did not match any documents.</p>"
    )
    return (
        f"<!doctype html><html lang=en><head><title>{escape(query)} - Google Search</title></head>"
        f'<body><div id="main"><div id="tads">{"".join(map(_google_ad, top))}</div>'
        f'<div id="center_col"><div id="res"><div id="search"><div id="rso">{results}</div></div>'
        f'</div></div><div id="tadsb">{"".join(map(_google_ad, bottom))}</div></div></body></html>'
    )


def bing_page(
    query: str, pages: Sequence[WebPage], adverts: Sequence[Advert], *, has_more: bool
) -> str:
    """Return Bing's page: ads first, a link to the next page where there is one."""
    ads = "".join(map(_bing_ad, adverts))
    block = f'<li class="b_ad b_adTop"><ul>{ads}</ul></li>' if ads else ""
    results = "".join(_bing_result(page, number) for number, page in enumerate(pages))
    nothing = '<li class="b_no"><h1>There are no results for this.</h1></li>'
    pager = '<li class="b_pag"><a class="sb_pagN" title="Next page" href="/search">Next</a></li>'
    return (
        f"<!doctype html><html><head><title>{escape(query)} - Search</title></head><body>"
        f'<main><ol id="b_results">{block}{results or nothing}{pager if has_more else ""}</ol>'
        "</main></body></html>"
    )


def _google_result(page: WebPage) -> str:
    return (
        f'<div class="MjjYud"><div class="g"><a href="{escape(page.url)}"><h3>{escape(page.title)}'
        f"</h3><cite>{escape(page.url)}</cite></a>"
        f'<div class="VwiC3b"><span>{escape(page.snippet)}</span></div></div></div>'
    )


def _google_ad(advert: Advert) -> str:
    counter = ad_counter(advert, "google")
    relative = counter.removeprefix("https://www.google.com")
    href = advert.url if advert.habit == "link" else relative
    return (
        f'<div class="uEierd" data-text-ad="1"><div><a class="sVXRqc" data-rw="{escape(counter)}"'
        f' href="{escape(href)}"><div role="heading"><span>{escape(advert.title)}</span></div>'
        f"<span>Sponsored</span><cite>{escape(advert.displayed)}</cite></a></div>"
        f'<div class="yDYNvb"><span>{escape(advert.text)}</span></div></div>'
    )


def _bing_result(page: WebPage, number: int) -> str:
    href = page.url if number % BEHIND_COUNTER else result_counter(page.url)
    return (
        f'<li class="b_algo"><h2><a href="{escape(href)}">{escape(page.title)}</a></h2>'
        f'<div class="b_caption"><div class="b_attribution"><cite>{escape(page.url)}</cite></div>'
        f"<p>{escape(page.snippet)}</p></div></li>"
    )


def _bing_ad(advert: Advert) -> str:
    return (
        f'<li><div class="sb_add sb_adTA"><h2><a href="{escape(ad_counter(advert, "bing"))}">'
        f'{escape(advert.title)}</a></h2><div class="b_caption"><div class="b_adurl"><cite>'
        f"{escape(advert.displayed)}</cite></div><p>{escape(advert.text)}</p></div></div></li>"
    )
