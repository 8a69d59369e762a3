"""Forms that strangers send: only so many times, whoever has an account and whoever has none."""

import secrets

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse

from freshleads.billing import signing_up
from freshleads.lib.errors import LimitReached
from freshleads.users.attempts import in_words
from freshleads.users.models import User

SIGN_UP, RESET = reverse("billing:sign_up"), reverse("users:password_reset")
NOON = 1_800_000_000


def sign_up(client: Client, email: str, password: str, address: str = "192.0.2.1") -> str:
    """Return the page that answers a sign-up, "" where it led on."""
    answer = client.post(SIGN_UP, {"email": email, "password": password}, REMOTE_ADDR=address)
    assert answer.status_code in {302, 422}
    return answer.content.decode()


def ask(email: str, address: str = "192.0.2.1") -> tuple[int, str]:
    """Return status and page of a request for a link to a new password."""
    answer = Client().post(RESET, {"email": email}, REMOTE_ADDR=address)
    return answer.status_code, answer.content.decode()


@pytest.mark.django_db
def test_one_address_opens_twenty_accounts_an_hour_and_is_told_how_long_to_wait(
    password: str,
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(20):
            assert sign_up(Client(), f"user{number}@example.com", password) == ""
        page = sign_up(Client(), "user20@example.com", password)
        assert "Too many attempts to sign up. Try again in 60 minutes." in page
        assert User.objects.count() == 20
        assert sign_up(Client(), "other@example.com", password, address="192.0.2.2") == ""
        clock.shift(3601)
        assert sign_up(Client(), "user20@example.com", password) == ""


def test_whether_an_account_exists_cannot_be_asked_without_end(alice: User, password: str) -> None:
    pages = [
        sign_up(Client(), "Alice@example.com", password, address=f"203.0.113.{number}")
        for number in range(11)
    ]
    assert ["in use already" in page for page in pages] == [True] * 10 + [False]
    assert "Too many attempts to sign up." in pages[-1]


@pytest.mark.django_db
def test_a_program_of_the_operator_may_open_any_number(password: str) -> None:
    for number in range(25):
        signing_up.sign_up(f"user{number}@example.com", password)
    assert User.objects.count() == 25


def test_three_links_an_hour_go_to_a_mailbox_from_wherever_they_are_asked_for(
    alice: User,
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(3):
            assert ask("alice@example.com", f"203.0.113.{number}")[0] == 302
        status, page = ask("Alice@example.com", "203.0.113.9")
        assert (status, len(mail.outbox)) == (422, 3)
        assert "Too many attempts to reset a password. Try again in 60 minutes." in page
        clock.shift(3601)
        assert ask("alice@example.com")[0] == 302
        assert len(mail.outbox) == 4


def test_an_unknown_mailbox_is_refused_like_a_known_one(alice: User) -> None:
    with time_machine.travel(NOON, tick=False):
        known = [ask("alice@example.com", "192.0.2.1") for _ in range(5)]
        unknown = [ask("nobody@example.com", "192.0.2.2") for _ in range(5)]
    assert [status for status, _ in known] == [302, 302, 302, 422, 422]
    assert [status for status, _ in unknown] == [302, 302, 302, 422, 422]
    assert "Try again in 60 minutes" in unknown[-1][1]


@pytest.mark.django_db
def test_one_address_asks_for_twenty_links_an_hour() -> None:
    statuses = [ask(f"user{number}@example.com")[0] for number in range(21)]
    assert statuses == [302] * 20 + [422]


def test_nothing_is_done_for_strangers_while_redis_does_not_answer(
    alice: User, password: str, settings: LazySettings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.REDIS_PREFIX = f"freshleads-test-{secrets.token_hex(4)}:"
    assert "not possible to sign up right now" in sign_up(Client(), "new@example.com", password)
    status, page = ask("alice@example.com")
    assert status == 422
    assert "not possible to reset a password right now" in page
    assert (User.objects.count(), mail.outbox) == (1, [])
    with pytest.raises(LimitReached) as refused:
        signing_up.sign_up("new@example.com", password, address="192.0.2.1")
    assert (refused.value.code, refused.value.retry_after) == ("attempts_paused", 5)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: int, words: str) -> None:
    assert in_words(seconds) == words
