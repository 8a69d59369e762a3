"""The settings name the vendors, in their order; each is built with its key and address."""

import pytest
from pytest_django.fixtures import Settings

from freshleads.sandbox.server import Sandbox
from leads import registry
from leads.providers.contracts import can_answer

ENGINES = ["serpapi", "scraperapi", "serper", "brave", "searxng"]


def test_engines_come_in_the_settings_order(settings: Settings) -> None:
    settings.LEADS_SEARCH_PROVIDERS = list(reversed(ENGINES))
    assert [engine.name for engine in registry.search_engines()] == list(reversed(ENGINES))
    settings.LEADS_SEARCH_PROVIDERS = []
    assert registry.search_engines() == []


def test_sources_of_ads_come_in_the_settings_order(settings: Settings) -> None:
    settings.LEADS_ADS_PROVIDERS = ["scraperapi", "serpapi"]
    assert [source.name for source in registry.ad_sources()] == ["scraperapi", "serpapi"]


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_answers_out_of_the_sandbox(
    sandbox: Sandbox, settings: Settings, name: str
) -> None:
    settings.LEADS_SEARCH_PROVIDERS = [name]
    (engine,) = registry.search_engines()
    assert can_answer(engine, "google")
    found = engine.search("dentist miami", engine="google", page=0, results_per_page=10)
    assert [result.position for result in found] == list(range(1, 11))
    assert engine.call_seconds >= 60


@pytest.mark.parametrize("name", ["serpapi", "scraperapi"])
def test_every_source_of_ads_answers_out_of_the_sandbox(
    sandbox: Sandbox, settings: Settings, name: str
) -> None:
    settings.LEADS_ADS_PROVIDERS = [name]
    (source,) = registry.ad_sources()
    assert {"google", "bing"} <= source.ad_engines
    assert len(source.ads("dentist miami", engine="google", page=0)) == 18
