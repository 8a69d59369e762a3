"""The pages of the invented web that its search engines know, with what a result shows of each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from freshleads.sandbox.documents import Author, home_description, home_title
from freshleads.sandbox.entities import Business, SiteSpec
from freshleads.sandbox.places_query import split_words
from freshleads.sandbox.trades import TRADES
from freshleads.sandbox.truth import site_truth

NETWORKS = {"facebook": "Facebook", "instagram": "Instagram", "linkedin": "LinkedIn", "x": "X"}
HOME_WEIGHT, CONTACT_WEIGHT, PROFILE_WEIGHT = 6.0, 3.0, 1.0


@dataclass(frozen=True, slots=True)
class WebPage:
    """One indexed page: what its result shows, the words it is found by, how much it weighs."""

    title: str
    url: str
    snippet: str
    words: frozenset[str]
    weight: float


def pages_of(business: Business) -> Iterator[WebPage]:
    """Yield the pages about one business: its home page, its contact page, its profiles."""
    rng = random.Random(f"serp:{business.place_id}")
    words = words_of(business)
    if business.site is None:
        if business.website:
            snippet = _joined([_where(business), _call(business)])
            title = f"{business.name} | Facebook"
            yield WebPage(title, business.website, snippet, words, PROFILE_WEIGHT)
        return
    author = Author(business, business.site)
    if site_truth(business).reachable:
        yield _home(author, words, rng)
        if "contact" in business.site.pages:
            yield _contact(author, words, rng)
    for network, url in business.site.socials:
        if network in NETWORKS:
            yield _profile(author, network, url, words, rng)


def words_of(business: Business) -> frozenset[str]:
    """Return what a business is found by: name, trade, place and host."""
    trade = " ".join(
        (*TRADES[business.trade].search_words, *TRADES[business.trade].labels.values())
    )
    place = f"{business.city} {business.region} {business.country} {business.postal_code}"
    own = f"{business.name} {business.domain or ''} {business.street}"
    # Part by part: `split_words` is for queries, and stops after a while.
    return frozenset(
        word for part in f"{own} {trade} {place}".split() for word in split_words(part)
    )


def _home(author: Author, words: frozenset[str], rng: random.Random) -> WebPage:
    business = author.business
    parts = [home_description(business, author.site)]
    if rng.random() < 0.5:
        parts.append(_call(business))
    if rng.random() < 0.3:
        parts.append(_mail(author.site))
    url = business.website or ""
    return WebPage(home_title(business), url, _joined(parts), words, HOME_WEIGHT)


def _contact(author: Author, words: frozenset[str], rng: random.Random) -> WebPage:
    business = author.business
    parts = [f"Contact {business.name}, {_where(business)}", _call(business)]
    if rng.random() < 0.7:
        parts.append(_mail(author.site))
    url = f"http://{author.site.host}{author.path('contact')}"
    return WebPage(f"Contact - {business.name}", url, _joined(parts), words, CONTACT_WEIGHT)


def _profile(
    author: Author, network: str, url: str, words: frozenset[str], rng: random.Random
) -> WebPage:
    business = author.business
    parts = [f"{business.name}. {business.trade_label}, {_where(business)}"]
    if rng.random() < 0.5:
        parts.append(_mail(author.site))
    title = f"{business.name} | {NETWORKS[network]}"
    return WebPage(title, url, _joined(parts), words | {network}, PROFILE_WEIGHT)


def _where(business: Business) -> str:
    return f"{business.street}, {business.city}"


def _call(business: Business) -> str:
    return f"Call {business.phone_national}" if business.phone_national else ""


def _mail(site: SiteSpec) -> str:
    """Return the site's first address as people write it into a snippet."""
    return f"E-mail: {site.contacts[0].emails[0]}" if site.contacts else ""


def _joined(parts: list[str]) -> str:
    return ". ".join(part.rstrip(".") for part in parts if part) + "."
