"""Doing an import: a batch of rows per transaction, so that a killed worker loses half a second.

The row of the import says how far the file is stored. What cannot go on is undone as a whole: a
failed import leaves nothing behind, and can be started again.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from leads import undoing_imports, uploads
from leads.import_batches import store_batch
from leads.import_leases import LEASES
from leads.import_values import Draft, read_draft
from leads.leasing import LeaseLost
from leads.models import LeadImport
from leads.row_leases import Lease
from leads.tables.reading import Layout, read_rows

logger = logging.getLogger(__name__)

BATCH_ROWS = 1_000
SLICE_SECONDS = 10.0  # then somebody else's work may have its turn
MAX_ATTEMPTS = 5
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
        store_batch(row, batch)
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
