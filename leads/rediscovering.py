"""Which of a page's places the workspace has already, perhaps from another source.

Candidates come from the indexes on phone, domain and position, in a number of queries that does
not depend on how many leads there are.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from freshleads.users.models import Workspace
from leads import listings, matching, merging
from leads.matching import Description
from leads.models import Lead, LeadIdentity
from leads.providers.records import PlaceRecord

PLACES_AT_ONCE = 100
CANDIDATES = 5000  # of each kind for so many places; a chain's website is that of thousands
COLUMNS = (
    "pk",
    "business_name",
    "domain",
    "phone",
    "phones",
    "latitude",
    "longitude",
    "street",
    "postal_code",
    "city",
    "sources__place_id__source",
)


def known_leads(
    workspace: Workspace, places: Mapping[str, PlaceRecord], *, source: str
) -> dict[str, int]:
    """Return the lead (its primary key) that each place is, by identity; new places are missing.

    Leads that the workspace deleted count as known.
    """
    known = _by_identity(workspace, list(places))
    unknown = [identity for identity in places if identity not in known]
    for start in range(0, len(unknown), PLACES_AT_ONCE):
        part = unknown[start : start + PLACES_AT_ONCE]
        wanted = {identity: describe_place(places[identity]) for identity in part}
        candidates = _candidates(workspace, list(wanted.values()), source)
        for pk in known.values():
            candidates.pop(pk, None)  # a source lists a business once
        known |= matching.best_matches(wanted, candidates)
    return known


def remember(
    leads: Mapping[str, Lead], places: Mapping[str, PlaceRecord], *, origin: merging.Origin
) -> None:
    """Keep under which other identities a source lists these leads, and that it still does.

    Call it before the places are merged into the leads.
    """
    others = {identity: lead for identity, lead in leads.items() if lead.identity != identity}
    firsts = [_first_identity(lead) for lead in others.values()]
    rows = [row for row in firsts if row is not None]
    for identity, lead in others.items():
        place = places[identity]
        rows.append(
            LeadIdentity(
                workspace_id=lead.workspace_id,
                identity=identity,
                lead=lead,
                provider=origin.source,
                place_id=place.place_id[:300],
                url=merging.web_address(place.maps_url),
                licence=listings.origin_of(place, origin).licence[:200],
                first_seen_at=origin.now,
            )
        )
    rows.sort(key=lambda row: row.identity)
    LeadIdentity.objects.bulk_create(rows, ignore_conflicts=True)
    workspaces = {lead.workspace_id for lead in leads.values()}
    listed = LeadIdentity.objects.filter(workspace__in=workspaces, identity__in=list(leads))
    listed.update(checked_at=origin.now)


def listed_by(lead: Lead) -> list[LeadIdentity]:
    """Return the listings of the lead, one a source, the first one found first."""
    rows = list(lead.other_identities.order_by("first_seen_at", "pk"))
    first = None if rows else _first_identity(lead)
    return rows if first is None else [first]


def describe_place(place: PlaceRecord) -> Description:
    """Return what tells a place from others."""
    fields = listings.place_fields(place, source="")
    return Description(
        name=fields["business_name"],
        domain=fields["domain"],
        phones=frozenset({fields["phone"]} - {""}),
        position=_position(place.latitude, place.longitude),
        street=fields["street"],
        postal_code=fields["postal_code"],
        city=fields["city"],
    )


def _by_identity(workspace: Workspace, identities: list[str]) -> dict[str, int]:
    leads = Lead.objects.ever_owned_by(workspace).filter(identity__in=identities)
    others = LeadIdentity.objects.filter(workspace=workspace, identity__in=identities)
    return {
        **dict(others.values_list("identity", "lead_id")),
        **dict(leads.values_list("identity", "pk")),
    }


def _candidates(
    workspace: Workspace, wanted: list[Description], source: str
) -> dict[int, Description]:
    """Return the leads that may be one of the places, without those that the source lists too."""
    leads = Lead.objects.ever_owned_by(workspace)
    rows: dict[int, dict[str, Any]] = {}
    for which in (_with_phones(leads, wanted), _with_domains(leads, wanted), _near(leads, wanted)):
        if which is not None:
            # In no order: to sort by the key SQLite would walk through all of the table.
            found = which.order_by().values(*COLUMNS)[:CANDIDATES]
            rows.update((row["pk"], row) for row in found)
    listed = LeadIdentity.objects.filter(lead__in=list(rows), provider=source)
    taken = set(listed.values_list("lead_id", flat=True))
    return {
        pk: _describe_row(row)
        for pk, row in rows.items()
        if pk not in taken and row["sources__place_id__source"] != source
    }


def _with_phones(leads: QuerySet[Lead], wanted: Iterable[Description]) -> QuerySet[Lead] | None:
    phones = {phone for description in wanted for phone in description.phones}
    return leads.exclude(phone="").filter(phone__in=phones) if phones else None


def _with_domains(leads: QuerySet[Lead], wanted: Iterable[Description]) -> QuerySet[Lead] | None:
    domains = {description.domain for description in wanted if description.domain}
    return leads.exclude(domain="").filter(domain__in=domains) if domains else None


def _near(leads: QuerySet[Lead], wanted: Iterable[Description]) -> QuerySet[Lead] | None:
    boxes = [_box_around(*description.position) for description in wanted if description.position]
    return leads.filter(reduce(or_, boxes)) if boxes else None


def _box_around(latitude: float, longitude: float) -> Q:
    height, width = matching.REACH_DEGREES, matching.reach_in_longitude(latitude)
    return Q(
        latitude__range=(latitude - height, latitude + height),
        longitude__range=(longitude - width, longitude + width),
    )


def _describe_row(row: Mapping[str, Any]) -> Description:
    position = _position(row["latitude"], row["longitude"])
    phones = {row["phone"]} - {""}
    if position is not None:  # without one, a chain's numbers could be those of any branch
        phones |= {entry["phone"] for entry in row["phones"]}
    return Description(
        name=row["business_name"],
        domain=row["domain"],
        phones=frozenset(phones),
        position=position,
        street=row["street"],
        postal_code=row["postal_code"],
        city=row["city"],
    )


def _position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def _first_identity(lead: Lead) -> LeadIdentity | None:
    """Return the row for the source that the lead was first found in, None if it was brought."""
    source = lead.sources.get("place_id")
    if not source or lead.identity != merging.identity(place_id=lead.place_id):
        return None
    return LeadIdentity(
        workspace_id=lead.workspace_id,
        identity=lead.identity,
        lead=lead,
        provider=source["source"],
        place_id=lead.place_id,
        url=source["url"],
        licence=source["licence"],
        first_seen_at=datetime.fromisoformat(source["first_seen_at"]),
        checked_at=datetime.fromisoformat(source["checked_at"]),
    )
