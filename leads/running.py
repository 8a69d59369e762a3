"""Doing a search, slice by slice: claim the row, do one piece of work, give the row back.

Every slice commits what it found, so a kill at any moment costs at most one unanswered request or
one unread site. A slice that fails for a passing reason is tried again later; a permanent failure,
or too many passing ones, ends the search with its reason.
"""

import logging
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from freshleads.billing import charging
from freshleads.lib.errors import ProviderError
from leads import crawling, discovering, splitting, verifying
from leads.cleaning import clean
from leads.leasing import Lease, LeaseLost, claim
from leads.models import Search, SearchLead

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
ATTEMPTS_BEFORE_ANOTHER = 3  # nobody waits long for one source where another may answer
MAX_WAIT_SECONDS = 900.0
STAGES = {
    Search.Stage.DISCOVERING: (discovering.discover, Search.Stage.CRAWLING),
    Search.Stage.CRAWLING: (crawling.crawl, Search.Stage.VERIFYING),
    Search.Stage.VERIFYING: (verifying.verify, Search.Stage.DONE),
}


def advance(search_id: int) -> bool:
    """Do one slice of a search; returns whether it wants the next one at once."""
    lease = claim(search_id)
    if lease is None:
        return False
    try:
        with suppress(LeaseLost):
            return _do_slice(lease)
        return False
    except Exception:
        logger.exception("search %s: a slice crashed", lease.search.public_id)
        _retry_later(lease, ProviderError("Something went wrong inside; it is tried again."))
        return False


def finish(search: Search, status: str, *, code: str = "", message: str = "") -> None:
    """End a search in the caller's transaction: its row is settled and unused credits return."""
    search.status = status
    search.finished_at = timezone.now()
    search.lease_token = ""
    search.lease_expires_at = None
    if status == Search.Status.COMPLETED:
        search.stage = Search.Stage.DONE
    if code:
        search.error_code, search.error_message = code[:60], clean(message)[:500]
    search.save(
        update_fields=[
            "status",
            "finished_at",
            "lease_token",
            "lease_expires_at",
            "stage",
            "error_code",
            "error_message",
        ]
    )
    for work in ("crawl", "verify"):
        search.results.filter(**{work: SearchLead.Work.PENDING}).update(
            **{work: SearchLead.Work.SKIPPED}, changed_at=search.finished_at
        )
    if search.hold is not None:
        charging.release(search.hold)


def reopen(search: Search) -> None:
    """Make an ended search due again in the caller's transaction, for what it still lacks."""
    search.status = Search.Status.QUEUED
    search.stage = Search.Stage.DISCOVERING
    search.error_code = search.error_message = ""
    search.attempts = 0
    search.finished_at = search.rung_at = None
    search.next_attempt_at = now = timezone.now()
    if search.passed_over:  # begin with the first source, which may be well again
        search.provider, search.passed_over = "", []
        area = search.area or {}
        search.cells = splitting.first_cells(area["low"], area["high"]) if area else []
    splitting.reset_cells(search.cells)
    search.save()
    waits, skipped = SearchLead.Work.PENDING, SearchLead.Work.SKIPPED
    new = search.results.filter(is_new=True)
    new.filter(crawl=skipped, crawl_outcome="").update(crawl=waits, changed_at=now)
    if search.verify_emails:
        new.filter(verify=skipped).update(verify=waits, changed_at=now)


def _do_slice(lease: Lease) -> bool:
    search = lease.search
    if search.attempts > MAX_ATTEMPTS:
        return _fail(lease, "interrupted", "The work was interrupted too often.")
    work, next_stage = STAGES[Search.Stage(search.stage)]
    try:
        if work(lease):
            lease.give_back()
            return True
    except ProviderError as error:
        return _meet_failure(lease, error)
    return _enter(lease, next_stage)


def _enter(lease: Lease, stage: Search.Stage) -> bool:
    """Go on to the next stage, or finish after the last."""
    with lease.writing() as search:
        if stage == Search.Stage.DONE:
            failed = any(cell["state"] == "failed" for cell in search.cells)
            finish(search, Search.Status.FAILED if failed else Search.Status.COMPLETED)
            return False
        search.stage = stage
        search.save(update_fields=["stage"])
    lease.give_back()
    return True


def _meet_failure(lease: Lease, error: ProviderError) -> bool:
    """Try again later, else ask another source, else go on with what there is."""
    is_discovering = lease.search.stage == Search.Stage.DISCOVERING
    has_another = is_discovering and discovering.has_another_source(lease.search)
    patience = ATTEMPTS_BEFORE_ANOTHER if has_another else MAX_ATTEMPTS
    if not error.permanent and lease.search.attempts < patience:
        _retry_later(lease, error)
        return False
    if has_another and discovering.take_over(lease, error):
        lease.give_back()
        return True
    if lease.search.cells and is_discovering:
        discovering.fail_cells(lease, error)
        return _enter(lease, Search.Stage.CRAWLING)
    return _fail(lease, error.code, error.message)


def _fail(lease: Lease, code: str, message: str) -> bool:
    with lease.writing() as search:
        finish(search, Search.Status.FAILED, code=code, message=message)
    return False


def _retry_later(lease: Lease, error: ProviderError) -> None:
    """Count the attempt and give the row back for later; waits double, or as the source asks."""
    with suppress(LeaseLost), transaction.atomic():
        with lease.writing() as search:
            search.attempts += 1
            search.save(update_fields=["attempts"])
        wait = settings.LEADS_RETRY_SECONDS * 2 ** (search.attempts - 1)
        lease.give_back(next_attempt_in=min(max(wait, error.retry_after or 0), MAX_WAIT_SECONDS))
