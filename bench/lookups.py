"""How long the LeadGen API takes to answer, over HTTP, against websites 100 ms away.

    python -m bench.lookups [--latency-ms 100] [--sites 20]

Starts an installation of its own (SQLite, embedded, sandbox with latency), then asks
- crawl.php for websites of 15 pages and more, each for the first time and again;
- ads.php for queries of ten trades, each with up to 15 landing pages to read, and again;
- search.php, places/search.php and places/reviews.php, first and again;
- one website twenty times at once.
Beside crawl.php stands reading the same 15 pages one after the other with requests and
BeautifulSoup. Leaves with 1 where a cached answer costs credits or takes 20 ms, or where twenty
calls at once cost more than one.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import requests
from bs4 import BeautifulSoup

from bench.kills import free_port, wait_for_port
from freshleads.sandbox.entities import Business
from freshleads.sandbox.sites import site_pages
from freshleads.sandbox.world import build_world

PROJECT = Path(__file__).resolve().parent.parent
TRADES = (
    *("dentist", "plumber", "electrician", "restaurant", "lawyer", "accountant", "bakery"),
    *("hairdresser", "gym", "florist"),
)
PAGES = 15
CACHED_MS = 20.0
CALLS_AT_ONCE = 20
CREDITS = 100_000


class Service:
    """A running installation and a key for it."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(self, path: str, **query: Any) -> tuple[float, dict[str, Any]]:
        """Return the milliseconds a call took and its answer; raises for an error."""
        started = time.perf_counter()
        response = self.session.get(
            f"{self.url}/v2/api/v1/{path}", params={"api_key": self.key, **query}, timeout=180
        )
        took = (time.perf_counter() - started) * 1000
        answer = response.json()
        if answer["status"] != "success":
            raise SystemExit(f"{path} {query}: {response.status_code} {answer}")
        return took, answer


def large_sites(count: int) -> list[Business]:
    """Return businesses whose websites answer as they should and have 15 pages or more."""
    fit = [
        business
        for business in build_world(1).businesses
        if business.site
        and business.site.behaviour == "ordinary"
        and len(business.site.pages) >= PAGES
    ]
    return random.Random(1).sample(fit, min(count, len(fit)))


def measure(service: Service, path: str, queries: Sequence[dict[str, Any]]) -> bool:
    """Ask everything once and once more; print both; tell whether the second is as promised."""
    first = [service.ask(path, **query) for query in queries]
    again = [service.ask(path, **query) for query in queries]
    credits_first = sum(answer["credits_used"] for _, answer in first)
    credits_again = sum(answer["credits_used"] for _, answer in again)
    print(
        f"  {path:<20} {len(queries):>3} questions  first {spread([ms for ms, _ in first])}"
        f"  {credits_first:>4} credits   again {spread([ms for ms, _ in again])}"
        f"  {credits_again:>4} credits",
        flush=True,
    )
    # Ads are searched afresh with every call: only their landing pages come from the cache.
    if path == "ads.php":
        return True
    return credits_again == 0 and median(ms for ms, _ in again) < CACHED_MS


def spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    worst = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"p50 {median(ordered):7.1f} ms, p95 {worst:7.1f} ms"


def one_after_the_other(business: Business, port: int) -> float:
    """Return the milliseconds that requests and BeautifulSoup take for the same 15 pages."""
    assert business.site is not None
    session = requests.Session()
    session.trust_env = False
    started = time.perf_counter()
    for path in list(site_pages(business))[:PAGES]:
        answer = session.get(
            f"http://127.0.0.1:{port}{path}", headers={"Host": business.site.host}, timeout=30
        )
        BeautifulSoup(answer.content, "html.parser").get_text(" ")
    return (time.perf_counter() - started) * 1000


def at_once(service: Service, business: Business) -> bool:
    """Ask for one unread website twenty times at once; tell whether it cost once."""
    assert business.site is not None

    def ask(_: int) -> tuple[float, dict[str, Any]]:
        return Service(service.url, service.key).ask("crawl.php", domain=business.site.host)

    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        answers = list(pool.map(ask, range(CALLS_AT_ONCE)))
    costs = sorted(answer["credits_used"] for _, answer in answers)
    data = [json.dumps(answer["data"], sort_keys=True) for _, answer in answers]
    print(
        f"  {CALLS_AT_ONCE} calls at once: {spread([ms for ms, _ in answers])}, credits "
        f"{sum(costs)} in {sum(map(bool, costs))} of them, {len(set(data))} different answers",
        flush=True,
    )
    return sum(map(bool, costs)) == 1 and len(set(data)) == 1


def run(service: Service, sandbox_port: int, sites: int) -> bool:
    businesses = large_sites(sites + 1)
    extra = businesses.pop()
    crawls = [{"domain": business.site.host} for business in businesses if business.site]
    promises = [
        measure(service, "crawl.php", crawls),
        measure(service, "ads.php", [{"query": f"{trade} miami"} for trade in TRADES]),
        measure(service, "search.php", [{"query": f"{trade} miami"} for trade in TRADES]),
        measure(service, "places/search.php", [{"query": f"{trade} in Miami"} for trade in TRADES]),
    ]
    _, places = service.ask("places/search.php", query=f"{TRADES[0]} in Miami")
    ids = [{"place_id": place["place_id"]} for place in places["data"]["results"][:10]]
    promises.append(measure(service, "places/reviews.php", ids))
    promises.append(at_once(service, extra))
    slow = [one_after_the_other(business, sandbox_port) for business in businesses[:5]]
    print(f"  the same {PAGES} pages one by one, requests + BeautifulSoup: {spread(slow)}")
    return all(promises)


def with_installation(latency_ms: float, act: Callable[[Service, int], bool]) -> bool:
    """Start an installation in a folder of its own, act on it, and stop it."""
    with tempfile.TemporaryDirectory(prefix="freshleads-lookups-") as folder:
        port = free_port()
        values = {
            **os.environ,
            "PORT": str(port),
            "FRESHLEADS_DATA": folder,
            "FRESHLEADS_SANDBOX": "true",
            "FRESHLEADS_SANDBOX_LATENCY_MS": str(latency_ms),
            "DATABASE_URL": "",
            "REDIS_URL": "",
        }
        manage = [sys.executable, "manage.py"]
        with Path(folder, "up.log").open("wb") as log:
            group = subprocess.Popen([*manage, "up"], cwd=PROJECT, env=values, stdout=log)
            try:
                wait_for_port(port)
                made = subprocess.check_output(
                    [
                        *(*manage, "make_workspace", "bench@example.org", "--plan", "agency"),
                        *("--password", "a-long-password", "--credits", str(CREDITS)),
                    ],
                    cwd=PROJECT,
                    env=values,
                )
                service = Service(f"http://127.0.0.1:{port}", json.loads(made)["api_key"])
                return act(service, sandbox_port(Path(folder)))
            finally:
                group.terminate()
                group.wait(30)


def sandbox_port(folder: Path) -> int:
    """Return where the sandbox serves websites, as its command line says."""
    pids = json.loads((folder / "processes.json").read_text())
    words = Path(f"/proc/{pids['all']}/environ").read_bytes().split(b"\0")
    values = dict(word.decode().partition("=")[::2] for word in words if word)
    return int(values["FRESHLEADS_SANDBOX_WEB_PORT"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--latency-ms", type=float, default=100.0)
    parser.add_argument("--sites", type=int, default=20)
    options = parser.parse_args()
    print(f"Every answer of the sandbox takes {options.latency_ms:g} ms longer.", flush=True)
    kept = with_installation(
        options.latency_ms, lambda service, port: run(service, port, options.sites)
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
