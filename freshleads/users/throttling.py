"""Counts events in moving windows, exactly: in Redis for many processes, in memory for one.

    window = limiter().hit("api", key.public_id, amount=60, seconds=60)

Only allowed hits count, so who waits `reset_after` seconds is let in again.
"""

import hashlib
import math
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from freshleads.lib.errors import ProviderError

REDIS_TIMEOUT_SECONDS = 2.0


class LimiterUnavailable(ProviderError):
    """Redis did not answer: the caller decides whether to let the event pass."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a hit found: `reset_after` is in whole seconds until the oldest counted hit leaves."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: int


class Limiter:
    """Moving windows in the Redis at `url`, or in this process where it is empty."""

    def __init__(self, url: str, prefix: str) -> None:
        if url:
            self._storage = storage_from_string(
                url,
                key_prefix=f"{prefix}limits",
                wrap_exceptions=True,
                socket_timeout=REDIS_TIMEOUT_SECONDS,
                socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
            )
            self._turn: AbstractContextManager[object] = nullcontext()
        else:
            self._storage = storage_from_string("memory://")
            # The memory storage drops the lock of a window that ran empty while others wait for it.
            self._turn = threading.Lock()
        self._windows = MovingWindowRateLimiter(cast(Storage, self._storage))

    def hit(self, scope: str, key: str, *, amount: int, seconds: int) -> Window:
        """Count one event if fewer than `amount` were counted in the last `seconds`.

        Raises LimiterUnavailable.
        """
        item = RateLimitItemPerSecond(amount, seconds, namespace=scope)
        try:
            with self._turn:
                allowed = self._windows.hit(item, _shortened(key))
                resets_at, remaining = self._windows.get_window_stats(item, _shortened(key))
        except StorageError as error:
            raise LimiterUnavailable(
                "Redis does not answer.", code="limiter_unavailable"
            ) from error
        wait = min(max(math.ceil(resets_at - time.time()), 1), seconds)
        return Window(allowed, amount, max(remaining, 0), wait)

    def clear(self, scope: str, key: str, *, amount: int, seconds: int) -> None:
        """Forget what was counted; raises LimiterUnavailable."""
        item = RateLimitItemPerSecond(amount, seconds, namespace=scope)
        try:
            with self._turn:
                self._windows.clear(item, _shortened(key))
        except StorageError as error:
            raise LimiterUnavailable(
                "Redis does not answer.", code="limiter_unavailable"
            ) from error


_making = threading.Lock()


def limiter() -> Limiter:
    """Return the limiter of the installation."""
    with _making:
        return _limiter(settings.REDIS_URL, settings.REDIS_PREFIX)


@cache
def _limiter(url: str, prefix: str) -> Limiter:
    return Limiter(url, prefix)


def _shortened(key: str) -> str:
    """Return a digest: keys may be long, and may be somebody's e-mail address."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]
