"""The first stage of a search: asking a source for places, or the next one where it fails.

One slice asks one page. The answer, the new leads, their price and the note in the work list are
written in one transaction, so a page is either stored and paid or asked again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.utils import timezone

from freshleads.lib.errors import InvalidInput, ProviderError
from leads import provider_health, registry, reporting, splitting, storing
from leads.cleaning import clean
from leads.leasing import Lease
from leads.models import Search
from leads.provider_health import PLACES
from leads.providers.contracts import PlaceSource
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage

UNKNOWN_LOCATION = "unknown_location"
SHORT_REST = timedelta(seconds=60)  # a source that rests no longer is worth the wait
STORE_SECONDS = 5.0
AREA_HOLDS = timedelta(days=28)

Answer = TypeVar("Answer")


def discover(lease: Lease) -> bool:
    """Ask one page; returns whether the stage goes on. Raises ProviderError."""
    source = _source_of(lease)
    lease.cover(source.call_seconds + STORE_SECONDS)
    if lease.search.area is None:
        return _find_area(lease, source)
    cell = splitting.next_cell(lease.search.cells)
    if cell is None or reporting.is_full(lease.search):
        return False
    page = _ask(source, lease.search, cell)
    with lease.writing() as search:
        cell = splitting.next_cell(search.cells)
        if cell is None:
            return False
        is_affordable = storing.store_page(search, page.places, source)
        splitting.note_page(
            search.cells,
            cell,
            results=len(page.places),
            token=page.next_page_token,
            cap=source.result_cap,
            is_incomplete=page.is_incomplete,
        )
        search.attempts = 0
        search.save(update_fields=["cells", "attempts"])
        is_done = splitting.next_cell(search.cells) is None or reporting.is_full(search)
        return is_affordable and not is_done


def has_another_source(search: Search) -> bool:
    """Tell whether another source can take over where the present one fails."""
    return bool(_others(search))


def take_over(lease: Lease, error: ProviderError) -> bool:
    """Hand the search to the next source; returns whether there is one.

    The new source is asked for the whole area again; what was found stays and is not paid twice.
    """
    with lease.writing() as search:
        others = _others(search)
        if not others:
            return False
        _hand_over(search, others[0], code=error.code, message=error.message)
        search.save()
    return True


def fail_cells(lease: Lease, error: ProviderError) -> None:
    """Give up what was not asked yet and keep the reason; found leads go on to be crawled."""
    with lease.writing() as search:
        for cell in search.cells:
            if cell["state"] == "pending":
                cell["state"] = "failed"
        search.error_code = error.code[:60]
        search.error_message = clean(error.message)[:500]
        search.attempts = 0
        search.save(update_fields=["cells", "error_code", "error_message", "attempts"])


def _source_of(lease: Lease) -> PlaceSource:
    """Return the search's source; the first slice chooses it, past those that rest for long."""
    sources = registry.place_sources()
    if not sources:
        message = "No source of places is set up."
        raise ProviderError(message, code="not_supported", permanent=True)
    for source in sources:
        if source.name == lease.search.provider:
            return source
    resting = provider_health.resting(PLACES, [source.name for source in sources])
    ends = timezone.now() + SHORT_REST
    resting = {
        name: row
        for name, row in resting.items()
        if row.resting_until is not None and row.resting_until > ends
    }
    chosen = next((source for source in sources if source.name not in resting), sources[0])
    with lease.writing() as search:
        search.provider = chosen.name
        splitting.reset_cells(search.cells)  # another's page tokens mean nothing here
        search.passed_over = [
            _passed_over(source.name, row.error_code, row.error_message)
            for source in sources[: sources.index(chosen)]
            if (row := resting.get(source.name))
        ]
        search.save(update_fields=["provider", "passed_over", "cells"])
    return chosen


def _others(search: Search) -> list[str]:
    """Return the sources that may still take over: untried ones, then those that only rested."""
    entries = {entry["source"]: entry["asked"] for entry in search.passed_over}
    names = [source.name for source in registry.place_sources() if source.name != search.provider]
    left = [name for name in names if not entries.get(name)]
    return sorted(left, key=lambda name: name in entries)


