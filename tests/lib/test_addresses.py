"""Resolvers, routes and the policy that decides between them."""

import asyncio
import os
import socket
from time import monotonic, sleep
from typing import Any

import pytest

from freshleads.lib.addresses import (
    AddressPolicy,
    AddressRefused,
    HostNotFound,
    NameserverResolver,
    ResolutionFailed,
    Resolver,
    Route,
    SystemResolver,
    Target,
)
from freshleads.lib.errors import ProviderError
from tests.lib.conftest import NameServer

PUBLIC_IP = "93.184.216.34"


class FixedResolver:
    """Gives the same answer to everything and remembers what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def lookup(self, host: str, timeout: float) -> list[str]:
        self.asked.append(host)
        return self.answers


class SlowResolver:
    def lookup(self, host: str, timeout: float) -> list[str]:
        sleep(1)
        return [PUBLIC_IP]


def test_gives_every_checked_address_once_in_the_order_of_the_answer() -> None:
    policy = AddressPolicy(resolver=FixedResolver("8.8.8.8", "2606:4700::1", "8.8.8.8"))
    assert policy.resolve("example.com", 443) == [
        Target("8.8.8.8", 443),
        Target("2606:4700::1", 443),
    ]


def test_asks_for_the_name_in_its_canonical_form() -> None:
    resolver = FixedResolver(PUBLIC_IP)
    AddressPolicy(resolver=resolver).resolve("WWW.Bücher.De.", 80)
    assert resolver.asked == ["www.xn--bcher-kva.de"]


def test_an_address_is_not_looked_up() -> None:
    resolver = FixedResolver(PUBLIC_IP)
    assert AddressPolicy(resolver=resolver).resolve("0x08080808", 80) == [Target("8.8.8.8", 80)]
    assert resolver.asked == []


@pytest.mark.parametrize("answers", [("10.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("nonsense",)])
def test_one_bad_answer_refuses_all(answers: tuple[str, ...]) -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressPolicy(resolver=FixedResolver(*answers)).resolve("example.com", 80)
    assert (caught.value.code, caught.value.permanent) == ("address_refused", True)


def test_no_answer_means_that_there_is_no_such_host() -> None:
    with pytest.raises(HostNotFound) as caught:
        AddressPolicy(resolver=FixedResolver()).resolve("example.com", 80)
    assert (caught.value.code, caught.value.permanent) == ("host_not_found", True)


@pytest.mark.parametrize("host", ["", " ", "a b", "a%2e", "user@host", "a/b", "fe80::1%eth0"])
def test_a_host_that_cannot_be_read_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        AddressPolicy(resolver=FixedResolver(PUBLIC_IP)).resolve(host, 80)


@pytest.mark.parametrize(
    "host",
    [
        "shop.test",
        "test",
        "localhost",
        "a.localhost",
        "printer.local",
        "x.invalid",
        "metadata.google.internal",
        "abc.onion",
        "router.home.arpa",
        "SHOP.TEST.",
    ],
)
def test_special_names_are_never_looked_up(host: str) -> None:
    resolver = FixedResolver(PUBLIC_IP)
    with pytest.raises(HostNotFound):
        AddressPolicy(resolver=resolver).resolve(host, 80)
    assert resolver.asked == []


@pytest.mark.parametrize("host", ["contest", "my.contest", "example.localhost.com", "mylocal"])
def test_names_that_only_end_alike_are_ordinary(host: str) -> None:
    policy = AddressPolicy(resolver=FixedResolver(PUBLIC_IP))
    assert policy.resolve(host, 80) == [Target(PUBLIC_IP, 80)]


def test_only_listed_ports_are_allowed() -> None:
    policy = AddressPolicy(resolver=FixedResolver(PUBLIC_IP))
    with pytest.raises(AddressRefused):
        policy.resolve("example.com", 25)
    mail = policy.with_ports(frozenset({25}))
    assert mail.resolve("example.com", 25) == [Target(PUBLIC_IP, 25)]
    with pytest.raises(AddressRefused):
        mail.resolve("example.com", 80)


def test_the_most_specific_route_wins_and_needs_no_lookup() -> None:
    resolver = FixedResolver(PUBLIC_IP)
    policy = AddressPolicy(
        resolver=resolver,
        routes=(
            Route(".test", 25, ("127.0.0.1", 1001)),
            Route(".silent.test", 25, ("127.0.0.1", 1002)),
            Route("mx.silent.test", 25, ("127.0.0.1", 1003)),
            Route(".test", 80, ("127.0.0.1", 1004)),
        ),
    )
    asked = [("a.test", 25), ("b.silent.test", 25), ("MX.silent.test.", 25), ("mx.silent.test", 80)]
    targets = [policy.resolve(host, port) for host, port in asked]
    assert [target.port for (target,) in targets] == [1001, 1002, 1003, 1004]
    assert resolver.asked == []


@pytest.mark.parametrize(("host", "port"), [("a.test", 81), ("atest", 80), ("a.test.com", 80)])
def test_a_route_is_only_for_its_names_and_port(host: str, port: int) -> None:
    policy = AddressPolicy(
        resolver=FixedResolver("127.0.0.1"), routes=(Route(".test", 80, ("127.0.0.1", 9)),)
    )
    with pytest.raises(ProviderError):
        policy.resolve(host, port)


def test_a_route_to_an_address_and_port_is_a_door_by_itself() -> None:
    door = Route("127.0.0.1", 8802, ("127.0.0.1", 8802))
    plain = AddressPolicy()
    policy = plain.with_routes(door)
    assert policy.resolve("127.0.0.1", 8802) == [Target("127.0.0.1", 8802)]
    for host, port in (("127.0.0.1", 8803), ("127.0.0.2", 8802), ("localhost", 8802)):
        with pytest.raises(ProviderError):
            policy.resolve(host, port)
    with pytest.raises(AddressRefused):
        plain.resolve("127.0.0.1", 8802)


def test_a_route_leads_to_an_address_only() -> None:
    with pytest.raises(ValueError, match="IP address"):
        Route(".test", 80, ("localhost", 80))


def test_allowed_networks_open_what_they_name_and_nothing_else() -> None:
    policy = AddressPolicy(
        resolver=FixedResolver("10.1.2.3", PUBLIC_IP), allowed_networks=("10.1.0.0/16", "fd00::/8")
    )
    assert len(policy.resolve("intranet.example.com", 80)) == 2
    assert policy.resolve("fd00::1", 80) == [Target("fd00::1", 80)]
    for ip in ("10.2.0.1", "127.0.0.1", "::ffff:10.1.2.3"):
        with pytest.raises(AddressRefused):
            policy.resolve(ip, 80)


def test_a_network_that_is_none_is_a_mistake_at_once() -> None:
    with pytest.raises(ValueError, match="host bits set"):
        AddressPolicy(allowed_networks=("10.0.0.1/8",))


def test_a_resolver_that_hangs_is_left_after_the_timeout() -> None:
    started_at = monotonic()
    with pytest.raises(ResolutionFailed) as caught:
        AddressPolicy(resolver=SlowResolver()).resolve("example.com", 80, timeout=0.1)
    assert monotonic() - started_at < 4
    assert (caught.value.code, caught.value.permanent) == ("resolution_failed", False)


def test_the_asynchronous_way_decides_alike_and_blocks_nobody() -> None:
    async def scenario() -> None:
        policy = AddressPolicy(
            resolver=FixedResolver(PUBLIC_IP), routes=(Route(".test", 80, ("127.0.0.1", 9)),)
        )
        assert await policy.resolve_async("example.com", 80) == [Target(PUBLIC_IP, 80)]
        assert await policy.resolve_async("a.test", 80) == [Target("127.0.0.1", 9)]
        for host, error in (("10.0.0.1", AddressRefused), ("a.local", HostNotFound)):
            with pytest.raises(error):
                await policy.resolve_async(host, 80)
        with pytest.raises(AddressRefused):
            await AddressPolicy(resolver=FixedResolver("10.0.0.1")).resolve_async("a.com", 80)

        slow = AddressPolicy(resolver=SlowResolver())
        started_at = monotonic()
        lookups = [slow.resolve_async(f"{n}.example.com", 80, timeout=0.2) for n in range(50)]
        results = await asyncio.gather(*lookups, return_exceptions=True)
        assert all(isinstance(result, ResolutionFailed) for result in results)
        assert monotonic() - started_at < 4

    asyncio.run(scenario())


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_lookups_work_in_a_forked_child() -> None:
    policy = AddressPolicy(resolver=FixedResolver(PUBLIC_IP))
    policy.resolve("example.com", 80)  # the threads of the parent exist now
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if policy.resolve("example.com", 80, timeout=2) else 1
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_system_resolver_asks_for_an_absolute_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def getaddrinfo(host: str, port: Any, **options: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (PUBLIC_IP, 0)), (0, 0, 0, "", ("2606:4700::1", 0, 0, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert SystemResolver().lookup("example.com", 1) == [PUBLIC_IP, "2606:4700::1"]
    assert asked == ["example.com."]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no such name"), []),
        (socket.gaierror(socket.EAI_NODATA, "no address"), []),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), ResolutionFailed),
        (socket.gaierror(socket.EAI_FAIL, "failed"), ResolutionFailed),
        (OSError("too many open files"), ResolutionFailed),
    ],
)
def test_the_system_resolver_tells_no_name_from_no_answer(
    monkeypatch: pytest.MonkeyPatch, error: OSError, expected: Any
) -> None:
    def getaddrinfo(*arguments: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver: Resolver = SystemResolver()
    if expected == []:
        assert resolver.lookup("example.com", 1) == []
        return
    with pytest.raises(expected):
        resolver.lookup("example.com", 1)


SERVFAIL, REFUSED = 2, 5


@pytest.mark.parametrize(
    ("a", "aaaa", "expected"),
    [
        ([PUBLIC_IP], ["2606:4700::1"], [PUBLIC_IP, "2606:4700::1"]),
        ([PUBLIC_IP], [], [PUBLIC_IP]),
        ([], ["2606:4700::1"], ["2606:4700::1"]),
        ([], [], []),
        ([PUBLIC_IP], SERVFAIL, [PUBLIC_IP]),
        (SERVFAIL, ["2606:4700::1"], ["2606:4700::1"]),
    ],
)
def test_a_name_server_is_asked_for_both_kinds_of_address(
    name_server: NameServer, a: Any, aaaa: Any, expected: list[str]
) -> None:
    name_server.zone = {("example.com.", "A"): a, ("example.com.", "AAAA"): aaaa}
    assert NameserverResolver(name_server.address).lookup("example.com", 2) == expected
    assert set(name_server.asked) == {("example.com.", "A"), ("example.com.", "AAAA")}


def test_a_name_the_server_does_not_know_has_no_address(name_server: NameServer) -> None:
    assert NameserverResolver(name_server.address).lookup("nobody.example", 2) == []


@pytest.mark.parametrize("failure", [SERVFAIL, REFUSED, None])
def test_a_name_server_that_fails_or_is_silent_gives_no_verdict(
    name_server: NameServer, failure: int | None
) -> None:
    name_server.zone = {("example.com.", "A"): failure, ("example.com.", "AAAA"): failure}
    started_at = monotonic()
    with pytest.raises(ResolutionFailed):
        NameserverResolver(name_server.address).lookup("example.com", 0.4)
    assert monotonic() - started_at < 4
