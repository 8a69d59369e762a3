"""One time limit for a whole call: a read timeout alone never ends a peer that drips."""

import socket
from threading import Lock, Timer
from time import monotonic
from types import TracebackType

from freshleads.lib.http_errors import DeadlineExceeded


class Deadline:
    """Cuts the connection it guards after `seconds`, whatever its peer is doing.

    A context manager. It cuts through a duplicate of the socket, so a reader in another thread
    wakes up at once, TLS state is not touched from two threads and no descriptor is reused.
    """

    def __init__(self, seconds: float) -> None:
        self._started_at = monotonic()
        self._ends_at = self._started_at + seconds
        self._lock = Lock()
        self._handle: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return monotonic() - self._started_at

    @property
    def expired(self) -> bool:
        """Whether the time is up; what was read since then may be cut short."""
        return monotonic() >= self._ends_at

    def remaining(self) -> float:
        """Return the seconds left, more than 0; raise DeadlineExceeded when there are none."""
        seconds = self._ends_at - monotonic()
        if seconds <= 0:
            raise DeadlineExceeded
        return seconds

    def guard(self, connection: socket.socket) -> None:
        """Watch this connection, and no longer the one before it."""
        with self._lock:
            self._let_go()
            self.remaining()
            self._handle = connection.dup()

    def _cut(self) -> None:
        with self._lock:
            if self._handle is None:
                return
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the peer was faster

    def _let_go(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
