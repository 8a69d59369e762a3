"""Pages of a places search: asked once, kept for everybody, followed by tokens of our own."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.ids import new_id
from leads import failover, registry
from leads.cleaning import clean
from leads.failover import CannotTell
from leads.lookup_leases import LookupLease
from leads.models import PlacesQuery
from leads.parameters import folded
from leads.place_cache import is_storable
from leads.provider_health import PLACES
from leads.providers.contracts import PlaceSource
from leads.providers.points import BOX_KM, box_around
from leads.providers.records import AreaRecord, PlaceRecord
from leads.questions import PlacesQuestion, digest

FRESH_FOR = timedelta(days=7)
PAGE_SIZE = 20
MOST_TRIES = 3  # at reading a location out of the end of a query
SPARE_SECONDS = 5.0

_WHAT_WHERE = re.compile(r"(.+?)\s+(?:in|near|around)\s+(.+)", re.IGNORECASE)
_EXPIRED = "There is no page with this page_token, or no more: ask for the first page again."
_NOWHERE = (
    "Say where: give location, or lat and lng, or write it into the query as in "
    "“dentists in Miami, FL”."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider was asked for the first page, and is asked again for the others."""

    query: str  # as the caller wrote it
    what: str
    low: tuple[float, float]
    high: tuple[float, float]
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of places in the provider's order; `token` asks for the next, "" on the last."""

    key: str
    asked: Asked
    provider: str
    places: tuple[PlaceRecord, ...]
    token: str = ""
    upstream_token: str = ""


def check_token(question: PlacesQuestion) -> None:
    """Refuse a page_token that was never given, is too old, or belongs to another query."""
    if question.page_token:
        row = _row_before(question)
        if folded(row.parameters["query"]) != folded(question.query):
            message = "This page_token belongs to another query."
            raise InvalidInput(message, param="page_token")


def known_page(question: PlacesQuestion) -> Page | None:
    """Return the page as it was within the last 7 days, of a provider that is still in use."""
    row = _fresh_rows().filter(key=_key(question)).first()
    if row is None or row.provider not in registry.place_source_names():
        return None
    return Page(
        key=row.key,
        asked=_asked(row),
        provider=row.provider,
        places=tuple(map(PlaceRecord.from_dict, row.rows)),
        token=row.token,
        upstream_token=row.upstream_token,
    )


def fetch_page(lease: LookupLease, question: PlacesQuestion) -> Page:
    """Ask for the page: the first one the providers in turn, a further one its own provider.

    Raises ProviderError, and InvalidInput for a location nobody knows and a token that expired.
    """
    if question.page_token:
        row = _row_before(question)
        sources = [one for one in registry.place_sources() if one.name == row.provider]
        return failover.first_answer(
            PLACES, sources, lambda source: _further_page(lease, source, question, row)
        )
    try:
        return failover.first_answer(
            PLACES, registry.place_sources(), lambda source: _first_page(lease, source, question)
        )
    except CannotTell as error:
        raise InvalidInput(error.message, param="location") from None


def store_page(page: Page, now: datetime) -> None:
    """Keep a page for who asks the same."""
    PlacesQuery.objects.update_or_create(
        key=page.key,
        defaults={
            "parameters": asdict(page.asked),
            "provider": page.provider,
            "rows": [place.to_dict() for place in page.places],
            "token": page.token,
            "upstream_token": page.upstream_token,
            "fetched_at": now,
        },
    )


def _first_page(lease: LookupLease, source: PlaceSource, question: PlacesQuestion) -> Page:
    lease.cover((MOST_TRIES + 1) * source.call_seconds + SPARE_SECONDS)
    what, area = _area(source, question)
    asked = Asked(question.query, what, area.low, area.high, area.country)
    return _ask(source, _key(question), asked, token=None)


def _further_page(
    lease: LookupLease, source: PlaceSource, question: PlacesQuestion, before: PlacesQuery
) -> Page:
    lease.cover(source.call_seconds + SPARE_SECONDS)
    try:
        return _ask(source, _key(question), _asked(before), token=before.upstream_token)
    except ProviderError as error:
        if error.code != "request_refused":
            raise
        # The provider forgot its token; the page before it must be asked again to get another.
        PlacesQuery.objects.filter(pk=before.pk).delete()
        raise InvalidInput(_EXPIRED, param="page_token") from None


def _ask(source: PlaceSource, key: str, asked: Asked, *, token: str | None) -> Page:
    page = source.search(
        asked.what,
        low=asked.low,
        high=asked.high,
        page_token=token,
        page_size=PAGE_SIZE,
        region=asked.region,
    )
    upstream_token = page.next_page_token or ""
    places = [PlaceRecord.from_dict(clean(place.to_dict())) for place in page.places[:PAGE_SIZE]]
    unique = {place.place_id: place for place in places if is_storable(place)}
    return Page(
        key=key,
        asked=asked,
        provider=source.name,
        places=tuple(unique.values()),
        token=new_id("page") if upstream_token else "",
        upstream_token=clean(upstream_token),
    )


def _area(source: PlaceSource, question: PlacesQuestion) -> tuple[str, AreaRecord]:
    """Return what to look for and the rectangle to look in; CannotTell where it is unknown."""
    km = question.radius / 1000 if question.radius else None
    if question.latitude is not None and question.longitude is not None:
        return question.query, box_around(question.latitude, question.longitude, km or BOX_KM)
    for what, where in _readings(question):
        area = source.find_area(where)
        if area is not None:
            return what, box_around(*area.center, km) if km else area
    if question.location:
        raise CannotTell(f"No place called “{question.location}” was found.")
    raise CannotTell(_NOWHERE)


def _readings(question: PlacesQuestion) -> Iterator[tuple[str, str]]:
    """Yield (what, where) as the question says it, or as its query may be read, likely first."""
    if question.location:
        yield question.query, question.location
        return
    split = _WHAT_WHERE.fullmatch(question.query)
    if split:
        yield split[1], split[2]
        return
    words = question.query.split()
    for count in range(min(MOST_TRIES, len(words) - 1), 0, -1):
        yield " ".join(words[:-count]), " ".join(words[-count:])


def _key(question: PlacesQuestion) -> str:
    if question.page_token:
        return digest("places", {"page_token": question.page_token})
    place = {
        "query": folded(question.query),
        "location": question.location.lower(),
        "point": [question.latitude, question.longitude, question.radius],
    }
    return digest("places", place)


def _row_before(question: PlacesQuestion) -> PlacesQuery:
    """Return the page whose `next_page_token` is asked for; InvalidInput where it is gone."""
    row = _fresh_rows().filter(token=question.page_token).first()
    if row is None:
        raise InvalidInput(_EXPIRED, param="page_token")
    return row


def _fresh_rows() -> QuerySet[PlacesQuery]:
    return PlacesQuery.objects.filter(fetched_at__gt=timezone.now() - FRESH_FOR)


def _asked(row: PlacesQuery) -> Asked:
    stored: dict[str, Any] = row.parameters
    return Asked(
        query=stored["query"],
        what=stored["what"],
        low=tuple(stored["low"]),
        high=tuple(stored["high"]),
        region=stored["region"],
    )
