"""One address against one scripted mail server: the verdict and its reason, exactly."""

import pytest

from leads.verifier.results import DomainFacts

JANE = "jane@corp.test"
ACCEPTED = "250 2.1.5 OK"


def outcome(verdict):
    return verdict.status, verdict.reason, verdict.retry_after


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("250 OK", ("valid", "accepted", None)),
        ("251 User not local; will forward", ("valid", "accepted", None)),
        ("250-2.1.5 Empfänger\r\n250-geprüft\r\n250 OK", ("valid", "accepted", None)),
        ("252 Cannot VRFY user", ("unknown", "cannot_verify", None)),
        ("550 5.1.1 User unknown", ("invalid", "mailbox_not_found", None)),
        ("550 5.1.6 Mailbox has moved", ("invalid", "mailbox_not_found", None)),
        ("550 5.1.10 RESOLVER.ADR.RecipNotFound", ("invalid", "mailbox_not_found", None)),
        ("550-5.1.1 The account\r\n550 5.1.1 is not here", ("invalid", "mailbox_not_found", None)),
        ("550 No such user here", ("invalid", "mailbox_not_found", None)),
        ("550 Benutzer unbekannt: möglich?", ("invalid", "mailbox_not_found", None)),
        ("550 5.2.1 Account is disabled", ("invalid", "mailbox_disabled", None)),
        ("552 5.2.2 Over quota", ("risky", "mailbox_full", None)),
        ("452 4.2.2 Mailbox full", ("risky", "mailbox_full", None)),
        ("452 Requested action not taken", ("risky", "mailbox_full", None)),
        ("550 5.7.1 Message refused", ("unknown", "policy_refused", None)),
        ("550 Blocked, see spamhaus.org", ("unknown", "policy_refused", None)),
        ("550 Access denied", ("unknown", "policy_refused", None)),
        ("550 Cannot find your reverse DNS", ("unknown", "policy_refused", None)),
        ("550 Requested action not taken", ("unknown", "refused", None)),
        ("550 5.4.1 Address rejected", ("unknown", "refused", None)),
        ("450 4.1.1 User unknown", ("unknown", "temporarily_refused", 900.0)),
        ("451 4.7.1 Greylisted, try again in 360 seconds", ("unknown", "greylisted", 360.0)),
        ("451 Greylisting in action", ("unknown", "greylisted", 600.0)),
        ("421 4.3.2 Shutting down", ("unknown", "temporarily_refused", 900.0)),
        ("452 4.5.3 Too many recipients", ("unknown", "temporarily_refused", 900.0)),
        ("450 4.2.1 is receiving mail at a rate that", ("valid", "mailbox_busy", None)),
        ("354 Go ahead", ("unknown", "bad_answer", 900.0)),
        ("drop", ("unknown", "disconnected", 900.0)),
        ("what?", ("unknown", "bad_answer", 900.0)),
    ],
)
def test_reads_the_reply_to_the_mailbox(reply, expected, start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: reply})

    verdict, _ = make_verifier(mx).verify(JANE)

    assert outcome(verdict) == expected


def test_asks_the_real_address_first_then_a_random_one_and_never_sends(start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED})

    verdict, facts = make_verifier(mx).verify(JANE)

    assert outcome(verdict) == ("valid", "accepted", None)
    assert facts.catch_all is False
    [session] = mx.sessions
    assert session[:3] == ["EHLO probe.test", "MAIL FROM:<>", f"RCPT TO:<{JANE}>"]
    assert session[3].startswith("RCPT TO:<x")
    assert session[3].endswith("@corp.test>")
    assert session[4:] == ["RSET", "QUIT"]
    assert not any(line.startswith(("DATA", "VRFY", "EXPN")) for line in session)


def test_uses_the_sender_it_is_given(start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED})

    make_verifier(mx, mail_from="probe@ours.test").verify(JANE)

    assert "MAIL FROM:<probe@ours.test>" in mx.commands


