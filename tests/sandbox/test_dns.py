"""The name server: what each host and mail domain of the world looks like in DNS."""

import socket
import struct

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

from freshleads.sandbox.dns import DnsServer
from freshleads.sandbox.dns_zone import Outcome, Zone
from freshleads.sandbox.entities import MailSpec
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.world import build_world

SECONDS = 2.0


@pytest.fixture
def server(sandbox: Sandbox) -> DnsServer:
    return sandbox.dns


@pytest.fixture
def resolver(sandbox: Sandbox) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], sandbox.ports.dns
    resolver.lifetime = SECONDS
    return resolver


def ask(port: int, name: str, kind: str, *, tcp: bool = False) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, "127.0.0.1", port=port, timeout=SECONDS)


def texts(response: dns.message.Message) -> list[str]:
    return [str(record) for records in response.answer for record in records]


def spec_with(sandbox: Sandbox, behaviour: str) -> MailSpec:
    specs = sandbox.world.mail_domains.values()
    return next(spec for spec in specs if spec.behaviour == behaviour)


@pytest.mark.parametrize("tcp", [False, True])
def test_every_website_host_has_the_loopback_address(sandbox: Sandbox, tcp: bool) -> None:
    for host in list(sandbox.world.by_host)[::200]:
        response = ask(sandbox.ports.dns, host, "A", tcp=tcp)
        assert texts(response) == ["127.0.0.1"]
        assert response.flags & dns.flags.AA


def test_names_are_found_in_any_case(sandbox: Sandbox, resolver: dns.resolver.Resolver) -> None:
    host = next(iter(sandbox.world.by_host))
    assert [str(record) for record in resolver.resolve(host.upper(), "A")] == ["127.0.0.1"]


def test_an_ordinary_mail_domain_has_mx_spf_dkim_and_dmarc(
    sandbox: Sandbox, resolver: dns.resolver.Resolver
) -> None:
    spec = next(
        spec
        for spec in sandbox.world.mail_domains.values()
        if spec.behaviour == "reject_unknown" and spec.spf and spec.dkim_selector and spec.dmarc
    )
    (exchange,) = resolver.resolve(spec.domain, "MX")
    assert (exchange.preference, str(exchange.exchange)) == (10, spec.mx_host + ".")
    assert [str(record) for record in resolver.resolve(spec.mx_host, "A")] == ["127.0.0.1"]
    assert '"v=spf1 mx include:hostedmail.test ~all"' in map(
        str, resolver.resolve(spec.domain, "TXT")
    )
    (key,) = resolver.resolve(f"{spec.dkim_selector}._domainkey.{spec.domain}", "TXT")
    assert b"".join(key.strings).startswith(b"v=DKIM1; k=rsa; p=MF")
    (policy,) = resolver.resolve(f"_dmarc.{spec.domain}", "TXT")
    assert str(policy).startswith('"v=DMARC1; p=quarantine;')


def test_a_domain_without_policies_has_none(
    sandbox: Sandbox, resolver: dns.resolver.Resolver
) -> None:
    spec = next(
        spec
        for spec in sandbox.world.mail_domains.values()
        if not (spec.spf or spec.dkim_selector or spec.dmarc) and spec.behaviour == "reject_unknown"
    )
    records = [str(record) for record in resolver.resolve(spec.domain, "TXT")]
    assert not [record for record in records if "spf1" in record]
    with pytest.raises(dns.resolver.NXDOMAIN):
        resolver.resolve(f"_dmarc.{spec.domain}", "TXT")


def test_free_mail_domains_are_played_too(resolver: dns.resolver.Resolver) -> None:
    (exchange,) = resolver.resolve("gmail.com", "MX")
    assert str(exchange.exchange) == "mx.bigmail.test."


def test_null_mx_is_a_single_dot(sandbox: Sandbox, resolver: dns.resolver.Resolver) -> None:
    (exchange,) = resolver.resolve(spec_with(sandbox, "null_mx").domain, "MX")
    assert (exchange.preference, str(exchange.exchange)) == (0, ".")


def test_no_mx_means_an_address_and_no_data(sandbox: Sandbox) -> None:
    domain = spec_with(sandbox, "no_mx").domain
    response = ask(sandbox.ports.dns, domain, "MX")
    assert (response.rcode(), texts(response)) == (dns.rcode.NOERROR, [])
    assert response.authority[0].rdtype == dns.rdatatype.SOA
    assert texts(ask(sandbox.ports.dns, domain, "A")) == ["127.0.0.1"]


def test_a_dead_domain_does_not_exist(sandbox: Sandbox) -> None:
    domain = spec_with(sandbox, "no_domain").domain
    for kind in ("A", "MX", "TXT"):
        response = ask(sandbox.ports.dns, domain, kind)
        assert response.rcode() == dns.rcode.NXDOMAIN
        assert response.authority[0].rdtype == dns.rdatatype.SOA


def test_unknown_test_names_do_not_exist(sandbox: Sandbox) -> None:
    response = ask(sandbox.ports.dns, "nobody-here.test", "A")
    assert response.rcode() == dns.rcode.NXDOMAIN


