"""Sign-in: the same answer for every wrong guess, and only so many of them."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest import mock

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection

from freshleads.lib.errors import LimitReached, PermissionRefused
from freshleads.users import authenticating
from freshleads.users.authenticating import authenticate
from freshleads.users.models import User

HERE = "192.0.2.1"


def guess(email: str, address: str = HERE) -> str:
    """Return the code of the refusal of a wrong password."""
    with pytest.raises((PermissionRefused, LimitReached)) as refused:
        authenticate(email, "not the password", address=address)
    return refused.value.code


def test_gives_the_same_answer_for_wrong_unknown_shut_out_and_odd(
    alice: User, charlie: User, password: str
) -> None:
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    attempts = [
        ("alice@example.com", "not the password"),
        ("nobody@example.com", password),
        ("charlie@example.com", password),
        ("", ""),
        ("alice@example.com\x00", password),
        ("al\ud800ice@example.com", password),
        ("alice@example.com", f"{password}\ud800"),
        ("alice@example.com" + "x" * 10_000, password),
        ("alice@example.com", "x" * 100_000),
    ]
    answers = set()
    for email, guessed in attempts:
        with pytest.raises(PermissionRefused) as refused:
            authenticate(email, guessed, address=HERE)
        answers.add((refused.value.code, refused.value.message))
    assert answers == {("invalid_credentials", "The e-mail address or the password is wrong.")}


@pytest.mark.django_db
def test_hashes_as_often_for_an_unknown_user_as_for_a_known_one(alice: User) -> None:
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    work = []
    for email in ("alice@example.com", "nobody@example.com"):
        with mock.patch(hasher, return_value="md5$salt$hash") as encode:
            guess(email)
        work.append(encode.call_count)
    assert work[0] == work[1] > 0


def test_lets_the_right_password_in_whatever_the_case_of_the_address(
    alice: User, password: str
) -> None:
    assert authenticate(" Alice@Example.COM ", password, address=HERE) == alice
    assert authenticate("alice@example.com", password, address="not an address") == alice


def test_refuses_the_right_password_too_after_ten_wrong_ones(alice: User, password: str) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        assert {guess("alice@example.com") for _ in range(10)} == {"invalid_credentials"}
        with pytest.raises(LimitReached) as refused:
            authenticate("Alice@example.com", password, address=HERE)
        assert (refused.value.code, refused.value.retry_after) == ("too_many_attempts", 900)
        clock.shift(901)
        assert authenticate("alice@example.com", password, address=HERE) == alice


def test_one_who_guesses_does_not_lock_the_owner_out(alice: User, password: str) -> None:
    for _ in range(20):
        guess("alice@example.com", address="198.51.100.7")
    assert authenticate("alice@example.com", password, address=HERE) == alice


def test_the_right_password_forgives_the_wrong_ones_before(alice: User, password: str) -> None:
    for _ in range(3):
        for _ in range(9):
            assert guess("alice@example.com") == "invalid_credentials"
        authenticate("alice@example.com", password, address=HERE)


def test_limits_guesses_at_one_account_from_many_addresses(alice: User) -> None:
    codes = [guess("alice@example.com", address=f"203.0.113.{n}") for n in range(101)]
    assert codes == ["invalid_credentials"] * 100 + ["too_many_attempts"]


@pytest.mark.django_db
def test_limits_what_one_address_tries_at_many_accounts() -> None:
    codes = [guess(f"user{n}@example.com") for n in range(201)]
    assert codes == ["invalid_credentials"] * 200 + ["too_many_attempts"]


def test_a_network_of_ipv6_addresses_counts_as_one(alice: User) -> None:
    codes = [guess("alice@example.com", address=f"2001:db8:1:2::{n:x}") for n in range(11)]
    assert codes == ["invalid_credentials"] * 10 + ["too_many_attempts"]
    assert guess("alice@example.com", address="2001:db8:1:3::1") == "invalid_credentials"
    assert guess("alice@example.com", address="::ffff:192.0.2.1") == "invalid_credentials"


@pytest.mark.django_db(transaction=True)
def test_evaluates_exactly_ten_of_two_hundred_parallel_guesses(alice: User) -> None:
    barrier = Barrier(20)

    def attempt(_: int) -> list[str]:
        barrier.wait(timeout=10)
        try:
            return [guess("alice@example.com") for _ in range(10)]
        finally:
            connection.close()

    with (
        mock.patch.object(authenticating.auth, "authenticate", return_value=None) as evaluate,
        ThreadPoolExecutor(20) as pool,
    ):
        codes = [code for codes in pool.map(attempt, range(20)) for code in codes]
    assert evaluate.call_count == codes.count("invalid_credentials") == 10
    assert codes.count("too_many_attempts") == 190


def test_stays_closed_while_redis_does_not_answer(
    alice: User, password: str, settings: LazySettings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.REDIS_PREFIX = f"freshleads-test-{secrets.token_hex(4)}:"
    with pytest.raises(LimitReached) as refused:
        authenticate("alice@example.com", password, address=HERE)
    assert (refused.value.code, refused.value.retry_after) == ("attempts_paused", 5)
