"""Which files are place data."""

from pathlib import Path

import pytest

from leads.place_store.detecting import Kind, choose_files
from leads.place_store.refusing import ImportRefused
from tests.place_store.files import feature, overture_row, write_geojson, write_parquet, write_pbf


def kind_of(path: Path) -> Kind:
    (file,) = choose_files([path]).files
    return file.kind


def test_content_tells_the_kind_whatever_the_name(tmp_path: Path) -> None:
    parquet = write_parquet(tmp_path / "a.parquet", [overture_row()])
    extract = write_pbf(tmp_path / "a.osm.pbf", nodes=[(1, (0.0, 0.0), {})])
    geojson = write_geojson(tmp_path / "a.geojson", [feature({}, at=(0.0, 0.0))])
    kinds = {parquet: Kind.PARQUET, extract: Kind.PBF, geojson: Kind.GEOJSON}
    for number, (path, kind) in enumerate(kinds.items()):
        assert kind_of(path.rename(tmp_path / f"renamed-{number}.txt")) is kind


def test_json_is_seen_behind_marks_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for beginning in (b"\xef\xbb\xbf{", b"\x1e{", b"\r\n\t {"):
        path.write_bytes(beginning + b"}")
        assert kind_of(path) is Kind.GEOJSON


@pytest.mark.parametrize("content", [b"", b"id,name\n1,x\n", b"\x00" * 100, b"[1]", b"PK\x03\x04"])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=r"a\.parquet is none of") as refused:
        choose_files([path])
    assert refused.value.code == "unknown_format"


def test_a_parquet_file_that_is_cut_off_is_named_as_such(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "cut.parquet", [overture_row()])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ImportRefused, match=r"cut\.parquet .* cut off") as refused:
        choose_files([path])
    assert refused.value.code == "unreadable_file"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"nowhere\.parquet .*No such file"):
        choose_files([tmp_path / "nowhere.parquet"])


def test_a_folder_gives_its_place_data_in_order_and_tells_of_the_rest(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    later = write_parquet(tmp_path / "b" / "part-2.parquet", [overture_row()])
    first = write_parquet(tmp_path / "a.parquet", [overture_row()])
    (tmp_path / "README.md").write_text("read me")
    (tmp_path / "_SUCCESS").write_text("")
    (tmp_path / ".hidden").write_text("{")
    chosen = choose_files([tmp_path])
    assert [file.path for file in chosen.files] == [first, later]
    assert chosen.left_out == (tmp_path / "README.md",)
    assert chosen.size == first.stat().st_size + later.stat().st_size


def test_a_folder_with_a_damaged_file_is_refused_whole(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", [overture_row()])
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ImportRefused, match=r"b\.parquet"):
        choose_files([tmp_path])


def test_a_folder_without_place_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("read me")
    with pytest.raises(ImportRefused) as refused:
        choose_files([tmp_path])
    assert refused.value.code == "no_places"
