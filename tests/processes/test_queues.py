"""Each queue has threads of its own, so that nobody waits behind somebody else's long work."""

from threading import Event, Semaphore

import pytest

from freshleads import processes
from leads import answering, leasing, running, tasks

PATIENCE_SECONDS = 60.0


def test_a_lookup_is_answered_while_searches_take_all_threads_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, may_end, answered = Semaphore(0), Event(), Event()

    def take_a_turn(search_id: int) -> int:
        begun.release()
        may_end.wait(PATIENCE_SECONDS)
        return search_id

    monkeypatch.setattr(leasing, "in_turn", take_a_turn)
    monkeypatch.setattr(running, "advance", lambda search_id: False)
    monkeypatch.setattr(tasks.LOOKUP_LEASES, "in_turn", lambda lookup_id: lookup_id)
    monkeypatch.setattr(answering, "answer", lambda lookup_id: answered.set())
    is_stopping = Event()
    workers = processes.start_workers("test@localhost", is_stopping, without_heartbeat=True)
    try:
        searches = processes.THREADS["celery"]
        for number in range(searches + 2):
            tasks.run_search.delay(number)
        for _ in range(searches):
            assert begun.acquire(timeout=PATIENCE_SECONDS)
        tasks.answer_lookup.delay(1)
        assert answered.wait(PATIENCE_SECONDS)
        assert not begun.acquire(blocking=False), "no more searches than threads"
    finally:
        may_end.set()
        is_stopping.set()
        processes.stop_workers(workers)
