"""The providers and engines that the settings name; the only reader of settings among them."""

from collections.abc import Callable, Mapping

from django.conf import settings

from freshleads import outbound
from leads.areas import NamedAreas
from leads.crawler.options import CrawlOptions
from leads.pacing import turn_at
from leads.providers.brave import Brave
from leads.providers.contracts import AdSource, PlaceDetails, PlaceSource, SearchEngine
from leads.providers.google import GooglePlaces
from leads.providers.local import LocalPlaces
from leads.providers.openstreetmap import OpenStreetMap
from leads.providers.scraperapi import ScraperApi
from leads.providers.searxng import SearxNG
from leads.providers.serpapi import SerpApi
from leads.providers.serper import Serper
from leads.verifier.verifying import Verifier


def place_sources() -> list[PlaceSource]:
    """Return the sources of places in the order in which they are asked."""
    return [place_source(name) for name in settings.LEADS_PLACES_PROVIDERS]


def place_source_names() -> tuple[str, ...]:
    """Return the names of the sources of places in use."""
    return tuple(settings.LEADS_PLACES_PROVIDERS)


def place_source(name: str) -> PlaceSource:
    """Return one source of places by its name; KeyError for an unknown one."""
    return PLACE_SOURCES[name]()


def lent_days() -> dict[str, int]:
    """Return after how many days the content must go of each source that only lends it."""
    return {GooglePlaces.name: settings.GOOGLE_KEEP_DAYS} if settings.GOOGLE_KEEP_DAYS else {}


def place_details() -> list[PlaceDetails]:
    """Return the sources that know single places and their reviews, in the settings' order."""
    known: Mapping[str, Callable[[], PlaceDetails]] = {"google": google_places}
    return [known[name]() for name in settings.LEADS_PLACES_PROVIDERS if name in known]


def google_places() -> GooglePlaces:
    """Return the client of Google Places."""
    return GooglePlaces(
        settings.GOOGLE_PLACES_KEY,
        outbound.http_client(),
        base_url=settings.GOOGLE_PLACES_URL,
        keep_days=settings.GOOGLE_KEEP_DAYS or None,
    )


def _openstreetmap() -> OpenStreetMap:
    return OpenStreetMap(
        outbound.http_client(),
        nominatim_url=settings.NOMINATIM_URL,
        overpass_url=settings.OVERPASS_URL,
        pace=turn_at,
        remember=NamedAreas(OpenStreetMap.name),
    )


PLACE_SOURCES: Mapping[str, Callable[[], PlaceSource]] = {
    "google": google_places,
    "openstreetmap": _openstreetmap,
    "local": lambda: LocalPlaces(settings.LOCAL_PLACES_DIR),
}


def search_engines() -> list[SearchEngine]:
    """Return the clients of search engines in the order in which they are asked."""
    return [SEARCH_ENGINES[name]() for name in settings.LEADS_SEARCH_PROVIDERS]


def ad_sources() -> list[AdSource]:
    """Return the sources of ads in the order in which they are asked."""
    return [AD_SOURCES[name]() for name in settings.LEADS_ADS_PROVIDERS]


def _serpapi() -> SerpApi:
    return SerpApi(settings.SERPAPI_KEY, outbound.http_client(), settings.SERPAPI_URL)


def _scraperapi() -> ScraperApi:
    return ScraperApi(settings.SCRAPERAPI_KEY, outbound.http_client(), settings.SCRAPERAPI_URL)


SEARCH_ENGINES: Mapping[str, Callable[[], SearchEngine]] = {
    "serpapi": _serpapi,
    "scraperapi": _scraperapi,
    "serper": lambda: Serper(settings.SERPER_KEY, outbound.http_client(), settings.SERPER_URL),
    "brave": lambda: Brave(settings.BRAVE_KEY, outbound.http_client(), settings.BRAVE_URL),
    "searxng": lambda: SearxNG(outbound.http_client(), settings.SEARXNG_URL),
}
STAND_INS = frozenset(
    engine.name for engine in (SerpApi, ScraperApi, Serper, Brave, SearxNG) if engine.is_stand_in
)
AD_SOURCES: Mapping[str, Callable[[], AdSource]] = {
    "serpapi": _serpapi,
    "scraperapi": _scraperapi,
}


def crawl_options() -> CrawlOptions:
    """Return how politely and how far websites are read."""
    return CrawlOptions(
        user_agent=outbound.user_agent(),
        delay=settings.LEADS_CRAWL_DELAY_SECONDS,
        page_timeout=settings.LEADS_PAGE_TIMEOUT_SECONDS,
        concurrency=settings.LEADS_CRAWL_CONCURRENCY,
    )


def verifier() -> Verifier:
    """Return the verifier of e-mail addresses."""
    return Verifier(
        outbound.address_policy(),
        outbound.nameservers(),
        helo_name=settings.HELO_NAME,
        probe=settings.LEADS_SMTP_PROBE,
        timeout=settings.LEADS_PROBE_TIMEOUT_SECONDS,
        allow_test_names=settings.SANDBOX,
    )
