"""What people type and vendors sell leads nowhere inside: websites, places, what is searched for.

Each test tries all of `spellings` through a whole search on the policy of a real installation;
`network` notes every connection that is tried, and the canary counts who comes in.
"""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from freshleads.billing.models import Plan
from freshleads.lib.errors import InvalidInput
from freshleads.users import keys
from freshleads.users.models import User, Workspace
from leads import editing, registry, running
from leads.models import Lead, Search, SearchLead, SiteCrawl
from tests.crawler.conftest import Web, http
from tests.ssrf.conftest import LOOPBACK, Canary, Install, Network, Vendor
from tests.ssrf.spellings import all_spellings, inside_urls

Start = Callable[..., Search]
RunToEnd = Callable[[Search], Search]

NEVER_READ = {("skipped", "no_website"), ("done", "refused"), ("done", "unreachable")}


def outcomes(search: Search) -> list[tuple[str, str]]:
    """Return what became of each website, in the order of the places."""
    return list(search.results.order_by("lead__pk").values_list("crawl", "crawl_outcome"))


# --- the website of a place -------------------------------------------------------------------


def test_no_website_of_a_place_leads_inside(
    canary: Canary,
    network: Network,
    vendor: Vendor,
    install: Install,
    start: Start,
    run_to_end: RunToEnd,
) -> None:
    install(canary.port)
    websites = list(inside_urls(canary.port))
    vendor.sell(*websites)
    search = run_to_end(start(limit=400))
    assert (search.status, search.results.count()) == ("completed", len(websites))
    assert set(outcomes(search)) == NEVER_READ
    assert search.results.filter(crawl=SearchLead.Work.DONE).count() > 200
    assert not Lead.objects.exclude(email="", phone="", description="").exists()
    assert (network.inside, canary.visits) == ([], 0)


def test_such_a_website_is_read_once_the_operator_allows_loopback(
    canary: Canary, vendor: Vendor, install: Install, start: Start, run_to_end: RunToEnd
) -> None:
    install(canary.port, allowed=("127.0.0.0/8",))
    vendor.sell(f"http://2130706433:{canary.port}/")
    run_to_end(start())
    assert canary.visits > 0


def test_an_open_port_inside_looks_like_a_closed_one(
    canary: Canary,
    network: Network,
    web: Web,
    vendor: Vendor,
    install: Install,
    start: Start,
    run_to_end: RunToEnd,
) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        closed = listener.getsockname()[1]
    install(canary.port, closed)
    network.servers[80] = web.port
    websites = []
    for state, port in (("open", canary.port), ("closed", closed)):
        for number, host in enumerate(("127.0.0.1", "[::1]", "0x7f.1", "localhost", "a.test")):
            websites.append(f"http://{host}:{port}/")
            for page in ("home", "robots.txt"):
                site = f"{state}-{number}-{page}.example.com"
                web.site(site, **{page: http(status=302, Location=f"http://{host}:{port}/")})
                websites.append(f"http://{site}/")
            network.name(f"{state}-{number}.example.com", [LOOPBACK])
            websites.append(f"http://{state}-{number}.example.com:{port}/")
    vendor.sell(*websites)
    search = run_to_end(start(limit=100))
    seen = outcomes(search)
    kept = {crawl.url: told_of(crawl) for crawl in SiteCrawl.objects.all()}
    told = [kept[lead.website] for lead in Lead.objects.order_by("pk")]
    half = len(websites) // 2
    assert seen[:half] == seen[half:]
    assert told[:half] == told[half:]
    assert {error for _, error, _ in told} == {"address_refused", "host_not_found"}
    assert (network.inside, canary.visits) == ([], 0)


def told_of(crawl: SiteCrawl) -> tuple[Any, ...]:
    """Return all that is kept of a crawl but its addresses and times."""
    visits = [(page["status"], page["size"], page["outcome"]) for page in crawl.report["pages"]]
    return crawl.outcome, crawl.report["error"], visits


# --- what a person types ----------------------------------------------------------------------


def test_no_website_that_is_typed_leads_inside(
    canary: Canary,
    network: Network,
    vendor: Vendor,
    install: Install,
    start: Start,
    run_to_end: RunToEnd,
    alice: User,
    workspace: Workspace,
) -> None:
    install(canary.port)
    Plan.objects.update(requests_per_minute=100_000)
    credential = keys.create_key(workspace, created_by=alice, name="Typist")[1]
    websites = list(inside_urls(canary.port))
    vendor.sell(*[""] * len(websites))
    search = start(limit=400)
    while search.stage == Search.Stage.DISCOVERING:
        running.advance(search.pk)
        search.refresh_from_db()
    typed = 0
    for lead, website in zip(Lead.objects.order_by("pk"), websites, strict=True):
        status = patch(credential, lead, website)
        assert (status == 200) is type_website(workspace, lead, website), website
        typed += status == 200
    assert typed > 200
    assert network.inside == []
    run_to_end(search)
    assert (search.status, set(outcomes(search))) == ("completed", NEVER_READ)
    assert search.results.filter(crawl=SearchLead.Work.DONE).count() == typed
    assert (network.inside, canary.visits) == ([], 0)


def patch(credential: str, lead: Lead, website: str) -> int:
    """Type the website of a lead through the API; returns the status, 200 or 400."""
    response = Client().patch(
        f"/api/v1/leads/{lead.public_id}",
        json.dumps({"website": website}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {credential}"},
    )
    shown = response.json()
    if response.status_code == 200:
        assert shown["website"] == website
    else:
        assert (shown["error"]["code"], shown["error"]["param"]) == (400, "website")
    return response.status_code


def type_website(workspace: Workspace, lead: Lead, website: str) -> bool:
    """Type the website of a lead; returns whether it was taken."""
    try:
        editing.update_lead(workspace, lead.public_id, changes={"website": website})
    except InvalidInput as refusal:
        assert refusal.param == "website"
        return False
    return True


# --- what is searched for ---------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_asked_of_the_vendor_is_never_a_host(
    canary: Canary, network: Network, vendor: Vendor, install: Install
) -> None:
    install(canary.port)
    places = registry.place_source("google")
    texts = [url for url in inside_urls(canary.port) if "\x00" not in url]
    for text in texts:
        assert places.find_area(text) is not None
        assert places.search(text, low=(0, 0), high=(1, 1)).places == ()
    lines = [" ".join(text.split()) for text in texts]
    assert [asked["textQuery"] for asked in vendor.asked[::2]] == lines
    assert [asked["textQuery"] for asked in vendor.asked[1::2]] == lines
    assert set(network.tried) == {(LOOPBACK, vendor.port)}
    assert (network.lookups, canary.visits) == ([], 0)


def test_no_search_for_or_in_an_address_leads_there(
    canary: Canary,
    network: Network,
    vendor: Vendor,
    install: Install,
    start: Start,
    run_to_end: RunToEnd,
) -> None:
    install(canary.port)
    for spelling in all_spellings("127.0.0.1"):
        address = f"{spelling.host}:{canary.port}"
        try:
            search = start(query=f"http://{address}/", location=address)
        except InvalidInput as refusal:
            assert "\x00" in address and refusal.param == "query"
            continue
        assert run_to_end(search).status == "completed"
    assert len(vendor.asked) >= 100
    assert set(network.tried) == {(LOOPBACK, vendor.port)}
    assert (network.lookups, canary.visits) == ([], 0)
