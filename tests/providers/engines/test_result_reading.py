"""Foreign rows become results and ads, or nothing; never an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.providers.ad_links import is_click_counter
from leads.providers.records import AdRecord, SearchResult
from leads.providers.result_reading import numbered, read_ad, read_result, without_markup

TEXT = st.text(max_size=40)
ADDRESS = st.one_of(
    TEXT,
    TEXT.map(lambda tail: f"https://www.google.com/aclk?adurl={tail}"),
    TEXT.map(lambda tail: f"https://www.bing.com/ck/a?u=a1{tail}"),
    TEXT.map(lambda tail: f"https://x.test/{tail}"),
    TEXT.map(lambda host: f"http://{host}/"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
ANYTHING = ADDRESS | JSON


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_no_values_at_all_crash_the_reading(
    title: object, link: object, displayed: object, text: object
) -> None:
    for row in (read_result(title, link, text), read_ad(title, link, displayed, text)):
        if row is not None:
            assert row.url.startswith(("http://", "https://"))
            assert not is_click_counter(row.url)
            assert len(row.url) <= 2048
            assert "\x00" not in row.title


@pytest.mark.parametrize(
    "link",
    [
        None,
        7,
        "",
        "/relative",
        "javascript:alert(1)",
        "ftp://x.test/",
        "https://user:pass@x.test/",
        "https://x.test/" + "x" * 2048,
        "https://www.bing.com/ck/a?u=opaque",
    ],
)
def test_a_result_without_an_address_of_its_own_is_left_out(link: object) -> None:
    assert read_result("Title", link, "Text") is None


def test_everything_is_bounded_and_in_one_line() -> None:
    row = read_result(" T\tt\r\n" + "x" * 400, "HTTP://X.Test:80/a", "d\u0085e\x00" + "y" * 2000)
    assert row is not None
    assert (row.title, row.url) == ("T t " + "x" * 296, "http://x.test/a")
    assert (row.description[:4], len(row.description)) == ("d e ", 1000)


def test_rows_are_numbered_from_their_start_each_once() -> None:
    one, two = SearchResult(0, "A", "https://a.test/"), SearchResult(0, "B", "https://b.test/")
    again = SearchResult(0, "A again", "https://a.test/")
    found = numbered([None, one, again, two, None], 20)
    assert [(row.position, row.title) for row in found] == [(21, "A"), (22, "B")]


def test_one_advertiser_may_run_two_ads() -> None:
    ads = [AdRecord(0, title, "https://a.test/") for title in ("Sale", "Sale", "New")]
    assert [(ad.position, ad.title) for ad in numbered(ads)] == [(1, "Sale"), (2, "New")]


def test_no_more_than_a_hundred_rows_are_kept() -> None:
    rows = (SearchResult(0, "x", f"https://x{number}.test/") for number in range(500))
    assert [row.position for row in numbered(rows)] == list(range(1, 101))


@pytest.mark.parametrize(
    ("snippet", "text"),
    [
        ("plain", "plain"),
        ("a &amp; b", "a & b"),
        ("<strong>den</strong>tist", "dentist"),
        ("a < b", "a < b"),
        ("<", "<"),
        (None, ""),
        (7, ""),
    ],
)
def test_markup_is_taken_out_of_snippets(snippet: object, text: str) -> None:
    assert without_markup(snippet) == text
