"""Counts what strangers may do only so often: signing in, signing up, asking for a new password.

Attempts are counted before anything is done for them, so that no number of parallel ones gets past
a limit, and in the same way whether there is such an account or not.
"""

import ipaddress
import logging
from dataclasses import dataclass

from freshleads.lib.errors import LimitReached
from freshleads.users.throttling import LimiterUnavailable, limiter

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` attempts of a kind with the same key in so many seconds."""

    scope: str
    key: str
    amount: int
    seconds: int


def count(*limits: Limit, purpose: str) -> None:
    """Count one attempt in each window, up to the first that is full.

    `purpose` completes "Too many attempts to". Raises LimitReached `too_many_attempts` with
    `retry_after` in seconds, or `attempts_paused` while Redis does not answer.
    """
    for limit in limits:
        try:
            window = limiter().hit(
                limit.scope, limit.key, amount=limit.amount, seconds=limit.seconds
            )
        except LimiterUnavailable as error:
            raise paused(purpose) from error
        if not window.allowed:
            logger.warning("%s is full", limit.scope)
            wait = in_words(window.reset_after)
            raise LimitReached(
                f"Too many attempts to {purpose}. Try again in {wait}.",
                code="too_many_attempts",
                retry_after=window.reset_after,
            )


def forgive(*limits: Limit, purpose: str) -> None:
    """Forget what was counted in these windows; raises LimitReached `attempts_paused`."""
    try:
        for limit in limits:
            limiter().clear(limit.scope, limit.key, amount=limit.amount, seconds=limit.seconds)
    except LimiterUnavailable as error:
        raise paused(purpose) from error


def paused(purpose: str) -> LimitReached:
    """Return the refusal of everybody while attempts cannot be counted."""
    return LimitReached(
        f"It is not possible to {purpose} right now. Try again in {in_words(PAUSE_SECONDS)}.",
        code="attempts_paused",
        retry_after=PAUSE_SECONDS,
    )


def origin_of(address: str) -> str:
    """Return what one stranger has: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)


def in_words(seconds: int) -> str:
    """Return a wait as people say it, never shorter than it is."""
    if seconds < 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
