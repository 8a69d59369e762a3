"""Asking from a page: every question gets a row, so that its answer has an address to come back to.

What a cache answers is kept as a lookup that is done and cost nothing.
"""

import json
from collections.abc import Sequence

from django.utils import timezone

from freshleads.users.models import User, Workspace
from leads import looking_up
from leads.cleaning import clean
from leads.models import Lookup
from leads.questions import Question, question_of


def look_up(workspace: Workspace, *, by: User | None, question: Question) -> Lookup:
    """Ask, and return the row that the answer is or will be in.

    Raises InvalidInput, NotFound (something named in the question), InsufficientCredits.
    """
    question = question.checked()
    given = looking_up.ask(workspace, by=by, question=question)
    if isinstance(given, Lookup):
        return given
    now = timezone.now()
    return Lookup.objects.create(
        workspace=workspace,
        created_by=by,
        kind=question.kind,
        key=question.key,
        parameters=question.parameters(),
        status=Lookup.Status.DONE,
        answer={"data": json.dumps(clean(given.data), ensure_ascii=False), "is_cached": True},
        created_at=now,
        finished_at=now,
    )


def ask_again(workspace: Workspace, public_id: str, *, by: User | None) -> Lookup:
    """Ask the question of a lookup once more; NotFound for anyone else's lookup."""
    lookup = looking_up.find_lookup(workspace, public_id)
    return look_up(workspace, by=by, question=question_of(lookup))


def find_lookups(workspace: Workspace, public_ids: Sequence[str]) -> list[Lookup]:
    """Return several lookups of the workspace in the given order; NotFound if one is not its."""
    return [looking_up.find_lookup(workspace, public_id) for public_id in public_ids]
