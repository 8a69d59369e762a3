"""The whole verifier: what DNS alone decides, and many addresses at once."""

import threading
import time

import pytest

from freshleads.lib.addresses import AddressPolicy
from leads.verifier.results import DomainFacts
from leads.verifier.verifying import Verifier

ACCEPTED = "250 OK"


def run(verifier, emails, *, known=None, **options):
    """Return the verdicts of verify_many by address."""
    found = {}
    verifier.verify_many(
        emails,
        known=known or {},
        on_verdict=lambda verdict, facts: found.update({verdict.email: (verdict, facts)}),
        **options,
    )
    return found


@pytest.mark.parametrize(
    "email",
    ["", "jane", "jane@", "@corp.test", "jane@corp..test", "a b@corp.test", "j@[127.0.0.1]"],
)
def test_calls_what_is_no_address_invalid_without_a_look_up(email, name_server, make_verifier):
    verdict, facts = make_verifier().verify(email)

    assert (verdict.email, verdict.status, verdict.reason) == (email, "invalid", "syntax")
    assert verdict.checks["syntax"] is False
    assert verdict.checks["smtp"] is None
    assert facts == DomainFacts("")
    assert name_server.questions == []


def test_refuses_test_names_unless_they_are_allowed(name_server):
    verifier = Verifier(AddressPolicy(), [name_server.nameserver], helo_name="probe.test")

    verdict, _ = verifier.verify("jane@corp.test")

    assert (verdict.status, verdict.reason) == ("invalid", "syntax")
    assert name_server.questions == []


@pytest.fixture
def oddities(name_server):
    """Domains that DNS alone decides about."""
    name_server.add("nomail.test", "MX", "0 .")
    name_server.add("text.test", "TXT", '"hello"')
    name_server.refusing.add("broken.test")
    name_server.silent.add("quiet.test")


@pytest.mark.usefixtures("oddities")
@pytest.mark.parametrize("probe", [True, False])
@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("nowhere.test", ("invalid", "no_such_domain", None)),
        ("nomail.test", ("invalid", "null_mx", None)),
        ("text.test", ("invalid", "no_mail_server", None)),
        ("broken.test", ("unknown", "dns_failure", 600.0)),
        ("quiet.test", ("unknown", "dns_timeout", 600.0)),
    ],
)
def test_stops_where_dns_decides(domain, expected, probe, start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)

    verdict, _ = make_verifier(mx, probe=probe, timeout=0.3).verify(f"info@{domain}")

    assert (verdict.status, verdict.reason, verdict.retry_after) == expected
    assert mx.sessions == []


def test_asks_the_domain_itself_where_it_has_no_mx(name_server, start_mx, make_verifier):
    name_server.add("plain.test", "A", "192.0.2.1")
    mx = start_mx(rcpt={"jane@plain.test": ACCEPTED})

    verdict, facts = make_verifier({"plain.test": mx}).verify("jane@plain.test")

    assert verdict.reason == "accepted"
    assert verdict.checks["mx"] == []
    assert facts.implicit_mx is True


def test_without_probing_says_so_and_connects_nowhere(start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)

    verdict, _ = make_verifier(mx, probe=False).verify("info@corp.test")

    assert (verdict.status, verdict.reason, verdict.retry_after) == ("unknown", "probe_off", None)
    assert mx.sessions == []


def test_without_probing_a_throw_away_domain_is_still_risky(name_server, make_verifier):
    name_server.add("mailinator.com", "MX", "10 mx.corp.test.")

    verdict, _ = make_verifier(probe=False).verify("jane@mailinator.com")

    assert (verdict.status, verdict.reason) == ("risky", "disposable")


def test_reports_every_check(name_server, start_mx, make_verifier):
    name_server.add("corp.test", "TXT", '"v=spf1 mx -all"')
    name_server.refusing.add("_dmarc.corp.test")
    mx = start_mx(rcpt={"info@corp.test": "250 2.1.5 Fine"})

    verdict, _ = make_verifier(mx).verify("info@corp.test")

    assert verdict.checks == {
        "syntax": True,
        "domain": True,
        "mx": ["mx.corp.test"],
        "spf": True,
        "dkim": None,
        "dmarc": None,
        "disposable": False,
        "role": True,
        "free": False,
        "catch_all": False,
        "smtp": {"code": 250, "message": "2.1.5 Fine"},
    }


