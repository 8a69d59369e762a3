"""How files of forms are taken in: within bounds, whatever is sent."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from freshleads.uploading import BoundedFile

MB = 1024 * 1024


@pytest.fixture
def sent(settings: Settings, tmp_path: Path) -> Any:
    """Return a function that sends files of so many bytes; returns those that arrived."""
    settings.LEADS_IMPORT_MAX_MB = 4
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    def send(*sizes: int) -> list[Any]:
        files = {f"file{n}": BytesIO(b"x" * size) for n, size in enumerate(sizes)}
        for name, file in files.items():
            file.name = f"{name}.csv"
        return list(RequestFactory().post("/", files).FILES.values())

    return send


def on_disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_small_file_stays_in_memory(sent: Any, tmp_path: Path) -> None:
    (file,) = sent(1000)
    assert isinstance(file, InMemoryUploadedFile)
    assert on_disk(tmp_path) == 0


def test_a_file_within_the_limit_is_kept_whole(sent: Any, tmp_path: Path) -> None:
    (file,) = sent(4 * MB)
    assert isinstance(file, BoundedFile)
    assert (file.size, len(file.read()), file.storage_error) == (4 * MB, 4 * MB, None)
    assert Path(file.temporary_file_path()).stat().st_mode & 0o777 == 0o600


def test_of_a_file_over_the_limit_the_size_is_told_and_the_rest_thrown_away(
    sent: Any, tmp_path: Path
) -> None:
    (file,) = sent(12 * MB)
    assert file.size == 12 * MB
    assert on_disk(tmp_path) < 5 * MB


def test_many_files_share_the_limit(sent: Any, tmp_path: Path) -> None:
    files = sent(3 * MB, 3 * MB, 3 * MB, 3 * MB)
    assert [file.size for file in files] == [3 * MB] * 4
    assert on_disk(tmp_path) < 5 * MB
