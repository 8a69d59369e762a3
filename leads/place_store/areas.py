"""What a place name means to the imported data: its own cities, regions, postal codes, countries.

"Miami", "Miami, FL", "Miami FL USA", "33130", "Florida" and "Germany" are understood, as far as
places of the data carry these names. Of several places of one name the one with the most
businesses is meant, unless a region or a country is named with it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leads.place_store.curve import Box
from leads.place_store.datasets import Dataset, opened_datasets
from leads.place_store.regions import region_codes, region_name
from leads.place_store.words import area_key, plain_words_of

MAX_CANDIDATES = 500
MAX_QUALIFIERS = 3
SHORTEST_BEGINNING = 3  # of a postal code
# Somebody who types "Luxembourg" or "Berlin" means the larger thing first, then the city.
_ORDER = {"country": 0, "city": 1, "region": 2, "postal": 3}

CountryCode = Callable[[str], str | None]  # the ISO code of a country's name or code


@dataclass(frozen=True, slots=True)
class StoredArea:
    """A named rectangle with its middle (latitude, longitude)."""

    name: str
    box: Box
    center: tuple[float, float]
    country: str | None
    places: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    region: str | None
    area: StoredArea

    def rank(self) -> tuple[int, int]:
        return _ORDER[self.kind], -self.area.places


def find_area(folder: Path, text: str, country_code: CountryCode) -> StoredArea | None:
    """Return the area that a text names, None where the data knows none; UnreadableDataset."""
    with opened_datasets(folder) as datasets:
        for name, qualifiers in _readings(text):
            found = [
                candidate
                for dataset in datasets
                for candidate in _candidates(dataset, name, country_code)
                if all(_fits(candidate, each, country_code) for each in qualifiers)
            ]
            if found:
                return min(found, key=_Candidate.rank).area
    return None


def _readings(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a name and what stands beside it, the plain reading first."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return
    yield parts[0], parts[1:]
    if len(parts) == 1:
        words = parts[0].split()
        for count in range(1, min(MAX_QUALIFIERS, len(words) - 1) + 1):
            yield " ".join(words[:-count]), [" ".join(words[-count:])]
    for part in parts:
        for word in part.split():
            if any(map(str.isdigit, word)):
                yield word, []


def _candidates(dataset: Dataset, name: str, country_code: CountryCode) -> Iterator[_Candidate]:
    code = country_code(name)
    if code:
        yield from _read(dataset, "kind = 'country' AND key = ?", code.lower())
    key = area_key("city", name)
    yield from _read(dataset, "kind IN ('city', 'region') AND key = ?", key)
    for country, region in region_codes(name):
        wanted = "kind = 'region' AND key = ? AND country = ?"
        yield from _read(dataset, wanted, region.lower(), country)
    if any(map(str.isdigit, name)):
        yield from _postal(dataset, area_key("postal", name))


def _postal(dataset: Dataset, key: str) -> Iterator[_Candidate]:
    whole = list(_read(dataset, "kind = 'postal' AND key = ?", key))
    if whole or len(key) < SHORTEST_BEGINNING:
        yield from whole
        return
    # The first part of a British code, say, names the area of all codes that begin with it.
    begun = (
        "SELECT 'postal', upper(?), NULL, country, sum(places), min(south), min(west), max(north),"
        " max(east), avg(latitude), avg(longitude) FROM area WHERE kind = 'postal'"
        " AND key BETWEEN ? AND ? GROUP BY country"
    )
    for row in dataset.db.execute(begun, (key, key, key + "\U0010ffff")):
        yield _candidate(row)


def _read(dataset: Dataset, wanted: str, *values: str) -> Iterator[_Candidate]:
    asked = (
        "SELECT kind, name, region, country, places, south, west, north, east, latitude, longitude"
        f" FROM area WHERE {wanted} ORDER BY places DESC LIMIT {MAX_CANDIDATES}"
    )
    for row in dataset.db.execute(asked, values):
        yield _candidate(row)


def _candidate(row: tuple[Any, ...]) -> _Candidate:
    kind, name, region, country, places, south, west, north, east, latitude, longitude = row
    shown = region_name(country, name) if kind == "region" else name
    parts = dict.fromkeys(part for part in (shown, region, country) if part)
    box = Box(south, west, north, east)
    area = StoredArea(", ".join(parts), box, (latitude, longitude), country, places)
    return _Candidate(kind, name if kind == "region" else region, area)


def _fits(candidate: _Candidate, qualifier: str, country_code: CountryCode) -> bool:
    """Tell whether an area lies in what is named beside it; a postal code says nothing."""
    country, region = candidate.area.country, candidate.region or ""
    if country and country_code(qualifier) == country:
        return True
    if (country, region.upper()) in region_codes(qualifier):
        return True
    if plain_words_of(qualifier) == plain_words_of(region):
        return True
    return any(map(str.isdigit, qualifier)) or candidate.kind == "postal"
