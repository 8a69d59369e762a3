"""Crawls of many websites at once: deadlines, faults of one, cancellation, concurrency."""

import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, BinaryIO

import pytest

from leads.crawler import visiting
from leads.crawler.crawling import SiteRequest, crawl_site, crawl_sites
from leads.crawler.results import SiteReport
from tests.crawler.crawls import MAIL, Answers, Options, crawl, late, links


def test_the_deadline_of_a_site_keeps_what_was_found(
    web: Any, answer: Answers, options: Options
) -> None:
    def slow(out: BinaryIO) -> None:
        sleep(2)

    web.site("a.test", home=answer(MAIL + links("/contact")), contact=slow)
    started = monotonic()
    report = crawl(web, options(site_deadline=0.5))
    assert monotonic() - started < 6
    assert (report.outcome, report.error) == ("ok", "site_deadline")
    assert [one.value for one in report.emails] == ["info@a.test"]


def test_one_site_that_fails_harms_no_other(
    web: Any, answer: Answers, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = visiting.extract  # type: ignore[attr-defined]

    def extract(body: bytes, url: str, *rest: str) -> Any:
        if "bad" in url:
            raise ZeroDivisionError
        return real(body, url, *rest)

    monkeypatch.setattr(visiting, "extract", extract)
    reports: dict[str, SiteReport] = {}
    for host in ("a.test", "bad.test", "c.test"):
        web.site(host, home=answer(f"info@{host}"))
    requests = [
        SiteRequest(f"http://{host}/", "US", host) for host in ("a.test", "bad.test", "c.test")
    ]
    crawl_sites(
        requests,
        policy=web.policy(),
        options=options(),
        on_report=lambda request, report: reports.update({request.key: report}),
    )
    outcomes = {key: (report.outcome, report.error) for key, report in reports.items()}
    assert outcomes == {
        "a.test": ("ok", None),
        "bad.test": ("failed", "internal_error"),
        "c.test": ("ok", None),
    }


def test_reports_each_site_in_the_callers_thread_as_it_ends(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("fast.test", home=answer("x"))
    web.site("slow.test", home=lambda out: late(out, answer("x")))
    seen: list[tuple[str, int]] = []
    crawl_sites(
        [SiteRequest("http://slow.test/"), SiteRequest("http://fast.test/")],
        policy=web.policy(),
        options=options(max_pages=1),
        on_report=lambda request, _: seen.append((request.url, threading.get_ident())),
    )
    here = threading.get_ident()
    assert seen == [("http://fast.test/", here), ("http://slow.test/", here)]


def test_crawls_sites_at_the_same_time_within_the_concurrency(
    web: Any, answer: Answers, options: Options
) -> None:
    def slow(out: BinaryIO) -> None:
        sleep(0.3)
        with suppress(OSError):
            out.write(answer("x"))

    hosts = [f"s{number}.test" for number in range(6)]
    for host in hosts:
        web.site(host, home=slow)
    requests = [SiteRequest(f"http://{host}/") for host in hosts]

    def seconds(concurrency: int) -> float:
        started = monotonic()
        crawl_sites(
            requests,
            policy=web.policy(),
            options=options(max_pages=1, concurrency=concurrency),
            on_report=lambda *_: None,
        )
        return monotonic() - started

    assert seconds(6) < 1.2
    assert seconds(2) >= 0.9


def test_stops_within_half_a_second_when_asked_to(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=lambda out: sleep(3))
    started = monotonic()
    report = crawl_site(
        SiteRequest("http://a.test/"),
        policy=web.policy(),
        options=options(),
        should_stop=lambda: monotonic() - started > 0.3,
    )
    assert monotonic() - started < 4.8
    assert (report.outcome, report.error) == ("failed", "stopped")


def test_what_the_caller_raises_ends_the_crawl(web: Any, answer: Answers, options: Options) -> None:
    web.site("a.test", home=answer("x"))

    def refuse(request: SiteRequest, report: SiteReport) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        crawl_sites(
            [SiteRequest("http://a.test/")],
            policy=web.policy(),
            options=options(),
            on_report=refuse,
        )


def test_no_sites_are_no_work(web: Any, options: Options) -> None:
    crawl_sites([], policy=web.policy(), options=options(), on_report=lambda *_: None)


def test_one_host_in_two_requests_is_asked_one_thing_at_a_time(
    web: Any, answer: Answers, options: Options
) -> None:
    web.site("a.test", home=answer(links("/one")), one=answer("x"))
    crawl_sites(
        [SiteRequest("http://a.test/"), SiteRequest("http://a.test/one")],
        policy=web.policy(),
        options=options(),
        on_report=lambda *_: None,
    )
    assert web.most_open["a.test"] == 1
    assert web.paths("a.test").count("/robots.txt") == 1