def test_uses_facts_it_is_given_and_looks_again_after_a_failure(
    name_server, start_mx, make_verifier
):
    verifier = make_verifier(start_mx(rcpt={"jane@corp.test": ACCEPTED}))
    known = DomainFacts("corp.test", exists=True, mx=((10, "mx.corp.test"),))

    verifier.verify("jane@corp.test", known)
    assert name_server.questions == []

    failed = DomainFacts("corp.test", error="dns_timeout")
    verdict, facts = verifier.verify("jane@corp.test", failed)
    assert verdict.reason == "accepted"
    assert (facts.error, facts.mail_hosts) == (None, ("mx.corp.test",))


@pytest.mark.parametrize(
    "names",
    [{"helo_name": "a b"}, {"helo_name": "x\r\nDATA"}, {"mail_from": "a@b.test>\r\nDATA"}],
)
def test_refuses_names_that_would_break_the_protocol(names, make_verifier):
    with pytest.raises(ValueError, match="must be a"):
        make_verifier(**names)


def test_verifies_each_address_once_in_the_callers_thread(name_server, start_mx, make_verifier):
    mx = start_mx(rcpt={"jane@corp.test": ACCEPTED})
    threads = set()
    seen = []

    def on_verdict(verdict, facts):
        threads.add(threading.current_thread())
        seen.append((verdict.email, verdict.reason))

    make_verifier(mx).verify_many(
        ["jane@corp.test", "nobody", "joe@corp.test", "jane@corp.test", "x@nowhere.test"],
        known={},
        on_verdict=on_verdict,
    )

    assert sorted(seen) == [
        ("jane@corp.test", "accepted"),
        ("joe@corp.test", "mailbox_not_found"),
        ("nobody", "syntax"),
        ("x@nowhere.test", "no_such_domain"),
    ]
    assert threads == {threading.current_thread()}
    assert name_server.questions.count(("corp.test", "MX")) == 1


def test_asks_once_per_domain_whether_it_is_catch_all(start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)
    emails = [f"person{number}@corp.test" for number in range(6)]

    found = run(make_verifier(mx), emails, concurrency=1)

    assert {verdict.reason for verdict, _ in found.values()} == {"catch_all"}
    assert len(mx.recipients) == 7


def test_facts_of_a_later_address_keep_what_an_earlier_one_taught(start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED, rcpt={"gone@corp.test": "550 5.1.1 Unknown"})

    found = run(make_verifier(mx), ["jane@corp.test", "gone@corp.test"], concurrency=1)

    verdict, facts = found["gone@corp.test"]
    assert (verdict.status, verdict.reason) == ("invalid", "mailbox_not_found")
    assert facts.catch_all is True


def test_takes_facts_that_are_known_and_does_not_look_them_up(name_server, start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)
    known = {
        "corp.test": DomainFacts(
            "corp.test", exists=True, mx=((10, "mx.corp.test"),), catch_all=False
        )
    }

    found = run(make_verifier(mx), ["jane@corp.test"], known=known)

    assert found["jane@corp.test"][0].reason == "accepted"
    assert name_server.questions == []
    assert mx.recipients == ["jane@corp.test"]


def test_keeps_two_connections_to_a_host_and_serves_other_hosts_meanwhile(
    name_server, start_mx, make_verifier
):
    slow = start_mx(otherwise="550 5.1.1 Unknown", pause=0.05)
    quick = start_mx(otherwise="550 5.1.1 Unknown")
    for number in range(8):
        name_server.add(f"slow{number}.test", "MX", "10 mx.slow.test.")
    name_server.add("quick.test", "MX", "10 mx.quick.test.")
    order = []
    emails = [f"jane@slow{number}.test" for number in range(8)] + ["jane@quick.test"]

    make_verifier({"mx.slow.test": slow, "mx.quick.test": quick}).verify_many(
        emails,
        known={},
        on_verdict=lambda verdict, facts: order.append(verdict.email),
        concurrency=4,
    )

    assert sorted(order) == sorted(emails)
    assert slow.most_sessions == 2
    assert order.index("jane@quick.test") < 6


