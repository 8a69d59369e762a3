"""How many requests may wait for a worker at once: the pages of the dashboard need threads too."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from freshleads.lib.errors import LimitReached
from freshleads.users.models import Workspace

RETRY_SECONDS = 2

_lock = threading.Lock()
_seated: Counter[int] = Counter()


@contextmanager
def seat(workspace: Workspace) -> Iterator[None]:
    """Hold one of this process's places for waiting; LimitReached where none is free."""
    _sit(workspace)
    try:
        yield
    finally:
        _stand_up(workspace)


def _sit(workspace: Workspace) -> None:
    each, all_together = settings.LOOKUP_WAITERS_PER_WORKSPACE, settings.LOOKUP_WAITERS
    with _lock:
        if _seated[workspace.pk] >= each:
            raise LimitReached(
                f"At most {each} requests of yours can wait for an answer at once.",
                code="rate_limited",
                retry_after=RETRY_SECONDS,
            )
        if _seated.total() >= all_together:
            raise LimitReached(
                "Too many requests are waiting for an answer right now.",
                code="rate_limited",
                retry_after=RETRY_SECONDS,
            )
        _seated[workspace.pk] += 1


def _stand_up(workspace: Workspace) -> None:
    with _lock:
        _seated[workspace.pk] -= 1
        if not _seated[workspace.pk]:
            del _seated[workspace.pk]
