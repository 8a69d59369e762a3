"""The verifier reaches no address inside, whatever a domain names as its mail host."""

from collections.abc import Callable
from contextlib import suppress

import dns.exception
import dns.name
import pytest

from freshleads.lib.addresses import AddressPolicy
from leads.verifier.results import DomainFacts, Verdict
from leads.verifier.verifying import Verifier
from tests.ssrf.conftest import LOOPBACK, PUBLIC_IP, Canary, Network
from tests.ssrf.spellings import (
    INSIDE_IPV4,
    INSIDE_IPV6,
    NAMES_INSIDE,
    all_spellings,
    numeric_spellings,
)
from tests.verifier.conftest import ScriptedDns

INSIDE = (*INSIDE_IPV4, *INSIDE_IPV6)
SPELLED = [
    spelling.host
    for ip in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "100.64.0.1")
    for spelling in all_spellings(ip)
]
HOSTS = (*INSIDE, *SPELLED, *NAMES_INSIDE)

MakeVerifier = Callable[..., Verifier]


@pytest.fixture
def make_verifier(network: Network, name_server: ScriptedDns, canary: Canary) -> MakeVerifier:
    """Return a function that makes a verifier of mail hosts, which listen where the canary does."""

    def make(*allowed: str, port: int = canary.port, timeout: float = 5.0) -> Verifier:
        return Verifier(
            AddressPolicy(network, allowed_networks=allowed),
            [name_server.nameserver],
            helo_name="probe.example.org",
            timeout=timeout,
            deadline=20.0,
            smtp_port=port,
        )

    return make


def verdict_on(verifier: Verifier, *hosts: str) -> Verdict:
    """Verify an address of a domain that is known to have these mail hosts."""
    mx = tuple((10, host) for host in hosts)
    return verifier.verify("jane@corp.example.com", DomainFacts("corp.example.com", True, mx))[0]


def test_no_mail_host_is_inside_however_it_is_spelled(
    make_verifier: MakeVerifier, canary: Canary, network: Network
) -> None:
    verifiers = [make_verifier(), make_verifier(port=25)]
    reasons = {verdict_on(verifier, host).reason for host in HOSTS for verifier in verifiers}
    assert reasons == {"connection_failed", "no_mail_server"}
    assert (network.tried, canary.visits) == ([], 0)


def test_no_mx_record_names_a_host_inside(
    make_verifier: MakeVerifier, name_server: ScriptedDns, canary: Canary, network: Network
) -> None:
    emails = []
    for number, host in enumerate(HOSTS):
        with suppress(dns.exception.DNSException):  # what no record can hold
            labels = [label.encode() for label in host.removesuffix(".").split(".")]
            name_server.add(f"corp{number}.com", "MX", f"10 {dns.name.Name([*labels, b''])}")
            emails.append(f"jane@corp{number}.com")
    verdicts: list[Verdict] = []
    make_verifier().verify_many(
        emails, known={}, on_verdict=lambda verdict, _: verdicts.append(verdict)
    )
    assert len(verdicts) == len(emails) > 250
    assert {verdict.reason for verdict in verdicts} == {"connection_failed", "no_mail_server"}
    assert any(verdict.checks["mx"] == ["127.0.0.1"] for verdict in verdicts)
    assert (network.inside, canary.visits) == ([], 0)


def test_no_address_at_a_domain_that_is_spelled_so_is_asked_about_inside(
    make_verifier: MakeVerifier, name_server: ScriptedDns, canary: Canary, network: Network
) -> None:
    domains = [
        *HOSTS,
        *(f"[{host}]" for host in INSIDE_IPV4),
        *(f"[IPv6:{ip}]" for ip in INSIDE_IPV6),
    ]
    for ip in INSIDE_IPV4:
        name_server.add(ip, "A", ip)
    verdicts: list[Verdict] = []
    make_verifier().verify_many(
        [f"jane@{domain}" for domain in domains],
        known={},
        on_verdict=lambda verdict, _: verdicts.append(verdict),
    )
    assert len(verdicts) == len(set(domains))
    assert not {verdict.status for verdict in verdicts} & {"valid", "risky"}
    assert (network.inside, canary.visits) == ([], 0)


def test_no_name_of_a_mail_host_leads_inside_nor_a_domain_that_is_its_own(
    make_verifier: MakeVerifier, name_server: ScriptedDns, canary: Canary, network: Network
) -> None:
    verifier = make_verifier()
    for number, address in enumerate(INSIDE):
        network.name(f"bad{number}.example.com", [address])
        network.name(f"mixed{number}.example.com", [PUBLIC_IP, address])
        network.name(f"corp{number}.com", [address])
        name_server.add(f"corp{number}.com", "AAAA" if ":" in address else "A", address)
        for kind in ("bad", "mixed"):
            verdict = verdict_on(verifier, f"{kind}{number}.example.com")
            assert verdict.reason == "connection_failed", address
        verdict, facts = verifier.verify(f"jane@corp{number}.com")
        assert (verdict.reason, facts.implicit_mx) == ("connection_failed", True), address
    assert len(network.lookups) == 3 * len(INSIDE)
    assert (network.inside, canary.visits) == ([], 0)


def test_a_rebound_mail_host_is_connected_to_where_it_was_checked(
    make_verifier: MakeVerifier, network: Network
) -> None:
    verifier = make_verifier(port=25)
    for number, address in enumerate(INSIDE):
        host = f"mx{number}.example.com"
        network.name(host, [PUBLIC_IP], [address])
        for _ in range(4):  # the second and the fourth look-up lead inside
            assert verdict_on(verifier, host).reason == "connection_failed"
    assert len(network.lookups) == 4 * len(INSIDE)
    assert network.tried == [(PUBLIC_IP, 25)] * 2 * len(INSIDE)


def test_every_numeric_spelling_does_lead_to_the_canary_once_loopback_is_allowed(
    make_verifier: MakeVerifier, canary: Canary, network: Network
) -> None:
    verifier = make_verifier("127.0.0.0/8", timeout=0.05)
    spellings = list(numeric_spellings("127.0.0.1"))
    for spelling in spellings:
        assert verdict_on(verifier, spelling.host).reason == "timeout"
    assert network.tried == [(LOOPBACK, canary.port)] * len(spellings)
    assert canary.visits > 0
