"""The dashboard's forms lead nowhere inside: a lead's website, and what a new search is for.

They are tried apart from the API: each has a cleaning of its own in front of the same domain.
"""

import pytest
from django.test import Client
from django.urls import reverse

from leads import running
from leads.forms import LeadForm
from leads.models import Lead, Search, SearchLead
from tests.ssrf.conftest import LOOPBACK, Canary, Install, Network, Vendor
from tests.ssrf.spellings import all_spellings, inside_urls
from tests.ssrf.test_fields import NEVER_READ, RunToEnd, Start, outcomes


@pytest.fixture
def page(alice: object) -> Client:
    """A browser of the signed-in Alice."""
    client = Client()
    client.force_login(alice)  # type: ignore[arg-type]
    return client


def type_website(page: Client, lead: Lead, website: str) -> bool:
    """Send the form of a lead with this website in it; returns whether it was taken."""
    path = reverse("leads:edit_lead", args=[lead.public_id])
    answer = page.post(path, {**LeadForm.values_of(lead), "website": website})
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert 'id="id_website_error"' in answer.content.decode()
        assert Lead.objects.get(pk=lead.pk).website == ""
    return answer.status_code == 302


def test_no_website_in_the_form_of_a_lead_leads_inside(
    page: Client,
    canary: Canary,
    network: Network,
    vendor: Vendor,
    install: Install,
    start: Start,
    run_to_end: RunToEnd,
) -> None:
    install(canary.port)
    websites = list(inside_urls(canary.port))
    vendor.sell(*[""] * len(websites))
    search = start(limit=400)
    while search.stage == Search.Stage.DISCOVERING:
        running.advance(search.pk)
        search.refresh_from_db()
    leads = Lead.objects.order_by("pk")
    typed = sum(type_website(page, lead, url) for lead, url in zip(leads, websites, strict=True))
    assert typed > 200
    assert network.inside == []
    run_to_end(search)
    assert (search.status, set(outcomes(search))) == ("completed", NEVER_READ)
    read = search.results.filter(crawl=SearchLead.Work.DONE).count()
    assert read == Lead.objects.exclude(website="").count() > 200
    for lead in leads[:20]:
        assert page.get(reverse("leads:lead", args=[lead.public_id])).status_code == 200
    assert (network.inside, canary.visits) == ([], 0)


def test_nothing_in_the_form_of_a_new_search_leads_inside(
    page: Client,
    canary: Canary,
    network: Network,
    vendor: Vendor,
    install: Install,
    run_to_end: RunToEnd,
) -> None:
    install(canary.port)
    started = 0
    for spelling in all_spellings("127.0.0.1"):
        address = f"{spelling.host}:{canary.port}"
        form = {"query": f"http://{address}/", "location": address, "limit": "20"}
        assert page.get(reverse("leads:new_search"), form).status_code == 200, "the estimate"
        answer = page.post(reverse("leads:new_search"), form)
        assert answer.status_code in {302, 422}, spelling.trick
        if answer.status_code == 302:
            started += 1
            search = Search.objects.latest("pk")
            assert run_to_end(search).status == "completed"
    assert started > 40
    assert set(network.tried) == {(LOOPBACK, vendor.port)}
    assert (network.lookups, canary.visits) == ([], 0)
