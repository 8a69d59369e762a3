"""API keys: shown once, kept as digests, refused from the moment they are revoked."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from freshleads.billing.models import Plan
from freshleads.lib.errors import InvalidInput, LimitReached, NotFound, PermissionRefused
from freshleads.users import keys
from freshleads.users.models import ApiKey, User, Workspace


def refusal(clear: str) -> str:
    with pytest.raises(PermissionRefused) as refused:
        keys.workspace_for_key(clear)
    return refused.value.code


def test_refuses_everything_that_is_not_the_whole_key(alices: Workspace) -> None:
    key, clear = keys.create_key(alices, created_by=None, name="Program")
    wrong = [
        "",
        key.prefix,
        key.digest,
        f"{key.prefix}_{key.digest}",
        clear[:-1],
        clear + "0",
        clear + "\n",
        clear.upper(),
        clear[:-1] + ("0" if clear[-1] != "0" else "1"),
        f"fl_live_00000000_{clear[-32:]}",
        "fl_live_\ud800\x00",
        "x" * 100_000,
    ]
    assert {refusal(text) for text in wrong} == {"invalid_key"}
    assert ApiKey.objects.get().last_used_at is None


def test_a_key_finds_its_own_workspace_and_plan_with_one_query(
    alices: Workspace, charlies: Workspace
) -> None:
    _, hers = keys.create_key(alices, created_by=None, name="Hers")
    _, his = keys.create_key(charlies, created_by=None, name="His")
    keys.workspace_for_key(hers)
    with CaptureQueriesContext(connection) as queries:
        found = keys.workspace_for_key(hers)
        assert (found.workspace, found.workspace.subscription.plan.code) == (alices, "growth")
    assert len(queries) == 1
    assert keys.workspace_for_key(his).workspace == charlies


def test_the_clear_key_is_stored_nowhere(alices: Workspace, alice: User) -> None:
    key, clear = keys.create_key(alices, created_by=alice, name=" Program ")
    assert re.fullmatch(r"fl_live_[0-9a-z]{8}_[0-9a-z]{32}", clear)
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert not [value for value in stored.values() if clear[-32:] in str(value)]
    assert (stored["name"], stored["prefix"]) == ("Program", clear[:16])
    assert stored["created_by_id"] == alice.pk


def test_a_revoked_key_is_refused_at_once(alices: Workspace) -> None:
    key, clear = keys.create_key(alices, created_by=None, name="Program")
    first = keys.revoke_key(alices, key.public_id).revoked_at
    assert refusal(clear) == "revoked_key"
    assert refusal(clear[:-1] + ("0" if clear[-1] != "0" else "1")) == "invalid_key"
    assert keys.revoke_key(alices, key.public_id).revoked_at == first is not None


def test_nobody_revokes_a_strangers_key(alices: Workspace, charlies: Workspace) -> None:
    key, clear = keys.create_key(alices, created_by=None, name="Program")
    for public_id in (key.public_id, "key_unknown"):
        with pytest.raises(NotFound):
            keys.revoke_key(charlies, public_id)
    assert keys.workspace_for_key(clear) == key


def test_a_key_ends_at_its_time(alices: Workspace) -> None:
    ends_at = timezone.now() + timedelta(days=1)
    _, clear = keys.create_key(alices, created_by=None, name="Program", expires_at=ends_at)
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False):
        keys.workspace_for_key(clear)
    with time_machine.travel(ends_at, tick=False):
        assert refusal(clear) == "expired_key"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "\ud800"])
def test_refuses_a_key_without_a_proper_name(alices: Workspace, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        keys.create_key(alices, created_by=None, name=name)
    assert refused.value.param == "name"
    assert not ApiKey.objects.exists()


def test_refuses_a_key_that_has_expired_already(alices: Workspace) -> None:
    with pytest.raises(InvalidInput) as refused:
        keys.create_key(alices, created_by=None, name="Program", expires_at=timezone.now())
    assert refused.value.param == "expires_at"


def test_the_plan_limits_live_keys_only(alices: Workspace, charlies: Workspace) -> None:
    Plan.objects.filter(code="growth").update(api_keys=2)
    first, _ = keys.create_key(alices, created_by=None, name="First")
    soon = timezone.now() + timedelta(hours=1)
    keys.create_key(alices, created_by=None, name="Second", expires_at=soon)
    with pytest.raises(LimitReached) as refused:
        keys.create_key(alices, created_by=None, name="Third")
    assert (refused.value.code, refused.value.retry_after) == ("api_key_limit", None)
    keys.create_key(charlies, created_by=None, name="His own")
    keys.revoke_key(alices, first.public_id)
    keys.create_key(alices, created_by=None, name="Third")
    with time_machine.travel(soon, tick=False):
        keys.create_key(alices, created_by=None, name="Fourth")


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_make_no_more_keys_than_the_plan_allows(alices: Workspace) -> None:
    Plan.objects.filter(code="growth").update(api_keys=3)
    barrier = Barrier(8)

    def attempt(number: int) -> bool:
        barrier.wait(timeout=10)
        try:
            workspace = Workspace.objects.get(pk=alices.pk)
            keys.create_key(workspace, created_by=None, name=f"Key {number}")
        except LimitReached:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 3
    assert ApiKey.objects.count() == 3


def test_the_last_use_is_written_once_a_minute(alices: Workspace) -> None:
    key, clear = keys.create_key(alices, created_by=None, name="Program")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        used_at = timezone.now()
        keys.workspace_for_key(clear)
        clock.shift(59)
        with CaptureQueriesContext(connection) as queries:
            keys.workspace_for_key(clear)
        assert not [query for query in queries if query["sql"].startswith("UPDATE")]
        key.refresh_from_db()
        assert key.last_used_at == used_at
        clock.shift(1)
        keys.workspace_for_key(clear)
        key.refresh_from_db()
        assert key.last_used_at == used_at + timedelta(seconds=60)
