"""Undoing an import: what it created goes, what it changed comes back, batch by batch.

A lead that somebody has used or changed since stays, and the report says how many and why. Each
note of the import is removed in the transaction that undoes it, so a killed worker's successor
goes on behind it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic

from django.db.models import Model
from django.utils import timezone

from leads import amending
from leads.locking import lock_leads, lock_total
from leads.models import ImportedLead, Lead, LeadImport, LeadTotal, ProjectLead
from leads.row_leases import Lease

BATCH = 500
CHANGED = "changed"  # somebody edited it, or another source filled it
USED = "used"  # another project, search or import has it
CANNOT = "Not everything could be taken back. Undo it again."


def begin(row: LeadImport, *, message: str = "") -> None:
    """Make an import due to be undone, in the caller's transaction; a message says it failed."""
    row.status = LeadImport.Status.UNDOING
    row.error_message = message[:500]
    row.undone = {}
    row.attempts = 0
    row.finished_at = row.rung_at = None
    row.lease_token, row.lease_expires_at = "", None
    row.next_attempt_at = timezone.now()
    row.save(
        update_fields=[
            *("status", "error_message", "undone", "attempts", "finished_at", "rung_at"),
            *("lease_token", "lease_expires_at", "next_attempt_at"),
        ]
    )


def undo(lease: Lease[LeadImport], *, until: float) -> bool:
    """Undo batches until the time is over; returns whether there are more."""
    while lease.renew_when_due():
        with lease.writing() as row:
            entries = list(row.entries.order_by("-pk")[:BATCH])
            if not entries:
                _end(row)
                return False
            _undo_batch(row, entries)
        if monotonic() >= until:
            break
    return True


def fail(lease: Lease[LeadImport]) -> None:
    """End an undoing that crashes again and again; what is left of it can be tried once more."""
    with lease.writing() as row:
        row.error_message = row.error_message or CANNOT
        _end(row)


def _end(row: LeadImport) -> None:
    row.status = LeadImport.Status.FAILED if row.error_message else LeadImport.Status.UNDONE
    row.finished_at = timezone.now()
    row.lease_token, row.lease_expires_at = "", None
    row.save(
        update_fields=[
            *("status", "error_message", "finished_at", "lease_token", "lease_expires_at"),
        ]
    )


def _undo_batch(row: LeadImport, entries: Sequence[ImportedLead]) -> None:
    now = timezone.now()
    total = lock_total(row.workspace)
    leads = lock_leads(entry.lead_id for entry in entries)
    counts: Counter[str] = Counter(row.undone)
    created = {
        entry.lead_id: leads[entry.lead_id]
        for entry in entries
        if entry.is_created and entry.lead_id in leads
    }
    _delete_created(row, created, total, counts)
    others = [entry for entry in entries if not entry.is_created and entry.lead_id in leads]
    _restore(others, leads, total, counts, now)
    _unlink(row, others, counts)
    ImportedLead.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    total.save(update_fields=["leads"])
    row.undone = dict(+counts)
    row.attempts = 0
    row.save(update_fields=["undone", "attempts"])


def _delete_created(
    row: LeadImport, leads: Mapping[int, Lead], total: LeadTotal, counts: "Counter[str]"
) -> None:
    """Delete what the import created and nobody has touched since; the rest stays where it is."""
    changed = {pk for pk, lead in leads.items() if _is_changed(lead)}
    used = _used_elsewhere(row, set(leads) - changed)
    untouched = set(leads) - changed - used
    total.leads -= sum(leads[pk].deleted_at is None for pk in untouched)
    # Gone for good, unlike what a person deletes: a search may find, and charge, it as new.
    Lead.objects.filter(pk__in=untouched).delete()
    counts["deleted"] += len(untouched)
    counts[CHANGED] += len(changed)
    counts[USED] += len(used)


def _is_changed(lead: Lead) -> bool:
    """Tell whether anybody but the import gave the lead a value; a verdict or deletion is none."""
    others = any(entry.get("source") != amending.SOURCE for entry in lead.sources.values())
    return lead.deleted_at is None and others


def _used_elsewhere(row: LeadImport, ids: set[int]) -> set[int]:
    """Return the leads that rows of any kind point to, but for those of this very import."""
    used: set[int] = set()
    for relation in Lead._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        model: type[Model] = relation.related_model  # type: ignore[assignment]
        column = relation.field.attname  # type: ignore[union-attr]
        rows = model._base_manager.filter(**{f"{column}__in": ids})
        if model is ImportedLead:
            rows = rows.exclude(lead_import=row)
        elif model is ProjectLead and row.project_id:
            rows = rows.exclude(project=row.project_id)
        used.update(rows.values_list(column, flat=True))
    return used


def _restore(
    entries: Sequence[ImportedLead],
    leads: Mapping[int, Lead],
    total: LeadTotal,
    counts: "Counter[str]",
    now: datetime,
) -> None:
    """Give known leads the values back that the import replaced, where they are still its own."""
    for entry in entries:
        if entry.before is None:
            continue
        lead = leads[entry.lead_id]
        was_deleted = lead.deleted_at is not None
        kept = amending.take_back(lead, entry.before, now=now)
        lead.save(update_fields=amending.SAVED)
        total.leads -= lead.deleted_at is not None and not was_deleted
        counts["restored" if not kept else "partly"] += 1


def _unlink(row: LeadImport, entries: Sequence[ImportedLead], counts: "Counter[str]") -> None:
    linked = [entry.lead_id for entry in entries if entry.is_linked]
    if row.project_id and linked:
        gone, _ = ProjectLead.objects.filter(project=row.project_id, lead__in=linked).delete()
        counts["unlinked"] += gone
