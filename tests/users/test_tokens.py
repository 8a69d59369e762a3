"""API tokens: one day, one installation, one password."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
import time_machine
from django.conf import LazySettings, settings
from django.utils import timezone

from freshleads.lib.errors import PermissionRefused
from freshleads.users import tokens
from freshleads.users.models import User


def refusal(token: str) -> str:
    with pytest.raises(PermissionRefused) as refused:
        tokens.user_for_token(token)
    return refused.value.code


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


def without_signature(payload: dict[str, object]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, payload)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def test_refuses_forged_tokens(alice: User) -> None:
    token, _ = tokens.issue_token(alice)
    payload = claims(token)
    forged = [
        "",
        "x",
        "a.b.c",
        "\x00",
        "é.é.é",
        token[:-2],
        f"{token}x",
        without_signature(payload),
        jwt.encode(payload, settings.SECRET_KEY, algorithm="HS256"),
        jwt.encode(payload, "x" * 64, algorithm="HS256"),
    ]
    assert {refusal(text) for text in forged} == {"invalid_token"}


@pytest.mark.django_db
def test_refuses_a_token_of_another_installation(alice: User, settings: LazySettings) -> None:
    token, _ = tokens.issue_token(alice)
    settings.SITE_URL = "https://elsewhere.example"
    assert refusal(token) == "invalid_token"
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.SECRET_KEY = "another key " * 5
    assert refusal(token) == "invalid_token"


def test_a_token_names_its_user_for_a_day(alice: User, charlie: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token, lives = tokens.issue_token(alice)
        assert lives == 86_400
        assert tokens.user_for_token(token) == alice
        assert tokens.user_for_token(tokens.issue_token(charlie)[0]) == charlie
        clock.shift(timedelta(seconds=86_399))
        assert tokens.user_for_token(token) == alice
        clock.shift(timedelta(seconds=2))
        assert refusal(token) == "expired_token"


def test_a_new_password_ends_the_tokens_of_this_user_alone(alice: User, charlie: User) -> None:
    hers, _ = tokens.issue_token(alice)
    his, _ = tokens.issue_token(charlie)
    alice.set_password("another long sentence")
    alice.save()
    assert refusal(hers) == "invalid_token"
    assert tokens.user_for_token(his) == charlie
    assert tokens.user_for_token(tokens.issue_token(alice)[0]) == alice


def test_refuses_users_who_were_shut_out_or_removed(alice: User, charlie: User) -> None:
    hers, _ = tokens.issue_token(alice)
    his, _ = tokens.issue_token(charlie)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    charlie.delete()
    assert refusal(hers) == refusal(his) == "invalid_token"


def test_a_token_tells_nothing_about_the_person(alice: User) -> None:
    token, _ = tokens.issue_token(alice)
    payload = claims(token)
    assert set(payload) == {"token_type", "exp", "iat", "jti", "sub", "pwd", "aud", "iss"}
    assert alice.password not in str(payload)
    assert "alice" not in str(payload)
