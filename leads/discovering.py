"""The first stage of a search: asking the provider for places and storing the new ones.

One slice asks one page. The answer, the new leads, their price and the note in the work list are
written in one transaction, so a page is either stored and paid or asked again.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from freshleads.billing import charging
from freshleads.lib.errors import ProviderError
from leads import merging, registry, splitting
from leads.leasing import Lease
from leads.models import Lead, LeadTotal, Place, ProjectLead, Search, SearchLead
from leads.providers.google import GooglePlaces
from leads.providers.records import PlaceRecord, PlacesPage

UNKNOWN_LOCATION = "unknown_location"


def discover(lease: Lease) -> bool:
    """Ask one page; returns whether the stage goes on. Raises ProviderError."""
    provider = registry.places_provider()
    if lease.search.area is None:
        return _find_area(lease, provider)
    cells = lease.search.cells
    cell = splitting.next_cell(cells)
    if cell is None or _is_full(lease.search):
        return False
    page = _ask(provider, lease.search, cell)
    with lease.writing() as search:
        cell = splitting.next_cell(search.cells)
        if cell is None:
            return False
        _store_places(search, page.places, provider)
        splitting.note_page(
            search.cells,
            cell,
            results=len(page.places),
            token=page.next_page_token,
            cap=provider.result_cap,
        )
        search.attempts = 0
        search.save(update_fields=["cells", "attempts"])
        return splitting.next_cell(search.cells) is not None and not _is_full(search)


def fail_cells(lease: Lease, error: ProviderError) -> None:
    """Give up what was not asked yet and keep the reason; found leads go on to be crawled."""
    with lease.writing() as search:
        for cell in search.cells:
            if cell["state"] == "pending":
                cell["state"] = "failed"
        search.error_code = error.code[:60]
        search.error_message = error.message[:500]
        search.attempts = 0
        search.save(update_fields=["cells", "error_code", "error_message", "attempts"])


def _find_area(lease: Lease, provider: GooglePlaces) -> bool:
    area = provider.find_area(lease.search.location)
    with lease.writing() as search:
        search.provider = provider.name
        search.attempts = 0
        if area is None:
            search.error_code = UNKNOWN_LOCATION
            search.error_message = (
                f"No place called “{search.location}” was found. Try a city with its region or "
                "country, a postal code, or “latitude,longitude”."
            )
        else:
            search.area = {
                "name": area.name,
                "country": area.country,
                "low": list(area.low),
                "high": list(area.high),
            }
            search.cells = splitting.first_cells(area.low, area.high)
        search.save(
            update_fields=["provider", "attempts", "area", "cells", "error_code", "error_message"]
        )
    return area is not None


def _ask(provider: GooglePlaces, search: Search, cell: splitting.Cell) -> PlacesPage:
    south, west = cell["low"]
    north, east = cell["high"]
    return provider.search(
        search.query,
        low=(south, west),
        high=(north, east),
        page_token=cell["page_token"],
        page_size=provider.page_size,
        region=(search.area or {}).get("country") or None,
    )


def _is_full(search: Search) -> bool:
    """Tell whether the search has what was asked for, or nothing left to pay with."""
    if search.results.count() >= search.limit:
        return True
    hold = search.hold
    return hold is not None and hold.captured >= hold.amount


def _store_places(search: Search, places: Sequence[PlaceRecord], provider: GooglePlaces) -> None:
    """Store what one page brought: new leads are paid, known ones linked for free."""
    now = timezone.now()
    origin = merging.Origin(source=provider.name, licence=provider.licence, now=now)
    _cache_places(places, provider.name, origin)
    # Everything that creates leads in a workspace queues here, so none is created twice.
    total, _ = LeadTotal.objects.select_for_update().get_or_create(workspace=search.workspace)
    wanted = _wanted_places(search, places)
    known = {
        lead.identity: lead
        for lead in Lead.objects.ever_owned_by(search.workspace).filter(
            identity__in=[merging.identity(place_id=place.place_id) for place in wanted]
        )
    }
    linked = set(search.results.values_list("lead_id", flat=True))
    room = search.limit - len(linked)
    payable = search.hold.amount - search.hold.captured if search.hold else 0
    new: list[Lead] = []
    results: list[SearchLead] = []
    for place in wanted:
        if len(results) >= room:
            break
        lead = known.get(merging.identity(place_id=place.place_id))
        if lead is None and len(new) < payable:
            lead = merging.lead_from_place(place, origin=origin)
            lead.workspace = search.workspace
            lead.created_at = lead.updated_at = now
            new.append(lead)
        elif lead is None or lead.pk in linked:
            continue
        results.append(_result(search, lead, len(linked) + len(results) + 1, now))
    Lead.objects.bulk_create(new)
    _charge(search, new)
    total.leads += len(new)
    total.save(update_fields=["leads"])
    SearchLead.objects.bulk_create(results)
    _link(search, results, now)


def _result(search: Search, lead: Lead, position: int, now: datetime) -> SearchLead:
    is_new = lead.pk is None
    reason = ""
    if not is_new:
        reason = (
            SearchLead.FreeReason.DELETED_BY_YOU
            if lead.deleted_at
            else SearchLead.FreeReason.ALREADY_YOURS
        )
    waits = SearchLead.Work.PENDING if is_new else SearchLead.Work.SKIPPED
    return SearchLead(
        search=search,
        lead=lead,
        position=position,
        is_new=is_new,
        free_reason=reason,
        crawl=waits,
        verify=waits if search.verify_emails else SearchLead.Work.SKIPPED,
        changed_at=now,
    )


def _wanted_places(search: Search, places: Sequence[PlaceRecord]) -> list[PlaceRecord]:
    """Return the open places inside the asked area, each once."""
    area = search.area or {}
    seen: dict[str, PlaceRecord] = {}
    for place in places:
        if place.business_status == "CLOSED_PERMANENTLY":
            continue
        if splitting.contains(area, place.latitude, place.longitude):
            seen.setdefault(place.place_id, place)
    return list(seen.values())


def _charge(search: Search, new: Sequence[Lead]) -> None:
    """Capture one credit for each new lead; the reference is the lead itself, for ever."""
    if not new or search.hold is None:
        return
    charging.capture(
        search.hold,
        [
            charging.Charge(
                reference=f"lead:{hashlib.sha256(lead.identity.encode()).hexdigest()[:40]}",
                amount=1,
                description=f"New lead “{lead.business_name[:120]}” by search {search.public_id}",
            )
            for lead in new
        ],
    )
    search.hold.refresh_from_db()


def _link(search: Search, results: Sequence[SearchLead], now: datetime) -> None:
    if search.project is None:
        return
    ProjectLead.objects.bulk_create(
        [
            ProjectLead(project=search.project, lead=result.lead, added_at=now)
            for result in results
            if result.free_reason != SearchLead.FreeReason.DELETED_BY_YOU
        ],
        ignore_conflicts=True,
    )


def _cache_places(places: Sequence[PlaceRecord], provider: str, origin: merging.Origin) -> None:
    Place.objects.bulk_create(
        [
            Place(
                provider=provider,
                place_id=place.place_id[:300],
                record=place.to_dict(),
                fetched_at=origin.now,
            )
            for place in {place.place_id: place for place in places}.values()
        ],
        update_conflicts=True,
        unique_fields=["provider", "place_id"],
        update_fields=["record", "fetched_at"],
    )
