"""Doing an import: a batch of rows per transaction, so that a killed worker loses half a second.

The row of the import says how far the file is stored. What cannot go on is undone as a whole: a
failed import leaves nothing behind, and can be started again.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from leads import adding, amending, undoing_imports, uploads
from leads.import_leases import LEASES
from leads.import_reports import told_errors
from leads.import_values import Draft, read_draft
from leads.leasing import LeaseLost
from leads.locking import lock_leads, lock_total
from leads.models import ImportedLead, Lead, LeadImport, Project, ProjectLead
from leads.recognising import UNKNOWN_ID, KnownLeads, identity_of
from leads.row_leases import Lease
from leads.tables.reading import Layout, read_rows

logger = logging.getLogger(__name__)

BATCH_ROWS = 1_000
SLICE_SECONDS = 10.0  # then somebody else's work may have its turn
MAX_ATTEMPTS = 5
MAX_ERRORS = 200
MAX_WAIT_SECONDS = 300.0
GONE = (
    "The uploaded file is gone from the server. Upload it again. (Where several machines work, "
    "they have to share the folder of uploads.)"
)
INTERRUPTED = "Something went wrong inside again and again, so all rows were taken back."


class CannotGoOn(Exception):
    """The import has to end; the message says why."""


def advance(import_id: int) -> bool:
    """Do one slice of an import or of its undoing; returns whether it wants the next at once."""
    lease = LEASES.claim(import_id)
    if lease is None:
        return False
    try:
        with suppress(LeaseLost):
            return _do_slice(lease)
        return False
    except CannotGoOn as error:
        _give_up(lease, str(error))
        return True
    except Exception:
        logger.exception("import %s: a slice crashed", lease.row.public_id)
        _retry_later(lease)
        return False


def _do_slice(lease: Lease[LeadImport]) -> bool:
    if lease.row.attempts > MAX_ATTEMPTS:
        if lease.row.status == LeadImport.Status.RUNNING:
            raise CannotGoOn(INTERRUPTED)
        undoing_imports.fail(lease)
        return False
    until = monotonic() + SLICE_SECONDS
    if lease.row.status == LeadImport.Status.UNDOING:
        goes_on = undoing_imports.undo(lease, until=until)
    else:
        goes_on = _store(lease, until=until)
    if goes_on:
        lease.give_back()
    return goes_on


def _store(lease: Lease[LeadImport], *, until: float) -> bool:
    """Store batches until the time is over; returns whether there are more."""
    drafts = _drafts(lease.row)
    try:
        while lease.renew_when_due():
            if not _store_next(lease, drafts):
                return False
            if monotonic() >= until:
                break
    except FileNotFoundError as error:
        raise CannotGoOn(GONE) from error
    return True


def _store_next(lease: Lease[LeadImport], drafts: Iterator[Draft]) -> bool:
    """Store one batch; returns whether there may be more."""
    batch = list(islice(drafts, BATCH_ROWS))
    with lease.writing() as row:
        _store_batch(row, batch)
        if len(batch) == BATCH_ROWS:
            return True
        _complete(row)
    return False


def _drafts(row: LeadImport) -> Iterator[Draft]:
    """Yield what the rows behind the stored ones say."""
    layout = Layout.from_dict(row.layout)
    mapping = {int(column): field for column, field in row.mapping.items()}
    rows = read_rows(uploads.table_of(row.stored_as), layout)
    for table_row in islice(rows, row.rows_done, None):
        yield read_draft(table_row, mapping, country=row.country)


def _store_batch(row: LeadImport, batch: Sequence[Draft]) -> None:
    now = timezone.now()
    origin = amending.origin_of(row.file_name, now)
    # Everything that creates leads in a workspace queues here, so none is created twice.
    total = lock_total(row.workspace)
    project = _lock_project(row)
    usable = [draft for draft in batch if not draft.refused]
    known = KnownLeads.of(row.workspace, [draft.values for draft in usable])
    found = _sort_out(usable, known, row, origin)
    adding.apply_verdicts(found.new, now=now)
    Lead.objects.bulk_create(found.new)
    entries = [ImportedLead(lead=lead, row=n, is_created=True) for n, lead in found.created]
    entries += _amend_known(row, found.known, origin)
    entries = _link(project, entries, found.known)
    for entry in entries:
        entry.lead_import = row
    ImportedLead.objects.bulk_create(entries)
    returned = sum("deleted_at" in (entry.before or {}).get("fields", {}) for entry in entries)
    if found.new or returned:
        total.leads += len(found.new) + returned
        total.save(update_fields=["leads"])
    _note_progress(row, batch, found, entries)


class _Sorted:
    """The drafts of a batch by what they are about."""

    def __init__(self) -> None:
        self.created: list[tuple[int, Lead]] = []
        self.known: dict[int, Draft] = {}
        self.again = 0

    @property
    def new(self) -> list[Lead]:
        return [lead for _, lead in self.created]


def _sort_out(
    drafts: Sequence[Draft], known: KnownLeads, row: LeadImport, origin: amending.FileOrigin
) -> _Sorted:
    """Tell new leads from known ones; a lead that the file has twice counts the first time."""
    found = _Sorted()
    candidates = {id(draft): known.find(draft.values) for draft in drafts}
    ids = {lead.pk for lead in candidates.values() if lead is not None}
    done = set(row.entries.filter(lead__in=ids).values_list("lead_id", flat=True))
    for draft in drafts:
        lead = candidates[id(draft)] or known.find(draft.values)
        if lead is None and not identity_of(draft.values):
            draft.refused = UNKNOWN_ID
        elif lead is None:
            lead = Lead(workspace=row.workspace)
            amending.fill_new(lead, draft.values, origin=origin)
            known.add([lead])
            found.created.append((draft.number, lead))
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
    entries = []
    leads = (
        lock_leads(known)
        if row.duplicates != LeadImport.Duplicates.SKIP
        else lock_leads(
            Lead.objects.filter(pk__in=list(known), deleted_at__isnull=False).values_list(
                "pk", flat=True
            )
        )
    )
    for pk, lead in leads.items():
        note = amending.amend(lead, known[pk].values, policy=row.duplicates, origin=origin)
        if note:
            lead.save(update_fields=amending.SAVED)
            entries.append(
                ImportedLead(lead=lead, row=known[pk].number, is_created=False, before=note)
            )
    return entries


def _link(
    project: Project | None, entries: list[ImportedLead], known: Mapping[int, Draft]
) -> list[ImportedLead]:
    """Put the leads into the project; returns the notes with those that were put there."""
    if project is None:
        return entries
    by_lead = {entry.lead.pk: entry for entry in entries}
    wanted = {**{pk: draft.number for pk, draft in known.items()}}
    wanted |= {entry.lead.pk: entry.row for entry in entries}
    there = set(
        ProjectLead.objects.filter(project=project, lead__in=list(wanted)).values_list(
            "lead_id", flat=True
        )
    )
    links = [pk for pk in wanted if pk not in there]
    ProjectLead.objects.bulk_create([ProjectLead(project=project, lead_id=pk) for pk in links])
    for pk in links:
        if pk not in by_lead:
            by_lead[pk] = ImportedLead(lead_id=pk, row=wanted[pk], is_created=False)
        by_lead[pk].is_linked = True
    return list(by_lead.values())


def _lock_project(row: LeadImport) -> Project | None:
    """Keep the project from being deleted until the transaction ends."""
    if row.project_id is None:
        return None
    rows = Project.objects.owned_by(row.workspace).select_for_update(no_key=True)
    return rows.filter(pk=row.project_id).first()


def _note_progress(
    row: LeadImport, batch: Sequence[Draft], found: _Sorted, entries: Sequence[ImportedLead]
) -> None:
    updated = sum(entry.before is not None for entry in entries)
    row.rows_done += len(batch)
    row.rows_total = max(row.rows_total, row.rows_done)
    row.created_count += len(found.created)
    row.updated_count += updated
    row.duplicate_count += found.again + len(found.known) - updated
    row.invalid_count += sum(bool(draft.refused) for draft in batch)
    row.errors += told_errors(row, batch, room=MAX_ERRORS - len(row.errors))
    row.attempts = 0
    row.save(
        update_fields=[
            *("rows_done", "rows_total", "created_count", "updated_count", "duplicate_count"),
            *("invalid_count", "errors", "attempts"),
        ]
    )


def _complete(row: LeadImport) -> None:
    """End an import in the caller's transaction."""
    row.status = LeadImport.Status.COMPLETED
    row.rows_total = row.rows_done
    row.finished_at = timezone.now()
    row.lease_token, row.lease_expires_at = "", None
    row.save(
        update_fields=["status", "rows_total", "finished_at", "lease_token", "lease_expires_at"]
    )


def _give_up(lease: Lease[LeadImport], message: str) -> None:
    """Begin to undo an import that cannot go on; it ends as failed."""
    with suppress(LeaseLost), lease.writing() as row:
        undoing_imports.begin(row, message=message)


def _retry_later(lease: Lease[LeadImport]) -> None:
    """Count the attempt and give the row back for later; waits double."""
    with suppress(LeaseLost), transaction.atomic():
        with lease.writing() as row:
            row.attempts += 1
            row.save(update_fields=["attempts"])
        wait = settings.LEADS_RETRY_SECONDS * 2 ** (row.attempts - 1)
        lease.give_back(next_attempt_in=min(wait, MAX_WAIT_SECONDS))
