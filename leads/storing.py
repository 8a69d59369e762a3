"""Storing what one page of places brought: leads, their price, their place in the search.

All of it happens in the caller's transaction, which holds the search by its lease.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from freshleads.billing import charging
from leads import listings, merging, rediscovering, refreshing, registry, reporting, splitting
from leads.locking import lock_leads, lock_total
from leads.models import Lead, ProjectLead, Search, SearchLead
from leads.place_cache import store_places
from leads.providers.contracts import PlaceSource
from leads.providers.records import PlaceRecord
from leads.refreshing import Changes

CLOSED = "CLOSED_PERMANENTLY"
CLOSING: Changes = {"business_status": ["OPERATIONAL", CLOSED]}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of places by identity, the leads among them by identity, and where it is from.

    `linked` are the leads that the search has already; `changes` fills while leads are refreshed.
    """

    search: Search
    places: Mapping[str, PlaceRecord]
    known: Mapping[str, Lead]
    linked: frozenset[int]
    origin: merging.Origin
    changes: dict[int, Changes] = field(default_factory=dict)


def store_page(search: Search, places: Sequence[PlaceRecord], source: PlaceSource) -> bool:
    """Store what one page brought: new leads are paid, known ones linked and refreshed for free.

    Returns False where a new lead had to be left because nothing is left to pay it with.
    """
    origin = merging.Origin(source=source.name, licence=source.licence, now=timezone.now())
    store_places(places, source.name, origin.now)
    # Everything that creates leads in a workspace queues here, so none is created twice.
    total = lock_total(search.workspace)
    page = _read_page(search, places, origin)
    leads, is_affordable = _leads_of(page)
    _refresh(page, leads)
    new = [lead for lead in leads if lead.pk is None]
    results = _results(page, leads)
    Lead.objects.bulk_create(new)
    SearchLead.objects.bulk_create(results)
    total.leads += len(new)
    total.save(update_fields=["leads"])
    _charge(search, new)
    _link(search, results, origin.now)
    return is_affordable


def _read_page(search: Search, places: Sequence[PlaceRecord], origin: merging.Origin) -> Page:
    """Return the places inside the asked area, each once, with the leads that they are.

    A place that is closed for good counts only where it is a lead, to tell that it closed.
    """
    inside: dict[str, PlaceRecord] = {}
    for place in places:
        identity = listings.place_identity(place)
        if identity and splitting.contains(search.area or {}, place.latitude, place.longitude):
            inside.setdefault(identity, place)
    ids = rediscovering.known_leads(search.workspace, inside, source=origin.source)
    leads = lock_leads(ids.values())
    known = {identity: leads[pk] for identity, pk in ids.items() if pk in leads}
    told = _known_closed(known, inside)
    return Page(
        search=search,
        places={
            identity: place
            for identity, place in inside.items()
            if place.business_status != CLOSED
            or (identity in known and known[identity].pk not in told)
        },
        known=known,
        linked=frozenset(search.results.values_list("lead_id", flat=True)),
        origin=origin,
    )


def _known_closed(known: Mapping[str, Lead], places: Mapping[str, PlaceRecord]) -> set[int]:
    """Return the leads of which the workspace was told before that they closed."""
    closed = [known[name].pk for name in known if places[name].business_status == CLOSED]
    if not closed:
        return set()
    told = SearchLead.objects.filter(lead__in=closed, changes__has_key="business_status")
    return set(told.values_list("lead_id", flat=True))


def _leads_of(page: Page) -> tuple[list[Lead], bool]:
    """Return the leads to add to the search, new ones unsaved, and whether all could be paid."""
    room = reporting.room_of(page.search)
    payable = page.search.hold.amount - page.search.hold.captured if page.search.hold else 0
    leads: list[Lead] = []
    for identity, place in page.places.items():
        lead = page.known.get(identity)
        if lead is not None and lead.pk in page.linked:
            continue
        if not room.takes(is_new=lead is None):
            continue
        if lead is None:
            if not payable:
                return leads, False
            payable -= 1
            lead = listings.lead_from_place(
                place, origin=page.origin, lent_days=registry.lent_days()
            )
            lead.workspace = page.search.workspace
            lead.created_at = lead.updated_at = page.origin.now
        room.take(is_new=lead.pk is None)
        leads.append(lead)
    return leads, True


def _refresh(page: Page, leads: Sequence[Lead]) -> None:
    """Take over what the page says anew of known leads, and keep that its source lists them."""
    taken = {lead.pk for lead in leads}
    seen = {
        identity: lead
        for identity, lead in page.known.items()
        if identity in page.places
        and lead.deleted_at is None
        # What another part of the area showed already says nothing new, unless it is another's.
        and (lead.pk in taken or (lead.pk in page.linked and lead.identity != identity))
    }
    if not seen:
        return
    rediscovering.remember(seen, page.places, origin=page.origin)
    lent_days = registry.lent_days()
    for identity, lead in seen.items():
        place = page.places[identity]
        changes = refreshing.refresh(lead, place, origin=page.origin, lent_days=lent_days)
        page.changes[lead.pk] = CLOSING if place.business_status == CLOSED else changes
    Lead.objects.bulk_update(seen.values(), refreshing.MERGED, batch_size=50)


def _results(page: Page, leads: Sequence[Lead]) -> list[SearchLead]:
    """Return the unsaved results of a page; what is read elsewhere right now is left to it."""
    search = page.search
    first = search.results.count() + 1
    busy = set(
        SearchLead.objects.filter(
            lead__in=[lead.pk for lead in leads if lead.pk],
            search__in=Search.objects.owned_by(search.workspace).unfinished(),
        )
        .filter(Q(crawl=SearchLead.Work.PENDING) | Q(verify=SearchLead.Work.PENDING))
        .values_list("lead_id", flat=True)
    )
    lent_days = registry.lent_days()
    results = []
    for position, lead in enumerate(leads, start=first):
        result = _result(search, lead, position, page.origin.now, is_busy=lead.pk in busy)
        result.changes = page.changes.get(lead.pk, {})
        if result.changes and page.origin.source in lent_days:
            days = lent_days[page.origin.source]
            result.changes_expire_at = page.origin.now + timedelta(days=days)
        results.append(result)
    return results


def _result(
    search: Search, lead: Lead, position: int, now: datetime, *, is_busy: bool
) -> SearchLead:
    """Return one result; a lead whose work was cut short before gets it now, for free."""
    reason = ""
    if lead.deleted_at:
        reason = SearchLead.FreeReason.DELETED_BY_YOU
    elif lead.pk is not None:
        reason = SearchLead.FreeReason.ALREADY_YOURS
    is_open = not (lead.deleted_at or is_busy)
    to_crawl = is_open and lead.crawled_at is None
    to_verify = is_open and lead.verified_at is None and search.verify_emails
    return SearchLead(
        search=search,
        lead=lead,
        position=position,
        is_new=lead.pk is None,
        free_reason=reason,
        crawl=SearchLead.Work.PENDING if to_crawl else SearchLead.Work.SKIPPED,
        verify=SearchLead.Work.PENDING if to_verify else SearchLead.Work.SKIPPED,
        changed_at=now,
    )


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
                # The ledger is for ever, so nothing that a source only lends stands in it.
                description=f"New lead {lead.public_id}: {search.query} in {search.location}",
            )
            for lead in new
        ],
    )


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
