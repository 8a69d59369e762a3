"""Where an ad leads: taken apart, never clicked."""

import base64
from time import perf_counter
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.providers.ad_links import is_click_counter, landing_page, target_of

SHOP = "https://shop.test/offer?x=1&y=2"
GOOGLE = "https://www.google.com/aclk?sa=L&ai=DChc&sig=AOD64_&q=&adurl="
ENCODED = quote(SHOP, safe="")


def packed(url: str) -> str:
    return base64.b64encode(url.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "counter",
    [
        GOOGLE + ENCODED,
        f"http://google.co.uk/aclk?adurl={ENCODED}",
        f"https://www.googleadservices.com/pagead/aclk?sa=L&adurl={ENCODED}",
        f"https://googleads.g.doubleclick.net/aclk?adurl={ENCODED}",
        f"https://ad.doubleclick.net/clk?ds_dest_url={ENCODED}",
        f"https://www.google.com/url?q={ENCODED}&sa=U",
        f"https://www.google.com/url?url={ENCODED}",
        f"https://www.bing.com/aclick?ld=e8x&u={ENCODED}",
        f"https://www.bing.com/aclick?ld=e8x&u={packed(ENCODED.lower())}&rlid=1",
        f"https://www.bing.com/aclk?u={packed(SHOP)}",
        f"https://www.bing.com/ck/a?!&&p=1&u=a1{packed(SHOP)}&ntb=1",
    ],
)
def test_a_target_in_the_query_is_read_without_a_click(counter: str) -> None:
    assert is_click_counter(counter)
    assert target_of(counter) == SHOP
    assert landing_page(counter, "other.test") == SHOP


@pytest.mark.parametrize(
    "counter",
    [
        GOOGLE,
        "https://www.google.com/aclk",
        "https://www.google.com/aclk?adurl",
        f"https://www.google.com/aclk?q={ENCODED}",  # what was searched for
        "https://www.google.com/goto?url=opaque",
        "https://www.bing.com/aclick?ld=e8x&u=%%%",
        "https://www.bing.com/aclick?u=" + packed("javascript:alert(1)"),
        "https://www.bing.com/aclick?u=" + packed("no address at all"),
        "https://www.bing.com/aclick?u=" + "QUFB" * 5000,
        GOOGLE + quote("https://user:pass@shop.test/", safe=""),
        GOOGLE + "&".join("a=1" for _ in range(500)),
    ],
)
def test_without_a_target_what_is_displayed_counts(counter: str) -> None:
    assert target_of(counter) is None
    assert landing_page(counter, None) is None
    assert landing_page(counter, "www.shop.test") == "https://www.shop.test/"


def test_counters_inside_counters_are_taken_apart_too() -> None:
    inner = f"https://ad.doubleclick.net/clk?adurl={ENCODED}"
    middle = f"https://www.googleadservices.com/pagead/aclk?adurl={quote(inner, safe='')}"
    assert target_of(GOOGLE + quote(middle, safe="")) == SHOP
    outer = GOOGLE + quote(GOOGLE + quote(middle, safe=""), safe="")
    assert target_of(outer) is None  # so deep is nobody's honest ad
    assert target_of(GOOGLE + quote(GOOGLE, safe="")) is None


@pytest.mark.parametrize(
    "address",
    [
        SHOP,
        "https://workspace.google.com/intl/en/business/",
        "https://www.google.com/maps/place/x",
        "https://www.bing.com/maps",
        "https://notgoogle.com/aclk?adurl=https://evil.test/",
        "https://www.bing.com.shop.test/aclick?u=https://evil.test/",
        "https://google.shop.test/aclk?adurl=x",
    ],
)
def test_an_ordinary_address_stays_as_it_is(address: str) -> None:
    assert not is_click_counter(address)
    assert landing_page(address, "elsewhere.test") == address


@pytest.mark.parametrize(
    ("displayed", "home"),
    [
        ("www.shop.test", "https://www.shop.test/"),
        ("https://www.shop.test \u203a offer \u203a today", "https://www.shop.test/"),
        ("http://www.shop.test/offer", "http://www.shop.test/"),
        ("Shop.Test/offer?x=1", "https://shop.test/"),
        ("b\u00fccher.test\u203aneu", "https://xn--bcher-kva.test/"),
        ("www.shop.test:8443/", "https://www.shop.test/"),
        ("https://www.google.com/aclk?sa=L", "https://www.google.com/"),
    ],
)
def test_the_displayed_host_is_the_next_best(displayed: str, home: str) -> None:
    assert landing_page(None, displayed) == home


@pytest.mark.parametrize(
    "displayed",
    [None, 7, "", "Shop", "Dr. Smith, dentist", "user@shop.test", "ftp://shop.test", "...", "a.b"],
)
def test_a_text_that_is_no_address_leads_nowhere(displayed: object) -> None:
    assert landing_page(None, displayed) is None


def test_doubleclick_is_no_landing_page_either() -> None:
    assert landing_page(None, "ad.doubleclick.net") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_at_all_crashes_the_reading(link: str, displayed: str) -> None:
    found = landing_page(link, displayed)
    assert found is None or found.startswith(("http://", "https://"))


def test_long_texts_take_no_time() -> None:
    began = perf_counter()
    for text in ("a." * 100_000, "a" * 1_000_000, "https://" + "x." * 4000, "-" * 200_000 + "."):
        landing_page(GOOGLE + text, text)
    assert perf_counter() - began < 1