def _hand_over(search: Search, name: str, *, code: str, message: str) -> None:
    """Make another source the search's in the caller's transaction, with the area to do anew."""
    entry = _passed_over(search.provider, code, message)
    entry["asked"] = True
    entry["requests"] = sum(cell["pages"] for cell in search.cells)
    entry["results"] = sum(cell["results"] for cell in search.cells)
    search.passed_over = [kept for kept in search.passed_over if kept["source"] != name]
    search.passed_over.append(entry)
    search.provider = name
    search.attempts = 0
    if search.area is not None:
        search.cells = splitting.first_cells(search.area["low"], search.area["high"])


def _passed_over(source: str, code: str, message: str) -> dict[str, Any]:
    return {
        "source": source,
        "code": code[:60],
        "message": clean(message)[:500],
        "asked": False,
        "requests": 0,
        "results": 0,
    }


def _find_area(lease: Lease, source: PlaceSource) -> bool:
    if (before := _run_before(lease.search, source)) is not None:
        return _take_area_of(lease, before)
    location = lease.search.location
    try:
        area = _hear(source, lambda: source.find_area(location))
    except InvalidInput:  # a point that is not on earth, whoever is asked
        return _store_area(lease, None, is_final=True)
    return _store_area(lease, area)


def _run_before(search: Search, source: PlaceSource) -> Search | None:
    """Return the last run of the same saved search whose area and division still hold."""
    if search.saved_search_id is None:
        return None
    runs = Search.objects.filter(
        saved_search=search.saved_search_id,
        provider=source.name,
        status=Search.Status.COMPLETED,
        area__isnull=False,
        created_at__gt=timezone.now() - AREA_HOLDS,
    )
    return runs.order_by("-created_at").first()


def _take_area_of(lease: Lease, before: Search) -> bool:
    """Begin where the run before ended: what it found too full is not asked whole again."""
    with lease.writing() as search:
        search.area, search.attempts = before.area, 0
        search.cells = splitting.cells_again(before.cells)
        search.save(update_fields=["area", "attempts", "cells"])
    return True


def _store_area(lease: Lease, area: AreaRecord | None, *, is_final: bool = False) -> bool:
    """Keep the area to search; where a source knows none, the next one is asked."""
    with lease.writing() as search:
        search.attempts = 0
        others = _others(search)
        if area is not None:
            search.area = {
                "name": clean(area.name),
                "country": area.country,
                "low": list(area.low),
                "high": list(area.high),
            }
            search.cells = splitting.first_cells(area.low, area.high)
        elif others and not is_final:
            message = f"It knows no place called “{search.location}”."
            _hand_over(search, others[0], code=UNKNOWN_LOCATION, message=message)
        else:
            search.error_code = UNKNOWN_LOCATION
            search.error_message = (
                f"No place called “{search.location}” was found. Try a city with its region or "
                "country, a postal code, or “latitude,longitude”."
            )
        search.save()
    return not search.error_code


def _ask(source: PlaceSource, search: Search, cell: splitting.Cell) -> PlacesPage:
    south, west = cell["low"]
    north, east = cell["high"]

    def ask() -> PlacesPage:
        return source.search(
            search.query,
            low=(south, west),
            high=(north, east),
            page_token=cell["page_token"],
            page_size=source.page_size,
            region=(search.area or {}).get("country") or None,
        )

    try:
        page = _hear(source, ask)
    except InvalidInput as error:
        raise ProviderError(error.message, code="request_refused", permanent=True) from None
    places = tuple(PlaceRecord.from_dict(clean(place.to_dict())) for place in page.places)
    return PlacesPage(places, clean(page.next_page_token), page.is_incomplete)


def _hear(source: PlaceSource, ask: Callable[[], Answer]) -> Answer:
    """Return the source's answer and note how it does."""
    try:
        answer = ask()
    except ProviderError as error:
        provider_health.note_failure(source.name, PLACES, error)
        raise
    provider_health.note_success(source.name, PLACES)
    return answer
