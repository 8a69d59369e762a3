"""What an import leaves behind: the new places, or the old ones as they were."""

from pathlib import Path

import pytest

from freshleads.lib.errors import InvalidInput
from leads.place_store.datasets import Dataset
from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, dataset_name, import_files
from leads.place_store.refusing import ImportRefused
from tests.place_store.conftest import Find
from tests.place_store.files import (
    FOURSQUARE,
    OVERTURE,
    feature,
    foursquare_row,
    ignore,
    import_into,
    overture_row,
    plumber_row,
    write_geojson,
    write_parquet,
)


def names(find: Find, text: str = "dental clinic") -> list[str]:
    return [place.name for place in find(text)]


def test_importing_again_replaces_what_the_dataset_held(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    first = write_parquet(tmp_path / "a.parquet", [overture_row(1), overture_row(2)])
    import_into(folder, first)
    import_into(folder, first)
    assert names(find) == ["Bright Smiles 1", "Bright Smiles 2"]
    import_into(folder, write_parquet(tmp_path / "b.parquet", [overture_row(3)]))
    assert names(find) == ["Bright Smiles 3"]
    assert [path.name for path in folder.iterdir() if path.suffix] == ["test.places"]


def test_datasets_stand_side_by_side(tmp_path: Path, folder: Path, find: Find) -> None:
    overture = write_parquet(tmp_path / "a.parquet", [overture_row(1)])
    foursquare = write_parquet(tmp_path / "b.parquet", [foursquare_row(1)], FOURSQUARE)
    import_into(folder, overture, name="overture")
    import_into(folder, foursquare, name="foursquare")
    assert names(find) == ["Bright Smiles 1"]
    assert names(find, "bakery") == ["Boulangerie 1"]
    (folder / "foursquare.places").unlink()
    assert names(find, "bakery") == []
    assert names(find) == ["Bright Smiles 1"]


def test_files_of_all_kinds_make_one_dataset(tmp_path: Path, folder: Path, find: Find) -> None:
    tags = {"amenity": "dentist", "name": "Weiß"}
    done = import_into(
        folder,
        write_parquet(tmp_path / "a.parquet", [overture_row(1)]),
        write_parquet(tmp_path / "b.parquet", [foursquare_row(1)], FOURSQUARE),
        write_geojson(tmp_path / "c.json", [feature(tags, at=(52.5, 13.4))]),
    )
    assert done.kept == 3
    assert done.licences == {"Apache-2.0": 1, "CDLA-Permissive-2.0": 1, "ODbL-1.0": 1}
    assert {place.licence for place in [*find("dental clinic"), *find("bakery"), *find("dentist")]}
    assert len(list(folder.glob("*.places"))) == 1


def test_the_same_place_in_two_files_is_there_once(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    files = [
        write_parquet(tmp_path / f"{name}.parquet", [overture_row(1), overture_row(number)])
        for number, name in enumerate("ab", start=2)
    ]
    done = import_into(folder, *files)
    assert (done.read, done.kept, done.left_out) == (4, 3, {"there twice": 1})
    assert names(find) == ["Bright Smiles 1", "Bright Smiles 2", "Bright Smiles 3"]


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path, folder: Path, find: Find) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    rows = [overture_row(2), overture_row(3, operating_status="permanently_closed")]
    done = import_into(folder, write_parquet(tmp_path / "b.parquet", rows), is_dry_run=True)
    assert (done.read, done.kept, done.path) == (2, 1, None)
    assert names(find) == ["Bright Smiles 1"]


@pytest.mark.parametrize("rows", [[], [overture_row(1, operating_status="permanently_closed")]])
def test_a_file_without_places_leaves_the_old_ones(
    tmp_path: Path, folder: Path, find: Find, rows: list[dict[str, object]]
) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    with pytest.raises(ImportRefused) as refused:
        import_into(folder, write_parquet(tmp_path / "b.parquet", rows))
    assert refused.value.code == "no_places"
    assert names(find) == ["Bright Smiles 1"]


def test_an_unknown_table_is_refused_with_its_columns(tmp_path: Path, folder: Path) -> None:
    columns = {"latitude": "DOUBLE", "title": "VARCHAR"}
    path = write_parquet(tmp_path / "x.parquet", [{"latitude": 1.0, "title": "x"}], columns)
    with pytest.raises(ImportRefused, match=r"x\.parquet has neither .* It has: latitude, title\."):
        import_into(folder, path)


def test_columns_of_another_type_are_refused_by_name(tmp_path: Path, folder: Path) -> None:
    columns = OVERTURE | {"websites": "BIGINT"}
    path = write_parquet(tmp_path / "x.parquet", [overture_row(websites=5)], columns)
    with pytest.raises(ImportRefused, match=r"x\.parquet cannot be read") as refused:
        import_into(folder, path)
    assert refused.value.code == "unreadable_file"
    assert "\n" not in refused.value.message


def test_a_file_damaged_in_its_middle_leaves_the_old_places(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    path = write_parquet(tmp_path / "b.parquet", map(overture_row, range(5_000)))
    content = bytearray(path.read_bytes())
    content[100 : len(content) // 2] = bytes(len(content) // 2 - 100)
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=r"b\.parquet cannot be read"):
        import_into(folder, path)
    assert names(find) == ["Bright Smiles 1"]
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "test.places"]


def test_a_path_full_of_signs_is_only_a_path(tmp_path: Path, folder: Path, find: Find) -> None:
    odd = tmp_path / "it's [1-2] *?{x} \\ ü"
    odd.mkdir()
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]).rename(odd / "*"))
    assert names(find) == ["Bright Smiles 1"]
    inside = tmp_path / "places 'here' [*] ü"
    import_into(inside, odd / "*")
    tags = {"amenity": "dentist", "name": "Weiß"}
    path = write_geojson(odd / "c'[*].json", [feature(tags, at=(52.5, 13.4))])
    import_into(inside, path, name="second")
    assert sorted(path.name for path in inside.glob("*.places")) == [
        "second.places",
        "test.places",
    ]


