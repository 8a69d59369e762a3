"""Finding by trade and name inside a rectangle, page by page."""

from pathlib import Path

import pytest

from leads.place_store.curve import Box
from leads.place_store.datasets import UnreadableDataset
from leads.place_store.searching import Mark, Meaning, Question, find_places
from leads.place_store.words import words_of
from tests.place_store.conftest import WORLD, Find
from tests.place_store.files import import_into, overture_row, plumber_row, write_parquet

DENTISTS = Question((Meaning(frozenset({"dental clinic"})),), ("dental", "clinic"))
FIJI = (-17.0, 179.9)
BEYOND = (-17.0, -179.9)


def ids_by_pages(folder: Path, question: Question, box: Box, size: int) -> list[list[str]]:
    """Return the ids of every page."""
    pages: list[list[str]] = []
    after: Mark | None = None
    for _ in range(500):
        page = find_places(folder, question, box, limit=size, after=after)
        pages.append([place.place_id for place in page.places])
        after = page.next
        if after is None:
            return pages
    raise AssertionError("the pages never end")


def test_only_the_inside_of_the_rectangle_counts(tmp_path: Path, folder: Path, find: Find) -> None:
    spots = [
        (25.0, -80.0),
        (25.5, -80.0),
        (25.0, -80.5),
        (26.1, -80.0),
        (25.0, -81.1),
        (-25.0, 80.0),
    ]
    rows = [overture_row(number, at=spot) for number, spot in enumerate(spots)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    inside = find("dental clinic", Box(25.0, -81.0, 26.0, -79.9))
    assert {place.name[-1] for place in inside} == {"0", "1", "2"}
    assert find("dental clinic", Box(30.0, -81.0, 31.0, -79.9)) == []


def test_a_rectangle_may_cross_the_180th_meridian(tmp_path: Path, folder: Path, find: Find) -> None:
    spots = [FIJI, BEYOND, (-17.0, 0.0), (-17.0, 170.0)]
    rows = [overture_row(number, at=spot) for number, spot in enumerate(spots)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    box = Box(-20.0, 175.0, -15.0, -178.0)
    assert {place.name[-1] for place in find("dental clinic", box)} == {"0", "1"}
    pages = ids_by_pages(folder, DENTISTS, box, 1)
    assert sorted(map(len, pages)) == [1, 1]
    assert pages[0] != pages[1]


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_pages_show_everybody_once_in_one_order(tmp_path: Path, folder: Path, size: int) -> None:
    rows = [overture_row(number, at=(number % 40, number % 90)) for number in range(120)]
    rows += [overture_row(number, at=(3.0, 3.0)) for number in range(120, 180)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows), name="a")
    more = [
        overture_row(number, at=(number % 40, 5.0), websites=None) for number in range(200, 260)
    ]
    import_into(folder, write_parquet(tmp_path / "b.parquet", more), name="b")
    pages = ids_by_pages(folder, DENTISTS, WORLD, size)
    assert all(len(page) == size for page in pages[:-1])
    shown = [place_id for page in pages for place_id in page]
    assert len(shown) == len(set(shown)) == 240
    assert shown == ids_by_pages(folder, DENTISTS, WORLD, 1000)[0]


def test_a_page_goes_on_rightly_in_data_that_was_imported_again(
    tmp_path: Path, folder: Path
) -> None:
    rows = [overture_row(number, at=(number, number)) for number in range(1, 40)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    first = find_places(folder, DENTISTS, WORLD, limit=10)
    shown = {place.place_id for place in first.places}
    further = [overture_row(number, at=(-number, -number)) for number in range(40, 80)]
    import_into(folder, write_parquet(tmp_path / "b.parquet", further + rows))
    rest = find_places(folder, DENTISTS, WORLD, limit=1000, after=first.next)
    after = {place.place_id for place in rest.places}
    assert not shown & after
    assert {row["id"] for row in rows} == {each.partition(":")[2] for each in shown | after} & {
        row["id"] for row in rows
    }


def test_a_page_goes_on_after_a_dataset_that_was_deleted(tmp_path: Path, folder: Path) -> None:
    for name, start in (("a", 1), ("b", 10)):
        rows = [overture_row(number) for number in range(start, start + 5)]
        import_into(folder, write_parquet(tmp_path / f"{name}.parquet", rows), name=name)
    first = find_places(folder, DENTISTS, WORLD, limit=3)
    (folder / "a.places").unlink()
    rest = find_places(folder, DENTISTS, WORLD, limit=100, after=first.next)
    assert [place.name for place in rest.places] == [f"Bright Smiles {n}" for n in range(10, 15)]


def test_who_can_be_reached_comes_first(tmp_path: Path, folder: Path, find: Find) -> None:
    silent = {"websites": None, "phones": None}
    rows = [
        overture_row(1, **silent),
        overture_row(2, **silent, confidence=0.6),
        overture_row(3, websites=None),
        overture_row(4, confidence=0.6),
        overture_row(5, websites=None, emails=["a@b.example"]),
        overture_row(6),
    ]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert [place.name[-1] for place in find("dental clinic")] == ["5", "6", "4", "3", "1", "2"]


def test_names_come_behind_the_trade_and_nobody_twice(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    rows = [
        plumber_row(1, names={"primary": "The Dental Clinic Plumber"}),
        overture_row(2, names={"primary": "Dental Clinic Miami"}),
        overture_row(3),
        plumber_row(4),
    ]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert [place.name for place in find("dental clinic")] == [
        "Dental Clinic Miami",
        "Bright Smiles 3",
        "The Dental Clinic Plumber",
    ]
    assert [len(page) for page in ids_by_pages(folder, DENTISTS, WORLD, 1)] == [1, 1, 1]


def test_names_are_found_by_words_in_any_order_without_accents(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    rows = [plumber_row(1, names={"primary": "Café Müller's Pipes"})]
    rows += [plumber_row(2, names={"primary": "山田歯科医院"})]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    assert len(find("pipe muller")) == len(find("CAFÉ")) == len(find("歯科")) == 1
    assert find("muller joe") == find("mull") == find("科学") == []


def test_the_first_meaning_that_the_data_knows_counts(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    rows = [overture_row(1), overture_row(2, names={"primary": "Bright Kids"})]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    meanings = (
        Meaning(frozenset({"unknown kind"})),
        Meaning(frozenset({"dental clinic", "dentist"}), ("kid",)),
        Meaning(frozenset({"dental clinic"})),
    )
    page = find_places(folder, Question(meanings, ("kid", "dentist")), WORLD, limit=9)
    assert [place.name for place in page.places] == ["Bright Kids"]


@pytest.mark.parametrize(
    "text", ['"', '" OR "a', "a* NOT b", "=1.0", "NEAR(a b)", "^a", "{a}:b", ""]
)
def test_a_query_is_never_a_statement(tmp_path: Path, folder: Path, find: Find, text: str) -> None:
    import_into(folder, write_parquet(tmp_path / "a.parquet", [overture_row(1)]))
    assert find(text) == []
    question = Question((Meaning(frozenset({text}), (*words_of(text),)),), (*words_of(text),))
    assert find_places(folder, question, WORLD, limit=5).places == ()


def test_many_categories_of_one_name_are_asked_for_together(tmp_path: Path, folder: Path) -> None:
    rows = [
        overture_row(n, taxonomy={"primary": f"k{n}", "hierarchy": [f"k{n}"]}) for n in range(150)
    ]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    phrases = frozenset(f"k{number}" for number in range(100))
    question = Question((Meaning(phrases),), ("bright",))
    page = find_places(folder, question, WORLD, limit=1000)
    assert len(page.places) == 150
    assert {place.categories[0] for place in page.places[:100]} == phrases


def test_a_damaged_file_and_a_foreign_one_are_named(tmp_path: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "x.places").write_bytes(b"no database at all" * 1000)
    with pytest.raises(UnreadableDataset, match=r"x\.places"):
        find_places(folder, DENTISTS, WORLD, limit=5)
    (folder / "x.places").write_bytes(b"")
    with pytest.raises(
        UnreadableDataset, match=r"x\.places is of another version: import them again"
    ):
        find_places(folder, DENTISTS, WORLD, limit=5)
    rows = [overture_row(number, at=(number / 100, 5.0)) for number in range(3_000)]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows), name="x")
    whole = (folder / "x.places").read_bytes()
    (folder / "x.places").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableDataset, match="import them again"):
        find_places(folder, DENTISTS, WORLD, limit=5_000)


def test_an_empty_folder_holds_nobody(folder: Path) -> None:
    assert find_places(folder, DENTISTS, WORLD, limit=5).places == ()
