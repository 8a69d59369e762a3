"""What a text query means: a trade, a business name, an area, or a trade in an area."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from freshleads.sandbox.cities import BISTROPOLIS
from freshleads.sandbox.entities import Area, World
from freshleads.sandbox.places_named import NamedPlace
from freshleads.sandbox.trades import TRADES

Words = tuple[str, ...]

MAX_WORDS = 40
POSTAL_PREFIX_LENGTH = 3

CONNECTORS = frozenset(
    ("in", "near", "around", "at", "of", "bei", "nahe", "um", "a", "au", "dans", "pres", "de", "en")
)
# Words that say how good or how close, and select nothing.
QUALIFIERS = frozenset(
    (
        *("best", "top", "good", "cheap", "affordable", "local", "nearby", "near", "me", "the"),
        *("a", "an", "emergency", "open", "now", "beste", "bester", "gute", "guter", "meilleur"),
        *("meilleurs", "bon", "notdienst", "urgence"),
    )
)
PLURAL_ENDINGS = ("s", "es", "e", "n", "en", "nen")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A query understood; a trade or name words, and the place both are looked for in."""

    trade: str = ""
    name: Words = ()
    place: NamedPlace | None = None


def split_words(text: str) -> Words:
    """Return the words of a text without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", plain)[:MAX_WORDS])


def _trade_phrases() -> dict[Words, str]:
    """Return every phrase that names a trade, singular and plural, in all languages."""
    phrases: dict[Words, str] = {}
    for trade in TRADES.values():
        for phrase in (*trade.search_words, *trade.labels.values(), trade.key.replace("_", " ")):
            words = split_words(phrase)
            phrases.setdefault(words, trade.key)
            for ending in PLURAL_ENDINGS:
                phrases.setdefault((*words[:-1], words[-1] + ending), trade.key)
    return phrases


class Gazetteer:
    """The names of one world's areas and trades, ready to be recognised in queries."""

    def __init__(self, world: World) -> None:
        self.phrases = _trade_phrases()
        self.places: dict[Words, NamedPlace] = {}
        self.postal_prefixes: dict[str, Area] = {}
        for area in (*world.areas, BISTROPOLIS.area):
            self.places.setdefault(split_words(area.name), NamedPlace(area))
            for alias in area.aliases:
                postal_code = alias if any(letter.isdigit() for letter in alias) else ""
                self.places.setdefault(split_words(alias), NamedPlace(area, postal_code))
                if postal_code.isdigit():
                    self.postal_prefixes.setdefault(postal_code[:POSTAL_PREFIX_LENGTH], area)
        for business in world.businesses:
            place = NamedPlace(self._area(world, business.area), business.postal_code.casefold())
            self.places.setdefault(split_words(business.postal_code), place)

    @staticmethod
    def _area(world: World, key: str) -> Area:
        """Return the area with a key."""
        return next(area for area in world.areas if area.key == key)

    def find_place(self, words: Words) -> NamedPlace | None:
        """Return the area or postal code that the words name as a whole."""
        place = self.places.get(words)
        if place is None and len(words) == 1 and re.fullmatch(r"\d{5}", words[0]):
            area = self.postal_prefixes.get(words[0][:POSTAL_PREFIX_LENGTH])
            return NamedPlace(area, words[0]) if area else None
        return place

    def find_trade(self, words: Words) -> str:
        """Return the trade named by the words, apart from qualifiers; empty where none is."""
        if words in self.phrases:
            return self.phrases[words]
        for start in range(len(words)):
            for end in range(len(words), start, -1):
                rest = (*words[:start], *words[end:])
                if words[start:end] in self.phrases and QUALIFIERS.issuperset(rest):
                    return self.phrases[words[start:end]]
        return ""

    def understand(self, text: str) -> Iterator[Meaning]:
        """Yield what a query may mean, the likeliest first; nothing for a text without words."""
        words = split_words(text)
        place = self.find_place(words)
        if place:
            yield Meaning(place=place)
            return
        for what, where in self._splits(words):
            trade = self.find_trade(what)
            if trade:
                yield Meaning(trade=trade, place=where)
                return
        for what, where in self._splits(words):
            yield Meaning(name=what, place=where)

    def _splits(self, words: Words) -> Iterator[tuple[Words, NamedPlace | None]]:
        """Yield the ways to part a query into what and where: whole, "x in y", "y x"."""
        if words:
            yield words, None
        for start in range(1, len(words)):
            place = self.find_place(words[start:])
            if place:
                yield _without_connectors(words[:start]), place
        for end in range(len(words) - 1, 0, -1):
            place = self.find_place(words[:end])
            if place:
                yield words[end:], place


def _without_connectors(words: Words) -> Words:
    """Return the words without the "in" or "near" at their end."""
    while len(words) > 1 and words[-1] in CONNECTORS:
        words = words[:-1]
    return words


def index_names(world: World) -> Mapping[str, frozenset[str]]:
    """Return the words of every business name by place id."""
    return {
        business.place_id: frozenset(split_words(business.name)) for business in world.businesses
    }
