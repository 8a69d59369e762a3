"""Letting go of what a source only lends: Google's content after some days, all but the place id.

What the business itself, open data or a person says stays, and steps in where it can. Batches are
small and each commits alone, so that a kill loses nothing and the next run goes on.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from leads import choosing, listings, merging, refreshing, registry
from leads.locking import lock_leads
from leads.models import Lead, LeadIdentity, NamedArea, Place, PlaceReviews, PlacesQuery, SearchLead
from leads.providers.records import PlaceRecord
from leads.site_crawls import kept_reports

LEADS_AT_ONCE = 200
ROWS_AT_ONCE = 1000
BATCHES = 50
GOOGLE_LISTING = "https://www.google.com/maps/search/?api=1&query=Google&query_place_id={}"
BLANK: Mapping[str, Any] = {
    column.name: column.get_default()
    for column in Lead._meta.concrete_fields
    if column.name in refreshing.MERGED
}
COLUMNS = (*refreshing.MERGED, "description")

Placed = tuple[PlaceRecord, merging.Origin]


def forget_lent_content() -> bool:
    """Let go of what is due, in a bounded number of batches; returns whether there is more."""
    lent_days = registry.lent_days()
    if not lent_days:
        return False
    now = timezone.now()
    is_more = [_forget_caches(name, now - timedelta(days=lent_days[name])) for name in lent_days]
    is_more.append(_forget_changes(now))
    for _ in range(BATCHES):
        if not forget_leads(now, lent_days):
            return any(is_more)
    return True


def forgotten_after(lead: Lead) -> int:
    """Return after how many days the listing's values of this lead went, 0 where they are there."""
    lent_days = registry.lent_days()
    if not refreshing.is_forgotten(lead, lent_days):
        return 0
    return lent_days[lead.sources["place_id"]["source"]]


@transaction.atomic
def forget_leads(now: datetime, lent_days: Mapping[str, int]) -> int:
    """Blank the lent values that are due in the next leads, and return how many leads those are."""
    due = Lead.objects.filter(content_expires_at__lte=now).order_by("content_expires_at")
    leads = lock_leads(due.values_list("pk", flat=True)[:LEADS_AT_ONCE])
    if not leads:
        return 0
    lasting = _lasting_places(leads.values(), lent_days)
    sites = kept_reports([lead.website for lead in leads.values() if lead.website])
    for lead in leads.values():
        _forget(lead, now, lent_days)
        for place, origin in lasting.get(lead.pk, ()):
            refreshing.refresh(lead, place, origin=origin, lent_days=lent_days)
        if lead.website in sites:
            merging.merge_site(lead, sites[lead.website][0], now=sites[lead.website][1])
        merging.choose_email(lead, now=now)
        lead.search_text = merging.search_text(lead)
        lead.content_expires_at = listings.expiry(lead, lent_days)
    Lead.objects.bulk_update(leads.values(), COLUMNS, batch_size=50)
    _forget_links(leads, lent_days)
    return len(leads)


def _forget(lead: Lead, now: datetime, lent_days: Mapping[str, int]) -> None:
    """Blank every value whose source lends it and has not shown it again in time."""
    for field in [name for name in lead.sources if _is_due(lead.sources[name], now, lent_days)]:
        source = lead.sources[field]
        if field in listings.KEPT:
            source["url"] = GOOGLE_LISTING.format(lead.place_id)
            continue
        del lead.sources[field]
        name, _, part = field.partition(".")
        if name in {"phones", "emails"} and part:
            _drop_listed(lead, name, {part, listings.FOUND_BY})
        elif name == "social_links":
            lead.social_links.pop(part, None)
        elif name in BLANK:
            setattr(lead, name, BLANK[name])
            if name == "website":
                lead.domain = ""
    if (lead.sources.get("place_id") or {}).get("source") in lent_days:
        _drop_listed(lead, "phones", {listings.FOUND_BY})  # as earlier versions wrote them


def _forget_links(leads: Iterable[int], lent_days: Mapping[str, int]) -> None:
    """Let the listings of these leads be reached by what may be kept, their place ids."""
    rows = list(LeadIdentity.objects.filter(lead__in=list(leads), provider__in=list(lent_days)))
    for row in rows:
        row.url = GOOGLE_LISTING.format(row.place_id)
    LeadIdentity.objects.bulk_update(rows, ("url",), batch_size=200)


def _is_due(source: Mapping[str, Any], now: datetime, lent_days: Mapping[str, int]) -> bool:
    days = lent_days.get(source.get("source", ""))
    checked = source.get("checked_at")
    if days is None or not checked:
        return False
    return datetime.fromisoformat(checked) + timedelta(days=days) <= now


def _drop_listed(lead: Lead, name: str, methods: set[str]) -> None:
    """Take the entries out of a list that a listing alone gave."""
    setattr(lead, name, [entry for entry in getattr(lead, name) if entry["method"] not in methods])


def _lasting_places(leads: Iterable[Lead], lent_days: Mapping[str, int]) -> dict[int, list[Placed]]:
    """Return what sources that may be kept say of the leads, in the order of the table."""
    rows = LeadIdentity.objects.filter(lead__in=list(leads)).exclude(provider__in=list(lent_days))
    listed = {(row.provider, row.place_id): row for row in rows if row.place_id}
    providers = {provider for provider, _ in listed}
    places = Place.objects.filter(
        provider__in=providers, place_id__in={place_id for _, place_id in listed}
    )
    found: dict[int, list[Placed]] = {}
    for place in sorted(places, key=_rank):
        row = listed.get((place.provider, place.place_id))
        if row is not None:
            origin = merging.Origin(row.provider, row.licence, place.fetched_at)
            record = PlaceRecord.from_dict(place.record)
            found.setdefault(row.lead_id, []).append((record, origin))
    return found


def _rank(place: Place) -> int:
    known = place.provider in choosing.MAPS
    return choosing.MAPS.index(place.provider) if known else len(choosing.MAPS)


def _forget_caches(provider: str, cutoff: datetime) -> bool:
    """Delete the cached answers of a source from before a moment; returns whether more are left."""
    is_more = False
    for model in (Place, PlacesQuery, PlaceReviews, NamedArea):
        rows = model.objects.filter(provider=provider, fetched_at__lt=cutoff)
        ids = list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE])
        # Filtered again: what was fetched anew meanwhile stays.
        rows.filter(pk__in=ids).delete()
        is_more = is_more or len(ids) == ROWS_AT_ONCE
    return is_more


def _forget_changes(now: datetime) -> bool:
    """Keep of old changes what changed, not from what to what; returns whether more are left."""
    due = SearchLead.objects.filter(changes_expire_at__lte=now)
    rows = list(due.order_by("changes_expire_at").only("changes")[:ROWS_AT_ONCE])
    for row in rows:
        row.changes = {field: [None, None] for field in row.changes}
        row.changes_expire_at = None
    SearchLead.objects.bulk_update(rows, ("changes", "changes_expire_at"), batch_size=200)
    return len(rows) == ROWS_AT_ONCE
