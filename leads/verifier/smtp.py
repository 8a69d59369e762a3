"""One SMTP conversation on a socket, bounded in time, lines and bytes; it never sends mail."""

import re
import socket
import time
from types import TracebackType
from typing import Self

from freshleads.lib.addresses import Target
from leads.verifier.replies import Meaning, Reply

MAX_LINE = 2048
MAX_LINES = 100
MAX_REPLY = 32 * 1024
MAX_KEPT_TEXT = 1000
FAREWELL_SECONDS = 2.0

_REPLY_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])([^\r\n]*))?\r?")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class SessionFailed(Exception):
    """The conversation broke off: `meaning` says how (timeout, disconnected, bad_answer, ...)."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__(meaning.value)
        self.meaning = meaning


class Deadline:
    """A point on the monotonic clock that all the steps of one piece of work share."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self._ends_at - time.monotonic())

    def within(self, seconds: float) -> "Deadline":
        """Return a deadline that also ends after `seconds`."""
        return Deadline(min(seconds, self.remaining()))


class SmtpSession:
    """A connection to one checked address; every read and write ends by its deadline."""

    def __init__(self, connection: socket.socket, *, timeout: float, deadline: Deadline) -> None:
        self._socket = connection
        self._timeout = timeout
        self._deadline = deadline
        self._received = bytearray()

    @classmethod
    def connect(cls, target: Target, *, timeout: float, deadline: Deadline) -> Self:
        """Connect to exactly this address; raise SessionFailed(NOT_CONNECTED) otherwise."""
        seconds = deadline.within(timeout).remaining()
        if seconds <= 0:
            raise SessionFailed(Meaning.TIMEOUT)
        try:
            connection = socket.create_connection((target.ip, target.port), timeout=seconds)
        except OSError as error:
            raise SessionFailed(Meaning.NOT_CONNECTED) from error
        return cls(connection, timeout=timeout, deadline=deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def command(self, line: str) -> Reply:
        """Send one command line and read its whole reply."""
        step = self._deadline.within(self._timeout)
        self._send(line.encode() + b"\r\n", step)
        return self._read_reply(step)

    def greeting(self) -> Reply:
        """Read the banner that the server speaks first."""
        return self._read_reply(self._deadline.within(self._timeout))

    def leave(self) -> None:
        """Abandon the transaction and say goodbye, without insisting on an answer."""
        self._deadline = self._deadline.within(FAREWELL_SECONDS)
        try:
            self.command("RSET")
            self.command("QUIT")
        except SessionFailed:
            return

    def _send(self, data: bytes, step: Deadline) -> None:
        self._allow(step)
        try:
            self._socket.sendall(data)
        except TimeoutError as error:
            raise SessionFailed(Meaning.TIMEOUT) from error
        except OSError as error:
            raise SessionFailed(Meaning.DISCONNECTED) from error

    def _read_reply(self, step: Deadline) -> Reply:
        texts: list[bytes] = []
        size = 0
        for _ in range(MAX_LINES):
            line = self._read_line(step)
            size += len(line)
            parts = _REPLY_LINE.fullmatch(line)
            if parts is None or size > MAX_REPLY:
                raise SessionFailed(Meaning.BAD_ANSWER)
            texts.append(parts[3] or b"")
            if parts[2] != b"-":
                return Reply(int(parts[1]), _readable(b" ".join(texts)))
        raise SessionFailed(Meaning.BAD_ANSWER)

    def _read_line(self, step: Deadline) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > MAX_LINE:
                raise SessionFailed(Meaning.BAD_ANSWER)
            self._received += self._receive(step)
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        if len(line) > MAX_LINE:
            raise SessionFailed(Meaning.BAD_ANSWER)
        return line

    def _receive(self, step: Deadline) -> bytes:
        self._allow(step)
        try:
            data = self._socket.recv(4096)
        except TimeoutError as error:
            raise SessionFailed(Meaning.TIMEOUT) from error
        except OSError as error:
            raise SessionFailed(Meaning.DISCONNECTED) from error
        if not data:
            raise SessionFailed(Meaning.DISCONNECTED)
        return data

    def _allow(self, step: Deadline) -> None:
        """Give the next socket call only what the step has left: a drip cannot renew it."""
        seconds = step.remaining()
        if seconds <= 0:
            raise SessionFailed(Meaning.TIMEOUT)
        self._socket.settimeout(seconds)


def _readable(text: bytes) -> str:
    """Decode a reply of any encoding into one printable line."""
    decoded = text.decode("utf-8", errors="replace")
    return " ".join(_UNPRINTABLE.sub(" ", decoded).split())[:MAX_KEPT_TEXT]
