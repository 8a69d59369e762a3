"""The search engines of the invented world: which pages answer a query, and who advertises.

Google and Bing know the same pages and rank them differently; so does Brave. The same question
always has the same answer, unless a test moves the advertisers on.
"""

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from freshleads.sandbox.entities import Business, World
from freshleads.sandbox.places_query import (
    CONNECTORS,
    QUALIFIERS,
    Gazetteer,
    Words,
    split_words,
)
from freshleads.sandbox.places_search import prominence
from freshleads.sandbox.serp_pages import WebPage, pages_of
from freshleads.sandbox.truth import site_truth

ADS_ON_A_PAGE = {"dentist": 18}
USUAL_ADS_ON_A_PAGE = 10
LONGEST_TRADE = 3  # words in the longest name of a trade
_PHRASE = re.compile(r'(-?)"([^"]{1,200})"')
_SITE = re.compile(r"(-?)\bsite:([^\s\"]{1,200})", re.IGNORECASE)
_EXCLUDED = re.compile(r"(?:^|\s)-([^\W_]{1,50})")
_OPERATOR = re.compile(r"\b(?:inurl|intitle|intext):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Advert:
    """One ad: where it leads, and what it shows; `number` counts an engine's ads for a query."""

    number: int
    title: str
    url: str
    text: str
    phone: str

    @property
    def displayed(self) -> str:
        """The address as the ad shows it."""
        return f"{self.url.rstrip('/')} \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} welcome"

    @property
    def habit(self) -> str:
        """How the ad says where it leads: link, displayed (nothing else) or counter."""
        return {4: "displayed", 5: "counter"}.get(self.number % 6, "link")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query taken apart: words to match, texts and sites that must or must not be there."""

    words: frozenset[str]
    phrases: tuple[str, ...]
    sites: tuple[str, ...]
    not_phrases: tuple[str, ...]
    not_sites: tuple[str, ...]


@lru_cache(maxsize=4)
def serp_world(world: World) -> "SerpWorld":
    """Return the search engines of a world, which all vendors ask."""
    return SerpWorld(world)


class SerpWorld:
    """Answers queries out of one world."""

    def __init__(self, world: World) -> None:
        self._businesses = world.businesses
        self._gazetteer = Gazetteer(world)
        self._pages = [
            (page, page.weight + prominence(business) / 4)
            for business in world.businesses
            for page in pages_of(business)
        ]
        phrases = self._gazetteer.phrases
        self._trade_words = frozenset(word for phrase in phrases for word in phrase)
        self._place_words = frozenset(word for name in self._gazetteer.places for word in name)

    def results(self, query: str, engine: str) -> list[WebPage]:
        """Return every page that answers a query, the best first."""
        wanted = take_apart(query)
        if not (wanted.words or wanted.phrases or wanted.sites):
            return []
        ranked = [
            (len(wanted.words & page.words) * 10 + weight + _taste(engine, page), page)
            for page, weight in self._pages
            if self._answers(page, wanted)
        ]
        return [page for _, page in sorted(ranked, key=lambda row: (-row[0], row[1].url))]

    def ads(self, query: str, engine: str, page: int, shift: int = 0) -> list[Advert]:
        """Return the ads of one result page; `shift` moves everybody on by so many places."""
        words = split_words(query)
        trade, area = self._trade_in(words), self._area_in(words)
        if not trade:
            return []
        count = ADS_ON_A_PAGE.get(trade, USUAL_ADS_ON_A_PAGE)
        pool = self._advertisers(trade, area, engine)
        start = page * count
        if start >= len(pool):
            return []
        wheel = pool[shift % len(pool) :] + pool[: shift % len(pool)]
        return [
            _advert(business, start + number)
            for number, business in enumerate(islice(wheel, start, start + count))
        ]

    def _answers(self, page: WebPage, wanted: Wanted) -> bool:
        """Tell whether a page has half of the words, the trade and the place, and the texts."""
        found = wanted.words & page.words
        for group in (self._trade_words, self._place_words):
            if wanted.words & group and not found & group:
                return False
        if 2 * len(found) < len(wanted.words):
            return False
        text, host = f"{page.title} {page.snippet}".casefold(), page.url.split("/")[2]
        return (
            all(phrase in text for phrase in wanted.phrases)
            and not any(phrase in text for phrase in wanted.not_phrases)
            and all(_is_on(page.url, host, site) for site in wanted.sites)
            and not any(_is_on(page.url, host, site) for site in wanted.not_sites)
        )

    def _trade_in(self, words: Words) -> str:
        for length in range(LONGEST_TRADE, 0, -1):
            for start in range(len(words) - length + 1):
                trade = self._gazetteer.phrases.get(words[start : start + length])
                if trade:
                    return trade
        return ""

    def _area_in(self, words: Words) -> str:
        places = (self._gazetteer.find_place((word,)) for word in words)
        return next((place.area.key for place in places if place), "")

    def _advertisers(self, trade: str, area: str, engine: str) -> list[Business]:
        """Return who advertises for a trade: those of the place first, in an order of its own."""
        pool = [
            business
            for business in self._businesses
            if business.trade == trade and site_truth(business).emails
        ]
        random.Random(f"ads:{engine}:{trade}:{area}").shuffle(pool)
        return sorted(pool, key=lambda business: business.area != area)


def take_apart(query: str) -> Wanted:
    """Read quotes, site: and minus out of a query; what remains are words to match."""
    phrases = _PHRASE.findall(query)
    rest = _PHRASE.sub(" ", query)
    sites = _SITE.findall(rest)
    rest = _OPERATOR.sub(" ", _SITE.sub(" ", rest))
    excluded = tuple(word.casefold() for word in _EXCLUDED.findall(rest))
    words = frozenset(split_words(_EXCLUDED.sub(" ", rest)))
    return Wanted(
        words=words - QUALIFIERS - CONNECTORS - {"or", "and"},
        phrases=tuple(text.casefold() for minus, text in phrases if not minus),
        sites=tuple(site.casefold() for minus, site in sites if not minus),
        not_phrases=(*(text.casefold() for minus, text in phrases if minus), *excluded),
        not_sites=tuple(site.casefold() for minus, site in sites if minus),
    )


def _is_on(url: str, host: str, site: str) -> bool:
    """Tell whether a page belongs to a host, one below it, or a folder of it."""
    wanted, _, folder = site.partition("/")
    return ("." + host).endswith("." + wanted) and (not folder or f"/{folder}" in url)


def _taste(engine: str, page: WebPage) -> float:
    return random.Random(f"{engine}:{page.url}").random() * 4


def _advert(business: Business, number: int) -> Advert:
    return Advert(
        number=number,
        title=f"{business.name} - {business.trade_label} in {business.city}",
        url=business.website or "",
        text=f"Trusted {business.trade_label.lower()} in {business.city}. New customers welcome. "
        "Book online today.",
        phone=business.phone_national or "",
    )
