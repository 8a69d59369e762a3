"""Files of Overture Maps, old and new."""

from pathlib import Path

import pytest

from leads.place_store.refusing import ImportRefused
from tests.place_store.conftest import Find
from tests.place_store.files import (
    OLD_OVERTURE,
    OVERTURE,
    import_into,
    overture_row,
    plumber_row,
    point,
    write_parquet,
)


def test_a_place_comes_back_as_it_was_written(tmp_path: Path, folder: Path, find: Find) -> None:
    row = overture_row(
        emails=["info@bright-smiles.example", "desk@bright-smiles.example"],
        socials=["https://www.facebook.com/100000000000001"],
        phones=["+13055550100", "+13055550101"],
        taxonomy={
            "primary": "general_dentistry",
            "hierarchy": ["health_care", "dental_clinic", "general_dentistry"],
            "alternates": ["orthodontics"],
        },
    )
    import_into(folder, write_parquet(tmp_path / "a.parquet", [row]))
    (place,) = find("general dentistry")
    assert place.place_id == "overture:00000000-0000-4000-8000-000000000001"
    assert place.name == "Bright Smiles 1"
    assert place.categories == ("general_dentistry", "orthodontics")
    assert (place.latitude, place.longitude) == pytest.approx((25.7664, -80.1934), abs=1e-5)
    assert (place.street, place.city, place.region) == ("1 Harbour Street", "Miami", "FL")
    assert (place.postal_code, place.country) == ("33130", "US")
    assert place.website == "https://bright-smiles.example/"
    assert place.emails == ("info@bright-smiles.example", "desk@bright-smiles.example")
    assert place.phones == ("+13055550100", "+13055550101")
    assert place.socials == ("https://www.facebook.com/100000000000001",)
    assert place.licence == "CDLA-Permissive-2.0"
    assert place.is_closed_for_now is False
    assert place.tags is None


