"""A mail exchanger on loopback for every mail domain of the world; it stores no message."""

import asyncio
import contextlib
import logging
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session

from freshleads.sandbox.doors import bind_row
from freshleads.sandbox.entities import MailSpec, World
from freshleads.sandbox.smtp_behaviours import (
    RELAY_DENIED,
    Conversation,
    Question,
    answer,
    mail_specs,
)

SMTP_PORT = 25
REMEMBERED_RECIPIENTS = 10_000
MAX_MESSAGE_BYTES = 10 << 20
HOLD_SECONDS = 600.0
IDLE_SECONDS = 120.0
BANNER_NAME = "mx.hostedmail.test"

Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO, its sender ("" for <>) and the code of the answer; 0 where there was none."""

    address: str
    sender: str
    code: int


class SmtpServer:
    """Answers for all MX hosts on one port, and on further ports for what ends before RCPT.

    `recipients` lists the addresses asked about; `connections` and `messages` count.
    """

    def __init__(
        self,
        world: World,
        *,
        latency: float = 0.0,
        port: int = 0,
        greylist_seconds: float = 2.0,
        tarpit_seconds: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.specs = mail_specs(world)
        self.latency = latency
        self.port = port
        self.greylist_seconds = greylist_seconds
        self.tarpit_seconds = tarpit_seconds
        self.clock = clock
        self.recipients: deque[Recipient] = deque(maxlen=REMEMBERED_RECIPIENTS)
        self.connections = 0
        self.messages = 0
        self.ports: dict[str, int] = {}
        self._first_asked: dict[str, float] = {}
        self._servers: list[asyncio.Server] = []
        self._sockets: list[socket.socket] = []
        self._sessions: set[_Mailer] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1 and return the main port; raises OSError where it is taken."""
        # aiosmtpd logs every command with its address at INFO.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        main, *others = self._sockets = bind_row(self.port, len(DOORS))
        self.port = int(main.getsockname()[1])
        sockets = dict(zip(DOORS, others, strict=True))
        self.ports = {name: int(door.getsockname()[1]) for name, door in sockets.items()}
        await self._serve_mail(main, slow=False)
        await self._serve_mail(sockets["tarpit"], slow=True)
        for name, connection in CONNECTIONS.items():
            server = await asyncio.start_server(self._track(connection), sock=sockets[name])
            self._servers.append(server)
        # This door never listens: connections are refused, and nobody else may bind the port.
        sockets["no_mx"].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        return self.port

    async def stop(self) -> None:
        """Close all listeners and connections."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        for door in self._sockets:
            door.close()
        self._sockets.clear()
        for session in list(self._sessions):
            session.abort()
        for task in list(self._tasks):
            task.cancel()

    def routes(self) -> list[tuple[str, int, int]]:
        """Return (suffix, port 25, where to connect instead), the most specific first."""
        own: dict[str, int] = {}
        for spec in self.specs.values():
            if spec.behaviour in self.ports:
                # Without an MX a domain is its own mail host (RFC 5321), and there nothing listens.
                host = spec.domain if spec.behaviour == "no_mx" else spec.mx_host
                own[host] = self.ports[spec.behaviour]
        listed = [(host, SMTP_PORT, port) for host, port in sorted(own.items())]
        return [*listed, (".test", SMTP_PORT, self.port)]

    def find_spec(self, address: str) -> MailSpec | None:
        """Return the mail domain of an address, or None for one that is not ours."""
        return self.specs.get(address.rpartition("@")[2])

    def waited(self, domain: str) -> float:
        """Return how many seconds ago somebody first asked about a domain."""
        now = self.clock()
        return now - self._first_asked.setdefault(domain, now)

    async def _serve_mail(self, door: socket.socket, *, slow: bool) -> None:
        """Accept SMTP sessions at a bound socket."""
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_server(lambda: _Mailer(self, slow=slow), sock=door))

    def _track(self, connection: Connection) -> Connection:
        """Return a connection handler that is counted, and cancelled by `stop`."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections += 1
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            try:
                with contextlib.suppress(OSError, TimeoutError):
                    async with asyncio.timeout(HOLD_SECONDS):
                        await connection(reader, writer)
            finally:
                writer.close()

        return handle


