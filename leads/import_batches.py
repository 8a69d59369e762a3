"""Storing one batch of an import's rows, in the transaction of the caller, who holds the lease.

Each row makes a lead, changes one that is there, or is refused; an `ImportedLead` notes what it
did, so that it can be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from leads import adding, amending
from leads.import_reports import told_errors
from leads.import_values import Draft
from leads.locking import lock_leads, lock_total
from leads.models import ImportedLead, Lead, LeadImport, Project, ProjectLead
from leads.recognising import UNKNOWN_ID, KnownLeads, identity_of

MAX_ERRORS = 200


@dataclass(slots=True)
class Sorted:
    """The rows of a batch by what they are about; `again` counts those that the file has twice."""

    new: list[tuple[int, Lead]] = field(default_factory=list)
    known: dict[int, Draft] = field(default_factory=dict)
    again: int = 0


def store_batch(row: LeadImport, batch: Sequence[Draft]) -> None:
    """Store what some rows say, and how far the import is."""
    origin = amending.origin_of(row.file_name, timezone.now())
    # Everything that creates leads in a workspace queues here, so none is created twice.
    total = lock_total(row.workspace)
    project = _lock_project(row)
    found = _sort_out([draft for draft in batch if not draft.refused], row, origin)
    leads = [lead for _, lead in found.new]
    adding.apply_verdicts(leads, now=origin.now)
    Lead.objects.bulk_create(leads)
    entries = [
        *(ImportedLead(lead=lead, row=number, is_created=True) for number, lead in found.new),
        *_amend_known(row, found.known, origin),
    ]
    if project is not None:
        entries = _link(project, entries, found.known)
    for entry in entries:
        entry.lead_import = row
    ImportedLead.objects.bulk_create(entries)
    total.leads += len(leads) + sum(map(_is_back, entries))
    total.save(update_fields=["leads"])
    _note_progress(row, batch, found, entries)


def _lock_project(row: LeadImport) -> Project | None:
    """Keep the project from being deleted until the transaction ends."""
    if row.project_id is None:
        return None
    rows = Project.objects.owned_by(row.workspace).select_for_update(no_key=True)
    return rows.filter(pk=row.project_id).first()


def _sort_out(drafts: Sequence[Draft], row: LeadImport, origin: amending.FileOrigin) -> Sorted:
    """Tell new leads, unsaved, from known ones; of a lead's rows in one file the first counts."""
    found = Sorted()
    known = KnownLeads.of(row.workspace, [draft.values for draft in drafts])
    before = [known.find(draft.values) for draft in drafts]
    ids = {lead.pk for lead in before if lead is not None}
    done = set(row.entries.filter(lead__in=ids).values_list("lead_id", flat=True))
    for draft, lead_before in zip(drafts, before, strict=True):
        lead = lead_before or known.find(draft.values)
        if lead is None and not identity_of(draft.values):
            draft.refused = UNKNOWN_ID
        elif lead is None:
            lead = Lead(workspace=row.workspace)
            amending.fill_new(lead, draft.values, origin=origin)
            known.add([lead])
            found.new.append((draft.number, lead))
        elif lead.pk is None or lead.pk in done:
            found.again += 1
        else:
            done.add(lead.pk)
            found.known[lead.pk] = draft
    return found


def _amend_known(
    row: LeadImport, known: Mapping[int, Draft], origin: amending.FileOrigin
) -> list[ImportedLead]:
    """Change known leads as the policy says; returns a note for each that was changed."""
    wanted = Lead.objects.filter(pk__in=list(known))
    if row.duplicates == LeadImport.Duplicates.SKIP:
        wanted = wanted.filter(deleted_at__isnull=False)  # these come back, whatever the policy
    entries = []
    for pk, lead in lock_leads(wanted.values_list("pk", flat=True)).items():
        draft = known[pk]
        note = amending.amend(lead, draft.values, policy=row.duplicates, origin=origin)
        if note:
            lead.save(update_fields=amending.SAVED)
            entries.append(ImportedLead(lead=lead, row=draft.number, is_created=False, before=note))
    return entries


def _link(
    project: Project, entries: Sequence[ImportedLead], known: Mapping[int, Draft]
) -> list[ImportedLead]:
    """Put all leads of a batch into the project; returns the notes, with those of links alone."""
    notes = {
        pk: ImportedLead(lead_id=pk, row=d.number, is_created=False) for pk, d in known.items()
    }
    notes |= {entry.lead.pk: entry for entry in entries}
    links = ProjectLead.objects.filter(project=project, lead__in=list(notes))
    there = set(links.values_list("lead_id", flat=True))
    missing = [pk for pk in notes if pk not in there]
    ProjectLead.objects.bulk_create([ProjectLead(project=project, lead_id=pk) for pk in missing])
    for pk in missing:
        notes[pk].is_linked = True
    return [note for note in notes.values() if note.is_created or note.is_linked or note.before]


def _is_back(entry: ImportedLead) -> bool:
    """Tell whether a row brought back a lead that somebody had deleted."""
    return "deleted_at" in (entry.before or {}).get("fields", {})


def _note_progress(
    row: LeadImport, batch: Sequence[Draft], found: Sorted, entries: Sequence[ImportedLead]
) -> None:
    changed = sum(entry.before is not None for entry in entries)
    row.rows_done += len(batch)
    row.rows_total = max(row.rows_total, row.rows_done)
    row.created_count += len(found.new)
    row.updated_count += changed
    row.duplicate_count += found.again + len(found.known) - changed
    row.invalid_count += sum(bool(draft.refused) for draft in batch)
    row.errors += told_errors(row, batch, room=MAX_ERRORS - len(row.errors))
    row.attempts = 0
    row.save(
        update_fields=[
            *("rows_done", "rows_total", "created_count", "updated_count", "duplicate_count"),
            *("invalid_count", "errors", "attempts"),
        ]
    )
