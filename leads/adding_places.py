"""Adding places that were looked up to the leads: free, for their details were paid before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from freshleads.lib.errors import NotFound
from freshleads.users.models import Workspace
from leads import adding, listings, merging, rediscovering, registry
from leads.locking import lock_leads, lock_total
from leads.models import Lead, LeadTotal, Place, Project, ProjectLead
from leads.place_cache import FRESH_FOR
from leads.providers.records import PlaceRecord


@dataclass(slots=True)
class AddedPlaces:
    """What became of some places: the leads that are new, and how many were leads already."""

    lead_ids: list[int] = field(default_factory=list)
    known: int = 0


def add_places(
    workspace: Workspace, *, project: Project | None, place_ids: Sequence[str]
) -> AddedPlaces:
    """Make leads of places that are known from the last 30 days, and put them into a project.

    A place that is a lead already is linked; one that was deleted comes back. Raises NotFound for
    a project that is gone and where nothing is known of the places any more.
    """
    records = _known_records(place_ids)
    if not records:
        raise NotFound("What was known of these places is too old: look them up again.")
    added = AddedPlaces()
    with transaction.atomic():
        total = lock_total(workspace)
        if project is not None:
            adding.lock_project(workspace, project)
        leads: list[Lead] = []
        for provider, places in records:
            leads += _store(workspace, total, provider, places, added)
        if project is not None:
            links = [ProjectLead(project=project, lead=lead) for lead in leads]
            ProjectLead.objects.bulk_create(links, ignore_conflicts=True)
    return added


def _known_records(place_ids: Iterable[str]) -> list[tuple[str, list[PlaceRecord]]]:
    """Return what the last 30 days told of places, by provider."""
    rows = Place.objects.filter(
        place_id__in=set(place_ids), fetched_at__gt=timezone.now() - FRESH_FOR
    ).order_by("provider", "place_id")
    return [
        (provider, [PlaceRecord.from_dict(row.record) for row in group])
        for provider, group in groupby(rows, key=lambda row: row.provider)
    ]


def _store(
    workspace: Workspace,
    total: LeadTotal,
    provider: str,
    places: Sequence[PlaceRecord],
    added: AddedPlaces,
) -> list[Lead]:
    """Return the leads that one provider's places are, new ones stored."""
    source = registry.place_source(provider)
    origin = merging.Origin(source=provider, licence=source.licence, now=timezone.now())
    by_identity = {listings.place_identity(place): place for place in places}
    known_ids = rediscovering.known_leads(workspace, by_identity, source=provider)
    known = lock_leads(known_ids.values())
    _bring_back(total, [lead for lead in known.values() if lead.deleted_at is not None], origin)
    new = []
    for identity, place in by_identity.items():
        if identity and known_ids.get(identity) not in known:
            lead = listings.lead_from_place(place, origin=origin, lent_days=registry.lent_days())
            lead.workspace = workspace
            lead.created_at = lead.updated_at = origin.now
            new.append(lead)
    adding.apply_verdicts(new, now=origin.now)
    Lead.objects.bulk_create(new)
    total.leads += len(new)
    total.save(update_fields=["leads"])
    added.lead_ids += [lead.pk for lead in new]
    added.known += len(known)
    return [*known.values(), *new]


def _bring_back(total: LeadTotal, deleted: Sequence[Lead], origin: merging.Origin) -> None:
    for lead in deleted:
        lead.deleted_at = None
        lead.updated_at = origin.now
        lead.save(update_fields=["deleted_at", "updated_at"])
    total.leads += len(deleted)
