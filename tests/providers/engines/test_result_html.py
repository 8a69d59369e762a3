"""Result pages in HTML: what counts as one, which ads and results stand on it, hostile ones."""

from time import perf_counter

import pytest

from leads.providers.bing_html import read_bing
from leads.providers.google_html import read_google
from leads.providers.records import AdRecord, SearchResult
from leads.providers.result_pages import ResultPage, is_captcha

COUNTER = "https://www.google.com/aclk?sa=L&amp;adurl="
BING_AD = "https://www.bing.com/aclick?ld=e8"


def google(*ads: str) -> tuple[AdRecord, ...]:
    page = read_google(f'<div id="search"></div><div id="tads">{"".join(ads)}</div>')
    assert page is not None
    return page.ads


def bing(body: str) -> ResultPage:
    page = read_bing(f'<ol id="b_results">{body}</ol>')
    assert page is not None
    return page


def test_googles_ad_links_to_the_landing_page_beside_its_counter() -> None:
    ad = (
        f'<div data-text-ad="1"><a data-rw="{COUNTER}" href="https://shop.test/a?b=1&amp;c=2">'
        '<div role="heading">Best <b>shop</b></div><span>Sponsored</span>'
        "<cite>shop.test</cite></a><div class=yDYNvb>Buy now.</div></div>"
    )
    assert google(ad) == (AdRecord(0, "Best shop", "https://shop.test/a?b=1&c=2", "Buy now."),)


def test_googles_counter_is_taken_apart_and_its_address_completed() -> None:
    ad = (
        '<div data-text-ad><a href="/aclk?sa=L&amp;adurl=https%3A%2F%2Fshop.test%2F">'
        "<h3>Shop</h3></a></div>"
    )
    assert google(ad) == (AdRecord(0, "Shop", "https://shop.test/"),)


def test_a_link_around_the_title_comes_before_any_other_link() -> None:
    ad = (
        '<div data-text-ad><a href="https://www.google.com/why-this-ad">Why</a>'
        '<a href="https://shop.test/"><h3>Shop</h3></a>'
        '<a href="https://shop.test/sale">Sale</a></div>'
    )
    assert google(ad) == (AdRecord(0, "Shop", "https://shop.test/"),)


def test_googles_ad_without_a_target_shows_where_it_leads() -> None:
    link = f'<a href="{COUNTER}"><h3>Shop</h3></a>'
    shown = f"<div data-text-ad>{link}<cite>www.shop.test \u203a sale</cite></div>"
    silent = f"<div data-text-ad>{link}</div>"
    assert google(shown, silent) == (AdRecord(0, "Shop", "https://www.shop.test/"),)


def test_googles_organic_results_are_no_ads() -> None:
    page = read_google('<div id="search"><a href="https://x.test/"><h3>X</h3></a></div>')
    assert page == ResultPage(results=(), ads=())


def test_bings_results_are_read_behind_their_counter() -> None:
    page = bing(
        '<li class="b_algo"><h2><a href="https://www.bing.com/ck/a?u=a1aHR0cHM6Ly9hLnRlc3Qv">A</a>'
        '</h2><div class="b_caption"><p>First <strong>text</strong></p></div></li>'
        '<li class="b_algo"><h2><a href="https://b.test/">B</a></h2><p>Second</p></li>'
        '<li class="b_algo"><h2><a href="https://www.bing.com/ck/a?u=x">Nowhere</a></h2></li>'
        '<li class="b_ans"><h2><a href="https://no.test/">Answer</a></h2></li>'
    )
    assert page.results == (
        SearchResult(0, "A", "https://a.test/", "First text"),
        SearchResult(0, "B", "https://b.test/", "Second"),
    )
    assert page.ads == ()
    assert not page.has_more


def test_bings_ads_are_read_above_and_below() -> None:
    above = (
        '<li class="b_ad"><ul><li><div class="sb_add"><h2><a href="'
        f'{BING_AD}&amp;u=aHR0cHMlM2ElMmYlMmZhLnRlc3QlMmY">A</a></h2><p>Text A</p>'
        '<ul><li><a href="https://a.test/sale">Sale</a></li></ul></div></li></ul></li>'
    )
    below = (
        f'<li class="b_ad b_adBottom"><h2><a href="{BING_AD}">B</a></h2>'
        "<cite>http://b.test</cite><p>Text B</p></li>"
    )
    ads = bing(above + below).ads
    assert list(dict.fromkeys(ads)) == [
        AdRecord(0, "A", "https://a.test/", "Text A"),
        AdRecord(0, "B", "http://b.test/", "Text B"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body><noscript>enablejs</noscript></body></html>",
        '<form action="https://consent.google.com/save"></form>',
        '{"json": true}',
    ],
)
def test_another_page_is_none(page: str) -> None:
    assert read_google(page) is None
    assert read_bing(page) is None


@pytest.mark.parametrize(
    "page",
    [
        '<form id="captcha-form">',
        "Our systems have Detected unusual traffic from your computer",
        '<a href="https://www.google.com/sorry/index?continue=x">',
        "<iframe src=https://CHALLENGES.cloudflare.com/turnstile>",
    ],
)
def test_a_captcha_is_recognised_by_its_marks(page: str) -> None:
    assert is_captcha(page)
    assert not is_captcha("<p>An ordinary page about traffic</p>")


def test_a_page_of_thousands_of_results_is_cut() -> None:
    row = '<li class="b_algo"><h2><a href="https://x{}.test/">X</a></h2></li>'
    assert len(bing("".join(row.format(number) for number in range(3000))).results) == 100


@pytest.mark.parametrize(
    "page",
    [
        "<div id=search>" + "<div>" * 300_000,
        "<ol id=b_results>" + "<li class=b_algo><h2><a href=http://x.test/>" * 40_000,
        "<div id=search>" + "<div data-text-ad=1>" * 100_000,
        "<ol id=b_results>" + "<ol><li class=b_ad><ul>" * 60_000,
        "<div id=search>" + "<div data-text-ad><b><a href=x><h3>t" * 50_000,
        "<div id=search data-text-ad " + "x=1 " * 300_000 + ">",
        "<" * 1_000_000,
    ],
    ids=lambda page: page[:40],
)
def test_markup_made_to_hurt_is_read_in_time(page: str) -> None:
    began = perf_counter()
    read_google(page)
    read_bing(page)
    assert perf_counter() - began < 8
