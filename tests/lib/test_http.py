"""The HTTP client: what it sends, what it gives back, whom it trusts, what it keeps quiet."""

import logging
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from freshleads.lib.addresses import AddressPolicy, Route
from freshleads.lib.errors import ProviderError
from freshleads.lib.http import (
    AddressRefused,
    BadRequest,
    BadResponse,
    Client,
    HostNotFound,
    Response,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from tests.lib.conftest import Authority, TlsServer, WebServer

SECRET = "s3cr3t-k3y"


class NoResolver:
    """There is no name but those of the routes."""

    def lookup(self, host: str, timeout: float) -> list[str]:
        return []


def client_for(*routes: tuple[str, int, int], ca_file: str | None = None) -> Client:
    """Return a client that finds each (name, port) at a port on loopback."""
    doors = tuple(Route(name, port, ("127.0.0.1", target)) for name, port, target in routes)
    policy = AddressPolicy(resolver=NoResolver(), routes=doors)
    return Client(policy, user_agent="FreshLeadsTest/1", ca_file=ca_file)


@pytest.fixture
def client(web_server: WebServer) -> Client:
    """Finds the web server under every name of `.test`."""
    return client_for((".test", 80, web_server.port))


def test_sends_a_plain_request_under_the_name_asked_for(
    client: Client, web_server: WebServer
) -> None:
    answer = client.get("http://Shop.test/200?a=1", params={"b": "ü", "c": 2})
    assert answer.status == 200
    assert answer.url == "http://shop.test/200?a=1&b=%C3%BC&c=2"
    assert answer.headers["content-TYPE"] == "application/json"
    assert 0 < answer.elapsed < 5
    assert answer.json() == web_server.requests[0]
    assert web_server.requests[0] == {
        "method": "GET",
        "path": "/200?a=1&b=%C3%BC&c=2",
        "body": "",
        "headers": {
            "host": "shop.test",
            "user-agent": "FreshLeadsTest/1",
            "accept": "*/*",
            "accept-encoding": "gzip",
            "connection": "close",
        },
    }


def test_posts_json_forms_and_bytes(client: Client, web_server: WebServer) -> None:
    client.post("http://shop.test/", json={"a": [1, None]})
    client.post("http://shop.test/", data={"a": "b c"})
    client.post("http://shop.test/", data=b"raw", headers={"Content-Type": "text/plain"})
    sent = [(entry["headers"]["content-type"], entry["body"]) for entry in web_server.requests]
    assert sent == [
        ("application/json", '{"a": [1, null]}'),
        ("application/x-www-form-urlencoded", "a=b+c"),
        ("text/plain", "raw"),
    ]


@pytest.mark.parametrize("status", [201, 304, 400, 404, 429, 500, 503])
def test_an_error_status_is_an_answer(client: Client, status: int) -> None:
    assert client.get(f"http://shop.test/status/{status}").status == status


def test_a_head_request_has_no_body(client: Client) -> None:
    answer = client.request("head", "http://shop.test/")
    assert (answer.status, answer.body) == (200, b"")


def test_the_caller_cannot_change_framing_or_host(client: Client, web_server: WebServer) -> None:
    headers = {
        "Host": "inside",
        "accept-encoding": "br",
        "Connection": "keep-alive",
        "Content-Length": "5",
        "Transfer-Encoding": "chunked",
        "Accept": "text/html",
        "user-agent": "Other/1",
    }
    client.get("http://shop.test/", headers=headers)
    assert web_server.requests[0]["headers"] == {
        "host": "shop.test",
        "accept-encoding": "gzip",
        "connection": "close",
        "accept": "text/html",
        "user-agent": "Other/1",
    }


@pytest.mark.parametrize(
    "headers", [{"X-Key": f"{SECRET}\r\nX-Evil: 1"}, {"X-Key": f"{SECRET}\u20ac"}, {"X Y": "1"}]
)
def test_a_header_that_breaks_the_request_is_refused_and_not_quoted(
    client: Client, web_server: WebServer, headers: dict[str, str]
) -> None:
    with pytest.raises(BadRequest) as caught:
        client.get("http://shop.test/", headers=headers)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert web_server.requests == []


def test_reads_text_in_the_charset_that_the_answer_names() -> None:
    def text(content_type: str, body: bytes) -> str:
        headers = {"Content-Type": content_type} if content_type else {}
        return Response(200, headers, body, "http://shop.test/", 0.1).text()

    assert text("text/html; charset=iso-8859-1", b"caf\xe9") == "café"
    assert text('text/html; charset="utf-8"', "café".encode()) == "café"
    assert text("", "café".encode()) == "café"
    assert text("text/html; charset=klingon", "café".encode()) == "café"
    assert text("text/html; charset=hex", b"caf\xe9") == "caf\ufffd"
    assert text("text/html", b"caf\xe9") == "caf\ufffd"


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[" * 100_000, b"9" * 5000, b"\xff\xfe"])
def test_what_is_no_json_is_a_bad_response(body: bytes) -> None:
    with pytest.raises(BadResponse) as caught:
        Response(200, {}, body, "http://shop.test/", 0.1).json()
    assert caught.value.__context__ is None


def test_redirects_are_answers_unless_asked_to_follow(
    client: Client, web_server: WebServer
) -> None:
    answer = client.get("http://shop.test/to?/next")
    assert (answer.status, answer.headers["Location"]) == (302, "/next")
    assert len(web_server.requests) == 1


def test_follows_redirects_up_to_the_number_given(client: Client, web_server: WebServer) -> None:
    answer = client.get("http://shop.test/to?http://www.shop.test/200?x", max_redirects=1)
    assert (answer.status, answer.url) == (200, "http://www.shop.test/200?x")
    web_server.requests.clear()
    with pytest.raises(TooManyRedirects) as caught:
        client.get("http://shop.test/to?/to?/to?/to", max_redirects=2)
    assert caught.value.permanent
    assert len(web_server.requests) == 3


@pytest.mark.parametrize(
    ("method", "status", "becomes", "body"),
    [
        ("POST", 301, "GET", ""),
        ("POST", 302, "GET", ""),
        ("POST", 303, "GET", ""),
        ("PUT", 303, "GET", ""),
        ("PUT", 302, "PUT", "raw"),
        ("POST", 307, "POST", "raw"),
        ("POST", 308, "POST", "raw"),
    ],
)
def test_a_redirect_keeps_or_drops_the_body_by_its_status(
    client: Client, web_server: WebServer, method: str, status: int, becomes: str, body: str
) -> None:
    client.request(
        method,
        f"http://shop.test/{status}?/200",
        data=b"raw",
        headers={"Content-Type": "text/plain"},
        max_redirects=1,
    )
    last = web_server.requests[-1]
    assert (last["method"], last["body"]) == (becomes, body)
    assert ("content-type" in last["headers"]) == bool(body)


def test_keys_and_parameters_stay_with_their_origin(client: Client, web_server: WebServer) -> None:
    headers = {
        "Authorization": SECRET,
        "Cookie": SECRET,
        "X-Api-Key": SECRET,
        "Accept-Language": "de",
    }
    client.get("http://shop.test/to?/200", headers=headers, max_redirects=1)
    assert web_server.requests[-1]["headers"]["authorization"] == SECRET

    client.get(
        "http://shop.test/to?http://other.test/200?x",
        headers=headers,
        params={"key": SECRET},
        max_redirects=1,
    )
    last = web_server.requests[-1]
    assert last["headers"]["host"] == "other.test"
    assert last["headers"]["accept-language"] == "de"
    assert SECRET not in str(last["headers"])
    assert "session" not in str(last)  # the cookie that the server set is not kept


def test_a_body_is_never_carried_to_another_origin(client: Client, web_server: WebServer) -> None:
    with pytest.raises(AddressRefused):
        client.post("http://shop.test/307?http://other.test/", json={"k": SECRET}, max_redirects=1)
    assert len(web_server.requests) == 1


def test_never_goes_from_https_to_http(
    tls_server: Callable[[str], TlsServer], authority: Authority, web_server: WebServer
) -> None:
    secure = tls_server("shop.test")
    client = client_for(
        ("shop.test", 443, secure.web.port),
        ("shop.test", 80, web_server.port),
        ca_file=authority.ca_file,
    )
    with pytest.raises(AddressRefused):
        client.get("https://shop.test/to?http://shop.test/200", max_redirects=3)
    assert web_server.requests == []
    up = client.get("http://shop.test/to?https://shop.test/200", max_redirects=3)
    assert up.url == "https://shop.test/200"


def test_tls_is_checked_against_the_name_although_the_address_is_dialled(
    tls_server: Callable[[str], TlsServer], authority: Authority
) -> None:
    server = tls_server("shop.test")
    client = client_for(("shop.test", 443, server.web.port), ca_file=authority.ca_file)
    answer = client.get("https://shop.test/200")
    assert answer.json()["headers"]["host"] == "shop.test"
    assert server.names == ["shop.test"]


def test_a_certificate_for_another_name_or_of_another_authority_is_refused(
    tls_server: Callable[[str], TlsServer], authority: Authority
) -> None:
    server = tls_server("shop.test")
    port = server.web.port
    wrong_name = client_for(("other.test", 443, port), ca_file=authority.ca_file)
    unknown_authority = client_for(("shop.test", 443, port))
    for client, host in ((wrong_name, "other.test"), (unknown_authority, "shop.test")):
        with pytest.raises(Unreachable, match="certificate"):
            client.get(f"https://{host}/200")
    assert server.web.requests == []


def test_the_environment_has_no_say(
    client: Client, web_server: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"default login joe password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client.get("http://shop.test/").status == 200
    assert "authorization" not in web_server.requests[0]["headers"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.test/",
        "shop.test",
        "http://joe@shop.test/",
        "http://shop.test\\@other.test/",
        "http://shop.test:99999/",
        "http://shop%2etest/",
    ],
)
def test_a_url_that_cannot_be_read_is_refused(
    client: Client, web_server: WebServer, url: str
) -> None:
    with pytest.raises(AddressRefused):
        client.get(url)
    assert web_server.requests == []


def test_an_unknown_name_and_a_closed_port_are_told_apart(client: Client) -> None:
    with pytest.raises(HostNotFound) as not_found:
        client.get("http://nobody.example/")
    assert not_found.value.permanent
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = int(closed.getsockname()[1])
    with pytest.raises(Unreachable) as unreachable:
        client_for(("shop.test", 80, port)).get("http://shop.test/")
    assert not unreachable.value.permanent


def test_tries_the_next_address_when_one_does_not_answer(
    web_server: WebServer, refused_connections: list[Any]
) -> None:
    class TwoAddresses:
        def lookup(self, host: str, timeout: float) -> list[str]:
            return ["93.184.216.34", "127.0.0.1"]

    policy = AddressPolicy(
        resolver=TwoAddresses(),
        allowed_networks=("127.0.0.0/8",),
        ports=frozenset({web_server.port}),
    )
    client = Client(policy, user_agent="test/1")
    assert client.get(f"http://shop.example.com:{web_server.port}/").status == 200
    assert refused_connections == [("93.184.216.34", web_server.port)]


def test_no_failure_and_no_log_line_quotes_the_url(
    client: Client, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = int(closed.getsockname()[1])
    calls: list[Callable[[], Response]] = [
        lambda: client.get("http://shop.test/200", params={"key": SECRET}, max_bytes=1),
        lambda: client.get(f"http://shop.test/to?/to?{SECRET}", max_redirects=1),
        lambda: client.get(f"http://nobody.test.example/?key={SECRET}"),
        lambda: client.get(f"http://127.0.0.1/?key={SECRET}"),
        lambda: client.get(f"ftp://shop.test/?key={SECRET}"),
        lambda: client.get(f"http://{SECRET}@shop.test/"),
        lambda: client.get(f"https://shop.test/?key={SECRET}"),
        lambda: client.get("http://shop.test/", deadline=0.00001, params={"key": SECRET}),
        lambda: client_for(("shop.test", 80, port)).get(f"http://shop.test/?key={SECRET}"),
    ]
    with caplog.at_level(logging.DEBUG):
        for call in calls:
            with pytest.raises(ProviderError) as caught:
                call()
            assert SECRET not in everything_about(caught.value)
        answer = client.get("http://shop.test/200", params={"key": SECRET})
    assert "GET /200?..." in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr(answer)


def everything_about(error: BaseException | None) -> str:
    """Return the texts of an exception and of all that hangs on it, hidden ones included."""
    texts: list[str] = []
    while error is not None:
        texts += [str(error), repr(error), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(texts)


def test_a_malformed_header_is_logged_without_the_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nbroken line\r\nContent-Length: 0\r\n\r\n")

        served = pool.submit(serve)
        client = client_for(("shop.test", 80, int(listener.getsockname()[1])))
        with caplog.at_level(logging.DEBUG):
            client.get("http://shop.test/", params={"key": SECRET})
        served.result(5)
    assert "Failed to parse headers" in caplog.text
    assert SECRET not in caplog.text


def test_one_client_serves_many_threads(client: Client) -> None:
    def ask(number: int) -> bool:
        answer = client.post(f"http://shop{number}.test/", json={"number": number}, max_redirects=1)
        echo = answer.json()
        return bool(
            echo["headers"]["host"] == f"shop{number}.test"
            and echo["body"] == f'{{"number": {number}}}'
        )

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(320)))


def test_a_body_beyond_the_cap_is_refused_and_a_smaller_one_kept(client: Client) -> None:
    size = len(client.get("http://shop.test/").body)
    assert len(client.get("http://shop.test/", max_bytes=size).body) == size
    with pytest.raises(TooLarge) as caught:
        client.get("http://shop.test/", max_bytes=size - 1)
    assert (caught.value.code, caught.value.permanent) == ("too_large", True)
