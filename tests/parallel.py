"""Functions let loose at once, each on a database connection of its own."""

import fcntl
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from time import monotonic, sleep
from typing import TypeVar

from django.db import OperationalError, connection

Result = TypeVar("Result")

PATIENCE = 120.0  # seconds; on a busy machine fifty connections take a while
LOCK = Path(tempfile.gettempdir()) / "freshleads-many-connections.lock"


def let_loose(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what each function returned; all begin when all have their connection.

    What went wrong in one thread is raised itself, not that the others waited for it in vain.
    """
    barrier = Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        try:
            _connect()
            barrier.wait(timeout=PATIENCE)
            return work()
        except BaseException:
            barrier.abort()
            raise
        finally:
            connection.close()

    with _only_one_at_a_time(), ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(begin, work) for work in works]
    errors = [error for future in futures if (error := future.exception())]
    if errors:
        raise next((e for e in errors if not isinstance(e, BrokenBarrierError)), errors[0])
    return [future.result() for future in futures]


def _connect() -> None:
    """Connect; where the server has no connection left just now, wait for one."""
    patient_until = monotonic() + PATIENCE / 2
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if monotonic() > patient_until:
                raise
            sleep(0.2)
        else:
            return


@contextmanager
def _only_one_at_a_time() -> Iterator[None]:
    """Keep the processes of test runs from taking each other's last connections.

    PostgreSQL allows 100 unless told otherwise: two tests with fifty threads would each hold what
    the other waits for.
    """
    patient_until = monotonic() + PATIENCE
    with LOCK.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > patient_until:
                    raise
                sleep(0.05)
        yield
