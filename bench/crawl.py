"""Measures a crawl of 200 websites beside Scrapy: same server, same pages, each its own process.

    python -m bench.crawl

Ours reads every page whole (contacts, profiles, facts, links); Scrapy only follows links. The
server runs on one core and the crawler on another where the machine has two.
"""

import json
import os
import subprocess
import sys

SITES, PAGES, LATENCY_MS, PAGE_BYTES = 200, 15, 100, 47_000
PEER_SECONDS = 35
GOAL = 3.0  # times Scrapy's pages per second, in less memory

Row = dict[str, float]


def main() -> None:
    """Print a row for each crawler and their ratio."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    apart = len(cores) > 1
    server = _python("crawl_server", SITES, PAGES, LATENCY_MS, PAGE_BYTES, core=cores[1:2])
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        core = cores[:1] if apart else []
        ours = _measured("crawl_ours", port, SITES, PAGES, core=core)
        peer = _measured("crawl_scrapy", port, SITES, PEER_SECONDS, core=core)
    finally:
        server.communicate(timeout=10)
    print(f"{SITES} sites x {PAGES} pages of {PAGE_BYTES // 1000} KB, {LATENCY_MS} ms latency")
    for name, row in (("freshleads, full extraction", ours), ("scrapy, links only", peer)):
        rate = row["pages"] / row["seconds"]
        print(
            f"{name}: {row['pages']:.0f} pages in {row['seconds']:.1f} s = {rate:.0f} pages/s, "
            f"CPU {row['cpu']:.1f} s, peak {row['memory']:.0f} MB"
        )
    ratio = ours["pages"] / ours["seconds"] / (peer["pages"] / peer["seconds"])
    work = peer["cpu"] / peer["pages"] / (ours["cpu"] / ours["pages"])
    print(
        f"ratio: {ratio:.1f} x pages/s, {work:.1f} x pages per CPU second, "
        f"{ours['memory'] / peer['memory']:.2f} x memory"
    )
    complete = ours["pages"] == SITES * PAGES and not ours["wrong"]
    met = ratio >= GOAL and ours["memory"] < peer["memory"] and complete
    print(
        f"goal (>= {GOAL:.0f} x, less memory, all pages read right): {'met' if met else 'missed'}"
    )


def _measured(module: str, *arguments: int, core: list[int]) -> Row:
    process = _python(module, *arguments, core=core)
    output, _ = process.communicate("", timeout=80)
    row: Row = json.loads(output.splitlines()[-1])
    return row


def _python(module: str, *arguments: int, core: list[int]) -> subprocess.Popen[str]:
    """Start a part of the bench, on one core where `core` names one."""
    before = os.sched_getaffinity(0) if core else set()
    if core:
        os.sched_setaffinity(0, core)  # what it starts inherits it
    try:
        return subprocess.Popen(
            [sys.executable, "-m", f"bench.{module}", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    finally:
        if core:
            os.sched_setaffinity(0, before)


if __name__ == "__main__":
    main()
