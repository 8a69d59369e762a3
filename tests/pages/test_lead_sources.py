"""The page of a lead says who lists it, and what is no longer kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import listings, merging, rediscovering, retaining
from leads.models import Lead, Search, SearchLead
from leads.providers.records import PlaceRecord

BRIGHT = PlaceRecord(
    place_id="place-1",
    name="Bright Smile",
    city="Miami",
    website="http://bright.test/",
    maps_url="https://maps.google.com/?cid=1",
)
NODE = PlaceRecord(
    place_id="node/1", name="Bright Smile", maps_url="https://www.openstreetmap.org/node/1"
)
SITE = {"source": "website", "checked_at": "2026-01-01T00:00:00+00:00"}


@pytest.fixture
def keep(workspace: Workspace) -> Callable[..., Lead]:
    """Return a function that stores what Google listed so many days ago."""

    def store(*, days: int, **sources: Any) -> Lead:
        then = timezone.now() - timedelta(days=days)
        origin = merging.Origin("google", "Google Maps Platform terms", then)
        lead = listings.lead_from_place(BRIGHT, origin=origin, lent_days={"google": 30})
        lead.workspace = workspace
        lead.sources |= sources
        lead.save()
        return lead

    return store


def show(page: Client, lead: Lead) -> str:
    return str(page.get(reverse("leads:lead", args=[lead.public_id])).content.decode())


def test_a_lead_says_who_lists_it_under_which_licence(
    page: Client, keep: Callable[..., Lead]
) -> None:
    lead = keep(days=1)
    html = show(page, lead)
    assert 'data-provider="google"' in html
    assert 'href="https://maps.google.com/?cid=1"' in html
    assert "Google Maps Platform terms · since" in html
    assert "openstreetmap" not in html
    origin = merging.Origin("openstreetmap", "ODbL 1.0", timezone.now())
    rediscovering.remember({"place:node/1": lead}, {"place:node/1": NODE}, origin=origin)
    html = show(page, lead)
    assert html.index('data-provider="google"') < html.index('data-provider="openstreetmap"')
    assert 'href="https://www.openstreetmap.org/node/1"' in html
    assert "ODbL 1.0 · since" in html
    assert "© OpenStreetMap contributors" in html


def test_a_lead_that_nobody_lists_says_nothing_of_it(
    page: Client, workspace: Workspace, add_lead: Callable[..., Lead]
) -> None:
    html = show(page, add_lead(workspace, "Typed"))
    assert "Listed by" not in html
    assert "no longer kept" not in html


def test_a_lead_whose_name_went_shows_its_website_and_how_to_get_it_back(
    page: Client, workspace: Workspace, keep: Callable[..., Lead]
) -> None:
    lead = keep(days=31, website=SITE)
    search = Search.objects.create(
        workspace=workspace, query="dentists", location="Miami, FL", limit=20, status="completed"
    )
    SearchLead.objects.create(search=search, lead=lead, position=1, is_new=True)
    assert "no longer kept" not in show(page, lead)
    retaining.forget_lent_content()
    html = show(page, lead)
    assert "<h1>bright.test</h1>" in html
    assert "Google Places lends its data for 30 days" in html
    assert 'href="/searches/new?query=dentists&amp;location=Miami%2C%20FL&amp;limit=20"' in html
    assert "Bright Smile" not in html
    assert "Miami</dd>" not in html
    assert "query_place_id=place-1" in html, "the listing itself can still be opened"
    assert "bright.test</a>" in str(page.get("/leads").content.decode())
    rows = page.get(reverse("leads:search", args=[search.public_id])).content.decode()
    assert ">bright.test</a>" in rows


def test_a_lead_without_anything_left_still_has_something_to_click(
    page: Client, keep: Callable[..., Lead]
) -> None:
    lead = keep(days=31)
    retaining.forget_lent_content()
    assert "<h1>Name no longer kept</h1>" in show(page, lead)
    assert f'href="/leads/{lead.public_id}">Name no longer kept</a>' in str(
        page.get("/leads").content.decode()
    )
    edit = page.get(reverse("leads:edit_lead", args=[lead.public_id]))
    assert edit.status_code == 200


def test_facts_of_openstreetmap_are_credited_where_they_stand(
    page: Client, keep: Callable[..., Lead]
) -> None:
    assert "https://www.openstreetmap.org/copyright" not in show(page, keep(days=1))
    Lead.objects.all().delete()
    lead = keep(days=1, website={**SITE, "source": "local", "licence": "ODbL-1.0"})
    assert "https://www.openstreetmap.org/copyright" in show(page, lead)
