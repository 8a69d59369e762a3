"""What a reply means, case by case."""

import time

import pytest

from leads.verifier.replies import Meaning, Reply, read_recipient_reply, read_session_reply

JANE = "jane@corp.test"


def meaning_of(line):
    code, _, text = line.partition(" ")
    return read_recipient_reply(Reply(int(code), text), address=JANE).meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        # The code decides, wherever the server writes it.
        ("550 5.1.1 Whatever", Meaning.NOT_FOUND),
        ("553 5.1.1 Whatever", Meaning.NOT_FOUND),
        ("550 sorry, nothing here (#5.1.1)", Meaning.NOT_FOUND),
        ("550 [5.1.10] gone", Meaning.NOT_FOUND),
        ("550 5.2.1 <jane@corp.test>... User unknown", Meaning.DISABLED),
        ("554 5.2.2 whatever", Meaning.FULL),
        # Clear words without a telling code.
        ("550 <jane@corp.test>... User unknown", Meaning.NOT_FOUND),
        ("550 Unknown user jane@corp.test", Meaning.NOT_FOUND),
        ("550 5.1.0 User does not exist", Meaning.NOT_FOUND),
        ("550 Recipient not found", Meaning.NOT_FOUND),
        ("550 sorry, no mailbox here by that name", Meaning.NOT_FOUND),
        ("550 5.5.0 The mailbox you wrote to doesn't exist", Meaning.NOT_FOUND),
        ("554 This user doesn't have a corp.test account", Meaning.NOT_FOUND),
        ("550 Unrouteable address", Meaning.NOT_FOUND),
        ("550 Utilisateur inconnu", Meaning.NOT_FOUND),
        ("550 El usuario no existe", Meaning.NOT_FOUND),
        ("550 This account has been disabled", Meaning.DISABLED),
        ("550 User is inactive", Meaning.DISABLED),
        ("550 Mailbox is full", Meaning.FULL),
        ("550 User is over quota", Meaning.FULL),
        ("552 Requested action aborted", Meaning.FULL),
        # What may be about us says nothing of the mailbox.
        ("550 5.7.1 User unknown", Meaning.POLICY),
        ("550 5.1.8 Sender unknown", Meaning.POLICY),
        ("550 Sender address rejected: user unknown", Meaning.POLICY),
        ("554 Relay access denied", Meaning.POLICY),
        ("550 SPF check failed", Meaning.POLICY),
        ("550 5.1.1 You have sent to too many recipients this hour", Meaning.POLICY),
        ("550 5.1.1 Refused due to recipient preferences", Meaning.POLICY),
        ("552 Too many recipients", Meaning.POLICY),
        ("550 5.1.1 Your host is listed at zen.spamhaus.org", Meaning.BLOCKLISTED),
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", Meaning.BLOCKLISTED),
        ("554 Client host rejected: blocked using bl.example", Meaning.BLOCKLISTED),
        # Words that only look like a reason.
        ("550 Rejected", Meaning.UNCLEAR),
        ("550 Spammers' inactivity noted", Meaning.UNCLEAR),
        ("550 insufficient funds", Meaning.UNCLEAR),
        ("550 unblocked", Meaning.UNCLEAR),
        ("550 mailbox unavailable", Meaning.UNCLEAR),
        ("552 5.3.4 Message too large", Meaning.UNCLEAR),
        ("550 4.1.1 the class does not fit the code", Meaning.UNCLEAR),
        ("550 contact 5.1.1.20 for help", Meaning.UNCLEAR),
        # Temporary, whatever the words.
        ("450 5.1.1 User unknown", Meaning.TEMPORARY),
        ("450 4.2.1 Mailbox disabled for now", Meaning.TEMPORARY),
        ("452 4.3.1 Insufficient system storage", Meaning.TEMPORARY),
        ("452 Insufficient system storage", Meaning.TEMPORARY),
        ("451 4.7.650 temporarily rate limited", Meaning.TEMPORARY),
        ("450 4.2.0 Graylisted", Meaning.GREYLISTED),
        ("451 4.7.1 Blocked by spamhaus for now", Meaning.BLOCKLISTED),
        # A busy mailbox exists, in both classes.
        ("550 5.2.1 The user is receiving mail at a rate that prevents delivery", Meaning.EXISTS),
        ("450 4.2.1 The user is receiving mail too quickly", Meaning.EXISTS),
        ("450 4.2.1 The user is receiving mail at too high a rate", Meaning.EXISTS),
    ],
)
def test_reads_a_reply_about_a_recipient(line, meaning):
    assert meaning_of(line) == meaning


@pytest.mark.parametrize("local", ["spam", "no-such-user", "policy", "blocked", "quota.exceeded"])
def test_is_not_misled_by_words_in_the_address(local):
    reply = Reply(550, f"Rejected: <{local}@corp.test> ({local}@corp.test)")

    outcome = read_recipient_reply(reply, address=f"{local}@corp.test")

    assert outcome.meaning == Meaning.UNCLEAR


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Greylisted", 600.0),
        ("Greylisted, try again in 60 seconds", 300.0),
        ("Greylisted for 8 minutes", 480.0),
        ("Greylisted, retry in 1 hour", 900.0),
        ("Greylisted, wait 99999 seconds", 900.0),
    ],
)
def test_waits_as_long_as_asked_within_five_to_fifteen_minutes(text, seconds):
    assert read_recipient_reply(Reply(451, text), address=JANE).retry_after == seconds


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        (550, "5.1.1 User unknown", Meaning.POLICY),
        (554, "No SMTP service here", Meaning.POLICY),
        (554, "Your IP is blacklisted", Meaning.BLOCKLISTED),
        (421, "4.7.0 Listed at Spamhaus", Meaning.BLOCKLISTED),
        (452, "Out of storage", Meaning.TEMPORARY),
        (421, "Too busy", Meaning.TEMPORARY),
        (250, "Hello", Meaning.BAD_ANSWER),
        (354, "Go ahead", Meaning.BAD_ANSWER),
    ],
)
def test_reads_nothing_about_a_mailbox_before_the_recipient(code, text, meaning):
    assert read_session_reply(Reply(code, text)).meaning == meaning


@pytest.mark.parametrize("unit", ["a@", "<", "user ", "does not ", "5.1.1 ", "client ", "é", "a"])
def test_reads_hostile_text_quickly(unit):
    reply = Reply(550, unit * 100_000)
    started = time.perf_counter()

    for _ in range(10):
        read_recipient_reply(reply, address=JANE)

    assert time.perf_counter() - started < 4
