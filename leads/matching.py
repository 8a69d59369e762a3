"""Whether two descriptions are of one business; pure functions.

A business kept twice costs a credit; two businesses made one lose a lead and mix their data. So
every rule wants positive evidence, and one contradiction is enough to keep them apart:

| rule | evidence | at most apart |
| --- | --- | --- |
| same contact | own domain and phone are the same, the names share half their words | 300 m |
| same phone | phone is the same, names are alike | 300 m |
| same site | own domain is the same, names are alike | 150 m |
| same name | names are the same | 150 m; 50 m for a name of one word |

Contradictions: another house number, postal code or city; without the phone in common also another
phone or another domain. Branches of a chain differ in one of these.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from math import ceil, cos, floor, hypot, radians
from typing import TypeVar

SAME_PHONE_METRES = 300.0
SAME_NAME_METRES = 150.0
SAME_WORD_METRES = 50.0
SAME_DOOR_METRES = 50.0
METRES_PER_DEGREE = 111_195.0
REACH_DEGREES = SAME_NAME_METRES / METRES_PER_DEGREE
ALIKE = 0.75
SHARED_WORDS = 0.5
MAX_NAME = 300

LEGAL_FORMS = frozenset(
    "gmbh ggmbh mbh ug ag kg kgaa ohg gbr ek ev eg inc incorporated llc llp lp ltd limited plc "
    "corp corporation company co sarl sas sasu sa eurl sci snc srl srls sl slu scp bv nv vof cv oy "
    "oyj ab aps ivs as sp zoo sro doo kft pty pllc pc".split()
)
# Words that stand before or between names, and titles: some write them, some do not.
FILLERS = frozenset("the and und et y e i dr med dent dds dmd md prof mag dipl ing".split())
_FOLDED = str.maketrans({"æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe", "\u0131": "i"})
_APOSTROPHES = re.compile("['`\u2019\u00b4\u02bc]")
_WORDS = re.compile(r"[^\W_]+")
_UMLAUTS = re.compile("([aou])e")
_HOUSE_NUMBER = re.compile(r"(?<![\w.])([0-9]{1,6})(?!(?:st|nd|rd|th)\b)", re.IGNORECASE)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Description:
    """What tells a business from others; `phones` are E.164, `position` is (latitude, longitude).

    `domain` is that of its own website, empty for a page on a social network.
    """

    name: str = ""
    domain: str = ""
    phones: frozenset[str] = frozenset()
    position: tuple[float, float] | None = None
    street: str = ""
    postal_code: str = ""
    city: str = ""


def best_matches(
    wanted: Mapping[str, Description], candidates: Mapping[Key, Description]
) -> dict[str, Key]:
    """Return for each description the candidate that is the same business, each used once."""
    pairs = []
    for identity, key in _comparable(wanted, candidates):
        strength = likeness(wanted[identity], candidates[key])
        if strength:
            distance = metres_between(wanted[identity], candidates[key]) or 0.0
            pairs.append((-strength, distance, identity, key))
    pairs.sort(key=lambda pair: pair[:3])
    matches: dict[str, Key] = {}
    taken: set[Key] = set()
    for _, _, identity, key in pairs:
        if identity not in matches and key not in taken:
            matches[identity] = key
            taken.add(key)
    return matches


def _comparable(
    wanted: Mapping[str, Description], candidates: Mapping[Key, Description]
) -> Iterator[tuple[str, Key]]:
    """Yield the pairs that share a phone, a domain or a neighbourhood: no others can match."""
    blocks: dict[object, list[Key]] = defaultdict(list)
    for key, description in candidates.items():
        for block in (*description.phones, description.domain, *_squares(description, around=0)):
            blocks[block].append(key)
    blocks.pop("", None)
    for identity, description in wanted.items():
        shared = (*description.phones, description.domain, *_squares(description, around=1))
        for key in dict.fromkeys(key for block in shared for key in blocks.get(block, ())):
            yield identity, key


def _squares(description: Description, *, around: int) -> Iterator[tuple[int, int]]:
    """Yield the squares of a grid, a name's reach wide, at a position and so many around it."""
    if description.position is None:
        return
    latitude, longitude = description.position
    middle = floor(latitude / REACH_DEGREES)
    for row in range(middle - around, middle + around + 1):
        width = reach_in_longitude(row * REACH_DEGREES)
        column = floor(longitude / width)
        for offset in range(-around, around + 1):
            yield row, (column + offset) % ceil(360.0 / width)


