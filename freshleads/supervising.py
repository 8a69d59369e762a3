"""Starts the processes of an installation as one group, restarts what dies, stops all together.

Each child reads from a pipe that only this process holds open: when this process dies, however it
dies, the pipes close and the children end by themselves.
"""

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
EXIT_WRONG_SETUP = 78  # os.EX_CONFIG: starting again cannot help
READY_SECONDS = 60.0
STOP_SECONDS = 8.0
FAST_DEATHS_ALLOWED = 5


class StartFailed(Exception):
    """A process of the group cannot start; the message says why in one line."""


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    fast_deaths: int = 0
    restart_at: float = 0.0

    def start(self, environment: Mapping[str, str], *, stdout: int | None = None) -> None:
        """Start the process with a pipe for its life line and its log in a file."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                cwd=PROJECT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=log if stdout is None else stdout,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches this process alone, which stops the rest
            )
        self.started_at = time.monotonic()

    def last_line(self) -> str:
        """Return the last line of the log, which says why a start failed."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"{self.name} ended without a word."


@dataclass
class Group:
    """The processes of one installation."""

    data: Path
    environment: dict[str, str]
    children: list[Child] = field(default_factory=list)
    is_stopping: bool = False

    def add(self, name: str, *command: str) -> Child:
        """Add a process of this Python; it starts with `start`."""
        folder = self.data / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        child = Child(name, [sys.executable, *command], folder / f"{name}.log")
        self.children.append(child)
        return child

    def start(self, child: Child) -> None:
        """Start a process and write down who runs where."""
        child.start(self.environment)
        self.write_pids()

    def write_pids(self) -> None:
        """Keep the process ids in a file, for operators and tests."""
        pids = {child.name: child.process.pid for child in self.children if child.process}
        part = self.data / "processes.json.part"
        part.write_text(json.dumps(pids), encoding="utf-8")
        part.replace(self.data / "processes.json")  # whole at any moment

    def watch(self, until: Callable[[], bool]) -> None:
        """Restart what dies until the condition holds or the group is stopping."""
        while not self.is_stopping and not until():
            for child in self.children:
                self._revive(child)
            time.sleep(0.1)

    def wait(self) -> None:
        """Sleep until the group is told to stop."""
        while not self.is_stopping:
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask every process to end, and end by force what does not within eight seconds."""
        self.is_stopping = True
        for child in reversed(self.children):
            if child.process and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        (self.data / "processes.json").unlink(missing_ok=True)

    def _revive(self, child: Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        now = time.monotonic()
        if child.restart_at == 0.0:
            code = child.process.returncode
            child.fast_deaths = child.fast_deaths + 1 if now - child.started_at < 5 else 0
            if code == EXIT_WRONG_SETUP or child.fast_deaths > FAST_DEATHS_ALLOWED:
                raise StartFailed(child.last_line())
            child.restart_at = now + min(0.2 * 2**child.fast_deaths, 5.0)
        elif now >= child.restart_at:
            child.restart_at = 0.0
            self.start(child)


def hold_folder(data: Path) -> IO[str]:
    """Keep other groups away from a data folder while the returned file is open."""
    lock = (data / "up.lock").open("a", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartFailed(
            f"FreshLeads already runs on {data}. Stop it, or set FRESHLEADS_DATA to another folder."
        ) from error
    return lock


def launch_sandbox(group: Group) -> Child:
    """Start the sandbox on free ports; `learn_ports` waits for it."""
    latency = group.environment.get("FRESHLEADS_SANDBOX_LATENCY_MS", "0")
    child = group.add(
        "sandbox", "-m", "freshleads.sandbox", "--exit-with-parent", "--latency-ms", latency
    )
    child.start(group.environment, stdout=subprocess.PIPE)
    return child


def learn_ports(group: Group, child: Child) -> None:
    """Read where the sandbox listens and tell every later process; StartFailed if it cannot."""
    assert child.process is not None and child.process.stdout is not None
    readable, _, _ = select.select([child.process.stdout], [], [], READY_SECONDS)
    line = child.process.stdout.readline() if readable else b""
    if not line:
        raise StartFailed(child.last_line())
    ports = json.loads(line)
    for name in ("web", "places", "dns", "smtp", "vendors"):
        group.environment[f"FRESHLEADS_SANDBOX_{name.upper()}_PORT"] = str(ports[name])
        # A restarted sandbox must come back where everyone looks for it.
        child.command = [*child.command, f"--{name}-port", str(ports[name])]
    doors = [":".join(map(str, door)) for door in ports.get("routes", [])]
    group.environment["FRESHLEADS_SANDBOX_ROUTES"] = ",".join(doors)
    group.write_pids()


@contextmanager
def watching(group: Group, address: tuple[str, int]) -> Iterator[None]:
    """Watch the group in a thread; StartFailed afterwards if a process of it could not start."""
    failures: list[StartFailed] = []

    def watch() -> None:
        try:
            _wait_until_listening(group, address)
            group.watch(lambda: False)
        except StartFailed as error:
            failures.append(error)
            group.is_stopping = True

    watcher = threading.Thread(target=watch, name="watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        group.is_stopping = True
        watcher.join()
    if failures:
        raise failures[0]


def _wait_until_listening(group: Group, address: tuple[str, int]) -> None:
    deadline = time.monotonic() + READY_SECONDS

    def is_listening() -> bool:
        if time.monotonic() > deadline:
            raise StartFailed(f"The web server did not answer within {READY_SECONDS:.0f} seconds.")
        try:
            with socket.create_connection(address, timeout=0.5):
                return True
        except OSError:
            return False

    group.watch(is_listening)


def stop_on_signals(group: Group) -> None:
    """Let Ctrl-C and SIGTERM end the watching, so that everything is stopped in order."""

    def stop(*_: object) -> None:
        group.is_stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def child_environment() -> dict[str, str]:
    """Return the environment of the children: this one, unbuffered."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
