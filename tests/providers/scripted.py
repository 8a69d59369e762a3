"""A local HTTP server that gives the answers a test has written, and keeps what was asked."""

import json
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.http import Client

USER_AGENT = "FreshLeadsBot/1.0 (+https://leads.test)"


@dataclass(frozen=True)
class Asked:
    """One request: `values` are the parameters of its query or of its form."""

    method: str
    path: str
    headers: dict[str, str]
    values: dict[str, str]


@dataclass(frozen=True)
class Given:
    """One answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class ScriptedServer:
    """Gives the queued answers of each path in turn, and 404 where nothing is queued."""

    def __init__(self) -> None:
        self.answers: dict[str, deque[Given]] = {}
        self.requests: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def give(self, path: str, payload: Any, status: int = 200, **headers: str) -> None:
        """Queue an answer: bytes and text as they are, anything else as JSON."""
        if isinstance(payload, str):
            payload = payload.encode()
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        self.answers.setdefault(path, deque()).append(Given(status, body, named))

    def client(self) -> Client:
        """Return a client that may reach this server."""
        route = Route("127.0.0.1", self.port, ("127.0.0.1", self.port))
        return Client(AddressPolicy(routes=(route,)), user_agent=USER_AGENT)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer_to(self, asked: Asked) -> Given:
        self.requests.append(asked)
        queue = self.answers.get(asked.path)
        return queue.popleft() if queue else Given(404, b"nothing is queued")

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def answer(self, form: str) -> None:
                headers = {name.lower(): text for name, text in self.headers.items()}
                values = {name: value[0] for name, value in parse_qs(form).items()}
                path = urlsplit(self.path).path
                given = server._answer_to(Asked(self.command, path, headers, values))
                self.send_response(given.status)
                for name, text in given.headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler
