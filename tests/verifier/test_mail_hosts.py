"""Which hosts are asked: preference, failures, refused addresses, closed ports."""

import socket

import pytest

from freshleads.lib.addresses import AddressPolicy, ResolutionFailed
from leads.verifier.results import DomainFacts

JANE = "jane@corp.test"
ACCEPTED = "250 OK"


class RecordingResolver:
    """Answers each look-up of a name with the next of its answers."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.lookups = []

    def lookup(self, host, timeout):
        self.lookups.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def connections(monkeypatch):
    """Every address that a connection was tried to; none is ever made."""
    tried = []

    def create_connection(address, timeout=None):
        tried.append(address)
        raise OSError("closed")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return tried


def facts_with_hosts(*hosts, domain="corp.test"):
    return DomainFacts(domain, exists=True, mx=tuple((10, host) for host in hosts))


def verdict_with_resolver(make_verifier, resolver, **policy):
    verifier = make_verifier(policy=AddressPolicy(resolver=resolver, **policy))
    verdict, _ = verifier.verify(JANE, facts_with_hosts("mx.corp.example"))
    return verdict


def test_asks_the_host_of_lowest_preference_alone(name_server, start_mx, make_verifier):
    name_server.add("duo.test", "MX", "20 b.duo.test.", "5 a.duo.test.")
    first, second = start_mx(rcpt={"jo@duo.test": ACCEPTED}), start_mx()

    verdict, facts = make_verifier({"a.duo.test": first, "b.duo.test": second}).verify(
        "jo@duo.test"
    )

    assert verdict.reason == "accepted"
    assert facts.mx == ((5, "a.duo.test"), (20, "b.duo.test"))
    assert verdict.checks["mx"] == ["a.duo.test", "b.duo.test"]
    assert second.sessions == []


@pytest.mark.parametrize("script", [{"banner": "421 Busy"}, {"banner": "drop"}, {"mail": "oops"}])
def test_asks_the_next_host_when_the_first_fails(script, start_mx, make_verifier):
    hosts = {"a.test": start_mx(**script), "b.test": start_mx(rcpt={JANE: ACCEPTED})}

    verdict, _ = make_verifier(hosts).verify(JANE, facts_with_hosts("a.test", "b.test"))

    assert verdict.reason == "accepted"


def test_does_not_ask_the_next_host_for_a_better_answer(start_mx, make_verifier):
    hosts = {"a.test": start_mx(), "b.test": start_mx(rcpt={JANE: ACCEPTED})}

    verdict, _ = make_verifier(hosts).verify(JANE, facts_with_hosts("a.test", "b.test"))

    assert verdict.reason == "mailbox_not_found"
    assert hosts["b.test"].sessions == []


def test_reports_the_host_that_answered_rather_than_the_one_out_of_reach(start_mx, make_verifier):
    mx = start_mx(banner="421 Busy")
    verifier = make_verifier({"a.test": mx})

    verdict, _ = verifier.verify(JANE, facts_with_hosts("a.test", "no-such-host.test"))

    assert verdict.reason == "temporarily_refused"
    assert verdict.checks["smtp"] == {"code": 421, "message": "Busy"}


def test_calls_mail_hosts_without_addresses_no_mail_server(make_verifier, connections):
    verdict, _ = make_verifier().verify(JANE, facts_with_hosts("gone.test", "away.test"))

    assert (verdict.status, verdict.reason) == ("invalid", "no_mail_server")
    assert connections == []


def test_looks_past_many_hosts_without_addresses(start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED})
    dead = [f"gone{number}.test" for number in range(6)]

    verdict, _ = make_verifier({"alive.test": mx}).verify(
        JANE, facts_with_hosts(*dead, "alive.test")
    )

    assert verdict.reason == "accepted"


def test_does_not_call_a_domain_dead_while_a_host_cannot_be_looked_up(make_verifier, connections):
    resolver = RecordingResolver([], ResolutionFailed())
    verifier = make_verifier(policy=AddressPolicy(resolver=resolver))

    verdict, _ = verifier.verify(JANE, facts_with_hosts("a.corp.example", "b.corp.example"))

    assert (verdict.status, verdict.reason, verdict.retry_after) == (
        "unknown",
        "dns_failure",
        600.0,
    )
    assert connections == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"]
)
def test_never_connects_to_a_private_mail_host(address, make_verifier, connections):
    verdict = verdict_with_resolver(make_verifier, RecordingResolver([address]))

    assert (verdict.status, verdict.reason) == ("unknown", "connection_failed")
    assert verdict.checks["smtp"] is None
    assert connections == []


def test_refuses_a_mail_host_with_one_private_address_among_public_ones(make_verifier, connections):
    verdict = verdict_with_resolver(make_verifier, RecordingResolver(["93.184.215.14", "10.0.0.5"]))

    assert verdict.reason == "connection_failed"
    assert connections == []


def test_refuses_a_private_address_in_place_of_a_host_name(make_verifier, connections):
    verdict, _ = make_verifier().verify(JANE, facts_with_hosts("127.0.0.1"))

    assert verdict.reason == "connection_failed"
    assert connections == []


def test_does_not_reach_a_listening_private_server(name_server, start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED})
    policy = AddressPolicy(resolver=RecordingResolver(["127.0.0.1"]))
    verifier = make_verifier(policy=policy, smtp_port=mx.port)

    verdict, _ = verifier.verify(JANE, facts_with_hosts("mx.corp.example"))

    assert verdict.reason == "connection_failed"
    assert mx.sessions == []


def test_connects_to_the_address_it_checked_and_looks_up_once(make_verifier, connections):
    resolver = RecordingResolver(["93.184.215.14"], ["127.0.0.1"])

    verdict = verdict_with_resolver(make_verifier, resolver)

    assert verdict.reason == "connection_failed"
    assert resolver.lookups == ["mx.corp.example"]
    assert connections == [("93.184.215.14", 25)]


def test_reaches_a_private_network_the_operator_allowed(start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED})
    policy = AddressPolicy(
        resolver=RecordingResolver(["127.0.0.1"]), allowed_networks=["127.0.0.0/8"]
    )
    verifier = make_verifier(policy=policy, smtp_port=mx.port)

    verdict, _ = verifier.verify(JANE, facts_with_hosts("mx.corp.example"))

    assert verdict.reason == "accepted"


def test_tries_two_addresses_of_a_host_and_no_more(make_verifier, connections):
    addresses = ["93.184.215.14", "93.184.215.15", "93.184.215.16"]

    verdict_with_resolver(make_verifier, RecordingResolver(addresses))

    assert connections == [("93.184.215.14", 25), ("93.184.215.15", 25)]


def test_says_when_no_connection_succeeds(make_verifier, connections):
    resolver = RecordingResolver(["93.184.215.14"])
    verifier = make_verifier(policy=AddressPolicy(resolver=resolver))
    hosts = [f"mx{number}.corp.example" for number in range(5)]

    verdict, facts = verifier.verify(JANE, facts_with_hosts(*hosts))

    assert (verdict.status, verdict.reason) == ("unknown", "connection_failed")
    assert verdict.retry_after == 900.0
    assert facts.catch_all is None
    assert len(connections) == 3


def test_stops_connecting_once_port_25_is_plainly_closed(make_verifier, connections):
    verifier = make_verifier(policy=AddressPolicy(resolver=RecordingResolver(["93.184.215.14"])))
    known = {
        f"d{number}.test": facts_with_hosts(f"mx.d{number}.example", domain=f"d{number}.test")
        for number in range(40)
    }
    verdicts = []

    verifier.verify_many(
        [f"jane@{domain}" for domain in known],
        known=known,
        on_verdict=lambda verdict, facts: verdicts.append(verdict),
        concurrency=1,
    )

    assert len(connections) == 8
    assert {(verdict.status, verdict.reason) for verdict in verdicts} == {
        ("unknown", "connection_failed")
    }
    assert sorted({verdict.retry_after for verdict in verdicts}, key=str) == [900.0, None]
