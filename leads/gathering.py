"""Slow work on a thread of its own, whose reports this thread stores while it keeps the lease."""

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

from leads.leasing import LeaseLost

STORED_AT_ONCE = 20
WAIT_SECONDS = 0.3
STOP_SECONDS = 10.0

Report = TypeVar("Report")


def gather(
    produce: Callable[[Callable[[Report], None], Callable[[], bool]], None],
    *,
    store: Callable[[list[Report]], None],
    keep: Callable[[], bool],
    name: str,
) -> None:
    """Run `produce(report, should_stop)` and store what it reports, a few at a time.

    Raises LeaseLost as soon as `keep` says that the lease is gone, and what the producer raised
    after everything it reported before is stored.
    """
    reports: Queue[Report] = Queue()
    failures: list[BaseException] = []
    stop = Event()

    def work() -> None:
        try:
            produce(reports.put, stop.is_set)
        except BaseException as error:
            failures.append(error)

    producer = Thread(target=work, name=name, daemon=True)
    producer.start()
    try:
        _drain(reports, is_running=producer.is_alive, keep=keep, store=store)
    finally:
        stop.set()
        producer.join(timeout=STOP_SECONDS)
    if failures:
        raise failures[0]


def _drain(
    reports: "Queue[Report]",
    *,
    is_running: Callable[[], bool],
    keep: Callable[[], bool],
    store: Callable[[list[Report]], None],
) -> None:
    while True:
        running = is_running()  # asked before the queue, so that no last report is missed
        batch = _take(reports)
        if batch:
            store(batch)
        elif not running:
            return
        if not keep():
            raise LeaseLost


def _take(reports: "Queue[Report]") -> list[Report]:
    """Wait shortly for a report and take those that wait with it."""
    batch: list[Report] = []
    with suppress(Empty):
        batch.append(reports.get(timeout=WAIT_SECONDS))
        while len(batch) < STORED_AT_ONCE:
            batch.append(reports.get_nowait())
    return batch
