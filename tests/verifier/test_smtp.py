"""One session against a server that sends what it likes."""

import socket
import threading
import time

import pytest

from freshleads.lib.addresses import Target
from leads.verifier.replies import Meaning, Reply
from leads.verifier.smtp import Deadline, SessionFailed, SmtpSession


@pytest.fixture
def receive():
    """Return a function that reads one greeting out of the given bytes."""
    ours, theirs = socket.socketpair()
    session = SmtpSession(ours, timeout=0.3, deadline=Deadline(2))

    def read(sent, *, close=True):
        def send():
            try:
                theirs.sendall(sent)
                if close:
                    theirs.shutdown(socket.SHUT_WR)
            except OSError:
                return

        threading.Thread(target=send, daemon=True).start()
        return session.greeting()

    with session, theirs:
        yield read


@pytest.mark.parametrize(
    ("sent", "reply"),
    [
        (b"220 ready\r\n", Reply(220, "ready")),
        (b"220 ready\n", Reply(220, "ready")),
        (b"220\r\n", Reply(220, "")),
        (b"220-one\r\n220-\r\n220 two\r\n", Reply(220, "one two")),
        (b"550 \xff\xe4 \x00\x07 end\r\n", Reply(550, "\ufffd\ufffd end")),
        ("550 空 邮箱\r\n".encode(), Reply(550, "空 邮箱")),
        (b"250 " + b"x" * 1900 + b"\r\n", Reply(250, "x" * 1000)),
    ],
)
def test_reads_one_reply(sent, reply, receive):
    assert receive(sent) == reply


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n",
        b"99 short\r\n",
        b"999 beyond\r\n",
        b"2200 long\r\n",
        b"220-one\r\nstray\r\n220 two\r\n",
        b"\r\n",
        b"220 " + b"x" * 5000,
        b"220 " + b"x" * 5000 + b"\r\n",
        b"220-more\r\n" * 200,
        (b"220-" + b"x" * 1000 + b"\r\n") * 60,
    ],
)
def test_refuses_what_is_no_bounded_reply(sent, receive):
    with pytest.raises(SessionFailed) as failure:
        receive(sent)

    assert failure.value.meaning == Meaning.BAD_ANSWER


def test_tells_a_closed_connection_from_a_silent_one(receive):
    with pytest.raises(SessionFailed) as failure:
        receive(b"220-half")

    assert failure.value.meaning == Meaning.DISCONNECTED


def test_gives_up_on_a_reply_that_never_ends(receive):
    started = time.monotonic()

    with pytest.raises(SessionFailed) as failure:
        receive(b"220-half", close=False)

    assert failure.value.meaning == Meaning.TIMEOUT
    assert time.monotonic() - started < 4


def test_says_when_nothing_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    with pytest.raises(SessionFailed) as failure:
        SmtpSession.connect(Target("127.0.0.1", port), timeout=1, deadline=Deadline(1))

    assert failure.value.meaning == Meaning.NOT_CONNECTED


def test_begins_nothing_after_the_deadline():
    with pytest.raises(SessionFailed) as failure:
        SmtpSession.connect(Target("127.0.0.1", 25), timeout=1, deadline=Deadline(0))

    assert failure.value.meaning == Meaning.TIMEOUT
