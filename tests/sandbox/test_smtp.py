"""The mail exchanger: each behaviour of a mail domain, as an SMTP client meets it."""

import smtplib
import socket
import time

import pytest

from freshleads.sandbox.entities import MAIL_BEHAVIOURS, MailSpec
from freshleads.sandbox.mail_oddities import ODD_BEHAVIOURS
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.smtp import SmtpServer

SECONDS = 5.0
NOBODY = "no-such-person"


@pytest.fixture
def server(sandbox: Sandbox) -> SmtpServer:
    sandbox.smtp.greylist_seconds, sandbox.smtp.tarpit_seconds = 0.1, 0.05
    sandbox.smtp.recipients.clear()
    return sandbox.smtp


def spec_with(server: SmtpServer, behaviour: str) -> MailSpec:
    return next(spec for spec in server.specs.values() if spec.behaviour == behaviour)


def mailbox_of(spec: MailSpec) -> str:
    return min(spec.mailboxes)


def port_for(server: SmtpServer, host: str) -> int:
    """Return the port a client is led to for a mail host, as an address policy does."""
    for suffix, _, port in server.routes():
        if host == suffix or (suffix.startswith(".") and host.endswith(suffix)):
            return port
    raise AssertionError(f"no route for {host}")


def ask(server: SmtpServer, spec: MailSpec, *addresses: str) -> list[tuple[int, str]]:
    """Return the answers to RCPT for addresses asked in one session with the domain's MX."""
    with smtplib.SMTP("127.0.0.1", port_for(server, spec.mx_host), timeout=SECONDS) as client:
        client.ehlo("verifier.test")
        client.docmd("MAIL FROM:<>")
        answers = [client.docmd(f"RCPT TO:<{address}>") for address in addresses]
    return [(code, text.decode()) for code, text in answers]


def codes(server: SmtpServer, behaviour: str) -> list[tuple[int, str]]:
    """Return code and enhanced code for a mailbox of a domain and for nobody at it."""
    spec = spec_with(server, behaviour)
    answers = ask(server, spec, mailbox_of(spec), f"{NOBODY}@{spec.domain}")
    return [(code, text.split()[0]) for code, text in answers]


@pytest.mark.parametrize(
    ("behaviour", "mailbox", "nobody"),
    [
        ("reject_unknown", (250, "2.1.5"), (550, "5.1.1")),
        ("accept", (250, "2.1.5"), (250, "2.1.5")),
        ("catch_all", (250, "2.1.5"), (250, "2.1.5")),
        ("full", (452, "4.2.2"), (550, "5.1.1")),
        ("disabled", (550, "5.2.1"), (550, "5.1.1")),
        ("policy", (550, "5.7.1"), (550, "5.7.1")),
        ("cannot_verify", (252, "2.1.5"), (252, "2.1.5")),
        ("plain_550", (250, "2.1.5"), (550, "No")),
        ("second_refused", (250, "2.1.5"), (450, "4.5.3")),
        ("rate_limited", (450, "4.2.1"), (550, "5.1.1")),
        ("null_mx", (554, "5.7.1"), (554, "5.7.1")),
    ],
)
def test_a_domain_answers_as_it_behaves(
    server: SmtpServer, behaviour: str, mailbox: tuple[int, str], nobody: tuple[int, str]
) -> None:
    assert codes(server, behaviour) == [mailbox, nobody]


def test_every_behaviour_of_the_world_has_a_domain_and_an_answer(server: SmtpServer) -> None:
    played = {spec.behaviour for spec in server.specs.values()}
    assert played == {*MAIL_BEHAVIOURS, *ODD_BEHAVIOURS}


def test_addresses_are_found_in_any_case_and_with_a_tag(server: SmtpServer) -> None:
    spec = spec_with(server, "reject_unknown")
    local, _, domain = mailbox_of(spec).partition("@")
    answers = ask(server, spec, mailbox_of(spec).upper(), f"{local}+news@{domain}")
    assert [code for code, _ in answers] == [250, 250]


def test_free_mail_knows_the_mailboxes_that_sites_show(server: SmtpServer) -> None:
    spec = server.specs["gmail.com"]
    answers = ask(server, spec, mailbox_of(spec), f"{NOBODY}@gmail.com")
    assert [code for code, _ in answers] == [250, 550]


def test_a_domain_that_is_not_ours_is_not_relayed(server: SmtpServer) -> None:
    spec = spec_with(server, "reject_unknown")
    assert ask(server, spec, "someone@elsewhere.example") == [
        (554, "5.7.1 <someone@elsewhere.example>: Relay access denied")
    ]


def test_greylisting_ends_after_the_delay(server: SmtpServer) -> None:
    spec = spec_with(server, "greylist")
    questions = (mailbox_of(spec), f"{NOBODY}@{spec.domain}")
    assert [text.split()[0] for _, text in ask(server, spec, *questions)] == ["4.7.1", "4.7.1"]
    time.sleep(0.15)
    assert [code for code, _ in ask(server, spec, *questions)] == [250, 550]


def test_a_tarpit_is_late_with_the_banner_and_each_answer(server: SmtpServer) -> None:
    spec = spec_with(server, "tarpit")
    began = time.perf_counter()
    answers = ask(server, spec, mailbox_of(spec), f"{NOBODY}@{spec.domain}")
    assert [code for code, _ in answers] == [250, 550]
    assert time.perf_counter() - began >= 5 * server.tarpit_seconds


