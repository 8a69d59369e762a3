"""Manners towards free services: one pace for all processes of the installation.

Nominatim's policy allows one request a second of a whole application, Overpass two at a time. Who
does not get a turn in ten seconds comes back later.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from freshleads.lib.errors import ProviderError
from freshleads.users.throttling import LimiterUnavailable, limiter

WAIT_SECONDS = 10.0
POLL_SECONDS = 0.1
RETRY_SECONDS = 10.0
NOMINATIM_SECONDS = 1
OVERPASS_SLOTS = 2
SLOT_SECONDS = 90  # longer than any request: the slot of a killed process is free again after it
SCOPE = "source"


@contextmanager
def turn_at(service: str) -> Iterator[None]:
    """Wait for a turn at "nominatim" or "overpass" and keep it while the context is open.

    Raises ProviderError (quota_exceeded) where the turn does not come in time, and
    LimiterUnavailable where nobody can tell whose turn it is.
    """
    if service == "nominatim":
        _wait_until(_take_second, service)
        yield
        return
    slot = _wait_until(_take_slot, service)
    try:
        yield
    finally:
        with suppress(LimiterUnavailable):  # then the slot frees itself
            limiter().clear(SCOPE, slot, amount=1, seconds=SLOT_SECONDS)


def _wait_until(take: Callable[[], str], service: str) -> str:
    """Try until it is our turn; returns what was taken."""
    ends_at = time.monotonic() + WAIT_SECONDS
    while not (taken := take()):
        if time.monotonic() >= ends_at:
            raise ProviderError(
                f"Others of this installation are asking {service.capitalize()} at the moment.",
                code="quota_exceeded",
                retry_after=RETRY_SECONDS,
            )
        time.sleep(POLL_SECONDS)
    return taken


def _take_second() -> str:
    window = limiter().hit(SCOPE, "nominatim", amount=1, seconds=NOMINATIM_SECONDS)
    return "nominatim" if window.allowed else ""


def _take_slot() -> str:
    """Take one of the slots: each is a window that takes one hit until it is cleared."""
    for number in range(OVERPASS_SLOTS):
        slot = f"overpass-{number}"
        if limiter().hit(SCOPE, slot, amount=1, seconds=SLOT_SECONDS).allowed:
            return slot
    return ""