def test_stops_asking_a_provider_that_calls_us_blocklisted(name_server, start_mx, make_verifier):
    mx = start_mx(banner="554 Your IP is listed at zen.spamhaus.org")
    for number in range(5):
        name_server.add(f"d{number}.test", "MX", f"10 mx{number}.hoster.test.")

    found = run(make_verifier(mx), [f"jane@d{number}.test" for number in range(5)], concurrency=1)

    assert len(mx.sessions) == 1
    assert {(v.status, v.reason) for v, _ in found.values()} == {("unknown", "policy_refused")}


def test_keeps_asking_a_provider_whose_one_customer_blocks_us(name_server, start_mx, make_verifier):
    mx = start_mx(rcpt={"jane@strict.test": "550 5.7.1 Blocked using dnsbl"})
    for domain in ("first.test", "strict.test", "last.test"):
        name_server.add(domain, "MX", "10 mx.hoster.test.")
    emails = ["a@first.test", "jane@strict.test", "joe@strict.test", "b@last.test"]

    found = run(make_verifier(mx), emails, concurrency=1)

    assert [found[email][0].reason for email in emails] == [
        "mailbox_not_found",
        "policy_refused",
        "policy_refused",
        "mailbox_not_found",
    ]
    assert mx.recipients == ["a@first.test", "jane@strict.test", "b@last.test"]


def test_begins_nothing_more_once_it_should_stop(start_mx, make_verifier):
    mx = start_mx(otherwise="550 5.1.1 Unknown", pause=0.02)
    emails = [f"person{number}@corp.test" for number in range(200)]
    seen = []

    make_verifier(mx).verify_many(
        emails,
        known={},
        on_verdict=lambda verdict, facts: seen.append(verdict.email),
        should_stop=lambda: len(seen) >= 3,
        concurrency=4,
    )

    assert 3 <= len(seen) <= 6
    assert len(mx.sessions) == len(seen)


def test_ends_the_run_when_the_caller_fails(start_mx, make_verifier):
    mx = start_mx(otherwise="550 5.1.1 Unknown")

    def fail(verdict, facts):
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        make_verifier(mx).verify_many(
            [f"person{number}@corp.test" for number in range(100)], known={}, on_verdict=fail
        )
    assert len(mx.sessions) < 20


def test_lets_a_mistake_in_a_thread_surface(monkeypatch, make_verifier):
    verifier = make_verifier()

    def look_up_domain(domain):
        raise RuntimeError("a bug")

    monkeypatch.setattr(verifier, "look_up_domain", look_up_domain)

    with pytest.raises(RuntimeError, match="a bug"):
        run(verifier, ["jane@corp.test"])


def test_gives_a_host_that_stalls_two_chances_in_a_run(start_mx, make_verifier):
    mx = start_mx(banner="silence")
    emails = [f"person{number}@corp.test" for number in range(20)]

    found = run(make_verifier(mx, timeout=0.2), emails, concurrency=1)

    assert len(mx.sessions) == 2
    assert {(v.status, v.reason, v.retry_after) for v, _ in found.values()} == {
        ("unknown", "timeout", 900.0)
    }


def test_ends_soon_though_many_hosts_stall(name_server, start_mx, make_verifier):
    mx = start_mx(banner="silence")
    for number in range(10):
        name_server.add(f"d{number}.test", "MX", f"10 mx.d{number}.test.")
    started = time.monotonic()

    found = run(
        make_verifier(mx, timeout=0.3),
        [f"jane@d{number}.test" for number in range(10)],
        concurrency=10,
    )

    assert {verdict.reason for verdict, _ in found.values()} == {"timeout"}
    assert time.monotonic() - started < 8
