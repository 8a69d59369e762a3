"""Imports that are killed, stopped, without room, or beside others: the old places answer.

A full disk is a limit that SQLite itself enforces, an error that the operating system would give,
or a report of free space that shrinks.
"""

import errno
import fcntl
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest

from leads.place_store import importing, schema, staging, writing
from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, Progress, import_files
from leads.place_store.refusing import ImportRefused
from leads.place_store.working import WORKING
from tests.place_store.conftest import Find
from tests.place_store.files import (
    feature,
    import_into,
    overture_row,
    write_geojson,
    write_parquet,
)

PHASES = ("reading", "sorting", "writing", "checking")
PROJECT = Path(__file__).resolve().parents[2]
IMPORT_AND_HANG = """
import sys, time
from pathlib import Path
from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, import_files

def hang(progress):
    if progress.doing == sys.argv[3]:
        print("here", flush=True)
        time.sleep(60)

folder, path = Path(sys.argv[1]), Path(sys.argv[2])
import_files(folder, "test", choose_files([path]), choices=Choices(), report=hang)
"""


class Disk(NamedTuple):
    """What `shutil.disk_usage` tells."""

    total: int
    used: int
    free: int


@pytest.fixture
def old(tmp_path: Path, folder: Path, find: Find) -> Path:
    """Import one place; returns a file with others."""
    import_into(folder, write_parquet(tmp_path / "old.parquet", [overture_row(1)]))
    return write_parquet(tmp_path / "new.parquet", map(overture_row, range(2, 3_000)))


def assert_unchanged(folder: Path, find: Find) -> None:
    assert [place.name for place in find("dental clinic")] == ["Bright Smiles 1"]
    assert not (folder / WORKING).exists()
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "test.places"]


@pytest.mark.parametrize("phase", PHASES)
def test_a_killed_import_leaves_the_old_places_and_the_next_one_goes_through(
    folder: Path, find: Find, old: Path, phase: str
) -> None:
    command = [sys.executable, "-c", IMPORT_AND_HANG, str(folder), str(old), phase]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(signal.SIGKILL)
    assert (folder / WORKING).exists()
    assert [place.name for place in find("dental clinic")] == ["Bright Smiles 1"]
    import_into(folder, old)
    assert len(find("dental clinic", limit=5_000)) == 2_998
    assert not (folder / WORKING).exists()


@pytest.mark.parametrize("phase", PHASES)
def test_a_stopped_import_leaves_nothing_behind(
    folder: Path, find: Find, old: Path, phase: str
) -> None:
    def stop(progress: Progress) -> None:
        if progress.doing == phase:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(folder, "test", choose_files([old]), choices=Choices(), report=stop)
    assert_unchanged(folder, find)


def test_too_little_room_is_told_before_anything_is_read(
    folder: Path, find: Find, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**9, 10**9, 100_000_000))
    with pytest.raises(ImportRefused, match=r"needs about 0\.3 GB .* 0\.1 GB are free") as refused:
        import_into(folder, old)
    assert refused.value.code == "no_room"
    assert_unchanged(folder, find)


@pytest.mark.parametrize("phase", PHASES[:1] + PHASES[2:3])
def test_a_disk_that_fills_up_meanwhile_is_left_some_room(
    folder: Path, find: Find, old: Path, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    now = Disk(10**9, 0, 10**9)
    monkeypatch.setattr(writing, "BATCH", 500)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: now)

    def fill(progress: Progress) -> None:
        nonlocal now
        if progress.doing == phase:
            now = Disk(10**9, 0, 1_000_000)

    with pytest.raises(ImportRefused, match="disk is full") as refused:
        import_files(folder, "test", choose_files([old, old]), choices=Choices(), report=fill)
    assert refused.value.code == "no_room"
    assert_unchanged(folder, find)


def test_a_database_that_finds_no_room_is_told_as_a_full_disk(
    folder: Path, find: Find, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = schema.BUILDING + "PRAGMA max_page_count = 30;"
    monkeypatch.setattr(schema, "BUILDING", limited)
    with pytest.raises(ImportRefused, match="disk is full") as refused:
        import_into(folder, old)
    assert refused.value.code == "no_room"
    assert_unchanged(folder, find)


def test_an_operating_system_that_finds_no_room_is_told_as_a_full_disk(
    tmp_path: Path, folder: Path, find: Find, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: object) -> Iterator[dict[str, Any]]:
        yield feature({"shop": "bakery", "name": "Backhaus"}, at=(52.5, 13.4))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(importing, "read_features", full)
    with pytest.raises(ImportRefused, match="disk is full") as refused:
        import_into(folder, write_geojson(tmp_path / "a.json", []))
    assert refused.value.code == "no_room"
    assert_unchanged(folder, find)


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, old: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ImportRefused, match=r"still there: .*file") as refused:
        import_into(tmp_path / "file" / "places", old)
    assert refused.value.code == "import_failed"


def test_too_little_memory_is_told_in_one_line(
    folder: Path, find: Find, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "MEMORY", "3MB")
    with pytest.raises(ImportRefused) as refused:
        import_into(folder, old)
    assert refused.value.code in {"import_failed", "unreadable_file"}
    assert "\n" not in refused.value.message
    assert_unchanged(folder, find)


def test_more_datasets_than_a_search_looks_into_are_refused(
    folder: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_DATASETS", 1)
    import_into(folder, old)
    with pytest.raises(ImportRefused) as refused:
        import_into(folder, old, name="second")
    assert refused.value.code == "too_many_datasets"
    assert not (folder / "second.places").exists()


def test_only_one_import_runs_at_a_time(folder: Path, find: Find, old: Path) -> None:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ImportRefused, match="Another import") as refused:
            import_into(folder, old)
    assert refused.value.code == "import_running"
    assert_unchanged(folder, find)


def test_readers_see_the_old_places_or_the_new_ones_but_never_a_mixture(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    sizes = (40, 90)
    files = [
        write_parquet(tmp_path / f"{size}.parquet", map(overture_row, range(size)))
        for size in sizes
    ]
    import_into(folder, files[0])
    seen: set[int] = set()
    failures: list[BaseException] = []
    is_over = Event()

    def read() -> None:
        try:
            while not is_over.is_set():
                seen.add(len(find("dental clinic")))
        except BaseException as error:
            failures.append(error)

    readers = [Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 7):
        import_into(folder, files[number % 2])
    is_over.set()
    for reader in readers:
        reader.join(30)
    assert failures == []
    assert seen == set(sizes)
