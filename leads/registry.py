"""The providers and engines that the settings name; the only reader of settings among them."""

from django.conf import settings

from freshleads import outbound
from leads.crawler.options import CrawlOptions
from leads.providers.google import GooglePlaces
from leads.verifier.verifying import Verifier


def places_provider() -> GooglePlaces:
    """Return the provider of places."""
    return GooglePlaces(
        settings.GOOGLE_PLACES_KEY, outbound.http_client(), base_url=settings.GOOGLE_PLACES_URL
    )


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
