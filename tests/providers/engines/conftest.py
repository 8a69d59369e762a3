"""The sandbox's vendors as a server of this folder, and a server that says what a test wrote."""

import asyncio
import json
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import Client
from freshleads.sandbox.vendors import VendorsServer
from freshleads.sandbox.world import build_world
from leads.providers.contracts import FAULTS

KEY = "sandbox-key"
SECRET = "s3cret key/with+signs&more"
HOME = "http://127.0.0.1"


@pytest.fixture(scope="session")
def vendors_server() -> Iterator[VendorsServer]:
    loop = asyncio.new_event_loop()
    server = VendorsServer(build_world())
    loop.run_until_complete(server.start())
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield server
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def vendors(vendors_server: VendorsServer) -> VendorsServer:
    """The vendors in fair weather, with an empty memory."""
    vendors_server.forget()
    return vendors_server


def client_to(port: int) -> Client:
    """Return the real client, which may reach one port of this machine."""
    policy = AddressPolicy(routes=(Route("127.0.0.1", port, ("127.0.0.1", port)),))
    return Client(policy, user_agent="test/1")


class Script:
    """A vendor that gives the written answers in turn, the last one again and again."""

    def __init__(self) -> None:
        self.answers: deque[tuple[int, bytes, dict[str, str]]] = deque()
        self.paths: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = int(self._server.server_address[1])
        self.url = f"{HOME}:{self.port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def give(self, payload: Any, status: int = 200, **headers: str) -> None:
        """Queue an answer: text and bytes as they are, anything else as JSON."""
        text = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        body = text.encode() if isinstance(text, str) else text
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, body, named))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(script) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                script.paths.append(self.path)
                one_left = len(script.answers) == 1
                status, body, headers = script.answers[0] if one_left else script.answers.popleft()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        return Handler


@pytest.fixture
def script() -> Iterator[Script]:
    server = Script()
    yield server
    server.close()


def failure_of(ask: Callable[[], object], *secrets: str) -> ProviderError:
    """Return the error of a call; none of the secrets may show, in whatever spelling."""
    with pytest.raises(ProviderError) as caught:
        ask()
    said = repr(caught.value) + caught.value.message
    said += "".join(traceback.format_exception(caught.value))
    assert caught.value.code in FAULTS
    for secret in secrets:
        assert secret not in said
        assert quote(secret, safe="") not in said
    return caught.value


def summary(error: ProviderError) -> tuple[str, bool, float | None]:
    return error.code, error.permanent, error.retry_after