def test_does_not_ask_for_a_random_address_after_a_refusal(start_mx, make_verifier):
    mx = start_mx()

    verdict, facts = make_verifier(mx).verify(JANE)

    assert verdict.reason == "mailbox_not_found"
    assert facts.catch_all is None
    assert mx.recipients == [JANE]


def test_calls_a_domain_that_takes_anybody_catch_all(start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)

    verdict, facts = make_verifier(mx).verify(JANE)

    assert outcome(verdict) == ("risky", "catch_all", None)
    assert facts.catch_all is True
    assert verdict.checks["catch_all"] is True


@pytest.mark.parametrize("known", [True, False])
def test_does_not_ask_again_whether_a_domain_is_catch_all(known, start_mx, make_verifier):
    mx = start_mx(otherwise=ACCEPTED)
    facts = DomainFacts("corp.test", exists=True, mx=((10, "mx.corp.test"),), catch_all=known)

    verdict, after = make_verifier(mx).verify(JANE, facts)

    assert verdict.reason == ("catch_all" if known else "accepted")
    assert after == facts
    assert mx.recipients == [JANE]


@pytest.mark.parametrize(
    "second", ["drop", "421 4.7.0 Closing", "450 4.5.3 Too many recipients", "silence"]
)
def test_asks_for_the_random_address_in_a_second_session(second, start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED}, rcpt_at={2: second})

    verdict, facts = make_verifier(mx, timeout=0.5).verify(JANE)

    assert outcome(verdict) == ("valid", "accepted", None)
    assert facts.catch_all is False
    assert len(mx.sessions) == 2
    assert mx.recipients.count(JANE) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "drop",
        "450 Try later",
        "550 5.7.1 Not today",
        "550 No",
        "252 Perhaps",
        "450 4.2.1 receiving mail at a rate",
    ],
)
def test_never_takes_a_failed_random_question_for_no_catch_all(answer, start_mx, make_verifier):
    mx = start_mx(rcpt={JANE: ACCEPTED}, otherwise=answer)

    verdict, facts = make_verifier(mx).verify(JANE)

    assert outcome(verdict) == ("unknown", "catch_all_unknown", 900.0)
    assert facts.catch_all is None
    assert verdict.checks["smtp"] == {"code": 250, "message": "2.1.5 OK"}


def test_puts_a_dead_role_address_before_its_role(start_mx, make_verifier):
    verdict, _ = make_verifier(start_mx()).verify("info@corp.test")

    assert outcome(verdict) == ("invalid", "mailbox_not_found", None)
    assert verdict.checks["role"] is True


def test_puts_a_question_without_answer_before_the_role(start_mx, make_verifier):
    verdict, _ = make_verifier(start_mx(otherwise="450 Later")).verify("info@corp.test")

    assert (verdict.status, verdict.reason) == ("unknown", "temporarily_refused")


def test_calls_a_living_role_address_risky(start_mx, make_verifier):
    mx = start_mx(rcpt={"info@corp.test": ACCEPTED})

    verdict, _ = make_verifier(mx).verify("info@corp.test")

    assert outcome(verdict) == ("risky", "role_address", None)


def test_calls_a_living_throw_away_address_risky(name_server, start_mx, make_verifier):
    name_server.add("mailinator.com", "MX", "10 mx.corp.test.")
    mx = start_mx(rcpt={"jane@mailinator.com": ACCEPTED})

    verdict, _ = make_verifier(mx).verify("jane@mailinator.com")

    assert outcome(verdict) == ("risky", "disposable", None)
    assert verdict.checks["disposable"] is True


