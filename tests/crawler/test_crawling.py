"""Whole crawls of one scripted website: order, limits, politeness, faults."""

from typing import Any, BinaryIO

import pytest

from leads.crawler.results import SiteReport
from tests.crawler.crawls import MAIL, PHONE, Answers, Options, crawl, links, visited


def test_contact_like_pages_come_first_then_the_rest(
    web: Any, answer: Answers, options: Options
) -> None:
    paths = ("/blog", "/prices", "/privacy", "/about-us", "/contact", "/impressum")
    web.site("a.test", home=answer(links(*paths)))
    for path in paths:
        web.pages["a.test", path] = answer("<p>x")
    report = crawl(web, options())
    assert report.outcome == "ok"
    assert visited(report) == [
        *("/", "/contact", "/impressum", "/about-us", "/privacy", "/prices", "/blog")
    ]
    assert web.paths("a.test")[0] == "/robots.txt"


def test_stops_once_an_own_address_and_a_phone_are_known(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/contact", "/one", "/two")))
    web.site("a.test", contact=answer(MAIL + PHONE), one=answer("1"), two=answer("2"))
    report = crawl(web, options())
    assert visited(report) == ["/", "/contact"]
    assert [(one.value, one.url, one.method) for one in report.emails] == [
        ("info@a.test", "http://a.test/contact", "mailto")
    ]
    assert [one.value for one in report.phones] == ["+13055550123"]
    assert visited(crawl(web, options(full=True))) == ["/", "/contact", "/one", "/two"]


def test_an_address_of_another_domain_does_not_stop_the_crawl(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer("<p>owner@gmail.com</p>" + PHONE + links("/contact", "/one")))
    web.site("a.test", contact=answer("x"), one=answer("info@a.test"))
    report = crawl(web, options())
    assert [one.value for one in report.emails] == ["info@a.test", "owner@gmail.com"]


def test_visits_no_more_pages_than_allowed_and_no_deeper(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/d1", *(f"/p{letter}" for letter in "abcdefghijkl"))))
    web.site("a.test", d1=answer(links("/d2")), d2=answer(links("/d3")), d3=answer(links("/d4")))
    assert len(crawl(web, options(max_pages=5)).pages) == 5
    deep = visited(crawl(web, options(max_pages=50)))
    assert "/d3" in deep
    assert "/d4" not in deep


def test_stays_on_the_site(web: Any, answer: Answers, options: Options) -> None:
    web.site("a.test", home=answer(links("http://b.test/x", "//c.test/", "mailto:x", "/file.pdf")))
    web.pages["a.test", "/leave"] = answer(status=302, Location="http://b.test/")
    crawl(web, options())
    assert {host for host, _ in web.asked} == {"a.test"}


def test_a_home_page_that_moved_is_followed_and_becomes_the_site(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(status=301, Location="http://new.test/"))
    web.site("new.test", home=answer("info@new.test" + PHONE + links("/contact")))
    report = crawl(web, options())
    assert report.final_url == "http://new.test/"
    assert visited(report) == ["/", "/contact"]
    assert web.paths("new.test")[0] == "/robots.txt"


def test_guesses_contact_pages_only_where_none_is_linked(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/one")), one=answer("x"), contact=answer(MAIL))
    assert visited(crawl(web, options())) == ["/", "/contact", "/impressum", "/one"]
    web.site("a.test", home=answer(links("/one", "/kontakt")), kontakt=answer("x"))
    assert visited(crawl(web, options())) == ["/", "/kontakt", "/one"]


def test_reads_the_sitemap_where_the_home_page_leads_nowhere(
    web: Any, answer: Answers, options: Options
) -> None:
    index = "<sitemapindex><sitemap><loc>http://a.test/pages.xml</loc></sitemap></sitemapindex>"
    pages = (
        "<urlset><url><loc>http://a.test/x</loc></url><url><loc>http://a.test/contact-us</loc>"
        "</url><url><loc>http://evil.test/</loc></url></urlset>"
    )
    web.site("a.test", home=answer("<p>Welcome"), x=answer("x"))
    web.pages["a.test", "/sitemap.xml"] = answer(index, content_type="application/xml")
    web.pages["a.test", "/pages.xml"] = answer(pages, content_type="application/xml")
    web.pages["a.test", "/contact-us"] = answer(MAIL)
    report = crawl(web, options())
    assert visited(report) == ["/", "/contact-us", "/x"]
    assert [one.value for one in report.emails] == ["info@a.test"]
    assert web.paths("evil.test") == []


def test_robots_keep_it_from_pages_and_from_sites(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/contact", "/about")), about=answer("x"))
    web.pages["a.test", "/robots.txt"] = answer("User-agent: FreshLeadsBot\nDisallow: /contact")
    assert visited(crawl(web, options())) == ["/", "/about"]
    assert "/contact" not in web.paths("a.test")
    web.pages["a.test", "/robots.txt"] = answer("User-agent: *\nDisallow: /")
    web.asked.clear()
    report = crawl(web, options())
    assert (report.outcome, report.error) == ("forbidden_by_robots", "forbidden_by_robots")
    assert web.paths("a.test") == ["/robots.txt"]


@pytest.mark.parametrize(
    ("robots", "outcome", "error"),
    [
        ({"status": 503}, "forbidden_by_robots", "robots_unavailable"),
        ({"status": 403}, "ok", None),
        ({"status": 302, "Location": "/robots.txt"}, "ok", None),
    ],
)
def test_a_robots_file_that_fails(
    web: Any, answer: Answers, options: Options, robots: Any, outcome: str, error: str | None
) -> None:
    web.site("a.test", home=answer("<p>Hi"))
    web.pages["a.test", "/robots.txt"] = answer(**robots)
    report = crawl(web, options())
    assert (report.outcome, report.error) == (outcome, error)


def test_a_redirect_into_what_robots_forbid_is_not_followed(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(status=302, Location="http://b.test/in"))
    web.pages["b.test", "/robots.txt"] = answer("User-agent: *\nDisallow: /in")
    assert crawl(web, options()).outcome == "forbidden_by_robots"
    assert web.paths("b.test") == ["/robots.txt"]


def test_waits_between_requests_as_long_as_robots_ask(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/one")), one=answer("x"))
    web.pages["a.test", "/robots.txt"] = answer("User-agent: *\nCrawl-delay: 0.3")
    crawl(web, options(delay=0.1, max_pages=3))
    gaps = [later - earlier for earlier, later in zip(web.times, web.times[1:], strict=False)]
    assert all(gap >= 0.29 for gap in gaps)
    assert web.most_open["a.test"] == 1


@pytest.mark.parametrize(
    ("page", "outcome", "error"),
    [
        ({"status": 404}, "unreachable", "http_404"),
        ({"status": 500}, "unreachable", "http_500"),
        ({"status": 302, "Location": "http://127.0.0.1/"}, "refused", "address_refused"),
        ({"status": 302, "Location": "/"}, "unreachable", "too_many_redirects"),
        ({"body": "", "content_type": "application/pdf"}, "empty", None),
        ({"body": ""}, "empty", None),
    ],
)
def test_a_home_page_that_cannot_be_read(
    web: Any, answer: Answers, options: Options, page: Any, outcome: str, error: str | None
) -> None:
    web.site("a.test", home=answer(**page))
    report = crawl(web, options())
    assert (report.outcome, report.error) == (outcome, error)
    assert (report.emails, report.phones, report.socials) == ((), (), ())


@pytest.mark.parametrize(
    ("url", "outcome", "error"),
    [
        ("http://127.0.0.1/", "refused", "address_refused"),
        ("http://nowhere.invalid/", "unreachable", "host_not_found"),
        ("ftp://a.test/", "refused", "invalid_url"),
        ("http://a.test:99/", "refused", "address_refused"),
        ("", "refused", "invalid_url"),
    ],
)
def test_an_address_that_leads_nowhere(
    web: Any, options: Options, url: str, outcome: str, error: str
) -> None:
    report = crawl(web, options(), url)
    assert (report.outcome, report.error, report.pages) == (outcome, error, ())
    assert web.asked == []


def test_a_website_that_is_a_profile_is_named_and_not_crawled(web: Any, options: Options) -> None:
    report = crawl(web, options(), "https://www.facebook.com/bright/?x=1")
    assert (report.outcome, report.error) == ("empty", "social_profile")
    assert [(one.network, one.value) for one in report.socials] == [
        ("facebook", "https://www.facebook.com/bright")
    ]


def test_without_a_scheme_https_is_tried_before_http(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer("info@a.test"))
    report = crawl(web, options(), "a.test")
    assert (report.outcome, report.final_url) == ("ok", "http://a.test/")


def test_an_old_deep_link_falls_back_to_the_home_page(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer("info@a.test"))
    report = crawl(web, options(), "http://a.test/old/index.html")
    assert (report.outcome, report.final_url) == ("ok", "http://a.test/")


def test_comes_back_once_when_asked_to_wait_a_moment(
    web: Any, answer: Answers, options: Options
) -> None:
    asked = []

    def busy(out: BinaryIO) -> None:
        asked.append(1)
        page = answer("x", status=429, Retry_After="0") if len(asked) == 1 else answer(MAIL)
        out.write(page)

    web.site("a.test", home=busy)
    assert [one.value for one in crawl(web, options()).emails] == ["info@a.test"]
    assert len(asked) == 2


def test_a_report_survives_json(web: Any, answer: Answers, options: Options) -> None:
    web.site("a.test", home=answer(f"<title>A</title>{MAIL}{PHONE}" + links("https://x.com/a")))
    report = crawl(web, options())
    assert report.socials
    assert SiteReport.from_dict(report.to_dict()) == report
