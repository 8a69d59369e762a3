"""The crawler reaches no address inside: not from its start, a link, a redirect or a rebound name.

Each test tries all of `spellings` at once; `network` notes every connection that is tried, and the
canary counts who comes in.
"""

import html
from collections.abc import Callable, Sequence

import pytest

from freshleads.lib.addresses import AddressPolicy
from leads.crawler import fetching
from leads.crawler.crawling import crawl_sites
from leads.crawler.options import CrawlOptions, SiteRequest
from leads.crawler.results import SiteReport
from tests.crawler.conftest import Web, http
from tests.ssrf.conftest import PUBLIC_IP, Canary, Network
from tests.ssrf.spellings import INSIDE_IPV4, INSIDE_IPV6, inside_urls, numeric_spellings

INSIDE = (*INSIDE_IPV4, *INSIDE_IPV6)
REFUSALS = {"address_refused", "host_not_found", "invalid_url"}

Crawl = Callable[..., list[SiteReport]]


@pytest.fixture
def crawl(network: Network, canary: Canary) -> Crawl:
    """Return a function that crawls websites with the canary's port among the allowed ones."""

    def run(urls: Sequence[str], allowed: Sequence[str] = ()) -> list[SiteReport]:
        reports: dict[str, SiteReport] = {}
        crawl_sites(
            [SiteRequest(url, key=str(number)) for number, url in enumerate(urls)],
            policy=AddressPolicy(network, (), allowed, frozenset({80, 443, canary.port})),
            options=CrawlOptions("FreshLeadsBot/1.0", delay=0.0, page_timeout=20.0),
            on_report=lambda request, report: reports.update({request.key: report}),
        )
        return [reports[str(number)] for number in range(len(urls))]

    return run


@pytest.fixture
def public_web(web: Web, network: Network) -> Web:
    """Websites at the public address, at its port 80."""
    network.servers[80] = web.port
    return web


def shops(web: Web, targets: Sequence[str], pages: Callable[[str], dict[str, bytes]]) -> list[str]:
    """Add a website for each target; returns their home pages."""
    for number, target in enumerate(targets):
        web.site(f"shop{number}.example.com", **pages(target))
    return [f"http://shop{number}.example.com/" for number in range(len(targets))]


# --- what the crawler is given, and what it reads ---------------------------------------------


def test_no_website_to_start_from_leads_inside(
    crawl: Crawl, canary: Canary, network: Network
) -> None:
    urls = list(inside_urls(canary.port))
    others = [
        url.replace("http://", scheme, 1) for url in urls for scheme in ("https://", "", "//")
    ]
    reports = crawl([*urls, *others])
    assert len(reports) > 1100
    assert {report.error for report in reports} <= REFUSALS
    assert {report.outcome for report in reports} == {"refused", "unreachable"}
    assert (network.tried, canary.visits) == ([], 0)


def test_every_numeric_spelling_does_lead_to_the_canary_once_loopback_is_allowed(
    crawl: Crawl, canary: Canary
) -> None:
    spellings = list(numeric_spellings("127.0.0.1"))
    for spelling in spellings:
        before = canary.visits
        crawl([f"http://{spelling.host}:{canary.port}/"], allowed=["127.0.0.0/8"])
        assert canary.visits > before, spelling.trick


@pytest.mark.parametrize("page", ["robots.txt", "home", "contact", "sitemap.xml"])
def test_no_page_of_a_public_website_redirects_inside(
    crawl: Crawl, canary: Canary, network: Network, public_web: Web, page: str
) -> None:
    port = canary.port
    targets = [
        *inside_urls(port),
        f"//127.0.0.1:{port}/",
        f"///127.0.0.1:{port}/",
        f"\\\\127.0.0.1:{port}/",
        f"http:127.0.0.1:{port}/",
        "file:///etc/passwd",
        f"gopher://127.0.0.1:{port}/_INFO",
    ]
    home = http("Hello" if page == "sitemap.xml" else '<a href="/contact">Contact</a>')

    def pages(target: str) -> dict[str, bytes]:
        return {"home": home, "contact": http("x"), page: http(status=302, Location=target)}

    crawl(shops(public_web, targets, pages))
    path = "/" if page == "home" else f"/{page}"
    assert sum(asked == path for _, asked in public_web.asked) >= len(targets)
    assert (network.inside, canary.visits) == ([], 0)


