"""Checks a running service against the published pages of the LeadGen API, line by line.

    python -m bench.contract --spec FILE --url http://127.0.0.1:8000 --key KEY

FILE is the text of those pages, which is no part of this project; a file `leadgen.md` beside it
completes what they leave out. The service should run on the sandbox and be new: what is asked here
must not be in its caches. Leaves with 1 where something does not hold.
"""

import argparse
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.contract_checks import Check, Checker, Service
from bench.contract_rules import (
    check_errors,
    check_leads,
    check_prices,
    check_sources,
    unprovoked,
)
from bench.contract_text import Contract, read_contract
from freshleads.sandbox.truth import site_truth
from freshleads.sandbox.world import build_world

DIFFERENCES = {
    "every endpoint": (
        "at most as many requests a minute as the plan has, then 429 rate_limited: the pages "
        "have no limit for now, their completion has one",
        "Authorization: Bearer works too; user_id is accepted and ignored",
        "unknown and doubled parameters are refused (invalid_param), empty ones count as left "
        "out: a misspelt one should not change an answer silently",
        "codes not_found, method_not_allowed, rate_limited and server_error besides those of "
        "the table: for what the pages say nothing of",
        "a body over 1 MiB is 400 invalid_param: the table has no 413",
        "a key over plain http:// is refused where the installation runs on https://",
    ),
    "paid endpoints": (
        "no HEAD: nobody should pay for an answer without a body",
        "at most 24 requests of a workspace wait at once, then 429 rate_limited: other "
        "requests need threads too",
    ),
    "search.php": ("answered_by is there where an engine with its own index stood in",),
    "places/search.php": ('"details": false marks a place that the credits did not suffice for',),
    "leads.php": (
        "an entry with an unknown field is refused with its reason, not added without it",
    ),
    "projects.php": ("campaigns is always empty: campaigns are a later part",),
    "accounts.php, campaigns.php, campaigns/...": ("404 not_found: a later part",),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--poor-key", default="", help="a key whose workspace has no credits")
    options = parser.parse_args()
    additions = options.spec.with_name("leadgen.md")
    contract = read_contract(options.spec, additions if additions.exists() else None)
    service = Service(options.url, options.key)
    failed = total = 0
    for check in run(service, contract, poor_key=options.poor_key):
        total += 1
        failed += not check.holds
        found = "" if check.holds else f" -- found {check.found[:300]}"
        print(f"{'ok  ' if check.holds else 'FAIL'} {check.path:20} {check.words}{found}")
    print(f"\n{total} checks, {failed} failed")
    print("not provoked from outside:", *unprovoked(contract, poor_key=options.poor_key))
    print("\nIntended differences:")
    for where, differences in DIFFERENCES.items():
        for words in differences:
            print(f"  {where}: {words}")
    sys.exit(1 if failed else 0)


def run(service: Service, contract: Contract, *, poor_key: str = "") -> Iterator[Check]:
    """Yield every check of a service that runs on the sandbox."""
    salt = secrets.token_hex(4)
    host = next(good_hosts())
    project = service.post("projects.php", {"name": f"Contract {salt}"}).data["id"]
    place = service.get("places/search.php", query="dentists", location="Miami, FL")
    place_ids = [row["place_id"] for row in place.data["results"]]
    queries: dict[str, dict[str, Any]] = {
        "search.php": {"query": "dentist miami"},
        "crawl.php": {"domain": host},
        "ads.php": {"query": "dentist miami"},
        "places/search.php": {"query": "plumbers", "location": "Miami, FL"},
        "places/reviews.php": {"place_id": place_ids[0]},
    }
    yield from check_prices(service, queries)
    yield from check_sources(service, queries)
    yield from check_leads(service, contract.endpoints["leads.php"].rows, salt=salt)
    lead = {"email": f"john.smith+{salt}@example.com"}
    good: dict[tuple[str, str], dict[str, Any]] = {
        **{("GET", path): query for path, query in queries.items()},
        ("GET", "projects.php"): {},
        ("POST", "projects.php"): {"name": f"Another {salt}"},
        ("GET", "leads.php"): {"project_id": project},
        ("POST", "leads.php"): {"project_id": project, "leads": [lead]},
        ("POST", "verify.php"): {"emails": [lead["email"]]},
    }
    yield from Checker(service, contract, good).run()
    yield from check_errors(
        service, contract, poor_key=poor_key, dead_site="https://nowhere-at-all.com"
    )


def good_hosts() -> Iterator[str]:
    """Yield the names of ordinary websites of the sandbox that show several addresses."""
    for business in build_world().businesses:
        is_ordinary = business.site and business.site.behaviour == "ordinary"
        if business.site and is_ordinary and len(site_truth(business).emails) > 2:
            yield business.site.host


if __name__ == "__main__":
    main()