async def _stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read until the client gives up, and say nothing."""
    while await reader.read(4096):
        pass


async def _close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing and hang up."""


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Refuse with the banner; after that only QUIT is answered well (RFC 5321, 3.1)."""
    writer.write(f"554 5.7.1 {BANNER_NAME} No SMTP service for you here\r\n".encode())
    while line := await reader.readline():
        if line.strip().upper() == b"QUIT":
            writer.write(b"221 2.0.0 Bye\r\n")
            await writer.drain()
            return
        writer.write(b"503 5.5.1 Bad sequence of commands\r\n")


async def _be_busy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say that the service is not available and hang up."""
    writer.write(f"421 4.3.2 {BANNER_NAME} Too many connections, try again later\r\n".encode())
    await writer.drain()


CONNECTIONS: dict[str, Connection] = {
    "silent": _stay_silent,
    "close_at_connect": _close_at_once,
    "refuse_banner": _refuse,
    "busy_banner": _be_busy,
}


DOORS = ("tarpit", *CONNECTIONS, "no_mx")


class _Mailer(SMTP):
    """One SMTP session; each answer is late by the server's latency, or by the tarpit's."""

    def __init__(self, owner: SmtpServer, *, slow: bool = False) -> None:
        super().__init__(
            _Handler(owner),
            hostname=BANNER_NAME,
            ident="ESMTP",
            enable_SMTPUTF8=True,
            data_size_limit=MAX_MESSAGE_BYTES,
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self.owner = owner
        self.slow = slow
        self.conversation = Conversation(client="")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the session."""
        self.owner.connections += 1
        self.owner._sessions.add(self)
        self.conversation.client = transport.get_extra_info("peername")[0]
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End the session."""
        self.owner._sessions.discard(self)
        super().connection_lost(error)

    async def push(self, status: AnyStr) -> None:
        """Send an answer after the delay."""
        await asyncio.sleep(self.owner.tarpit_seconds if self.slow else self.owner.latency)
        await super().push(status)

    def abort(self) -> None:
        """Break the connection off."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def hang_up(self, status: str = "") -> None:
        """Close the connection, after a last answer where one is given."""
        if status:
            await self.push(status)
        if self.transport is not None:
            self.transport.close()
        await asyncio.sleep(HOLD_SECONDS)  # the loss of the connection cancels this session


class _Handler:
    """What aiosmtpd asks at RCPT and after DATA."""

    def __init__(self, owner: SmtpServer) -> None:
        self.owner = owner

    async def handle_RCPT(
        self,
        mailer: _Mailer,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Answer one recipient as its domain behaves."""
        address = address.lower()
        mailer.conversation.recipients += 1
        status = self._status(mailer, address, self.owner.find_spec(address))
        code = int(status[:3] or 0)
        sender = (envelope.mail_from or "").removeprefix("<>")
        self.owner.recipients.append(Recipient(address, sender, code))
        if code in (0, 421):
            await mailer.hang_up(status)
        if code == 250:
            envelope.rcpt_tos.append(address)
        return status

    def _status(self, mailer: _Mailer, address: str, spec: MailSpec | None) -> str:
        """Return the answer of a domain, empty where it hangs up without one."""
        if spec is None:
            return RELAY_DENIED.format(address=address)
        if spec.behaviour == "drop":
            return ""
        waited = self.owner.waited(spec.domain)
        return answer(
            Question(address, spec, mailer.conversation, waited, self.owner.greylist_seconds)
        )

    async def handle_DATA(self, mailer: _Mailer, session: Session, envelope: Envelope) -> str:
        """Count a message and forget it."""
        self.owner.messages += 1
        return f"250 2.0.0 Ok: queued as {self.owner.messages:08X}"
