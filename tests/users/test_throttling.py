"""Moving windows: exact whatever the number of threads, in memory and in Redis."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import redis
import time_machine

from freshleads.users import throttling
from freshleads.users.throttling import Limiter, LimiterUnavailable
from tests import settings as test_settings


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    if request.param == "memory":
        yield Limiter("", "")
        return
    if not test_settings.TEST_REDIS_URL:
        pytest.skip("needs a Redis server on its usual local port")
    prefix = f"freshleads-test-{secrets.token_hex(8)}:"
    yield Limiter(test_settings.TEST_REDIS_URL, prefix)
    with redis.Redis.from_url(test_settings.TEST_REDIS_URL) as server:
        for key in server.scan_iter(f"{prefix}*"):
            server.delete(key)


def hits_of_many_threads(limiter: Limiter, *, hits: int, threads: int, amount: int) -> list[Any]:
    barrier = Barrier(threads)

    def hit_often(_: int) -> list[Any]:
        barrier.wait(timeout=10)
        return [
            limiter.hit("api", "key", amount=amount, seconds=60) for _ in range(hits // threads)
        ]

    with ThreadPoolExecutor(threads) as pool:
        return [window for windows in pool.map(hit_often, range(threads)) for window in windows]


def test_lets_exactly_twenty_of_two_hundred_parallel_hits_pass(limiter: Limiter) -> None:
    windows = hits_of_many_threads(limiter, hits=200, threads=50, amount=20)
    assert len(windows) == 200
    assert sum(window.allowed for window in windows) == 20
    assert all(1 <= window.reset_after <= 60 for window in windows)
    assert all(window.remaining == 0 for window in windows if not window.allowed)


def test_counts_down_and_says_when_to_come_back(limiter: Limiter) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        first = limiter.hit("api", "key", amount=2, seconds=60)
        clock.shift(20)
        second = limiter.hit("api", "key", amount=2, seconds=60)
        third = limiter.hit("api", "key", amount=2, seconds=60)
    assert (first.allowed, first.remaining, first.limit) == (True, 1, 2)
    assert (second.allowed, second.remaining) == (True, 0)
    assert (third.allowed, third.remaining, third.reset_after) == (False, 0, 40)


def test_a_refused_hit_who_waits_as_told_is_let_in(limiter: Limiter) -> None:
    with time_machine.travel(1_800_000_000.25, tick=False) as clock:
        assert limiter.hit("api", "key", amount=1, seconds=60).allowed
        clock.shift(10.5)
        for _ in range(5):  # refused hits must not push the end of the wait away
            refused = limiter.hit("api", "key", amount=1, seconds=60)
        clock.shift(refused.reset_after)
        assert limiter.hit("api", "key", amount=1, seconds=60).allowed
    assert (refused.allowed, refused.reset_after) == (False, 50)


def test_keys_and_scopes_do_not_meet(limiter: Limiter) -> None:
    assert limiter.hit("api", "alice", amount=1, seconds=60).allowed
    assert limiter.hit("api", "charlie", amount=1, seconds=60).allowed
    assert limiter.hit("export", "alice", amount=1, seconds=60).allowed
    assert not limiter.hit("api", "alice", amount=1, seconds=60).allowed


def test_a_limit_of_nothing_lets_nothing_pass(limiter: Limiter) -> None:
    window = limiter.hit("api", "key", amount=0, seconds=60)
    assert (window.allowed, window.remaining, window.reset_after) == (False, 0, 60)


def test_forgets_when_told(limiter: Limiter) -> None:
    limiter.hit("api", "key", amount=1, seconds=60)
    limiter.clear("api", "key", amount=1, seconds=60)
    assert limiter.hit("api", "key", amount=1, seconds=60).allowed


def test_takes_keys_of_any_length_and_content(limiter: Limiter) -> None:
    for key in ("", "x" * 100_000, "\x00\ud800", "alice@example.com/60/second"):
        assert limiter.hit("api", key, amount=1, seconds=60).allowed


@pytest.mark.redis
def test_redis_holds_no_address_in_clear_and_lets_windows_expire() -> None:
    if not test_settings.TEST_REDIS_URL:
        pytest.skip("needs a Redis server on its usual local port")
    prefix = f"freshleads-test-{secrets.token_hex(8)}:"
    limiter = Limiter(test_settings.TEST_REDIS_URL, prefix)
    limiter.hit("sign-in", "alice@example.com", amount=1, seconds=60)
    with redis.Redis.from_url(test_settings.TEST_REDIS_URL) as server:
        keys = list(server.scan_iter(f"{prefix}*"))
        assert len(keys) == 1
        assert b"alice" not in keys[0]
        assert 0 < server.ttl(keys[0]) <= 60
        server.delete(*keys)


def test_says_so_when_redis_does_not_answer() -> None:
    limiter = Limiter("redis://127.0.0.1:1/0", "freshleads-test:")
    with pytest.raises(LimiterUnavailable):
        limiter.hit("api", "key", amount=1, seconds=60)
    with pytest.raises(LimiterUnavailable):
        limiter.clear("api", "key", amount=1, seconds=60)


def test_the_installation_has_one_limiter() -> None:
    with ThreadPoolExecutor(8) as pool:
        limiters = set(pool.map(lambda _: throttling.limiter(), range(64)))
    assert len(limiters) == 1