def test_temporary_trouble_is_a_451_or_a_421_that_hangs_up(server: SmtpServer) -> None:
    spec = spec_with(server, "temporary")
    assert ask(server, spec, f"odd@{spec.domain}")[0][0] == 451
    assert ask(server, spec, f"even@{spec.domain}")[0][0] == 421
    with smtplib.SMTP("127.0.0.1", server.port, timeout=SECONDS) as client:
        client.helo("verifier.test")
        client.docmd("MAIL FROM:<>")
        client.docmd(f"RCPT TO:<even@{spec.domain}>")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.docmd("NOOP")


def test_answers_may_have_several_lines_and_letters_beyond_ascii(server: SmtpServer) -> None:
    spec = spec_with(server, "multi_line")
    accepted, refused = ask(server, spec, mailbox_of(spec), f"{NOBODY}@{spec.domain}")
    assert accepted[0] == 250
    assert accepted[1].splitlines() == [
        "2.1.5 Empfänger geprüft",
        "2.1.5 boîte trouvée",
        "2.1.5 Ok",
    ]
    assert refused[0] == 550
    assert len(refused[1].splitlines()) == 3


def test_drop_ends_the_connection_without_an_answer_to_rcpt(server: SmtpServer) -> None:
    spec = spec_with(server, "drop")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        ask(server, spec, mailbox_of(spec))
    assert [recipient.code for recipient in server.recipients] == [0]


def test_a_silent_host_never_sends_its_banner(server: SmtpServer) -> None:
    port = port_for(server, spec_with(server, "silent").mx_host)
    with socket.create_connection(("127.0.0.1", port), timeout=0.3) as connection:
        connection.sendall(b"EHLO verifier.test\r\n")
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_refusing_host_says_554_and_still_takes_quit(server: SmtpServer) -> None:
    port = port_for(server, spec_with(server, "refuse_banner").mx_host)
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        stream = connection.makefile("rwb")
        assert stream.readline().startswith(b"554 5.7.1 ")
        stream.write(b"EHLO verifier.test\r\n")
        stream.flush()
        assert stream.readline().startswith(b"503 ")
        stream.write(b"QUIT\r\n")
        stream.flush()
        assert stream.readline().startswith(b"221 ")
        assert stream.readline() == b""
        stream.close()


@pytest.mark.parametrize(
    ("behaviour", "said"), [("close_at_connect", b""), ("busy_banner", b"421 4.3.2")]
)
def test_other_hosts_hang_up_at_once(server: SmtpServer, behaviour: str, said: bytes) -> None:
    port = port_for(server, spec_with(server, behaviour).mx_host)
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        stream = connection.makefile("rb")
        assert stream.read()[:9] == said
        stream.close()


def test_a_domain_without_mx_refuses_connections(server: SmtpServer) -> None:
    port = port_for(server, spec_with(server, "no_mx").domain)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def test_routes_come_most_specific_first(server: SmtpServer) -> None:
    routes = server.routes()
    assert routes[-1] == (".test", 25, server.port)
    assert ("mx-silent.test", 25, server.ports["silent"]) in routes
    assert not [suffix for suffix, _, _ in routes[:-1] if suffix.startswith(".")]


def test_null_senders_and_helo_are_welcome_and_vrfy_tells_nothing(server: SmtpServer) -> None:
    spec = spec_with(server, "reject_unknown")
    with smtplib.SMTP("127.0.0.1", server.port, timeout=SECONDS) as client:
        assert client.helo("verifier.test")[0] == 250
        assert client.docmd("MAIL FROM:<>")[0] == 250
        assert client.docmd(f"RCPT TO:<{mailbox_of(spec)}>")[0] == 250
        assert client.rset()[0] == 250
        assert client.verify(mailbox_of(spec))[0] == 252
    (recipient,) = server.recipients
    assert (recipient.address, recipient.sender, recipient.code) == (mailbox_of(spec), "", 250)


def test_rcpt_needs_mail_first(server: SmtpServer) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=SECONDS) as client:
        assert client.docmd("RCPT TO:<a@b.test>")[0] == 503
        client.ehlo("verifier.test")
        assert client.docmd("RCPT TO:<a@b.test>")[0] == 503
    assert not server.recipients


def test_counts_messages_for_accepted_recipients_and_keeps_none(server: SmtpServer) -> None:
    spec = spec_with(server, "reject_unknown")
    before = server.messages
    with smtplib.SMTP("127.0.0.1", server.port, timeout=SECONDS) as client:
        refused = client.sendmail(
            "me@sender.test",
            [mailbox_of(spec), f"{NOBODY}@{spec.domain}"],
            b"Subject: hello\r\n\r\nhello\r\n",
        )
        assert list(refused) == [f"{NOBODY}@{spec.domain}"]
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("me@sender.test", [f"{NOBODY}@{spec.domain}"], b"Subject: x\r\n\r\nx")
    assert server.messages == before + 1


def test_latency_delays_every_answer(server: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "latency", 0.05)
    spec = spec_with(server, "reject_unknown")
    began = time.perf_counter()
    ask(server, spec, mailbox_of(spec))
    assert time.perf_counter() - began >= 4 * 0.05
