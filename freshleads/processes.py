"""The processes of an installation, and how one of them becomes web, worker and scheduler.

Embedded (no REDIS_URL): web, worker and scheduler are threads of one process around a memory
broker, and a lock file keeps a second one away from the same database. With REDIS_URL each is a
process of its own. A process started with a parent ends when the parent is gone.
"""

import errno
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import waitress
from celery.beat import EmbeddedService
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from freshleads.celery import app, make_app
from leads import leasing, tasks
from leads.import_leases import LEASES as IMPORT_LEASES
from leads.lookup_leases import LEASES as LOOKUP_LEASES

logger = logging.getLogger(__name__)

# How many threads serve each queue: somebody waits for a lookup, so it must not stand behind slices
# of searches, which take minutes. An import only computes: two would only take turns.
THREADS: Mapping[str, int] = {
    settings.CELERY_TASK_DEFAULT_QUEUE: 4,
    settings.LOOKUPS_QUEUE: 8,
    settings.IMPORTS_QUEUE: 1,
}
STOP_SECONDS = 5.0
# What is larger than an upload may be is told beside its field; what is this many times larger is
# not even received.
LARGEST_BODIES = 4


class AlreadyRunning(Exception):
    """Another process serves this data folder."""


class PortInUse(Exception):
    """The address cannot be listened on; the message says why."""


def end_with_parent() -> None:
    """End this process when its standard input closes, which a dying parent cannot prevent."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()


def serve_embedded(application: WSGIHandler, *, port: int) -> None:
    """Run web, worker and scheduler in this process until it is told to stop."""
    lock = _lock(Path(settings.DATA_DIR) / "serve.lock")
    # Whoever held them is dead: the lock says that we are alone.
    leasing.forget_leases()
    LOOKUP_LEASES.forget()
    IMPORT_LEASES.forget()
    listener = _listen(port)
    is_stopping = threading.Event()
    workers = start_workers("embedded@localhost", is_stopping, without_heartbeat=True)
    scheduler = EmbeddedService(
        app, max_interval=1, thread=True, scheduler_cls=settings.CELERY_BEAT_SCHEDULER
    )
    scheduler.daemon = True
    scheduler.start()
    tasks.sweep_searches.delay()  # what waits since before the start need not wait for the clock

    def stop() -> None:
        is_stopping.set()
        scheduler.stop()
        stop_workers(workers)

    _serve(application, listener, before_end=stop)
    lock.close()


def serve_web(application: WSGIHandler, *, port: int) -> None:
    """Run the web server alone until it is told to stop."""
    _serve(application, _listen(port), before_end=lambda: None)


def run_worker() -> None:
    """Run a worker process until it is told to stop."""
    is_stopping = threading.Event()
    workers = start_workers(f"worker-{os.getpid()}@{socket.gethostname()}", is_stopping)

    def stop() -> None:
        is_stopping.set()
        stop_workers(workers)

    _on_stop(lambda: _exit_soon(stop))
    threading.Event().wait()  # the end comes from `_exit_soon` or from a worker that ended


def run_scheduler() -> None:
    """Run the scheduler process until it is told to stop."""
    _on_stop(lambda: os._exit(0))
    app.Beat(max_interval=1, loglevel="WARNING").start_scheduler()


def _lock(path: Path) -> IO[str]:
    lock = path.open("a", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunning(
            f"FreshLeads already runs on {settings.DATA_DIR}. Stop it, or set FRESHLEADS_DATA to "
            "another folder."
        ) from error
    return lock


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.BIND_ADDRESS, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"Port {port} is in use. Set PORT to a free one.") from error
        raise PortInUse(
            f"Cannot listen on {settings.BIND_ADDRESS}:{port} ({error.strerror}). Set PORT or "
            "FRESHLEADS_BIND, an IPv4 address of this machine."
        ) from error
    return listener


def _proxy_options() -> dict[str, Any]:
    """Return whose word counts for a client's address and scheme: nobody's, or the proxy's."""
    if not settings.BEHIND_PROXY:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": "*",  # the setting says that nobody else can reach this port
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def _serve(
    application: WSGIHandler, listener: socket.socket, *, before_end: Callable[[], None]
) -> None:
    server = waitress.create_server(
        application,
        sockets=[listener],
        threads=settings.WEB_THREADS,
        max_request_body_size=LARGEST_BODIES * settings.LEADS_IMPORT_MAX_MB * 1024 * 1024,
        ident=None,
        **_proxy_options(),
    )
    _on_stop(lambda: _exit_soon(before_end))
    server.run()


def start_workers(name: str, is_stopping: threading.Event, **options: Any) -> list[Any]:
    """Start a worker for each queue, on threads of this process."""
    workers = []
    for queue, threads in THREADS.items():
        # An application of its own each: the queues that a worker listens to are the application's.
        its_app = make_app(set_as_current=False)
        worker = its_app.WorkController(
            app=its_app,
            hostname=f"{queue}-{name}",
            queues=[queue],
            pool_cls="threads",
            concurrency=threads,
            without_gossip=True,
            without_mingle=True,
            **options,
        )
        threading.Thread(
            target=_work_until, args=(worker, is_stopping), name=f"worker-{queue}", daemon=True
        ).start()
        workers.append(worker)
    return workers


def stop_workers(workers: Sequence[Any]) -> None:
    """Let workers end; what they leave unfinished is taken up again."""
    for worker in workers:
        worker.stop()


def _work_until(worker: Any, is_stopping: threading.Event) -> None:
    """Run the worker; without it the process is no use, and a supervisor starts it again."""
    worker.start()
    if not is_stopping.is_set():
        logger.critical("a worker ended by itself; so does this process")
        os._exit(1)


def _exit_soon(stop: Callable[[], None]) -> None:
    """Stop in a thread and leave after five seconds at most: unfinished rows are taken up again."""
    thread = threading.Thread(target=stop, name="stopping", daemon=True)
    thread.start()

    def leave() -> None:
        thread.join(STOP_SECONDS)
        os._exit(0)

    threading.Thread(target=leave, name="leaving", daemon=True).start()


def _on_stop(action: Callable[[], None]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: action())
