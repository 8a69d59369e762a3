"""Signing in for a token, and what each credential opens."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from freshleads.users import authenticating, keys, tokens
from freshleads.users.models import ApiKey, Membership, User, Workspace


def test_gives_a_token_that_opens_the_workspace(
    nobodys_api: Any, api_with: Any, alice: User, alices: Workspace, password: str
) -> None:
    response = nobodys_api.post("/auth/token", {"email": "Alice@Example.com", "password": password})
    body = response.json()
    assert (response.status_code, set(body)) == (200, {"token", "expires_in", "plan"})
    assert (body["expires_in"], body["plan"]) == (86400, "growth")
    account = api_with(body["token"]).get("/account").json()
    assert account["workspace_id"] == alices.public_id


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com", "not an address"])
def test_wrong_credentials_look_the_same_whoever_is_named(
    nobodys_api: Any, alice: User, refused: Any, email: str
) -> None:
    response = nobodys_api.post("/auth/token", {"email": email, "password": "wrong"})
    assert refused(response) == (401, "invalid_credentials", None)
    message = response.json()["error"]["message"]
    assert message == "The e-mail address or the password is wrong."


def test_repeated_failures_have_to_wait(
    nobodys_api: Any, alice: User, refused: Any, password: str
) -> None:
    wrong = {"email": "alice@example.com", "password": "wrong"}
    for _ in range(authenticating.ATTEMPTS_AT_ACCOUNT_FROM_ADDRESS):
        assert nobodys_api.post("/auth/token", wrong).status_code == 401
    response = nobodys_api.post("/auth/token", {**wrong, "password": password})
    assert refused(response) == (429, "too_many_attempts", None)
    assert 1 <= response.json()["error"]["retry_after"] <= 900


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "email"),
        ({"email": "alice@example.com"}, "password"),
        ({"email": "", "password": "x"}, "email"),
        ({"email": 5, "password": "x"}, "email"),
        ({"email": ["alice@example.com"], "password": "x"}, "email"),
        ({"email": "alice@example.com", "password": True}, "password"),
        ({"email": "alice@example.com", "password": "x" * 1001}, "password"),
        ({"email": "alice\x00@example.com", "password": "x"}, "email"),
        ({"email": "alice@example.com", "password": "x", "otp": "1"}, "otp"),
    ],
)
def test_refuses_a_body_it_cannot_read(
    nobodys_api: Any, refused: Any, body: dict[str, Any], param: str
) -> None:
    assert refused(nobodys_api.post("/auth/token", body)) == (400, "invalid_parameter", param)


def test_blanks_around_a_password_belong_to_it(
    nobodys_api: Any, alice: User, refused: Any, password: str
) -> None:
    body = {"email": "alice@example.com", "password": f" {password}"}
    assert refused(nobodys_api.post("/auth/token", body))[0] == 401


def test_a_user_without_a_workspace_gets_no_token(
    nobodys_api: Any, alice: User, refused: Any, password: str
) -> None:
    Membership.objects.all().delete()
    body = {"email": "alice@example.com", "password": password}
    assert refused(nobodys_api.post("/auth/token", body)) == (403, "no_workspace", None)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YWxpY2U6eA==",
        "fl_live_00000000_00000000000000000000000000000000",
        "Bearer a b",
        f"Bearer {'x' * 5000}",
        "Bearer \u00e9\u00e9",
    ],
)
def test_a_request_without_a_bearer_says_how_to_send_one(
    nobodys_api: Any, refused: Any, header: str
) -> None:
    nobodys_api.client.defaults["HTTP_AUTHORIZATION"] = header
    assert refused(nobodys_api.get("/leads")) == (401, "missing_credentials", None)


@pytest.mark.parametrize(
    ("credential", "type"),
    [
        ("fl_live_00000000_00000000000000000000000000000000", "invalid_key"),
        ("fl_live_", "invalid_key"),
        ("fl_", "invalid_key"),
        ("a.b.c", "invalid_token"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "invalid_token"),
        ("null", "invalid_token"),
    ],
)
def test_refuses_a_credential_nobody_was_given(
    api_with: Any, db: None, refused: Any, credential: str, type: str
) -> None:
    assert refused(api_with(credential).get("/leads")) == (401, type, None)


def test_a_revoked_key_is_refused_at_once(alices_api: Any, alices: Workspace, refused: Any) -> None:
    assert alices_api.get("/leads").status_code == 200
    keys.revoke_key(alices, ApiKey.objects.get().public_id)
    assert refused(alices_api.get("/leads")) == (401, "revoked_key", None)


def test_an_expired_key_is_refused(alices_api: Any, alices: Workspace, refused: Any) -> None:
    ApiKey.objects.update(expires_at=timezone.now())
    assert refused(alices_api.get("/leads")) == (401, "expired_key", None)


def test_a_token_ends_after_a_day_and_with_its_password(
    api_with: Any, alice: User, refused: Any
) -> None:
    token, lifetime = tokens.issue_token(alice)
    with time_machine.travel(timezone.now() + timedelta(seconds=lifetime + 1)):
        assert refused(api_with(token).get("/leads")) == (401, "expired_token", None)
    alice.set_password("another long sentence")
    alice.save()
    assert refused(api_with(token).get("/leads")) == (401, "invalid_token", None)


def test_the_word_bearer_is_read_in_any_case(alices_api: Any) -> None:
    key, alices_api.credential = alices_api.credential, None
    alices_api.client.defaults["HTTP_AUTHORIZATION"] = f"bearer {key}"
    assert alices_api.get("/leads").status_code == 200