def test_calls_a_dead_throw_away_address_invalid(name_server, start_mx, make_verifier):
    name_server.add("mailinator.com", "MX", "10 mx.corp.test.")

    verdict, _ = make_verifier(start_mx()).verify("jane@mailinator.com")

    assert outcome(verdict) == ("invalid", "mailbox_not_found", None)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"banner": "554 5.7.1 No service for you"}, ("unknown", "policy_refused", None)),
        ({"banner": "550 5.1.1 User unknown"}, ("unknown", "policy_refused", None)),
        ({"banner": "421 4.3.2 Busy"}, ("unknown", "temporarily_refused", 900.0)),
        ({"banner": "drop"}, ("unknown", "disconnected", 900.0)),
        ({"banner": "HTTP/1.1 400 Bad Request"}, ("unknown", "bad_answer", 900.0)),
        ({"ehlo": "550 Go away"}, ("unknown", "policy_refused", None)),
        ({"mail": "550 5.1.1 User unknown"}, ("unknown", "policy_refused", None)),
        ({"mail": "452 Insufficient system storage"}, ("unknown", "temporarily_refused", 900.0)),
        ({"mail": "drop"}, ("unknown", "disconnected", 900.0)),
    ],
)
def test_takes_nothing_before_the_recipient_for_a_mailbox(
    script, expected, start_mx, make_verifier
):
    verdict, facts = make_verifier(start_mx(**script)).verify(JANE)

    assert outcome(verdict) == expected
    assert facts.catch_all is None


def test_says_helo_to_a_server_without_ehlo(start_mx, make_verifier):
    mx = start_mx(ehlo="502 Not implemented", rcpt={JANE: ACCEPTED})

    verdict, _ = make_verifier(mx).verify(JANE)

    assert verdict.reason == "accepted"
    assert "HELO probe.test" in mx.commands


@pytest.mark.parametrize("step", ["banner", "ehlo", "mail"])
@pytest.mark.parametrize("behaviour", ["silence", "drip"])
def test_gives_up_on_a_server_that_stalls(step, behaviour, start_mx, make_verifier):
    verdict, _ = make_verifier(start_mx(**{step: behaviour}), timeout=0.2).verify(JANE)

    assert outcome(verdict) == ("unknown", "timeout", 900.0)


def test_ends_a_tarpit_at_the_deadline_of_the_address(start_mx, make_verifier):
    mx = start_mx(pause=0.3, rcpt={JANE: ACCEPTED})

    verdict, _ = make_verifier(mx, timeout=0.4, deadline=0.7).verify(JANE)

    assert outcome(verdict) == ("unknown", "timeout", 900.0)
    assert len(mx.sessions) == 1


def test_keeps_the_code_and_printable_words_of_the_reply(start_mx, make_verifier):
    mx = start_mx(otherwise="550-5.1.1 Kein\x1b[31m Postfach\r\n550 5.1.1 gr\udcfc\u202en")

    verdict, _ = make_verifier(mx).verify(JANE)

    assert verdict.checks["smtp"] == {
        "code": 550,
        "message": "5.1.1 Kein [31m Postfach 5.1.1 gr� n",
    }


def test_asks_about_a_non_ascii_mailbox_where_the_server_can(start_mx, make_verifier):
    mx = start_mx(rcpt={"jörg@corp.test": ACCEPTED})

    verdict, _ = make_verifier(mx).verify("jörg@corp.test")

    assert verdict.reason == "accepted"
    assert "MAIL FROM:<> SMTPUTF8" in mx.commands


def test_does_not_ask_about_a_non_ascii_mailbox_otherwise(start_mx, make_verifier):
    mx = start_mx(ehlo="250 mx.test")

    verdict, _ = make_verifier(mx).verify("jörg@corp.test")

    assert outcome(verdict) == ("unknown", "smtputf8_unsupported", None)
    assert mx.recipients == []


def test_asks_in_ascii_for_an_international_domain(name_server, start_mx, make_verifier):
    name_server.add("xn--mller-kva.test", "MX", "10 mx.corp.test.")
    mx = start_mx(rcpt={"jane@xn--mller-kva.test": ACCEPTED})

    verdict, facts = make_verifier(mx).verify("jane@müller.test")

    assert (verdict.email, verdict.reason) == ("jane@müller.test", "accepted")
    assert facts.domain == "xn--mller-kva.test"
    assert "MAIL FROM:<>" in mx.commands
