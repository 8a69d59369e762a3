"""Answering a lookup: claim the row, ask the outside world, settle answer and price at once."""

import json
import logging
from contextlib import suppress

from django.conf import settings
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.charging import Charge
from freshleads.lib.errors import DomainError, ProviderError
from leads.cleaning import clean
from leads.found import Found
from leads.kinds import KINDS
from leads.leasing import LeaseLost
from leads.lookup_leases import LookupLease, claim
from leads.models import Lookup
from leads.questions import Question, question_of

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


def answer(lookup_id: int) -> None:
    """Answer one lookup, or note why there is no answer; nothing happens if another does it."""
    lease = claim(lookup_id)
    if lease is None:
        return
    with suppress(LeaseLost):
        try:
            _answer(lease)
        except (ProviderError, DomainError) as error:
            _fail(lease, error)
        except LeaseLost:
            raise
        except Exception:
            logger.exception("lookup %s crashed", lease.row.public_id)
            _try_again(lease)


def _answer(lease: LookupLease) -> None:
    if lease.row.attempts > MAX_ATTEMPTS:
        raise ProviderError("The work was interrupted too often.", code="interrupted")
    question = question_of(lease.row)
    kind = KINDS[Lookup.Kind(lease.row.kind)]
    # Somebody else may have asked the same in the meantime.
    found = kind.recall(lease.row.workspace, question) or kind.find(lease, question)
    _settle(lease, question, found)


def _settle(lease: LookupLease, question: Question, found: Found) -> None:
    """Keep the answer, take its price and give back the rest of the credits, all or nothing."""
    now = timezone.now()
    with lease.writing() as lookup:
        found.store(now)
        # As text, because PostgreSQL does not keep the order of the API's documentation.
        text = json.dumps(clean(found.data), ensure_ascii=False)
        lookup.answer = {"data": text, "is_cached": found.is_cached}
        lookup.credits_used = _charge(lookup, question, found.credits)
        _end(lookup, Lookup.Status.DONE)


def _charge(lookup: Lookup, question: Question, price: int) -> int:
    """Take the price, at most what was set aside; returns the credits taken."""
    amount = min(price, lookup.hold.amount) if lookup.hold else 0
    if lookup.hold is None or not amount:
        return 0
    description = f"{lookup.endpoint or lookup.kind}: {question.subject[:200]}"
    if lookup.request_id:
        description += f" (request {lookup.request_id})"
    charge = Charge(f"lookup:{lookup.public_id}", amount, description)
    return charging.capture(lookup.hold, [charge])


def _fail(lease: LookupLease, error: ProviderError | DomainError) -> None:
    """End the lookup with its reason; it costs nothing."""
    with lease.writing() as lookup:
        lookup.error_code = error.code[:60]
        lookup.error_message = clean(error.message)[:500]
        if isinstance(error, DomainError):
            lookup.answer = {"param": error.param}
        elif error.retry_after is not None:
            lookup.answer = {"retry_after": error.retry_after}
        _end(lookup, Lookup.Status.FAILED)


def _end(lookup: Lookup, status: Lookup.Status) -> None:
    lookup.status = status
    lookup.stage = ""
    lookup.finished_at = timezone.now()
    lookup.lease_token = ""
    lookup.lease_expires_at = None
    lookup.save()
    if lookup.hold is not None:
        charging.release(lookup.hold)


def _try_again(lease: LookupLease) -> None:
    """Count the attempt; a worker tries again soon, for the database may have been busy."""
    with lease.writing() as lookup:
        lookup.attempts += 1
        lookup.save(update_fields=["attempts"])
    lease.give_back(next_attempt_in=settings.LEADS_RETRY_SECONDS)
