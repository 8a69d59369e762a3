"""The command that imports open place data."""

import os
import re
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from leads import registry
from leads.place_store import importing
from tests.place_store.files import feature, overture_row, write_geojson, write_parquet

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.LOCAL_PLACES_DIR = tmp_path / "places"
    return tmp_path / "places"


def run(*arguments: Any) -> str:
    """Return what the command prints."""
    output = StringIO()
    call_command("import_places", *map(str, arguments), stdout=output)
    return output.getvalue()


def found(query: str = "dentist") -> list[str]:
    """Return the names that the configured source of places finds everywhere."""
    source = registry.place_source("local")
    return [
        place.name
        for place in source.search(query, low=(-90, -180), high=(90, 180), page_size=100).places
    ]


def test_imports_a_folder_and_tells_what_it_did(tmp_path: Path, folder: Path) -> None:
    data = tmp_path / "Overture Miami"
    data.mkdir()
    rows = [overture_row(1), overture_row(2), overture_row(3, confidence=0.1)]
    write_parquet(data / "part-0.parquet", rows)
    osm = [feature({"amenity": "dentist", "name": "Weiß"}, at=(52.5, 13.4))]
    write_geojson(data / "berlin.geojson", osm)
    (data / "README.md").write_text("read me")
    printed = run(data)
    lines = printed.splitlines()
    assert re.fullmatch(r"2 files, 0\.0 MB", lines[0])
    assert f"  left out, no place data: {data / 'README.md'}" in lines
    for phase in ("reading", "sorting", "writing", "checking"):
        assert any(line.startswith(phase) for line in lines)
    assert "4 rows read, 3 kept" in lines
    assert "  left out, doubtful: 1" in lines
    assert "  under CDLA-Permissive-2.0: 2 (Overture Maps Foundation, overturemaps.org)" in lines
    assert any(line.startswith("  under ODbL-1.0: 1 (© OpenStreetMap") for line in lines)
    size = (folder / "overture-miami.places").stat().st_size / 1e6
    assert lines[-1] == f"Dataset overture-miami: {folder}/overture-miami.places, {size:.1f} MB"
    assert found() == ["Bright Smiles 1", "Bright Smiles 2", "Weiß"]


def test_a_dry_run_changes_nothing(tmp_path: Path, folder: Path) -> None:
    printed = run(write_parquet(tmp_path / "a.parquet", [overture_row(1)]), "--dry-run")
    assert "1 rows read, 1 kept" in printed
    assert printed.endswith("A dry run: nothing was changed.\n")
    assert list(folder.glob("*.places")) == []


def test_several_files_become_the_named_dataset_in_place_of_the_old_one(
    tmp_path: Path, folder: Path
) -> None:
    first = write_parquet(tmp_path / "a.parquet", [overture_row(1)])
    second = write_parquet(tmp_path / "b.parquet", [overture_row(2)])
    run(first, second, "--name", "miami")
    assert found() == ["Bright Smiles 1", "Bright Smiles 2"]
    run(second, "--name=miami")
    assert found() == ["Bright Smiles 2"]
    assert [path.name for path in folder.glob("*.places")] == ["miami.places"]


def test_choices_reach_the_import(tmp_path: Path) -> None:
    run(
        write_parquet(tmp_path / "a.parquet", [overture_row(1, confidence=0.2)]),
        "--min-confidence=0.1",
    )
    assert found() == ["Bright Smiles 1"]
    tags = {"amenity": "dentist", "name": "Weiß", "phone": "030 1234567"}
    run(write_geojson(tmp_path / "b.json", [feature(tags, at=(52.5, 13.4))]), "--country=de")
    source = registry.place_source("local")
    (place,) = source.search("weiß", low=(52, 13), high=(53, 14)).places
    assert place.phone == "+49301234567"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.parquet"], r"nowhere\.parquet cannot be read: No such file"),
        (["{cut}"], r"cut\.parquet .* cut off"),
        (["{text}"], r"text\.csv is none of"),
        (["{whole}", "{whole}"], "give it a name with --name"),
        (["{whole}", "--name", "../x"], "is no name for a dataset"),
        (["{whole}", "--min-confidence", "2"], "from 0 to 1"),
        (["{whole}", "--country", "Germany"], "two letters"),
        ([], "FILE"),
    ],
)
def test_refuses_with_one_line_and_leaves_the_old_places(
    tmp_path: Path, folder: Path, arguments: list[str], said: str
) -> None:
    whole = write_parquet(tmp_path / "whole.parquet", [overture_row(1)])
    run(whole, "--name", "old")
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-5])
    text = tmp_path / "text.csv"
    text.write_text("a,b\n")
    with pytest.raises(CommandError, match=said) as refused:
        run(*(each.format(whole=whole, cut=cut, text=text) for each in arguments))
    assert "\n" not in str(refused.value)
    assert found() == ["Bright Smiles 1"]
    assert [path.name for path in folder.glob("*.places")] == ["old.places"]


def test_ctrl_c_leaves_the_old_places_and_says_so(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    run(write_parquet(tmp_path / "old.parquet", [overture_row(1)]), "--name=x")

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "to_disk", stop)
    with pytest.raises(SystemExit) as left:
        run(write_parquet(tmp_path / "new.parquet", [overture_row(2)]), "--name=x")
    assert left.value.code == 130
    assert "as they were" in capsys.readouterr().err
    assert found() == ["Bright Smiles 1"]
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "x.places"]


def test_an_interrupt_stops_duckdb_at_once(tmp_path: Path) -> None:
    """Reading a million rows takes seconds; the signal comes as soon as it begins."""
    data = write_parquet(tmp_path / "a.parquet", [overture_row(1)])
    many = tmp_path / "many.parquet"
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT a.* FROM '{data}' a, range(1000000)) TO '{many}'")
    command = [sys.executable, "-u", "manage.py", "import_places", str(many)]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "freshleads.settings",
        "FRESHLEADS_DATA": str(tmp_path / "data"),
        "FRESHLEADS_PLACES_DIR": str(tmp_path / "places"),
        "FRESHLEADS_SANDBOX": "true",
    }
    # Tests that run in the background ignore the interrupt, and so would their children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    signal.signal(signal.SIGINT, before)
    with child:
        assert child.stdout is not None
        assert child.stderr is not None
        while not child.stdout.readline().startswith(b"reading"):
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 130
        assert b"as they were" in child.stderr.read()
    assert [path.name for path in (tmp_path / "places").iterdir()] == [".lock"]


def test_tells_now_and_then_how_fast_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("freshleads.management.commands.import_places.TELL_SECONDS", 0.0)
    data = write_parquet(tmp_path / "a.parquet", map(overture_row, range(12_000)))
    printed = run(data)
    assert re.search(r"^  10,000 rows, [0-9,]+ a second$", printed, re.MULTILINE)
