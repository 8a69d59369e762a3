"""`./run` where something is missing: one line that says what, and never an endless wait."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script as a module whose project is an empty folder with an environment."""
    loader = SourceFileLoader("run_script", str(PROJECT / "run"))
    spec = spec_from_loader("run_script", loader)
    assert spec
    module = module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    (tmp_path / ".venv").mkdir()
    for name in ("package.json", "package-lock.json", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("{}")
    folder = tmp_path / ".venv"
    logs = {"SETUP_LOG": folder / "setup.log", "BROWSER_LOG": folder / "browser.log"}
    vars(module).update({"ROOT": tmp_path, "VENV": folder, **logs})
    return module


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Return a function that puts an npm of one shell line first in PATH; it notes its calls."""
    folder, calls = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir()
    calls.touch()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def put(line: str) -> Path:
        script = folder / "npm"
        script.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{line}\n')
        script.chmod(0o755)
        return calls

    yield put


def lines(calls: Path) -> list[str]:
    return calls.read_text().splitlines()


def log(runner: ModuleType, text: str) -> None:
    runner.SETUP_LOG.write_text(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("error: tcp connect error\ncause: dns error", "the package index cannot be reached"),
        ("[Errno -3] Temporary failure in name resolution", "the package index cannot be reached"),
        ("Connection refused (os error 111)", "the package index cannot be reached"),
        ("Command '['uv']' timed out after 1800 seconds", "the package index cannot be reached"),
        ("error: Failed to build `uvloop==0.23.0`", "making it needs a compiler"),
        ("ERROR: Failed building wheel for cffi", "making it needs a compiler"),
        ("command 'gcc' failed: No such file or directory", "making it needs a compiler"),
        ("fatal error: Python.h: No such file", "making it needs a compiler"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("something nobody foresaw", "setup.log"),
    ],
)
def test_a_failed_installation_is_told_in_one_line(
    runner: ModuleType, text: str, words: str
) -> None:
    log(runner, f"Resolving ...\n{text}\n")
    assert words in runner.reason()
    assert "\n" not in runner.reason()


def test_without_network_setting_up_ends_soon_with_one_line(tmp_path: Path) -> None:
    for name in ("run", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    environment = {
        "PATH": "/nowhere",
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": NOBODY,
        "UV_DEFAULT_INDEX": NOBODY,
    }
    done = subprocess.run(
        [sys.executable, "run", "setup"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "run: the packages could not be installed: the package index cannot be reached; "
        "check the network or the proxy."
    ]
    assert "The browser libraries could not be fetched" in done.stdout


def test_a_registry_that_hangs_is_given_up_and_left_alone_for_a_while(
    runner: ModuleType,
    npm: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls = npm("exec sleep 60")
    vars(runner)["BROWSER_SECONDS"] = 0.5
    started = time.monotonic()
    runner.install_browser_libraries(is_asked_for=False)
    assert time.monotonic() - started < 20
    told = "The browser libraries could not be fetched: pages look plain until ./run setup can."
    assert capsys.readouterr().out.splitlines() == [told]
    runner.install_browser_libraries(is_asked_for=False)
    assert capsys.readouterr().out.splitlines() == [told]
    assert len(lines(calls)) == 1, "the next start does not wait for it again"
    npm("exit 0")
    runner.install_browser_libraries(is_asked_for=True)
    assert capsys.readouterr().out == ""
    assert len(lines(calls)) == 2, "who asks for it gets it tried"


def test_libraries_that_are_there_are_not_fetched_again(
    runner: ModuleType, npm: Callable[[str], Path], tmp_path: Path
) -> None:
    calls = npm("exit 0")
    (tmp_path / "node_modules").mkdir()
    for _ in range(3):
        runner.install_browser_libraries(is_asked_for=True)
    assert len(lines(calls)) == 1
    assert lines(calls)[0].startswith("ci --ignore-scripts")


def test_without_npm_and_without_an_index_pages_stay_plain(
    runner: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner.shutil, "which", lambda name: None)
    monkeypatch.setattr(runner, "PYTHON", Path(sys.executable))
    for name, value in {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": NOBODY}.items():
        monkeypatch.setenv(name, value)
    log(runner, "")
    thread = threading.Thread(target=runner.install_browser_libraries, args=(False,))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert "pages look plain" in capsys.readouterr().out
