"""Admits as many sites at once as the event loop keeps up with.

Reading pages takes CPU time on the loop's own thread. Were every site started at once on a busy
machine, answers would lie unread until their timeouts ran out, and good sites would be reported
as unreachable; so a slow loop means fewer sites at a time, never failures.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT_SECONDS = 0.1
START = 40  # sites
STEP = 10  # sites more after each beat that came in time
LEAST = 20
SMALL_LAG, LARGE_LAG = 0.5, 2.0  # seconds that a beat may come late; timeouts are far longer


class Pacing:
    """Limits the sites under way between LEAST and `most`; start it inside a running loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = min(START, most)
        self._active = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + BEAT_SECONDS
        self._timer = self._loop.call_at(self._due, self._beat)

    @property
    def limit(self) -> int:
        """The number of sites that may be under way now."""
        return self._limit

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for one of the places and hold it."""
        while self._active >= self._limit:
            turn = self._loop.create_future()
            self._waiting.append(turn)
            await turn
        self._active += 1
        try:
            yield
        finally:
            self._active -= 1
            self._admit()

    def close(self) -> None:
        """Stop measuring."""
        self._timer.cancel()

    def _beat(self) -> None:
        lag = self._loop.time() - self._due
        if lag > LARGE_LAG:
            self._limit = max(min(LEAST, self._most), self._limit * 2 // 3)
        elif lag < SMALL_LAG:
            self._limit = min(self._most, self._limit + STEP)
            self._admit()
        self._due = self._loop.time() + BEAT_SECONDS
        self._timer = self._loop.call_at(self._due, self._beat)

    def _admit(self) -> None:
        """Wake as many of those waiting as there are places."""
        free = self._limit - self._active
        while free > 0 and self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                free -= 1
