"""Operators see people, workspaces and keys; a secret is never shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.billing.models import CreditEntry
from freshleads.billing.signing_up import sign_up
from freshleads.lib.errors import PermissionRefused
from freshleads.users import keys
from freshleads.users.models import User, Workspace
from leads.models import Lead, Search


def test_a_new_operator_can_be_added_by_hand(admin: Client) -> None:
    password = "a long enough passphrase"
    answer = admin.post(
        reverse("admin:users_user_add"),
        {
            "email": "New@example.org",
            "name": "New",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )
    assert answer.status_code == 302
    user = User.objects.get(email__iexact="new@example.org")
    assert user.check_password(password)
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_an_address_that_is_taken_in_other_letters_is_refused(
    admin: Client, installation: Any
) -> None:
    password = "a long enough passphrase"
    answer = admin.post(
        reverse("admin:users_user_add"),
        {
            "email": "ADA@example.org",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1


def test_a_user_can_be_locked_out(admin: Client, installation: Any) -> None:
    admin.post(
        reverse("admin:users_user_change", args=[installation.owner.pk]),
        {"email": "ada@example.org", "name": "Ada"},
    )
    installation.owner.refresh_from_db()
    assert installation.owner.is_active is False


def test_a_password_is_neither_shown_nor_its_hash(admin: Client, installation: Any) -> None:
    page = admin.get(reverse("admin:users_user_change", args=[installation.owner.pk]))
    assert installation.owner.password not in page.content.decode()


def test_a_revoked_key_opens_nothing_any_more(admin: Client, installation: Any) -> None:
    key, clear = keys.create_key(installation.workspace, created_by=None, name="Second")
    assert keys.workspace_for_key(clear) == key
    answer = admin.post(
        reverse("admin:users_apikey_changelist"),
        {"action": "revoke", "_selected_action": [key.pk]},
    )
    assert answer.status_code == 302
    with pytest.raises(PermissionRefused) as refusal:
        keys.workspace_for_key(clear)
    assert refusal.value.code == "revoked_key"
    installation.key.refresh_from_db()
    assert installation.key.revoked_at is None, "the other key lives on"


def test_the_digest_of_a_key_is_not_shown(admin: Client, installation: Any) -> None:
    page = admin.get(reverse("admin:users_apikey_change", args=[installation.key.pk]))
    assert page.status_code == 200
    assert installation.key.digest not in page.content.decode()


def test_who_may_only_look_revokes_no_key(viewer: Client, installation: Any) -> None:
    viewer.post(
        reverse("admin:users_apikey_changelist"),
        {"action": "revoke", "_selected_action": [installation.key.pk]},
    )
    installation.key.refresh_from_db()
    assert installation.key.revoked_at is None


def test_a_workspace_without_a_plan_cannot_be_made_by_hand(admin: Client) -> None:
    assert admin.get(reverse("admin:users_workspace_add")).status_code == 403


def test_a_workspace_is_erased_with_all_it_owns_and_nothing_else(
    admin: Client, installation: Any
) -> None:
    sign_up("eve@example.org", "correct horse battery")
    path = reverse("admin:users_workspace_delete", args=[installation.workspace.pk])
    page = admin.get(path).content.decode()
    assert "with everything in it" in page
    assert admin.post(path, {"post": "yes"}).status_code == 302
    assert not Lead.objects.exists()
    assert not Search.objects.exists()
    assert Workspace.objects.get().name
    assert CreditEntry.objects.count() == 1, "the other workspace's grant"
    assert User.objects.filter(email="ada@example.org").exists()


def test_who_may_only_look_erases_no_workspace(viewer: Client, installation: Any) -> None:
    path = reverse("admin:users_workspace_delete", args=[installation.workspace.pk])
    assert viewer.post(path, {"post": "yes"}).status_code == 403
    assert Workspace.objects.count() == 1
