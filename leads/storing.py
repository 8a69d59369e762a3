"""Storing what one page of places brought: leads, their price, their place in the search.

All of it happens in the caller's transaction, which holds the search by its lease.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from freshleads.billing import charging
from leads import merging, splitting
from leads.locking import lock_total
from leads.models import Lead, ProjectLead, Search, SearchLead
from leads.place_cache import store_places
from leads.providers.contracts import PlaceSource
from leads.providers.records import PlaceRecord


def is_full(search: Search) -> bool:
    """Tell whether the search has as many results as were asked for."""
    return search.results.count() >= search.limit


def store_page(search: Search, places: Sequence[PlaceRecord], source: PlaceSource) -> bool:
    """Store what one page brought: new leads are paid, known ones linked for free.

    Returns False where a new lead had to be left because nothing is left to pay it with.
    """
    now = timezone.now()
    origin = merging.Origin(source=source.name, licence=source.licence, now=now)
    store_places(places, source.name, now)
    # Everything that creates leads in a workspace queues here, so none is created twice.
    total = lock_total(search.workspace)
    wanted = _wanted_places(search, places)
    leads, is_affordable = _leads_of(search, wanted, origin)
    new = [lead for lead in leads if lead.pk is None]
    results = _results(search, leads, now)
    Lead.objects.bulk_create(new)
    SearchLead.objects.bulk_create(results)
    total.leads += len(new)
    total.save(update_fields=["leads"])
    _charge(search, new)
    _link(search, results, now)
    return is_affordable


def _leads_of(
    search: Search, wanted: Mapping[str, PlaceRecord], origin: merging.Origin
) -> tuple[list[Lead], bool]:
    """Return the leads to add to the search, new ones unsaved, and whether all could be paid."""
    known = {
        lead.identity: lead
        for lead in Lead.objects.ever_owned_by(search.workspace).filter(identity__in=list(wanted))
    }
    linked = set(search.results.values_list("lead_id", flat=True))
    room = search.limit - len(linked)
    payable = search.hold.amount - search.hold.captured if search.hold else 0
    leads: list[Lead] = []
    for identity, place in wanted.items():
        lead = known.get(identity)
        if len(leads) >= room or (lead is not None and lead.pk in linked):
            continue
        if lead is None:
            if not payable:
                return leads, False
            payable -= 1
            lead = merging.lead_from_place(place, origin=origin)
            lead.workspace = search.workspace
            lead.created_at = lead.updated_at = origin.now
        leads.append(lead)
    return leads, True


def _results(search: Search, leads: Sequence[Lead], now: datetime) -> list[SearchLead]:
    """Return the unsaved results of a page; what is read elsewhere right now is left to it."""
    first = search.results.count() + 1
    busy = set(
        SearchLead.objects.filter(
            lead__in=[lead.pk for lead in leads if lead.pk],
            search__in=Search.objects.owned_by(search.workspace).unfinished(),
        )
        .filter(Q(crawl=SearchLead.Work.PENDING) | Q(verify=SearchLead.Work.PENDING))
        .values_list("lead_id", flat=True)
    )
    return [
        _result(search, lead, position, now, is_busy=lead.pk in busy)
        for position, lead in enumerate(leads, start=first)
    ]


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


def _wanted_places(search: Search, places: Sequence[PlaceRecord]) -> dict[str, PlaceRecord]:
    """Return the open places inside the asked area by identity, each once."""
    area = search.area or {}
    wanted: dict[str, PlaceRecord] = {}
    for place in places:
        identity = merging.place_identity(place)
        if not identity or place.business_status == "CLOSED_PERMANENTLY":
            continue
        if splitting.contains(area, place.latitude, place.longitude):
            wanted.setdefault(identity, place)
    return wanted


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