@pytest.mark.parametrize("element", ["sitemapindex", "urlset"])
def test_no_link_of_a_public_website_leads_inside(
    crawl: Crawl, canary: Canary, network: Network, public_web: Web, element: str
) -> None:
    def pages(target: str) -> dict[str, bytes]:
        url = html.escape(target)
        return {
            "robots.txt": http(f"User-agent: *\nAllow: /\nSitemap: {target}sitemap.xml\n"),
            "sitemap.xml": http(f"<{element}><loc>{url}</loc><loc>{url}contact</loc></{element}>"),
            "home": http(
                f'<meta http-equiv="refresh" content="0;url={url}"><link rel="canonical" '
                f'href="{url}"><script src="{url}a.js"></script><img src="{url}a.png">'
                f'<base href="{url}"><a href="contact">Contact</a><a href="{url}contact">Contact'
                f'</a><iframe src="{url}"></iframe><form action="{url}"><input></form>'
            ),
        }

    homes = shops(public_web, list(inside_urls(canary.port)), pages)
    reports = crawl(homes)
    assert all(report.pages[0].status == 200 for report in reports)
    assert sum(path == "/sitemap.xml" for _, path in public_web.asked) > 0.9 * len(homes)
    assert (network.inside, canary.visits) == ([], 0)


# --- names, honest and rebound ----------------------------------------------------------------


def test_no_name_of_a_website_leads_inside_nor_one_with_a_good_address_besides(
    crawl: Crawl, canary: Canary, network: Network, public_web: Web
) -> None:
    def pages(address: str) -> dict[str, bytes]:
        number = INSIDE.index(address)
        network.name(f"bad.shop{number}.example.com", [address])
        network.name(f"mixed.shop{number}.example.com", [PUBLIC_IP, address])
        links = "".join(
            f'<a href="http://{name}.shop{number}.example.com:{port}/contact">Contact</a>'
            for name in ("bad", "mixed")
            for port in (80, canary.port)
        )
        return {"home": http(links)}

    homes = shops(public_web, INSIDE, pages)
    reports = crawl(homes)
    for report in reports:
        assert [visit.outcome for visit in report.pages] == ["ok"]
    assert {name.partition(".")[0] for name in network.lookups} >= {"bad", "mixed"}
    doors = [home.replace("shop", f"{name}.shop") for home in homes for name in ("bad", "mixed")]
    reports = crawl(doors)
    assert {(report.outcome, report.error) for report in reports} == {
        ("refused", "address_refused")
    }
    assert (network.inside, canary.visits) == ([], 0)


def test_a_name_rebound_after_the_check_is_connected_to_where_it_was_checked(
    crawl: Crawl, canary: Canary, network: Network
) -> None:
    for number, address in enumerate(INSIDE):
        network.name(f"shop{number}.example.com", [PUBLIC_IP], [address])
    homes = [f"http://shop{number}.example.com:{canary.port}/" for number in range(len(INSIDE))]
    reports = crawl(homes)
    assert {report.error for report in reports} == {"connection_failed"}
    assert network.tried == [(PUBLIC_IP, canary.port)] * len(INSIDE)
    assert len(network.lookups) == len(INSIDE)
    assert canary.visits == 0


@pytest.mark.parametrize(
    ("seconds", "outcome", "lookups"), [(0, "refused", 2), (fetching.DNS_SECONDS, "ok", 1)]
)
def test_a_name_rebound_between_two_requests_is_checked_again_or_not_asked_again(
    crawl: Crawl,
    canary: Canary,
    network: Network,
    public_web: Web,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    outcome: str,
    lookups: int,
) -> None:
    monkeypatch.setattr(fetching, "DNS_SECONDS", seconds)

    def pages(address: str) -> dict[str, bytes]:
        network.name(f"shop{INSIDE.index(address)}.example.com", [PUBLIC_IP], [address])
        return {
            "robots.txt": http("", Connection="close"),
            "home": http("Call +1 305 555 0111", Connection="close"),
        }

    reports = crawl(shops(public_web, INSIDE, pages))
    assert {report.outcome for report in reports} == {outcome}
    assert len(network.lookups) == lookups * len(INSIDE)
    assert (network.inside, canary.visits) == ([], 0)
