"""One pace for the whole installation: a request a second to Nominatim, two slots at Overpass."""

import threading
import time
from collections.abc import Iterator

import pytest

from freshleads.lib.errors import ProviderError
from freshleads.users import throttling
from leads import pacing
from leads.pacing import turn_at
from tests.settings import TEST_REDIS_URL


@pytest.fixture(autouse=True)
def own_limiter(monkeypatch: pytest.MonkeyPatch) -> Iterator[throttling.Limiter]:
    """Give each test windows of its own."""
    limiter = throttling.Limiter("", "test-pacing:")
    monkeypatch.setattr(pacing, "limiter", lambda: limiter)
    yield limiter


def refusal(service: str) -> ProviderError:
    with pytest.raises(ProviderError) as caught, turn_at(service):
        pass
    return caught.value


def test_nominatim_is_asked_once_a_second_however_many_ask() -> None:
    moments: list[float] = []

    def ask() -> None:
        with turn_at("nominatim"):
            moments.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert len(moments) == 3
    assert max(moments) - min(moments) > 1.5


def test_overpass_has_two_slots_and_a_third_asker_waits_for_one() -> None:
    order: list[str] = []
    with turn_at("overpass"):
        second = turn_at("overpass")
        second.__enter__()

        def ask() -> None:
            with turn_at("overpass"):
                order.append("third got in")

        third = threading.Thread(target=ask)
        third.start()
        time.sleep(0.3)
        order.append("second leaves")
        second.__exit__(None, None, None)
        third.join(5)
    assert order == ["second leaves", "third got in"]


def test_who_gets_no_turn_in_time_comes_back_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "WAIT_SECONDS", 0.2)
    with turn_at("overpass"), turn_at("overpass"):
        error = refusal("overpass")
    assert (error.code, error.permanent, error.retry_after) == ("quota_exceeded", False, 10)
    assert error.message == "Others of this installation are asking Overpass at the moment."
    with turn_at("nominatim"):
        assert refusal("nominatim").code == "quota_exceeded"


def test_a_failing_request_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "WAIT_SECONDS", 0.2)
    for _ in range(5):
        with pytest.raises(RuntimeError), turn_at("overpass"):
            raise RuntimeError


def test_the_slot_of_a_killed_process_is_free_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "SLOT_SECONDS", 1)
    monkeypatch.setattr(pacing, "OVERPASS_SLOTS", 1)
    turn_at("overpass").__enter__()  # and nobody leaves
    with turn_at("overpass"):
        pass


def test_where_nobody_can_tell_whose_turn_it_is_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unreachable = throttling.Limiter("redis://127.0.0.1:1/0", "test-pacing:")
    monkeypatch.setattr(pacing, "limiter", lambda: unreachable)
    for service in ("nominatim", "overpass"):
        assert isinstance(refusal(service), throttling.LimiterUnavailable)


@pytest.mark.redis
@pytest.mark.skipif(not TEST_REDIS_URL, reason="needs Redis")
def test_processes_share_the_pace_through_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = f"test-pacing-{time.time_ns()}:"
    processes = [throttling.Limiter(TEST_REDIS_URL, prefix) for _ in range(2)]
    turns = iter(processes * 100)
    monkeypatch.setattr(pacing, "limiter", lambda: next(turns))
    monkeypatch.setattr(pacing, "WAIT_SECONDS", 0.3)
    with turn_at("nominatim"):
        assert refusal("nominatim").code == "quota_exceeded"
    with turn_at("overpass"), turn_at("overpass"):
        assert refusal("overpass").code == "quota_exceeded"
    with turn_at("overpass"):
        pass
