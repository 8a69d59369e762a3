"""What the name servers of a domain say about its mail."""

import time

import pytest

from leads.verifier.dns_records import RecordReader
from leads.verifier.results import DomainFacts


@pytest.fixture
def read(name_server):
    return RecordReader([name_server.nameserver], timeout=0.5).read


def test_reads_mail_hosts_and_policies(name_server, read):
    name_server.add("acme.test", "MX", "20 Backup.Acme.test.", "10 mx.acme.test.")
    name_server.add("acme.test", "TXT", '"google-site=1"', '"v=spf1 include:x.test" " -all"')
    name_server.add("_dmarc.acme.test", "TXT", '"v=DMARC1; p=reject"')
    name_server.add("s1._domainkey.acme.test", "TXT", '"v=DKIM1; k=rsa; p=MIGf"')

    assert read("acme.test") == DomainFacts(
        "acme.test",
        exists=True,
        mx=((10, "mx.acme.test"), (20, "backup.acme.test")),
        spf="v=spf1 include:x.test -all",
        dkim="v=DKIM1; k=rsa; p=MIGf",
        dmarc="v=DMARC1; p=reject",
    )


def test_tells_a_name_that_does_not_exist(name_server, read):
    assert read("nowhere.test") == DomainFacts("nowhere.test", exists=False)
    assert name_server.questions == [("nowhere.test", "MX")]


def test_tells_a_failing_name_server(name_server, read):
    name_server.refusing.add("broken.test")

    assert read("broken.test") == DomainFacts("broken.test", exists=None, error="dns_failure")


def test_tells_a_silent_name_server(name_server, read):
    name_server.silent.add("quiet.test")
    started = time.monotonic()

    assert read("quiet.test") == DomainFacts("quiet.test", exists=None, error="dns_timeout")
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(("kind", "address"), [("A", "192.0.2.1"), ("AAAA", "2001:db8::1")])
def test_falls_back_to_the_address_of_the_domain(kind, address, name_server, read):
    name_server.add("plain.test", kind, address)

    facts = read("plain.test")

    assert (facts.exists, facts.mx, facts.implicit_mx) == (True, (), True)
    assert facts.mail_hosts == ("plain.test",)


def test_finds_no_mail_host_where_there_is_neither_mx_nor_address(name_server, read):
    name_server.add("text.test", "TXT", '"hello"')

    facts = read("text.test")

    assert (facts.exists, facts.implicit_mx, facts.mail_hosts) == (True, False, ())


def test_does_not_fall_back_to_the_address_where_mx_names_are_unusable(name_server, read):
    name_server.add("odd.test", "MX", "10 bad\\032name.test.")
    name_server.add("odd.test", "A", "192.0.2.1")

    assert read("odd.test").mail_hosts == ()


def test_reads_the_null_mx(name_server, read):
    name_server.add("nomail.test", "MX", "0 .")
    name_server.add("nomail.test", "A", "192.0.2.1")

    facts = read("nomail.test")

    assert (facts.null_mx, facts.mail_hosts) == (True, ())


def test_ignores_a_root_host_beside_others(name_server, read):
    name_server.add("half.test", "MX", "0 .", "10 mx.half.test.")

    facts = read("half.test")

    assert (facts.null_mx, facts.mail_hosts) == (False, ("mx.half.test",))


def test_keeps_a_bounded_number_of_hosts(name_server, read):
    name_server.add("many.test", "MX", *(f"10 mx{number:02}.many.test." for number in range(40)))

    assert len(read("many.test").mx) == 20


def test_takes_the_dmarc_record_of_the_organisational_domain(name_server, read):
    name_server.add("mail.shop.acme.test", "MX", "10 mx.acme.test.")
    name_server.add("_dmarc.acme.test", "TXT", '"v=DMARC1;p=none"')

    assert read("mail.shop.acme.test").dmarc == "v=DMARC1;p=none"


def test_prefers_the_dmarc_record_of_the_domain_itself(name_server, read):
    name_server.add("shop.acme.test", "MX", "10 mx.acme.test.")
    name_server.add("_dmarc.shop.acme.test", "TXT", '"v=DMARC1; p=reject"')
    name_server.add("_dmarc.acme.test", "TXT", '"v=DMARC1; p=none"')

    assert read("shop.acme.test").dmarc == "v=DMARC1; p=reject"


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("corp.test", ['"v=spf1 -all"', '"v=spf1 ~all"']),
        ("corp.test", ['"v=spf10 -all"']),
        ("_dmarc.corp.test", ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']),
        ("_dmarc.corp.test", ['"v=DMARC12; p=none"']),
        ("default._domainkey.corp.test", ['"v=DKIM1; p="']),
        ("default._domainkey.corp.test", ['"v=spf1 mx"']),
    ],
)
def test_takes_ambiguous_revoked_and_foreign_records_for_none(name, texts, name_server, read):
    name_server.add(name, "TXT", *texts)

    facts = read("corp.test")

    assert (facts.spf, facts.dmarc, facts.dkim) == (None, None, None)
    assert facts.unread == ()


def test_says_which_records_could_not_be_read(name_server, read):
    name_server.refusing.add("_dmarc.corp.test")
    name_server.add("google._domainkey.corp.test", "TXT", '"p=MIGf"')
    name_server.refusing.add("google._domainkey.corp.test")

    facts = read("corp.test")

    assert (facts.error, facts.mail_hosts) == (None, ("mx.corp.test",))
    assert facts.unread == ("dkim", "dmarc")


def test_a_key_outweighs_a_selector_that_could_not_be_read(name_server, read):
    name_server.refusing.add("default._domainkey.corp.test")
    name_server.add("google._domainkey.corp.test", "TXT", '"p=MIGf"')

    facts = read("corp.test")

    assert (facts.dkim, facts.unread) == ("p=MIGf", ())


def test_bounds_a_domain_whose_policy_servers_stay_silent(name_server, read):
    selectors = ("default", "google", "selector1", "selector2", "k1", "s1")
    name_server.add("late._domainkey.corp.test", "TXT", '"p=MIGf"')
    name_server.silent.update(f"{name}._domainkey.corp.test" for name in selectors)
    started = time.monotonic()

    facts = read("corp.test")

    assert (facts.exists, facts.unread) == (True, ("dkim",))
    assert time.monotonic() - started < 6


@pytest.mark.parametrize("selector", ["google", "k1", "smtp"])
def test_finds_a_key_in_every_group_of_selectors(selector, name_server, read):
    name_server.add(f"{selector}._domainkey.corp.test", "TXT", '"v=DKIM1; p=MIGf"')

    assert read("corp.test").dkim == "v=DKIM1; p=MIGf"


def test_asks_for_no_selector_where_there_can_be_none(name_server, read):
    assert read("corp.test").dkim is None
    assert [name for name, _ in name_server.questions if "domainkey" in name] == [
        "_domainkey.corp.test"
    ]


@pytest.mark.parametrize("domain", ["a..test", f"{'a' * 64}.test", "x." * 130 + "test"])
def test_takes_a_name_that_dns_cannot_carry_for_a_failure(domain, read):
    assert read(domain).error == "dns_failure"
