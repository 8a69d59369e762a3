"""The questions one can ask: each checks itself and has one canonical form.

InvalidInput names the parameter as the LeadGen API calls it. Two questions with the same `key` are
the same question: letter case and spare blanks do not tell them apart where they mean nothing.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self

from freshleads.lib.errors import InvalidInput
from leads.models import Lookup
from leads.parameters import (
    folded,
    read_engine,
    read_line,
    read_number,
    read_public_site,
    read_whole,
)

LAST_PAGE = 99
MOST_RESULTS = 100
MOST_ADDRESSES = 20
MAX_QUERY = 400
MAX_LOCATION = 200
MAX_ADDRESS = 254
MAX_RADIUS_METRES = 50_000.0

_PLACE_ID = re.compile(r"[\x21-\x7e]{1,300}")
_CODE = re.compile(r"[A-Za-z0-9_-]{0,60}")
_TOKEN = re.compile(r"[A-Za-z0-9_]{0,64}")


@dataclass(frozen=True, slots=True)
class Question:
    """What all questions share; `max_credits` is the most that the answer can cost."""

    kind: ClassVar[Lookup.Kind]

    def checked(self) -> Self:
        """Return the question without spare blanks; raises InvalidInput."""
        raise NotImplementedError

    @property
    def max_credits(self) -> int:
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """What is asked for, in a few words for the ledger."""
        raise NotImplementedError

    def parameters(self) -> dict[str, Any]:
        """Return what makes the question again, as JSON can hold it."""
        return asdict(self)

    def identity(self) -> dict[str, Any]:
        """Return the parameters without what does not tell two questions apart."""
        return self.parameters()

    @property
    def key(self) -> str:
        return digest(self.kind, self.identity())


def digest(kind: str, identity: Mapping[str, Any]) -> str:
    """Return a SHA-256 in hexadecimal that is the same for the same JSON-like values."""
    text = json.dumps([kind, identity], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SearchQuestion(Question):
    """One result page of a search engine; `recipe` is the code of a query template."""

    kind = Lookup.Kind.SEARCH
    query: str
    engine: str = "google"
    page: int = 0
    results_per_page: int = 10
    recipe: str = ""

    def checked(self) -> Self:
        if not _CODE.fullmatch(self.recipe):
            message = "There is no recipe with this code."
            raise InvalidInput(message, code="invalid_code", param="code")
        return replace(
            self,
            recipe=self.recipe.lower(),
            query=read_line("query", self.query, MAX_QUERY),
            engine=read_engine(self.engine),
            page=read_whole("page", self.page, 0, LAST_PAGE),
            results_per_page=read_whole("results_per_page", self.results_per_page, 1, MOST_RESULTS),
        )

    @property
    def max_credits(self) -> int:
        return 10

    @property
    def subject(self) -> str:
        return self.query

    def identity(self) -> dict[str, Any]:
        return {**self.parameters(), "query": folded(self.query)}


@dataclass(frozen=True, slots=True)
class CrawlQuestion(Question):
    """The contacts of one website, whose address people may type without https://."""

    kind = Lookup.Kind.CRAWL
    url: str

    def checked(self) -> Self:
        return replace(self, url=read_public_site(self.url))

    @property
    def max_credits(self) -> int:
        return 15

    @property
    def subject(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class AdsQuestion(Question):
    """Who advertises for a query now and, with `include_history`, who did before."""

    kind = Lookup.Kind.ADS
    query: str
    engine: str = "google"
    page: int = 0
    include_history: bool = True

    def checked(self) -> Self:
        return replace(
            self,
            query=read_line("query", self.query, MAX_QUERY),
            engine=read_engine(self.engine),
            page=read_whole("page", self.page, 0, LAST_PAGE),
        )

    @property
    def max_credits(self) -> int:
        return 10

    @property
    def subject(self) -> str:
        return self.query

    def identity(self) -> dict[str, Any]:
        return {**self.parameters(), "query": folded(self.query)}


@dataclass(frozen=True, slots=True)
class PlacesQuestion(Question):
    """One page of places: around a point, in a named location, or where the query itself says.

    `radius` is in metres. `page_token` comes from the page before; `details` asks for all that is
    known of each place, which is what costs.
    """

    kind = Lookup.Kind.PLACES
    query: str
    location: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius: float | None = None
    page_token: str = ""
    details: bool = True

    def checked(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            missing = "lat" if self.latitude is None else "lng"
            raise InvalidInput("lat and lng belong together: give both.", param=missing)
        location = " ".join(self.location.split())
        if self.radius is not None and self.latitude is None and not location:
            raise InvalidInput("radius needs lat and lng, or a location.", param="radius")
        if not _TOKEN.fullmatch(self.page_token):
            raise InvalidInput("There is no page with this page_token.", param="page_token")
        return replace(
            self,
            query=read_line("query", self.query, MAX_QUERY),
            location=read_line("location", location, MAX_LOCATION) if location else "",
            latitude=read_number("lat", self.latitude, -90.0, 90.0),
            longitude=read_number("lng", self.longitude, -180.0, 180.0),
            radius=read_number("radius", self.radius, 1.0, MAX_RADIUS_METRES),
        )

    @property
    def max_credits(self) -> int:
        # Without details nothing is paid, but who has no credit left is not served either.
        return 200 if self.details else 1

    @property
    def subject(self) -> str:
        return f"{self.query}, {self.location}" if self.location else self.query

    def identity(self) -> dict[str, Any]:
        folds = {"query": folded(self.query), "location": self.location.lower()}
        return {**self.parameters(), **folds}


@dataclass(frozen=True, slots=True)
class ReviewsQuestion(Question):
    """The reviews of one place."""

    kind = Lookup.Kind.REVIEWS
    place_id: str

    def checked(self) -> Self:
        place_id = self.place_id.strip()
        if not _PLACE_ID.fullmatch(place_id):
            message = "place_id must be an id that a places search gave."
            raise InvalidInput(message, param="place_id")
        return replace(self, place_id=place_id)

    @property
    def max_credits(self) -> int:
        return 5

    @property
    def subject(self) -> str:
        return self.place_id


@dataclass(frozen=True, slots=True)
class VerifyQuestion(Question):
    """Whether up to 20 addresses take mail; `lead_ids` are the leads they stand in, in order."""

    kind = Lookup.Kind.VERIFY
    emails: tuple[str, ...]
    lead_ids: tuple[int, ...] = ()

    def checked(self) -> Self:
        if not 1 <= len(self.emails) <= MOST_ADDRESSES:
            message = f"emails must hold 1 to {MOST_ADDRESSES} addresses, not {len(self.emails)}."
            raise InvalidInput(message, param="emails")
        if len(self.lead_ids) > len(self.emails):
            message = "lead_ids must not hold more ids than emails holds addresses."
            raise InvalidInput(message, param="lead_ids")
        emails = tuple(read_line("emails", email, MAX_ADDRESS).lower() for email in self.emails)
        return replace(self, emails=emails, lead_ids=tuple(self.lead_ids))

    @property
    def max_credits(self) -> int:
        return 0

    @property
    def subject(self) -> str:
        return f"{len(self.emails)} addresses"

    def parameters(self) -> dict[str, Any]:
        return {"emails": list(self.emails), "lead_ids": list(self.lead_ids)}


def question_of(lookup: Lookup) -> Question:
    """Make the question of a row again."""
    return _BY_KIND[Lookup.Kind(lookup.kind)](**lookup.parameters)


_BY_KIND: Mapping[Lookup.Kind, type[Question]] = {
    question.kind: question
    for question in (
        SearchQuestion,
        CrawlQuestion,
        AdsQuestion,
        PlacesQuestion,
        ReviewsQuestion,
        VerifyQuestion,
    )
}
