"""What a search for businesses means on OpenStreetMap: tags, cuisines, and words of a name."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MAX_WORDS = 8
MAX_WORD_LENGTH = 40
TABLE = Path(__file__).with_name("osm_trades.txt")
# Words that say how good, how close or how soon, and select nothing.
FILLERS = frozenset(
    "a an and at best beste bester cheap company companies cerca de der die das el en for good gut "
    "gute guter im in la las le les local los me mejor mejores meilleur meilleurs near nearby of "
    "open now offen ouvert abierto office offices practice service services shop shops store "
    "stores studio the top und 24 24h emergency notdienst urgence urgencias affordable y et".split()
)
CUISINES: Mapping[str, str] = {
    word: cuisine
    for cuisine, words in {
        "american": "american amerikanisch americano americain",
        "asian": "asian asiatisch asiatico asiatique",
        "barbecue": "bbq barbecue",
        "chinese": "chinese chinesisch chinesisches chino chinois chinoise",
        "french": "french franzosisch frances francais francaise",
        "german": "german deutsch deutsche aleman allemand",
        "greek": "greek griechisch grieche griego grec grecque",
        "indian": "indian indisch indisches inder indio indien indienne",
        "italian": "italian italiener italienisch italienisches italiano italien italienne",
        "japanese": "japanese japanisch japaner japones japonais japonaise",
        "korean": "korean koreanisch coreano coreen",
        "lebanese": "lebanese libanesisch libanes libanais",
        "mexican": "mexican mexikanisch mexikaner mexicano mexicain mexicaine",
        "regional": "regional traditional traditionell tradicional traditionnel",
        "seafood": "seafood fisch mariscos marisqueria",
        "spanish": "spanish spanisch spanier espanol espagnol tapas",
        "steak_house": "steak steaks grill",
        "thai": "thai thailandisch tailandes thailandais",
        "turkish": "turkish turkisch turke turco turc turque",
        "vietnamese": "vietnamese vietnamesisch vietnamita vietnamien",
    }.items()
    for word in words.split()
}
DIETS = frozenset({"gluten_free", "halal", "kosher", "vegan", "vegetarian"})
EATING = frozenset({"restaurant", "fast_food", "cafe"})
# What makes plurals in four languages; cut off the words on both sides before they are compared.
PLURAL_LETTERS = frozenset("senx")
SHORTEST_STEM = 3
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One tag that must be there; a pattern may stand anywhere in its value, in any case."""

    key: str
    value: str
    is_pattern: bool = False


Selector = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: any of the selectors and, within these, every one of the extra words.

    Businesses that have all `name_words` in their name count too.
    """

    selectors: tuple[Selector, ...] = ()
    extra_words: Words = ()
    name_words: Words = ()


@dataclass(frozen=True, slots=True)
class Trade:
    """One row of the table: its title, its tags and its names in folded words."""

    title: str
    selectors: tuple[Selector, ...]
    phrases: tuple[Words, ...]


def understand(query: str) -> Wanted:
    """Return what a query means; a trade counts before a name."""
    words = split_words(query)
    folded = tuple(map(fold, words))
    trade = find_trade(folded)
    if trade is not None:
        return Wanted(trade.selectors)
    for start, end in stretches(len(words)):
        trade = find_trade(folded[start:end])
        if trade is None:
            continue
        rest = [at for at in range(len(words)) if not start <= at < end]
        return _narrowed(trade, [words[at] for at in rest], words)
    names = tuple(word for word in words if fold(word) not in FILLERS)
    return Wanted(name_words=names or words)


def split_words(text: str) -> Words:
    """Return the words of a query in lower case: "Joe's" is joe, "d'art" is art."""
    words = map(_without_apostrophe, _TOKEN.findall(text.lower()))
    return tuple(word[:MAX_WORD_LENGTH] for word in words)[:MAX_WORDS]


def fold(word: str) -> str:
    """Return a word without accents, as the table compares words."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def title_of(key: str, value: str) -> str | None:
    """Return the title of the trade that a single tag stands for."""
    return _titles().get((key, value))


def _without_apostrophe(token: str) -> str:
    parts = re.split(r"['\u2019]", token)
    return parts[0] if len(parts[0]) > 2 else parts[-1]


def _narrowed(trade: Trade, rest: list[str], words: Words) -> Wanted:
    """Return a trade together with what else the query says."""
    extras = [word for word in rest if fold(word) not in FILLERS]
    foods = [_food(word) for word in extras] if _is_eating(trade) else [None] * len(extras)
    kinds = tuple(food for food in foods if food is not None)
    extras = [word for word, food in zip(extras, foods, strict=True) if food is None]
    selectors = tuple((*selector, *kinds) for selector in trade.selectors)
    if not extras:
        return Wanted(selectors)
    return Wanted(selectors, tuple(extras), words)


def _food(word: str) -> Condition | None:
    """Return the tag of a cuisine or a diet."""
    plain = fold(word)
    if plain in DIETS:
        return Condition(f"diet:{plain}", "yes|only", is_pattern=True)
    return Condition("cuisine", CUISINES[plain], is_pattern=True) if plain in CUISINES else None


def _is_eating(trade: Trade) -> bool:
    tags = {selector[0] for selector in trade.selectors}
    return any(tag.key == "amenity" and tag.value in EATING for tag in tags)


def stretches(length: int) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a query begin and end: the longest first, the later first."""
    for size in range(length - 1, 0, -1):
        for start in range(length - size, -1, -1):
            yield start, start + size


def find_trade(words: Words) -> Trade | None:
    """Return the trade of these folded words, in the singular or the plural."""
    return _phrases().get(words) or _stems().get(tuple(map(_stem, words)))


def _stem(word: str) -> str:
    while len(word) > SHORTEST_STEM and word[-1] in PLURAL_LETTERS:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") else word


@cache
def trades() -> tuple[Trade, ...]:
    """Return the table, read once."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return tuple(_read_row(line) for line in lines if line and not line.startswith("#"))


def _read_row(line: str) -> Trade:
    title, tags, words = line.split(" | ")
    return Trade(
        title=title,
        selectors=tuple(
            tuple(map(_read_condition, selector.split(" & "))) for selector in tags.split(", ")
        ),
        phrases=tuple(_folded(phrase) for phrase in (*words.split(", "), title)),
    )


def _read_condition(written: str) -> Condition:
    key, operator, value = re.split(r"([=~])", written, maxsplit=1)
    return Condition(key, value, is_pattern=operator == "~")


def _folded(phrase: str) -> Words:
    return tuple(map(fold, split_words(phrase)))


@cache
def _phrases() -> Mapping[Words, Trade]:
    phrases: dict[Words, Trade] = {}
    for trade in trades():
        for phrase in trade.phrases:
            phrases.setdefault(phrase, trade)
    return phrases


@cache
def _stems() -> Mapping[Words, Trade]:
    stems: dict[Words, Trade] = {}
    for phrase, trade in _phrases().items():
        stems.setdefault(tuple(map(_stem, phrase)), trade)
    return stems


@cache
def _titles() -> Mapping[tuple[str, str], str]:
    titles: dict[tuple[str, str], str] = {}
    for trade in trades():
        for selector in trade.selectors:
            if len(selector) == 1 and not selector[0].is_pattern:
                titles.setdefault((selector[0].key, selector[0].value), trade.title)
    return titles
