"""The whole installation as a group of real processes, as `./run` starts it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import requests

PROJECT = Path(__file__).resolve().parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """Return a function that starts `manage.py up` in a folder of its own."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "FRESHLEADS_DATA": str(tmp_path),
        "FRESHLEADS_SANDBOX": "true",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PORT": str(port),
    }

    def run(*arguments: str, **more: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *arguments],
            cwd=PROJECT,
            env={**environment, **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def pids(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "processes.json").read_text())
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def is_healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except requests.ConnectionError:
        return False


def test_the_demo_finds_fifty_leads_writes_them_and_is_free_the_second_time(
    start: Start, tmp_path: Path
) -> None:
    out, err = start("--demo", "--exit").communicate(timeout=150)
    assert re.search(r"^(\d+) leads: \1 new \(charged \1 credits\)", out, re.MULTILINE), out + err
    path = Path(re.search(r"Spreadsheet: (.+)", out).group(1))  # type: ignore[union-attr]
    sheet = openpyxl.load_workbook(path, read_only=True)["Leads"]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) - 1 >= 50
    assert rows[0][0] == "Business name"
    assert re.search(r"Sign in \(works once\): http://127\.0\.0\.1:\d+/\S+", out)
    out, err = start("--demo", "--exit").communicate(timeout=150)
    assert " 0 new (charged 0 credits)" in out, out + err
    assert not (tmp_path / "processes.json").exists()


def test_a_port_in_use_is_said_in_one_line(start: Start, port: int) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = start()
        _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.strip() == f"CommandError: Port {port} is in use. Choose another: PORT=8001 ./run"


def test_a_second_copy_on_the_same_folder_is_refused_in_one_line(
    start: Start, tmp_path: Path, port: int
) -> None:
    start()
    wait_for(lambda: is_healthy(port))
    second = start(PORT=str(free_port()))
    _, err = second.communicate(timeout=60)
    assert second.returncode == 1
    assert err.strip().startswith(f"CommandError: FreshLeads already runs on {tmp_path}.")
    assert is_healthy(port), "the first copy goes on"


def test_what_dies_is_restarted_and_what_is_stopped_is_gone(
    start: Start, tmp_path: Path, port: int
) -> None:
    group = start()
    wait_for(lambda: is_healthy(port))
    before = pids(tmp_path)
    assert set(before) == {"sandbox", "all"}
    os.kill(before["all"], signal.SIGKILL)
    wait_for(lambda: pids(tmp_path)["all"] != before["all"] and is_healthy(port))
    now = pids(tmp_path)
    group.send_signal(signal.SIGINT)
    group.communicate(timeout=30)
    assert group.returncode == 0
    assert [name for name, pid in now.items() if is_alive(pid)] == []


def test_nothing_outlives_a_supervisor_that_was_killed(
    start: Start, tmp_path: Path, port: int
) -> None:
    group = start()
    wait_for(lambda: is_healthy(port))
    running = pids(tmp_path)
    group.kill()
    group.communicate(timeout=30)
    wait_for(lambda: not any(is_alive(pid) for pid in running.values()), seconds=15)
