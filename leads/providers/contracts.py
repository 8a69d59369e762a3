"""What a source must be able to do to stand behind an ability; each client fulfils one or more.

Every call raises ProviderError where the source fails, with one of the codes in `FAULTS`, and
InvalidInput where the question itself is wrong.
"""

from typing import ClassVar, Protocol

from leads.providers.records import (
    AdRecord,
    AreaRecord,
    PlaceRecord,
    PlacesPage,
    Position,
    ReviewRecord,
    SearchResult,
)

FAULTS = {
    "invalid_key": "The key is missing, wrong or blocked.",
    "access_denied": "The key may not do this.",
    "request_refused": "The source calls the request wrong.",
    "no_credit": "The account with the source is used up.",
    "quota_exceeded": "Too many requests for now.",
    "captcha": "The source shows a CAPTCHA in place of results.",
    "provider_unavailable": "The source does not answer, or answers too late.",
    "bad_answer": "The answer cannot be understood.",
    "not_supported": "The source lacks this ability.",
    "no_local_places": "Nothing has been imported yet.",
}


class SearchEngine(Protocol):
    """Asks one of its `engines` (google, bing) and gives back the organic results.

    One with `is_stand_in` asks its own index whatever engine is named: something to fall back on,
    whose answer has to be called by its own `name`. One question ends within `call_seconds`.
    """

    name: ClassVar[str]
    engines: ClassVar[frozenset[str]]
    is_stand_in: ClassVar[bool]
    call_seconds: ClassVar[float]

    def search(
        self, query: str, *, engine: str, page: int, results_per_page: int
    ) -> tuple[SearchResult, ...]:
        """Return up to `results_per_page` (1-100) results; `page` counts from 0."""
        ...


def can_answer(client: SearchEngine, engine: str) -> bool:
    """Tell whether a client asks this engine, or stands in for it."""
    return engine in client.engines or client.is_stand_in


class AdSource(Protocol):
    """Asks one of its `ad_engines` and gives back the ads beside the results."""

    name: ClassVar[str]
    ad_engines: ClassVar[frozenset[str]]
    call_seconds: ClassVar[float]

    def ads(self, query: str, *, engine: str, page: int) -> tuple[AdRecord, ...]:
        """Return the ads of one result page; `page` counts from 0."""
        ...


class PlaceSource(Protocol):
    """Finds businesses inside a rectangle.

    `licence` is the name of the licence its values come under; at most `result_cap` places come
    for one query and rectangle, `page_size` of them in one call, which ends within `call_seconds`.
    """

    name: ClassVar[str]
    licence: ClassVar[str]
    page_size: ClassVar[int]
    result_cap: ClassVar[int]
    call_seconds: ClassVar[float]

    @property
    def keep_days(self) -> int | None:
        """After how many days its content must go; None: it may be kept for ever."""
        ...

    def find_area(self, text: str) -> AreaRecord | None:
        """Return the city, region, postal code, country or point that a text names, or None."""
        ...

    def search(
        self,
        query: str,
        *,
        low: Position,
        high: Position,
        page_token: str | None = None,
        page_size: int = 20,
        region: str | None = None,
    ) -> PlacesPage:
        """Return one page of what matches inside the rectangle."""
        ...


class PlaceDetails(Protocol):
    """Knows single places by their id."""

    name: ClassVar[str]

    def details(self, place_id: str) -> PlaceRecord | None:
        """Return the place, None where the id is unknown or dead."""
        ...

    def reviews(self, place_id: str) -> tuple[ReviewRecord, ...] | None:
        """Return up to five reviews, None where the id is unknown or dead."""
        ...