def test_names_of_the_real_internet_are_refused(sandbox: Sandbox) -> None:
    assert ask(sandbox.ports.dns, "www.example.org", "A").rcode() == dns.rcode.REFUSED


def test_an_empty_non_terminal_exists_without_data(sandbox: Sandbox) -> None:
    spec = next(s for s in sandbox.world.mail_domains.values() if s.domain == "gmail.com")
    response = ask(sandbox.ports.dns, f"_domainkey.{spec.domain}", "TXT")
    assert (response.rcode(), texts(response)) == (dns.rcode.NOERROR, [])


def test_servfail_hits_the_domain_and_the_names_below(sandbox: Sandbox) -> None:
    domain = spec_with(sandbox, "servfail").domain
    for name in (domain, f"_dmarc.{domain}"):
        assert ask(sandbox.ports.dns, name, "TXT").rcode() == dns.rcode.SERVFAIL


@pytest.mark.parametrize("tcp", [False, True])
def test_a_dropped_query_is_never_answered(sandbox: Sandbox, tcp: bool) -> None:
    query = dns.message.make_query("dns-timeout.oddmail.test", "MX")
    send = dns.query.tcp if tcp else dns.query.udp
    with pytest.raises(dns.exception.Timeout):
        send(query, "127.0.0.1", port=sandbox.ports.dns, timeout=0.2)


def test_records_can_be_added(server: DnsServer, resolver: dns.resolver.Resolver) -> None:
    server.zone.add_record("added.test", "AAAA", "2001:db8::1", "2001:db8::2", ttl=7)
    answer = resolver.resolve("added.test", "AAAA")
    assert sorted(map(str, answer)) == ["2001:db8::1", "2001:db8::2"]
    assert answer.rrset is not None
    assert answer.rrset.ttl == 7


def test_a_script_rebinds_a_name_between_questions(server: DnsServer) -> None:
    server.zone.script("rebind.test", "93.184.216.34", ("127.0.0.1", "10.0.0.1"))
    first, second, third = (ask(server.port, "rebind.test", "A") for _ in range(3))
    assert texts(first) == ["93.184.216.34"]
    assert first.answer[0].ttl == 0
    assert sorted(texts(second)) == sorted(texts(third)) == ["10.0.0.1", "127.0.0.1"]


def test_a_script_can_fail_and_recover(server: DnsServer) -> None:
    server.zone.script("flaky.test", Outcome.FAILED, Outcome.NO_DOMAIN, "10 mx.test.", kind="MX")
    answers = [ask(server.port, "flaky.test", "MX") for _ in range(3)]
    assert [answer.rcode() for answer in answers] == [
        dns.rcode.SERVFAIL,
        dns.rcode.NXDOMAIN,
        dns.rcode.NOERROR,
    ]
    assert texts(answers[2]) == ["10 mx.test."]


def test_a_script_works_for_names_outside_test(server: DnsServer) -> None:
    server.zone.script("rebind.example.com", "10.1.2.3")
    assert texts(ask(server.port, "rebind.example.com", "A")) == ["10.1.2.3"]


def test_a_long_answer_is_truncated_over_udp_and_whole_over_tcp(
    server: DnsServer, resolver: dns.resolver.Resolver
) -> None:
    server.zone.add_record(
        "long.test", "TXT", *(f'"{number:03d}{"x" * 200}"' for number in range(20))
    )
    assert ask(server.port, "long.test", "TXT").flags & dns.flags.TC
    assert len(texts(ask(server.port, "long.test", "TXT", tcp=True))) == 20
    assert len(resolver.resolve("long.test", "TXT")) == 20


def test_several_queries_share_one_tcp_connection(server: DnsServer) -> None:
    wire = dns.message.make_query("gmail.com", "MX").to_wire()
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        for _ in range(3):
            connection.sendall(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", connection.recv(2))
            assert dns.message.from_wire(connection.recv(length)).answer


def test_nonsense_is_answered_with_formerr_and_hurts_nobody(server: DnsServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(SECONDS)
        for packet in (b"", b"\x00", b"\xff" * 3):
            client.sendto(packet, ("127.0.0.1", server.port))
        client.sendto(
            b"\xab\xcd\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xff", ("127.0.0.1", server.port)
        )
        reply = client.recv(512)
    assert reply[:2] == b"\xab\xcd"
    assert reply[3] & 0x0F == dns.rcode.FORMERR
    assert texts(ask(server.port, "gmail.com", "MX")) == ["10 mx.bigmail.test."]


def test_tells_what_was_asked(server: DnsServer) -> None:
    server.queries.clear()
    ask(server.port, "Asked.test", "TXT")
    assert list(server.queries) == [("asked.test", "TXT")]


def test_every_mail_host_of_a_living_domain_has_an_address() -> None:
    world = build_world(2)
    zone = Zone(world)
    for spec in world.mail_domains.values():
        for record in zone.look_up(spec.domain, "MX").records:
            host = record.split()[1].rstrip(".")
            assert not host or zone.look_up(host, "A").records == ("127.0.0.1",)
