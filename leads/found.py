"""What a worker found out for a lookup, and what a kind of question must be able to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from freshleads.users.models import Workspace
from leads.lookup_leases import LookupLease
from leads.questions import Question

AnyQuestion = TypeVar("AnyQuestion", bound=Question)


def store_nothing(now: datetime) -> None:
    """Keep nothing: what there is to keep is kept already."""


def allow(workspace: Workspace, question: Question) -> None:
    """Allow every question that has been checked."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in the words of the LeadGen API, its price, and how to keep it for everybody.

    `store` runs in the transaction that ends the lookup and takes its credits; `is_cached` says
    that all of it was known before.
    """

    data: dict[str, Any]
    credits: int = 0
    store: Callable[[datetime], None] = store_nothing
    is_cached: bool = False


@dataclass(frozen=True, slots=True)
class Kind(Generic[AnyQuestion]):
    """How one kind of question is answered.

    `check` refuses what only rows can tell to be wrong (DomainError), `recall` answers from the
    caches or returns None, `find` asks the outside world on behalf of who holds the lease; it
    raises ProviderError where that fails, InvalidInput where the question turns out to be wrong.
    """

    recall: Callable[[Workspace, AnyQuestion], Found | None]
    find: Callable[[LookupLease, AnyQuestion], Found]
    check: Callable[[Workspace, AnyQuestion], None] = allow