def test_parents_find_their_children_and_children_not_their_siblings(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    rows = [overture_row(1), plumber_row(2)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert [place.name for place in find("dental clinics")] == ["Bright Smiles 1"]
    assert [place.name for place in find("home services")] == ["Quick Pipes 2"]
    assert find("orthodontics") == []


def test_an_alternate_finds_the_place_with_the_parents_that_the_data_knows(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    beside = {"primary": "spa", "hierarchy": ["beauty", "spa"], "alternates": ["general_dentistry"]}
    rows = [overture_row(1), overture_row(2, taxonomy=beside)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert [place.name for place in find("dental clinic")] == ["Bright Smiles 1", "Bright Smiles 2"]
    assert [place.name for place in find("spa")] == ["Bright Smiles 2"]


def test_old_files_are_read_by_categories_and_geometry(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    row = {name: overture_row().get(name) for name in OLD_OVERTURE}
    row["geometry"] = point(52.5, 13.25)
    row["categories"] = {"primary": "dentist", "alternate": ["orthodontist"]}
    row["sources"] = [
        {"property": "", "dataset": "Foursquare"},
        {"property": "/phones", "dataset": "meta"},
    ]
    import_into(folder, write_parquet(tmp_path / "old.parquet", [row], OLD_OVERTURE))
    (place,) = find("dentists")
    assert (place.latitude, place.longitude) == (52.5, 13.25)
    assert place.categories == ("dentist", "orthodontist")
    assert place.licence == "Apache-2.0, CDLA-Permissive-2.0"
    assert find("orthodontist") == [place]


def test_a_category_without_parents_belongs_to_the_one_its_last_words_name(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    kinds = ["restaurant", "pizza_restaurant", "salad_bar"]
    rows = [
        {name: overture_row(number).get(name) for name in OLD_OVERTURE}
        | {"geometry": point(52.5, 13.25), "categories": {"primary": kind, "alternate": None}}
        for number, kind in enumerate(kinds)
    ]
    import_into(folder, write_parquet(tmp_path / "old.parquet", rows, OLD_OVERTURE))
    assert [place.categories[0] for place in find("restaurants")] == kinds[:2]
    assert [place.categories[0] for place in find("pizza restaurant")] == kinds[1:2]


def test_geometry_that_is_no_point_is_no_position(tmp_path: Path, folder: Path) -> None:
    rows = [
        {name: overture_row(number).get(name) for name in OLD_OVERTURE}
        | {"geometry": geometry, "categories": {"primary": "dentist", "alternate": None}}
        for number, geometry in enumerate([point(52.5, 13.25), "0102", "", point(200.0, 0.0), None])
    ]
    done = import_into(folder, write_parquet(tmp_path / "old.parquet", rows, OLD_OVERTURE))
    assert (done.kept, done.left_out) == (1, {"no position": 4})


def test_closed_doubtful_and_nameless_rows_are_left_out_and_counted(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    rows = [
        overture_row(1),
        overture_row(2, operating_status="permanently_closed"),
        overture_row(3, operating_status="temporarily_closed"),
        overture_row(4, confidence=0.3),
        overture_row(5, confidence=None),
        overture_row(6, names={"primary": "  "}),
        overture_row(7, names=None),
        overture_row(8, bbox=None),
        overture_row(9, id=None),
    ]
    done = import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert done.read == 9
    assert done.kept == 3
    assert done.left_out == {
        "closed for good": 1,
        "doubtful": 1,
        "no id": 1,
        "no name": 2,
        "no position": 1,
    }
    found = {place.name: place.is_closed_for_now for place in find("dental clinic")}
    assert found == {"Bright Smiles 1": False, "Bright Smiles 3": True, "Bright Smiles 5": False}


def test_how_likely_a_place_must_exist_can_be_chosen(tmp_path: Path, folder: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", [overture_row(1, confidence=0.3)])
    assert import_into(folder, path, min_confidence=0.3).kept == 1
    with pytest.raises(ImportRefused) as refused:
        import_into(folder, path, min_confidence=0.31)
    assert refused.value.code == "no_places"


def test_each_place_keeps_the_licences_of_its_own_sources(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    sources = [
        [{"property": "", "dataset": "meta", "license": "CDLA-Permissive-2.0"}],
        [{"property": "", "dataset": "Foursquare", "license": "Apache-2.0"}],
        [{"property": "", "dataset": "AllThePlaces", "license": None}],
        [{"property": "", "dataset": "x", "license": name} for name in ("B", "A", "B")],
        None,
        [],
    ]
    rows = [overture_row(number, sources=each) for number, each in enumerate(sources)]
    done = import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    names = {place.name[-1]: place.licence for place in find("dental clinic")}
    assert names == {
        "0": "CDLA-Permissive-2.0",
        "1": "Apache-2.0",
        "2": "CC0-1.0",
        "3": "A, B",
        "4": "CDLA-Permissive-2.0",
        "5": "CDLA-Permissive-2.0",
    }
    assert done.licences["CDLA-Permissive-2.0"] == 3


@pytest.mark.parametrize(("written", "kept"), [("US-FL", "FL"), ("FL", "FL"), (None, None)])
def test_a_region_stands_without_its_country(
    tmp_path: Path, folder: Path, find: Find, written: str | None, kept: str | None
) -> None:
    (address,) = overture_row()["addresses"]
    row = overture_row(addresses=[address | {"region": written}])
    import_into(folder, write_parquet(tmp_path / "a.parquet", [row]))
    assert find("dental clinic")[0].region == kept


def test_columns_that_are_missing_are_empty(tmp_path: Path, folder: Path, find: Find) -> None:
    few = {name: OVERTURE[name] for name in ("id", "names", "taxonomy", "bbox")}
    row = {name: overture_row()[name] for name in few}
    import_into(folder, write_parquet(tmp_path / "few.parquet", [row], few))
    (place,) = find("dental clinic")
    assert (place.website, place.phones, place.city) == (None, (), None)
