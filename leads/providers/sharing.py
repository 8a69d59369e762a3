"""What the clients of free services share with the whole installation: a pace and a memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from leads.providers.records import AreaRecord

# Waits for its turn at a service ("nominatim", "overpass") and keeps it while the context is open;
# raises ProviderError (quota_exceeded) where the turn does not come in time.
Pace = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class RememberedArea:
    """What a geocoder said of a name; None for a name that it does not know."""

    area: AreaRecord | None


class AreaMemory(Protocol):
    """Keeps what names mean, so that nobody asks a geocoder twice."""

    def recall(self, text: str) -> RememberedArea | None:
        """Return what is known of a name, None where it has to be asked."""
        ...

    def keep(self, text: str, area: AreaRecord | None) -> None:
        """Remember an answer."""
        ...


class NoMemory:
    """Forgets everything at once."""

    def recall(self, text: str) -> RememberedArea | None:
        """Return None."""
        return None

    def keep(self, text: str, area: AreaRecord | None) -> None:
        """Do nothing."""


def at_once(service: str) -> AbstractContextManager[object]:
    """Be the pace of tests and of services of one's own: nobody waits."""
    return nullcontext()
