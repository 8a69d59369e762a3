"""Requests in a minute: exact, told in headers, one count for a whole workspace."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_django.fixtures import Settings

from freshleads.api import limits
from freshleads.users import keys, throttling, tokens
from freshleads.users.models import User, Workspace

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_every_answer_tells_the_limit_and_what_is_left(
    alices_api: Any, alices: Workspace, allow: Any
) -> None:
    allow(alices, 3)
    with time_machine.travel(NOON, tick=False) as clock:
        first = alices_api.get("/leads")
        clock.shift(15)
        second = alices_api.get("/leads/lead_0")
    assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert first.headers["RateLimit"] == '"default";r=2;t=60'
    assert (second.status_code, second.headers["RateLimit"]) == (404, '"default";r=1;t=45')


def test_who_waits_as_told_is_let_in_again(alices_api: Any, alices: Workspace, allow: Any) -> None:
    allow(alices, 2)
    with time_machine.travel(NOON, tick=False) as clock:
        assert alices_api.get("/leads").status_code == 200
        clock.shift(20)
        assert alices_api.get("/leads").status_code == 200
        refused = alices_api.get("/leads")
        assert refused.headers["Retry-After"] == "40"
        assert refused.headers["RateLimit"] == '"default";r=0;t=40'
        clock.shift(39)
        last = alices_api.get("/leads")
        assert last.json()["error"]["message"] == "Rate limit exceeded. Try again in 1 second."
        clock.shift(1.001)
        assert alices_api.get("/leads").status_code == 200


def test_all_credentials_of_a_workspace_share_a_count_and_others_do_not(
    alices_api: Any,
    charlies_api: Any,
    api_with: Any,
    alice: User,
    alices: Workspace,
    charlies: Workspace,
    allow: Any,
) -> None:
    allow(alices, 2)
    allow(charlies, 2)
    other_key = api_with(keys.create_key(alices, created_by=None, name="Second")[1])
    token = api_with(tokens.issue_token(alice)[0])
    statuses = [api.get("/account").status_code for api in (alices_api, other_key, token)]
    assert statuses == [200, 200, 429]
    assert charlies_api.get("/account").status_code == 200


def test_a_refused_credential_costs_nobody_a_request(
    alices_api: Any, nobodys_api: Any, alices: Workspace, allow: Any
) -> None:
    allow(alices, 1)
    response = nobodys_api.get("/leads")
    assert "RateLimit" not in response.headers
    assert alices_api.get("/leads").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_exactly_twenty_of_a_hundred_parallel_requests_pass(
    alices_api: Any, alices: Workspace, allow: Any
) -> None:
    allow(alices, 20)
    alices_api.get("/leads/lead_0")
    throttling._limiter.cache_clear()
    barrier = Barrier(10)

    def call_often(_: int) -> list[int]:
        barrier.wait(timeout=10)
        try:
            return [alices_api.get("/leads/lead_0").status_code for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        statuses = [status for found in pool.map(call_often, range(10)) for status in found]
    assert (statuses.count(404), statuses.count(429)) == (20, 80)


def test_without_redis_reading_goes_on_and_changing_waits(
    alices_api: Any,
    settings: Settings,
    refused: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = alices_api.get("/leads")
    assert response.status_code == 200
    assert "RateLimit" not in response.headers
    assert "cannot be counted" in caplog.text
    response = alices_api.post("/projects", {"name": "x"})
    assert refused(response) == (429, "requests_paused", None)
    assert response.headers["Retry-After"] == str(limits.PAUSE_SECONDS)
    assert alices_api.client.get("/api/v1/schema").status_code == 200