def test_hostile_texts_are_bounded_and_stored(tmp_path: Path, folder: Path, find: Find) -> None:
    megabyte = "Long " * 200_000
    rows = [
        overture_row(1, names={"primary": megabyte}, websites=["http://x/" + "a" * 1_000_000]),
        overture_row(2, names={"primary": "Nul\x00 and\nlines \u202e'; DROP TABLE place; --"}),
        overture_row(3, phones=["0" * 1_000_000] * 9, socials=["s"] * 1_000),
        overture_row(4, taxonomy={"primary": "x", "hierarchy": ["y" * 10_000] * 100}),
        overture_row(5, id="i" * 10_000),
        overture_row(6, confidence=1e300, addresses=[]),
    ]
    done = import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert (done.kept, done.left_out) == (5, {"no id": 1})
    found = {place.place_id[-1]: place for place in find("dental clinic")}
    assert set(found) == {"1", "2", "3", "6"}
    assert len(found["1"].name) <= 300
    assert found["1"].website is None
    assert found["2"].name == "Nul\x00 and\nlines \u202e'; DROP TABLE place; --"
    assert find("drop table") == [found["2"]]
    assert sum(map(len, found["3"].phones)) <= 2_500
    assert len(found["3"].socials) == 5
    assert found["6"].city is None


def test_too_many_categories_are_cut_off(
    tmp_path: Path, folder: Path, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leads.place_store.categories.MAX_NODES", 10)
    rows = [
        overture_row(number, taxonomy={"primary": f"k{number}", "hierarchy": [f"k{number}"]})
        for number in range(40)
    ]
    assert import_into(folder, write_parquet(tmp_path / "a.parquet", rows)).kept == 40
    assert sum(bool(find(f"k{number}")) for number in range(40)) == 10
    assert len(find("bright smiles")) == 40


def test_a_dataset_knows_where_it_comes_from(tmp_path: Path, folder: Path) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1), plumber_row(2)]))
    dataset = Dataset(folder / "test.places")
    assert dataset.places == 2
    assert dataset.facts["files"] == ["a.parquet"]
    assert dataset.box.south == pytest.approx(25.7664, abs=1e-5)
    dataset.db.close()


@pytest.mark.parametrize("name", ["", "a/b", "..", ".x", "A", "x" * 65, "a b", "a\n", "ä"])
def test_a_name_that_could_leave_the_folder_is_refused(
    tmp_path: Path, folder: Path, name: str
) -> None:
    path = write_parquet(tmp_path / "a.parquet", [overture_row(1)])
    with pytest.raises(ImportRefused) as refused:
        import_files(folder, name, choose_files([path]), choices=Choices(), report=ignore)
    assert refused.value.code == "wrong_name"
    assert not folder.exists()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("germany-latest.osm.pbf", "germany-latest"),
        ("Overture Places (US)", "overture-places-us"),
        ("_part_.parquet", "part"),
    ],
)
def test_a_dataset_is_named_after_its_only_file(path: str, name: str) -> None:
    assert dataset_name("", [Path(path)]) == name
    assert dataset_name("mine", [Path(path), Path("b")]) == "mine"


def test_several_files_need_a_name() -> None:
    with pytest.raises(ImportRefused, match="--name"):
        dataset_name("", [Path("a"), Path("b")])


@pytest.mark.parametrize(
    ("confidence", "country"), [(-0.1, ""), (1.1, ""), (float("nan"), ""), (0.5, "DEU"), (0.5, "1")]
)
def test_choices_are_checked(confidence: float, country: str) -> None:
    with pytest.raises(InvalidInput):
        Choices.checked(min_confidence=confidence, country=country, is_dry_run=False)
    assert Choices.checked(min_confidence=1, country="de", is_dry_run=False).country == "DE"
