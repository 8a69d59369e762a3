"""Which links are followed and in what order."""

import pytest

from leads.crawler.extraction import extract
from leads.crawler.frontier import Frontier, page_key
from leads.crawler.links import Link, plain_url, score_link
from leads.crawler.sitemaps import locations

SITE = "http://a.test"


@pytest.mark.parametrize(
    ("path", "text", "score"),
    [
        ("/contact", "Contact us", 100),
        ("/kontakt/", "", 100),
        ("/contacto", "", 100),
        ("/contatti.html", "", 100),
        ("/contato", "", 100),
        ("/nous-contacter", "", 100),
        ("/x", "Contactez-nous", 100),
        ("/y", "お問い合わせ", 100),
        ("/%E3%81%8A%E5%95%8F%E3%81%84%E5%90%88%E3%82%8F%E3%81%9B", "", 100),
        ("/kontakta-oss", "", 100),
        ("/page", "Get in touch", 100),
        ("/impressum", "", 90),
        ("/mentions-legales", "", 90),
        ("/mentions", "Mentions légales", 90),
        ("/aviso_legal", "", 90),
        ("/about", "", 70),
        ("/ueber-uns", "", 70),
        ("/x", "Über uns", 70),
        ("/over-ons", "", 70),
        ("/o-nas", "", 70),
        ("/om-oss", "", 70),
        ("/chi-siamo", "", 70),
        ("/equipe", "L'équipe", 70),
        ("/x", "会社概要", 70),
        ("/anfahrt", "", 50),
        ("/locations", "", 50),
        ("/datenschutz", "", 40),
        ("/privacy-policy", "", 40),
        ("/services", "Our services", 10),
        ("/contact-lenses", "Contact lenses", 10),
        ("/steam-cleaning", "Steam cleaning", 10),
        ("/blog/2024/01/hello", "Hello", 1),
        ("/product/x", "Buy", 1),
        ("/blog/contact-your-dentist", "Contact your dentist today", 12),
    ],
)
def test_scores_links_in_ten_languages(path: str, text: str, score: int) -> None:
    assert score_link(SITE + path, text) == score


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("HTTP://A.test:80/x?utm_source=y&b=1#z", "http://a.test/x?b=1"),
        ("http://a.test", "http://a.test/"),
        ("http://a.test/x.PDF", None),
        ("http://a.test/a.jpg", None),
        ("http://a.test/x?PHPSESSID=1", None),
        ("http://a.test/x;jsessionid=1", None),
        ("http://a.test/a/b/a/b/a/b", None),
        ("http://a.test/" + "a/" * 12, None),
        ("http://a.test/?" + "q" * 200, None),
        ("http://user@a.test/", None),
        ("ftp://a.test/", None),
        ("mailto:x@a.test", None),
    ],
)
def test_addresses_are_brought_to_one_form_or_left_out(url: str, plain: str | None) -> None:
    assert plain_url(url) == plain


def test_links_of_a_page_come_best_first_each_once_and_from_the_site_only() -> None:
    markup = (
        '<a href="/one">1</a><a href="/contact#form">c</a><a href="/contact">Contact</a>'
        '<a href="http://www.a.test/about">a</a><a href="http://b.test/contact">b</a>'
        '<a href="javascript:x">j</a><a href="tel:1">t</a><a href="#top">top</a><a href="/">h</a>'
        '<map><area href="/impressum"></map>'
    )
    found = extract(markup.encode(), f"{SITE}/").links
    assert [(link.url, link.score) for link in found] == [
        (f"{SITE}/contact", 100),
        (f"{SITE}/impressum", 90),
        ("http://www.a.test/about", 70),
        (f"{SITE}/one", 10),
    ]


def test_frames_are_followed() -> None:
    found = extract(b'<frameset><frame src="main.html"></frameset>', f"{SITE}/").links
    assert [link.url for link in found] == [f"{SITE}/main.html"]


def test_the_frontier_offers_the_best_page_once() -> None:
    frontier = Frontier(max_depth=2)
    frontier.mark(f"{SITE}/")
    urls = ("/", "/a", "/a/", "/index.html", "/b")
    frontier.add([Link(SITE + url, 10) for url in urls], 1)
    frontier.add([Link(f"{SITE}/contact", 100)], 2)
    frontier.add([Link(f"{SITE}/deep", 100)], 3)
    assert frontier.leads_to_contacts
    order = [frontier.next().link.url for _ in range(len(frontier))]
    assert order == [f"{SITE}/contact", f"{SITE}/a", f"{SITE}/b"]
    assert not frontier.leads_to_contacts


def test_the_frontier_takes_few_addresses_that_differ_in_query_or_numbers_alone() -> None:
    frontier = Frontier(max_depth=1)
    frontier.add([Link(f"{SITE}/list?page={number}", 10) for number in range(50)], 1)
    assert len(frontier) == 3
    frontier.add([Link(f"{SITE}/2024/{number}", 10) for number in range(50)], 1)
    assert len(frontier) == 23


def test_the_frontier_is_bounded() -> None:
    frontier = Frontier(max_depth=1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    frontier.add([Link(f"{SITE}/{a}{b}{c}", 1) for a in letters for b in letters for c in "xyz"], 1)
    assert len(frontier) == 1000


def test_one_page_has_one_key() -> None:
    same = {"http://a.test", "https://www.a.test/", "http://a.test/index.php", "http://a.test/#x"}
    assert {page_key(url) for url in same} == {"a.test"}


def test_reads_sitemaps_and_sitemap_indexes() -> None:
    listed = "<urlset><url><loc> http://a.test/x?a&amp;b </loc></url></urlset>"
    assert locations(listed) == (["http://a.test/x?a&b"], False)
    index = "<sitemapindex><sitemap><loc><![CDATA[http://a.test/s.xml]]></loc></sitemap>"
    assert locations(index) == (["http://a.test/s.xml"], True)
    assert len(locations("<loc>http://a.test/</loc>" * 5000)[0]) == 1000
