"""Asking a question: from the caches at once, else by one row that a worker answers for all."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from freshleads.billing import charging
from freshleads.lib.errors import Conflict, InvalidInput, NotFound, ProviderError
from freshleads.users.models import User, Workspace
from leads import bells
from leads.cleaning import clean
from leads.found import store_nothing
from leads.kinds import KINDS
from leads.models import Lookup
from leads.questions import Question

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.2
ATTEMPTS_TO_OPEN = 5
CLAIMED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known: `data` is in the words of the LeadGen API, `lookup` None where it was cached.

    `credits_used` is what this very call cost: 0 from a cache, and 0 for who joined the open
    question of another call.
    """

    lookup: Lookup | None
    credits_used: int
    is_cached: bool
    data: dict[str, Any]


def ask(
    workspace: Workspace,
    *,
    by: User | None,
    question: Question,
    request_id: str = "",
    endpoint: str = "",
) -> Lookup | Answer:
    """Answer from what is known, or return the row of the open question: a new one, or one joined.

    A cached answer is free and served to a workspace without credits too; so is one that was paid
    but came when nobody waited for it any more. For a new question up to
    its `max_credits` are set aside. Raises InvalidInput, NotFound (something named in the
    question), InsufficientCredits (nothing is left).
    """
    question = question.checked()
    kind = KINDS[question.kind]
    kind.check(workspace, question)
    for _ in range(ATTEMPTS_TO_OPEN):
        found = kind.recall(workspace, question)
        if found is not None:
            if found.store is not store_nothing:
                with transaction.atomic():
                    found.store(timezone.now())
            return Answer(None, 0, True, found.data)
        unclaimed = _claim(workspace, question)
        if unclaimed is not None:
            return unclaimed
        lookup = _join(workspace, question) or _open(workspace, by, question, request_id, endpoint)
        if lookup is not None:
            return lookup
    raise Conflict("The same question is being asked too often; ask again.", code="busy")


def wait(lookup: Lookup, *, seconds: float) -> Answer | None:
    """Wait for the worker and return its answer, None where it takes longer than that.

    The answer that then comes belongs to who asks the same next. Raises ProviderError where there
    is no answer, InvalidInput where the question was wrong.
    """
    ends_at = monotonic() + seconds
    pause = FIRST_PAUSE_SECONDS
    unfinished = Lookup.objects.unfinished().filter(pk=lookup.pk)
    while unfinished.exists():
        left = ends_at - monotonic()
        if left <= 0:
            Lookup.objects.filter(pk=lookup.pk).update(is_unclaimed=True)
            return None
        sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
    lookup.refresh_from_db()
    return answer_of(lookup)


def find_lookup(workspace: Workspace, public_id: str) -> Lookup:
    """Return one lookup of the workspace; NotFound for anyone else's."""
    lookups = Lookup.objects.owned_by(workspace)
    lookup = lookups.filter(public_id=clean(public_id)).first()
    if lookup is None:
        raise NotFound("There is no such lookup.")
    return lookup


def answer_of(lookup: Lookup) -> Answer:
    """Return the answer of an ended lookup.

    Raises Conflict while it is open; ProviderError or InvalidInput where it failed.
    """
    if not lookup.is_finished:
        raise Conflict("The lookup is still running.", code="still_running")
    if lookup.status == Lookup.Status.FAILED:
        if "param" in lookup.answer:
            raise InvalidInput(
                lookup.error_message, code=lookup.error_code, param=lookup.answer["param"]
            )
        retry_after = lookup.answer.get("retry_after")
        raise ProviderError(lookup.error_message, code=lookup.error_code, retry_after=retry_after)
    credits_used = 0 if lookup.is_joined else lookup.credits_used
    data = json.loads(lookup.answer["data"])
    return Answer(lookup, credits_used, lookup.answer["is_cached"], data)


def _claim(workspace: Workspace, question: Question) -> Answer | None:
    """Return the answer that came too late for who asked, once; what it cost has been paid."""
    rows = Lookup.objects.owned_by(workspace).filter(
        key=question.key,
        status=Lookup.Status.DONE,
        is_unclaimed=True,
        finished_at__gt=timezone.now() - CLAIMED_WITHIN,
    )
    lookup = rows.first()
    if lookup is None or not rows.filter(pk=lookup.pk).update(is_unclaimed=False):
        return None
    return replace(answer_of(lookup), credits_used=0)


def _join(workspace: Workspace, question: Question) -> Lookup | None:
    """Return the open row of the same question, marked as somebody else's to pay."""
    rows = Lookup.objects.owned_by(workspace).unfinished()
    lookup = rows.filter(key=question.key).first()
    if lookup is not None:
        lookup.is_joined = True
    return lookup


def _open(
    workspace: Workspace, by: User | None, question: Question, request_id: str, endpoint: str
) -> Lookup | None:
    """Keep the question and set its credits aside; None where another call was a moment faster."""
    lookup = Lookup(
        workspace=workspace,
        created_by=by,
        kind=question.kind,
        key=question.key,
        parameters=question.parameters(),
        request_id=clean(request_id)[:64],
        endpoint=endpoint[:60],
    )
    with transaction.atomic():
        # The row first: who comes second waits here for the first and then joins it, instead of
        # finding that its credits are gone.
        try:
            with transaction.atomic():
                lookup.save(force_insert=True)
        except IntegrityError:
            return None
        if KINDS[question.kind].recall(workspace, question) is not None:  # answered just now
            transaction.set_rollback(True)
            return None
        if question.max_credits:
            reference = f"lookup:{lookup.public_id}"
            lookup.hold = charging.hold_up_to(workspace, question.max_credits, reference=reference)
            lookup.save(update_fields=["hold"])
        bells.ring("leads.answer_lookup", lookup.pk)
    return lookup
