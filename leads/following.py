"""What changed in a running search since a reader last looked, by a small cursor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from freshleads.lib.errors import InvalidInput
from leads.models import Search, SearchLead

# A row is stamped before its transaction commits: looking back a little finds the late ones, and
# a row that is shown twice replaces itself.
LOOK_BACK = timedelta(seconds=2)
EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
CURSOR_PART = re.compile(r"[0-9]{1,14}", re.ASCII)
START = "0.0"


@dataclass(frozen=True, slots=True)
class Changes:
    """New rows in their order, rows to show anew, and where to go on."""

    added: Sequence[SearchLead]
    changed: Sequence[SearchLead]
    cursor: str


def changes_since(search: Search, cursor: str = START, *, which: Q | None = None) -> Changes:
    """Return the results that came or changed after the cursor; InvalidInput for a broken one.

    `which` leaves out those that a reader does not want to see.
    """
    position, moment = _read(cursor)
    asked_at = timezone.now()
    results = search.results.filter(which or Q()).select_related("lead").order_by("position")
    added = list(results.filter(position__gt=position))
    changed = (
        list(results.filter(position__lte=position, changed_at__gte=moment - LOOK_BACK))
        if position
        else []
    )
    last = added[-1].position if added else position
    return Changes(added, changed, f"{last}.{(asked_at - EPOCH) // timedelta(milliseconds=1)}")


def _read(cursor: str) -> tuple[int, datetime]:
    """Return the last shown position and when it was asked for."""
    position, _, milliseconds = cursor.partition(".")
    if not (CURSOR_PART.fullmatch(position) and CURSOR_PART.fullmatch(milliseconds)):
        raise InvalidInput("after: this is not a cursor.", param="after")
    return int(position), EPOCH + timedelta(milliseconds=int(milliseconds))
