"""Whose word counts for a client's address and scheme: the web server's own, or the proxy's."""

import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator

import pytest
import waitress
from pytest_django.fixtures import Settings

from freshleads import processes

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def show(environ: dict[str, str], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer the scheme and the client's address that an application would see."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    seen = (environ["wsgi.url_scheme"], environ["REMOTE_ADDR"])
    return [" ".join(seen).encode()]


@pytest.fixture
def ask(settings: Settings) -> Iterator[Callable[[bool], str]]:
    """Return a function that asks a server, with a proxy's headers, what an application sees."""
    servers = []

    def asked(behind_proxy: bool) -> str:
        settings.BEHIND_PROXY = behind_proxy
        server = waitress.create_server(
            show, host="127.0.0.1", port=0, threads=1, **processes._proxy_options()
        )
        servers.append(server)
        threading.Thread(target=server.run, daemon=True).start()
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.effective_port}/", headers=FORWARDED
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode())

    yield asked
    for server in servers:
        server.close()


def test_a_forged_header_is_not_believed(ask: Callable[[bool], str]) -> None:
    assert ask(False) == "http 127.0.0.1"


def test_the_proxy_is_believed_where_the_settings_say_that_there_is_one(
    ask: Callable[[bool], str],
) -> None:
    assert ask(True) == "https 203.0.113.9"
