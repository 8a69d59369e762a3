"""Scripted servers on loopback: name servers and mail servers that behave as a test says."""

import socketserver
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from leads.verifier.verifying import Verifier

ACCEPTED = "250 2.1.5 OK"
NO_SUCH_USER = "550 5.1.1 User unknown"
DRIP_LIMIT = 200


class ScriptedDns(socketserver.ThreadingUDPServer):
    """A name server with the records it was given; a name without records does not exist."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedDnsHandler)
        self.records: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.refusing: set[str] = set()
        self.silent: set[str] = set()
        self.questions: list[tuple[str, str]] = []

    @property
    def nameserver(self) -> tuple[str, int]:
        return ("127.0.0.1", self.server_address[1])

    def add(self, name: str, kind: str, *texts: str) -> None:
        self.records[name][kind].extend(texts)

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.questions.append((name, kind))
        if name in self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if name in self.refusing:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif texts := self.records[name][kind] if name in self.records else []:
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(known == name or known.endswith(f".{name}") for known in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response


class ScriptedDnsHandler(socketserver.BaseRequestHandler):
    """Answers one datagram."""

    def handle(self) -> None:
        data, socket = self.request
        assert isinstance(self.server, ScriptedDns)
        response = self.server.answer(dns.message.from_wire(data))
        if response is not None:
            socket.sendto(response.to_wire(), self.client_address)


@dataclass
class Script:
    """What a mail server says; "drop", "silence" and "drip" are things it does instead.

    `rcpt` maps an address to a reply, or a list of replies for one attempt after the other;
    other addresses get `otherwise`. `rcpt_at` maps the number of a RCPT in its session to a reply
    that goes before all others.
    """

    banner: str = "220 mx.test ESMTP"
    ehlo: str = "250-mx.test\r\n250-PIPELINING\r\n250 SMTPUTF8"
    helo: str = "250 mx.test"
    mail: str = "250 OK"
    rcpt: dict[str, str | list[str]] = field(default_factory=dict)
    rcpt_at: dict[int, str] = field(default_factory=dict)
    otherwise: str = NO_SUCH_USER
    pause: float = 0.0


class ScriptedMx(socketserver.ThreadingTCPServer):
    """A mail server that follows a script and keeps what was said to it."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 100

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedMxHandler)
        self.script = script
        self.lock = threading.Lock()
        self.sessions: list[list[str]] = []
        self.open_sessions = 0
        self.most_sessions = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def commands(self) -> list[str]:
        return [command for session in self.sessions for command in session]

    @property
    def recipients(self) -> list[str]:
        return [line[9:-1] for line in self.commands if line.startswith("RCPT")]


class ScriptedMxHandler(socketserver.StreamRequestHandler):
    """Speaks the script on one connection."""

    server: ScriptedMx

    def handle(self) -> None:
        self.said: list[str] = []
        with self.server.lock:
            self.server.sessions.append(self.said)
            self.server.open_sessions += 1
            self.server.most_sessions = max(self.server.most_sessions, self.server.open_sessions)
        try:
            self.converse()
        except OSError:
            return
        finally:
            with self.server.lock:
                self.server.open_sessions -= 1

    def converse(self) -> None:
        going_on = self.give(self.server.script.banner)
        while going_on and (line := self.rfile.readline(2000)):
            command = line.decode().rstrip("\r\n")
            self.said.append(command)
            time.sleep(self.server.script.pause)
            going_on = self.give(self.reply_to(command))

    def reply_to(self, command: str) -> str:
        script = self.server.script
        verb = command[:4].upper()
        if verb == "RCPT":
            return self.reply_to_recipient(command[9:-1])
        plain = {"EHLO": script.ehlo, "HELO": script.helo, "MAIL": script.mail, "QUIT": "221 Bye"}
        return plain.get(verb, "250 OK")

    def reply_to_recipient(self, address: str) -> str:
        script = self.server.script
        number = sum(line.startswith("RCPT") for line in self.said)
        if number in script.rcpt_at:
            return script.rcpt_at[number]
        reply = script.rcpt.get(address, script.otherwise)
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply

    def give(self, reply: str) -> bool:
        """Say or do one thing of the script; return False when the session is over."""
        if reply == "drop":
            return False
        if reply == "silence":
            self.rfile.readline(2000)
            return False
        if reply == "drip":
            for _ in range(DRIP_LIMIT):
                self.wfile.write(b"2")
                time.sleep(0.02)
            return False
        self.wfile.write(reply.encode("utf-8", "surrogateescape") + b"\r\n")
        return not reply.startswith(("421", "221"))


@pytest.fixture
def serve() -> Iterator[Callable[[socketserver.BaseServer], Any]]:
    """Return a function that runs a server in a thread until the test ends."""
    servers: list[socketserver.BaseServer] = []

    def start(server: socketserver.BaseServer) -> Any:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def name_server(serve: Callable[..., Any]) -> ScriptedDns:
    """A name server that knows corp.test, whose mail host is mx.corp.test."""
    server: ScriptedDns = serve(ScriptedDns())
    server.add("corp.test", "MX", "10 mx.corp.test.")
    return server


@pytest.fixture
def start_mx(serve: Callable[..., Any]) -> Callable[..., ScriptedMx]:
    """Return a function that starts a mail server from the fields of a Script."""
    return lambda **script: serve(ScriptedMx(Script(**script)))


@pytest.fixture
def make_verifier(name_server: ScriptedDns) -> Callable[..., Verifier]:
    """Return a function that makes a verifier whose mail hosts are these servers.

    One server takes every `.test` host; a mapping gives each host its own.
    """

    def make(servers: Any = None, **options: Any) -> Verifier:
        by_host = servers if isinstance(servers, dict) else {".test": servers} if servers else {}
        routes = [Route(host, 25, ("127.0.0.1", mx.port)) for host, mx in by_host.items()]
        settings = {"timeout": 1.0, "deadline": 3.0, "helo_name": "probe.test", **options}
        policy = settings.pop("policy", None) or AddressPolicy(routes=routes)
        return Verifier(policy, [name_server.nameserver], allow_test_names=True, **settings)

    return make
