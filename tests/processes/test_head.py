"""HEAD through the real web server: the headers of GET, and not one byte more."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import waitress
from django.core.wsgi import get_wsgi_application
from django.db import connections

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/", "/login", "/leads", "/healthz", "/nothing-here", "/api/docs", "/api/v1/leads"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        # The server's thread keeps no connection, which would keep the database from being removed.
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        server = waitress.create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=1)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield server.effective_port
        server.close()


@pytest.fixture
def say(port: int) -> Callable[[str], bytes]:
    """Return a function that sends bytes and reads until the server hangs up."""

    def said(text: str) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(text.encode())
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    return said


@pytest.mark.parametrize("path", PAGES)
def test_a_head_request_gets_the_headers_of_get_and_no_body(
    port: int, say: Callable[[str], bytes], path: str
) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        length = len(answer.read())
    head, _, body = say(
        f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    ).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0].split()[1] == str(answer.status)
    assert body == b""
    # A page carries a fresh token of the same length.
    assert f"Content-Length: {length}" in lines


def test_the_next_answer_on_the_connection_is_not_disturbed(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("HEAD", "/login")
            assert connection.getresponse().read() == b""
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
