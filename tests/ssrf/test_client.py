"""The HTTP client reaches no address inside, however it is spelled, redirected to or rebound."""

import socket
from typing import Any

import pytest

from freshleads.lib.addresses import AddressPolicy, AddressRefused, HostNotFound, Route
from freshleads.lib.http import Client, Unreachable
from tests.ssrf.conftest import Canary, Serve
from tests.ssrf.spellings import inside_urls, malformed_spellings, numeric_spellings

PUBLIC_IP = "93.184.216.34"


class PermissiveResolver:
    """Reads every numeric spelling that the C library reads, without asking any server."""

    def lookup(self, host: str, timeout: float) -> list[str]:
        try:
            answers = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except (OSError, UnicodeError):
            return []
        return [str(answer[4][0]) for answer in answers]


class ScriptedResolver:
    """Gives one answer after another, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.lookups = 0

    def lookup(self, host: str, timeout: float) -> list[str]:
        self.lookups += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def client_for(port: int, resolver: Any = None, routes: tuple[Route, ...] = ()) -> Client:
    """Return a client whose port list does not stand in for the address check."""
    policy = AddressPolicy(
        resolver=resolver or PermissiveResolver(),
        routes=routes,
        ports=frozenset({80, 443, port}),
    )
    return Client(policy, user_agent="test/1")


def test_reaches_no_address_inside_however_it_is_spelled(
    canary: Canary, refused_connections: list[Any]
) -> None:
    client = client_for(canary.port)
    urls = list(inside_urls(canary.port))
    assert len(urls) > 250
    for url in urls:
        with pytest.raises((AddressRefused, HostNotFound)):
            client.get(url, deadline=2)
    assert canary.visits == 0
    assert refused_connections == []


def test_every_numeric_spelling_does_lead_to_the_canary_once_loopback_is_allowed(
    canary: Canary,
) -> None:
    policy = AddressPolicy(
        resolver=PermissiveResolver(),
        allowed_networks=("127.0.0.0/8",),
        ports=frozenset({canary.port}),
    )
    client = Client(policy, user_agent="test/1")
    spellings = list(numeric_spellings("127.0.0.1"))
    for spelling in spellings:
        answer = client.get(f"http://{spelling.host}:{canary.port}/", deadline=2)
        assert answer.body == b"secret", spelling.trick
    assert canary.visits == len(spellings)


def test_a_host_on_which_parsers_disagree_is_refused_even_where_its_address_is_allowed(
    canary: Canary,
) -> None:
    policy = AddressPolicy(
        resolver=PermissiveResolver(),
        allowed_networks=("0.0.0.0/0", "::/0"),
        ports=frozenset({canary.port}),
    )
    client = Client(policy, user_agent="test/1")
    for spelling in malformed_spellings("127.0.0.1"):
        with pytest.raises(AddressRefused):
            client.get(f"http://{spelling.host}:{canary.port}/", deadline=2)
    assert canary.visits == 0


def test_follows_no_redirect_to_an_address_inside(
    canary: Canary, serve: Serve, refused_connections: list[Any]
) -> None:
    targets = [
        *inside_urls(canary.port),
        f"//127.0.0.1:{canary.port}/",
        f"///127.0.0.1:{canary.port}/",
        f"\\\\127.0.0.1:{canary.port}/",
        f"http:127.0.0.1:{canary.port}/@127.0.0.1",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
        f"ftp://127.0.0.1:{canary.port}/",
        "dict://127.0.0.1:11211/stats",
    ]
    current = ""

    def redirect(connection: socket.socket) -> None:
        location = current.encode("utf-8")
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n")

    port = serve(redirect)
    routes = (Route("front.example.com", 80, ("127.0.0.1", port)),)
    client = client_for(canary.port, routes=routes)
    ended = 0
    for current in targets:
        try:
            client.get("http://front.example.com/", deadline=2, max_redirects=1)
        except Exception as error:
            assert getattr(error, "code", "") in {
                "address_refused", "host_not_found", "too_many_redirects",
            }, (current, error)  # fmt: skip
            ended += 1
    assert ended == len(targets)
    assert canary.visits == 0
    assert refused_connections == []


def test_a_name_that_is_rebound_after_the_check_gives_no_connection_inside(
    canary: Canary, refused_connections: list[Any]
) -> None:
    for _ in range(50):
        resolver = ScriptedResolver([PUBLIC_IP], ["127.0.0.1"])
        with pytest.raises(Unreachable):
            client_for(canary.port, resolver).get(f"http://rebind.example.com:{canary.port}/")
        assert resolver.lookups == 1
    assert canary.visits == 0
    assert refused_connections == [(PUBLIC_IP, canary.port)] * 50


def test_a_name_that_is_rebound_between_two_hops_is_refused_at_the_second(
    canary: Canary, serve: Serve
) -> None:
    port = serve(lambda connection: connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: http://rebind.example.com:%d/\r\n\r\n" % canary.port
    ))  # fmt: skip
    resolver = ScriptedResolver(["127.0.0.1"])
    routes = (Route("rebind.example.com", 80, ("127.0.0.1", port)),)
    with pytest.raises(AddressRefused):
        client_for(canary.port, resolver, routes).get("http://rebind.example.com/", max_redirects=3)
    assert resolver.lookups == 1
    assert canary.visits == 0


def test_one_bad_answer_among_good_ones_refuses_the_name(
    canary: Canary, refused_connections: list[Any]
) -> None:
    resolver = ScriptedResolver([PUBLIC_IP, "127.0.0.1", "2606:4700::1111"])
    with pytest.raises(AddressRefused):
        client_for(canary.port, resolver).get(f"http://mixed.example.com:{canary.port}/")
    assert canary.visits == 0
    assert refused_connections == []


def test_nothing_but_the_policy_looks_a_name_up(
    monkeypatch: pytest.MonkeyPatch, refused_connections: list[Any]
) -> None:
    def getaddrinfo(*arguments: Any, **options: Any) -> None:
        raise AssertionError(f"looked up behind the policy's back: {arguments}")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver = ScriptedResolver([PUBLIC_IP])
    with pytest.raises(Unreachable):
        client_for(80, resolver).get("http://shop.example.com/")
    assert refused_connections == [(PUBLIC_IP, 80)]


def test_a_connection_bent_to_another_address_is_dropped_before_a_byte_is_sent(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest_connect = socket.socket.connect

    def bent_connect(self: socket.socket, address: Any) -> None:
        return honest_connect(self, ("127.0.0.1", canary.port))

    monkeypatch.setattr(socket.socket, "connect", bent_connect)
    with pytest.raises(AddressRefused):
        client_for(80, ScriptedResolver([PUBLIC_IP])).get("http://shop.example.com/")


@pytest.mark.parametrize("port", [1, 22, 25, 81, 3306, 5432, 6379, 8080])
def test_a_port_that_is_not_on_the_list_is_refused(
    port: int, refused_connections: list[Any]
) -> None:
    client = Client(AddressPolicy(resolver=ScriptedResolver([PUBLIC_IP])), user_agent="test/1")
    with pytest.raises(AddressRefused):
        client.get(f"http://shop.example.com:{port}/")
    assert refused_connections == []
