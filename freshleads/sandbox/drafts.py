"""A business while it is being invented: what is settled about it, and the decks it draws from."""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from freshleads.sandbox import casting
from freshleads.sandbox.cities import City


@dataclass
class Decks:
    """The decks that planning deals from, shared by all sites of a world."""

    rng: random.Random
    markup: Iterator[str] = field(init=False)
    shared: Iterator[str] = field(init=False)
    own: dict[str, Iterator[str]] = field(init=False)
    decoys: Iterator[str] = field(init=False)
    foreign: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.markup = casting.deal(casting.MARKUP_SHARES, self.rng)
        self.shared = casting.cycle(casting.SHARED_TECHNIQUES, self.rng)
        self.own = {
            markup: casting.cycle(techniques, self.rng)
            for markup, techniques in casting.OWN_TECHNIQUES.items()
        }
        self.decoys = casting.cycle(casting.DECOYS, self.rng)
        self.foreign = casting.cycle(("it", "es", "nl", "pt", "pl", "sv", "ja"), self.rng)


@dataclass
class Draft:
    """What is settled about a business before its site is planned."""

    name: str
    slug: str
    city: City
    behaviour: str
    mail_behaviour: str
    phone: str
    spare_numbers: Iterator[str]
    rng: random.Random

    @property
    def country(self) -> str:
        return self.city.area.country


def ascii_slug(text: str) -> str:
    """Return lower-case ASCII words joined by hyphens, German umlauts written out."""
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("\u0131", "i")):
        text = text.replace(umlaut, written).replace(umlaut.upper(), written.capitalize())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


@dataclass(frozen=True)
class Outline:
    """A draft's website as far as it is settled before its contacts are placed."""

    draft: Draft
    decks: Decks
    language: str
    markup: str
    pages: tuple[str, ...]
    mail_domain: str
    staff: tuple[str, ...]
