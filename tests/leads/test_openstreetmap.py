"""OpenStreetMap as a source of searches: by the settings, at its pace, names asked once."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from freshleads.sandbox.vendors import VendorsServer
from leads import registry
from leads.models import NamedArea, Search
from leads.providers.google import GooglePlaces
from leads.providers.openstreetmap import OpenStreetMap
from leads.running import advance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asks_openstreetmap(settings: Settings, vendors: VendorsServer) -> None:
    settings.LEADS_PLACES_PROVIDERS = ["openstreetmap"]
    vendors.forget()


def test_sources_come_in_the_order_of_the_settings(settings: Settings) -> None:
    settings.LEADS_PLACES_PROVIDERS = ["openstreetmap", "google"]
    assert [type(source) for source in registry.place_sources()] == [OpenStreetMap, GooglePlaces]
    assert [type(source) for source in registry.place_details()] == [GooglePlaces]
    with pytest.raises(KeyError):
        registry.place_source("unheard")


@pytest.mark.parametrize(("days", "kept"), [(30, 30), (7, 7), (0, None)])
def test_the_settings_say_how_long_content_of_google_is_kept(
    settings: Settings, days: int, kept: int | None
) -> None:
    settings.GOOGLE_KEEP_DAYS = days
    assert registry.place_source("google").keep_days == kept
    assert registry.place_source("openstreetmap").keep_days is None


def test_a_search_finds_leads_that_say_where_they_come_from(
    vendors: VendorsServer, start: Callable[..., Search]
) -> None:
    search = start(query="dentists", location="Miami, FL", limit=12)
    for _ in range(2):  # the name, then one page
        assert advance(search.pk)
    search.refresh_from_db()
    assert search.provider == "openstreetmap"
    leads = [result.lead for result in search.results.select_related("lead")]
    assert len(leads) == 12
    assert {lead.sources["business_name"]["licence"] for lead in leads} == {"ODbL 1.0"}
    for lead in leads:
        assert lead.sources["business_name"]["url"].startswith("https://www.openstreetmap.org/")
        assert lead.google_maps_url == ""
    assert vendors.requests_by_vendor == {"nominatim": 1, "overpass": 1}


def test_a_second_search_asks_nobody_where_the_city_lies(
    vendors: VendorsServer, start: Callable[..., Search]
) -> None:
    for location in ("Miami, FL", "  MIAMI,  fl"):
        advance(start(query="dentists", location=location, limit=10).pk)
    assert vendors.requests_by_vendor["nominatim"] == 1
    assert NamedArea.objects.get().text == "miami, fl"