def reach_in_longitude(latitude: float) -> float:
    """Return how many degrees of longitude the reach of a name is at a latitude, a little more."""
    return REACH_DEGREES / max(cos(radians(min(abs(latitude) + 0.01, 90.0))), 0.01)


def likeness(a: Description, b: Description) -> float:
    """Return how surely two descriptions are of one business: 0 where they are not taken as one."""
    names = name_likeness(a.name, b.name, cities=(a.city, b.city))
    same_phone = bool(a.phones & b.phones)
    same_domain = bool(a.domain) and a.domain == b.domain
    distance = metres_between(a, b)
    if same_phone:
        if _is_elsewhere(a, b, distance, within=SAME_PHONE_METRES):
            return 0.0
        if same_domain and (names >= SHARED_WORDS or not (a.name and b.name)):
            return 3.0 + names
        return 2.0 + names if names >= ALIKE else 0.0
    if (a.phones and b.phones) or (a.domain and b.domain and not same_domain):
        return 0.0
    if distance is None or _is_elsewhere(a, b, distance, within=SAME_NAME_METRES):
        return 0.0
    if same_domain:
        return 1.0 + names if names >= ALIKE else 0.0
    is_one_word = min(len(name_words(each.name)) for each in (a, b)) < 2
    reach = SAME_WORD_METRES if is_one_word else SAME_NAME_METRES
    return names if names == 1.0 and distance <= reach else 0.0


def metres_between(a: Description, b: Description) -> float | None:
    """Return the distance in metres, None where a position is unknown."""
    if a.position is None or b.position is None:
        return None
    north = (a.position[0] - b.position[0]) * METRES_PER_DEGREE
    turn = (a.position[1] - b.position[1] + 180.0) % 360.0 - 180.0
    east = turn * METRES_PER_DEGREE * cos(radians((a.position[0] + b.position[0]) / 2))
    return hypot(north, east)


def name_likeness(a: str, b: str, *, cities: Sequence[str] = ()) -> float:
    """Return from 0 to 1 how alike two names are, without legal forms, titles, accents, cities."""
    places = frozenset(word for city in cities for word in name_words(city))
    first, second = _without(name_words(a), places), _without(name_words(b), places)
    if not first or not second or _numbers(first) != _numbers(second):
        return 0.0
    if set(first) == set(second) or "".join(first) == "".join(second):
        return 1.0
    common = set(first) & set(second)
    smaller = min(set(first), set(second), key=len)
    if common == smaller:
        return 0.8 if len(smaller) > 1 else 0.6
    shared = len(common) / len(set(first) | set(second))
    texts = (" ".join(sorted(first)), " ".join(sorted(second)))
    written = SequenceMatcher(None, *texts, autojunk=False).ratio()
    # Two different words may be written alike; most of a name is not by chance.
    return max(shared, written if written >= 0.85 else 0.0)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in the form in which names are compared."""
    return _words_of(name[:MAX_NAME])


@lru_cache(maxsize=8192)
def _words_of(name: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKD", name.casefold().translate(_FOLDED))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = _joined_letters(_WORDS.findall(_APOSTROPHES.sub("", text)))
    words = [_UMLAUTS.sub(r"\1", word) for word in words]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return _without(tuple(words), FILLERS)


def _joined_letters(words: Sequence[str]) -> list[str]:
    """Return the words with single letters in a row as one: `g m b h` is `gmbh`."""
    joined: list[str] = []
    is_open = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and is_open:
            joined[-1] += word
        else:
            joined.append(word)
        is_open = is_letter
    return joined


def _without(words: tuple[str, ...], dropped: frozenset[str]) -> tuple[str, ...]:
    """Return the words that are not among those dropped; all of them where none would be left."""
    return tuple(word for word in words if word not in dropped) or words


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if any(letter.isdigit() for letter in word)}


def _is_elsewhere(a: Description, b: Description, distance: float | None, *, within: float) -> bool:
    """Tell whether what is known of two addresses says that they are not one."""
    if distance is not None and distance > within:
        return True
    is_next_door = distance is not None and distance <= SAME_DOOR_METRES
    first, second = house_numbers(a.street), house_numbers(b.street)
    if first and second and not first & second and not (is_next_door and a.phones & b.phones):
        return True
    if distance is not None:
        return False
    for one, other in ((a.postal_code, b.postal_code), (a.city, b.city)):
        if one and other and name_words(one) != name_words(other):
            return True
    return False


def house_numbers(street: str) -> frozenset[int]:
    """Return the numbers in a street and its house number; `5th` is a name, not a number."""
    return frozenset(int(number) for number in _HOUSE_NUMBER.findall(street[:300]))
