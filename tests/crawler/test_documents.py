"""How a page looks to the eye: joined inline text, broken blocks, nothing hidden."""

import pytest

from freshleads.lib.taming import tame
from leads.crawler.documents import read_document
from leads.crawler.mending import mend
from leads.crawler.styles import read_styles


def text(markup: str) -> str:
    """Return the visible lines of a page, without empty ones."""
    lines = read_document(markup.encode(), "http://a.test/").text.split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<b>a</b>b<i>c</i>", "abc"),
        ("<div>a</div>b", "a\nb"),
        ("<p>a</p><b>b</b>", "a\nb"),
        ("<a><div>a</div></a>b", "a\nb"),
        ("a<br>b<wbr>c", "a\nbc"),
        ("<td>a<td>b", "ab"),
        ("<table><tr><td>a<td>b</table>c", "a\nb\nc"),
        ("a\n   b", "a b"),
        ("a<!-- x -->b", "ab"),
        ("<div>a</div><!-- x -->b", "a\nb"),
        ("a<script>x</script><style>y</style>b", "ab"),
        ("<title>t</title>a", "a"),
        ("a\u00a0b\u00adc", "a bc"),
        ("<noscript>a</noscript>", "a"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
    ],
)
def test_breaks_text_at_blocks_only(markup: str, expected: str) -> None:
    assert text(f"<body>{markup}") == expected


@pytest.mark.parametrize(
    "hidden",
    [
        "<i hidden>x</i>",
        '<i style="display:none">x</i>',
        '<i style="color:red; DISPLAY : NONE !important">x</i>',
        '<i style="visibility:hidden">x</i>',
        '<i style="font-size:0">x</i>',
        '<i style="position:absolute;left:-9999px">x</i>',
        '<i style="display:none">x<i hidden>x</i></i>',
        '<style>.h{display:none}</style><i class="h">x</i>',
        '<style>#h , .k { visibility : hidden }</style><i id="h">x</i>',
    ],
)
def test_drops_what_is_hidden(hidden: str) -> None:
    assert text(f"<body>a{hidden}b") == "ab"


@pytest.mark.parametrize(
    "shown",
    [
        '<i style="overflow:hidden">x</i>',
        '<i style="font-size:0.9em">x</i>',
        '<i style="left:-10px">x</i>',
        "<style>@media print{.h{display:none}}</style><i class=h>x</i>",
        "<style>.h{display:none} @media (min-width:9px){.h{display:block}}</style><i class=h>x</i>",
        "<style>.h .k{display:none}</style><i class=h>x</i>",
    ],
)
def test_keeps_what_may_be_seen(shown: str) -> None:
    assert text(f"<body>a{shown}b") == "axb"


def test_a_page_behind_a_loading_screen_is_read() -> None:
    words = "word " * 100
    assert text(f'<body><p>Loading</p><div style="display:none">{words}</div>').count("word") == 100


def test_reversed_text_is_turned_round_once() -> None:
    turned = 'style="unicode-bidi:bidi-override;direction:rtl"'
    assert text(f"<b {turned}>a@<b {turned}>b</b>c</b>") == "cb@a"


def test_reads_templates_and_their_links() -> None:
    page = read_document(b'<template><p>a<a href="/x">b</a></p></template>', "http://a.test/")
    assert page.text.split() == ["ab"]
    assert [anchor.href for anchor in page.anchors] == ["/x"]


def test_links_are_made_absolute_from_the_base() -> None:
    page = read_document(b'<base href="/sub/">', "http://a.test/x/y")
    assert page.absolute("p") == "http://a.test/sub/p"
    assert page.absolute("/p") == "http://a.test/p"
    assert page.absolute("//b.test/p") == "http://b.test/p"
    assert page.absolute("http://[") == ""


@pytest.mark.parametrize(
    "swallower", ["<title>", "<!-- ", "<textarea>", "<style>", "<script>", "<xmp>"]
)
def test_what_an_unclosed_element_swallowed_is_read_the_second_time(swallower: str) -> None:
    assert "later" in text(f"<html>{swallower}first<p>later")


def test_mending_leaves_closed_elements_alone() -> None:
    page = "<title>a</title><!-- b --><script>c</script><p>d"
    assert mend(page) == page


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 2000 + "x" + "</div>" * 2000,
        "<p><b><i>x</i></b></p>" * 3000,
        '<p class="a" id="b" title="c">x</p>' * 3000,
        f'<img src="data:image/png;base64,{"QUJD" * 50_000}">',
        f"<style>{'.a{margin:0 auto 1px 2px} ' * 5000}</style>",
        f"<script>{'var a = 1; ' * 5000}</script>",
        "<ul>" + "<li>x" * 5000 + "</ul>",
        "<table>" + "<tr><td>x<td>y" * 5000 + "</table>",
    ],
)
def test_large_honest_markup_is_left_as_it_is(markup: str) -> None:
    assert tame(markup) is markup or tame(markup) == markup


@pytest.mark.parametrize(
    "row", ["<div>", "<a><div>", "<b></p>", "<div></b>", "<p><font a={}>", "<i {}><div></i>"]
)
def test_explosive_markup_is_flattened_and_keeps_links_and_text(row: str) -> None:
    page = "".join(row.format(number) for number in range(20_000))
    flat = tame(page + '<a href="/contact">Contact</a> info@a.test')
    assert flat.count("<div") + flat.count("<font") == 0
    assert '<a href="/contact">Contact</a> info@a.test' in flat


def test_a_tag_of_thousands_of_attributes_is_cut_short() -> None:
    page = "<p>a</p><p " + "".join(f"a{n}=1 " for n in range(30_000)) + ">b</p>"
    assert len(tame(page)) < 20_000
    assert text(page) == "a\nb"


def test_style_rules_are_read_by_plain_names_only() -> None:
    hints = read_styles([".a,span.b,#c{display:none}.d>.e{display:none}.f{color:red}"])
    assert hints.hidden == {".a", ".b", "#c"}
    assert hints.reversed == frozenset()
