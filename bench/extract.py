"""Measures the reading of one page beside BeautifulSoup (html.parser), and of hostile pages.

    python -m bench.extract

Both read the same generated pages of about 130 KB in the same process, one after the other.
"""

import re
import statistics
from collections.abc import Callable
from time import perf_counter, process_time

from bs4 import BeautifulSoup

from bench.pages import business_page, hostile_pages
from leads.crawler.extraction import extract

PAGES = 120
PEER_PAGES = 20
GOALS = {"p50": 3.0, "p99": 50.0, "hostile": 100.0}  # milliseconds a page
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def soup_extract(body: bytes) -> tuple[str, set[str], list[str]]:
    """Do what a plain crawler does: title, links, and addresses in links and visible text."""
    soup = BeautifulSoup(body, "html.parser")
    for node in soup(["script", "style"]):
        node.decompose()
    links = [str(node["href"]) for node in soup.find_all("a", href=True)]
    emails = {link[7:].partition("?")[0] for link in links if link.startswith("mailto:")}
    emails |= set(EMAIL.findall(soup.get_text("\n")))
    title = soup.title.get_text() if soup.title else ""
    return title, emails, links


def main() -> None:
    """Print p50 and p99 of both readers, the ratio, and the slowest hostile pages."""
    pages = [business_page(number).encode() for number in range(PAGES)]
    extract(pages[0], "http://warm.test/")
    size = statistics.mean(map(len, pages)) / 1000
    ours = [_timed(lambda n=n, page=page: _check(n, page)) for n, page in enumerate(pages)]
    theirs = [_timed(lambda page=page: soup_extract(page)) for page in pages[:PEER_PAGES]]
    p50, p99 = _percentile(ours, 50), _percentile(ours, 99)
    peer = _percentile(theirs, 50)
    print(f"pages of {size:.0f} KB: ours p50 {p50:.2f} ms, p99 {p99:.2f} ms ({PAGES} pages)")
    print(f"BeautifulSoup + html.parser: p50 {peer:.2f} ms ({PEER_PAGES} pages)")
    print(f"ratio at p50: {peer / p50:.1f} x")
    hostile = [
        (_timed(lambda page=page: extract(page.encode(), "http://bad.test/")), name)
        for name, page in hostile_pages()
    ]
    for milliseconds, name in sorted(hostile, reverse=True)[:8]:
        print(f"hostile 300 KB, {name}: {milliseconds:.1f} ms")
    worst = max(hostile)[0]
    met = p50 <= GOALS["p50"] and p99 <= GOALS["p99"] and worst <= GOALS["hostile"]
    print(f"goals (p50 3 ms, p99 50 ms, hostile 100 ms): {'met' if met else 'missed'}")


def _check(number: int, page: bytes) -> None:
    """Read one page; a reader that is fast because it misses contacts must not look good."""
    host = f"business-{number}.test"
    facts = extract(page, f"http://{host}/", "text/html", "US")
    found = {finding.value for finding in facts.emails}
    expected = {f"{local}@{host}" for local in ("info", "sales", "office", "desk")}
    if found != expected or len(facts.socials) != 2 or not facts.phones:
        raise SystemExit(f"page {number} was read wrongly: {sorted(found)}")


def _timed(action: Callable[[], object]) -> float:
    """Return the milliseconds one call takes: CPU time, which other work does not disturb."""
    started, wall = process_time(), perf_counter()
    action()
    return min(process_time() - started, perf_counter() - wall) * 1000


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
