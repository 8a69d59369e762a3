"""Dividing an area where one request cannot show all of it."""

import pytest

from leads import splitting

LOW, HIGH = (25.0, -80.0), (25.8, -79.2)


def test_a_cell_below_the_cap_is_asked_and_not_divided() -> None:
    cells = [splitting.new_cell(LOW, HIGH)]
    splitting.note_page(cells, cells[0], results=59, token=None, cap=60)
    assert [cell["state"] for cell in cells] == ["asked"]
    assert splitting.next_cell(cells) is None


def test_a_cell_at_the_cap_becomes_four_quarters_that_cover_it_exactly() -> None:
    cells = [splitting.new_cell(LOW, HIGH)]
    splitting.note_page(cells, cells[0], results=60, token=None, cap=60)
    assert [cell["state"] for cell in cells] == ["split", *["pending"] * 4]
    assert [(cell["low"], cell["high"]) for cell in cells[1:]] == [
        ([25.0, -80.0], [25.4, -79.6]),
        ([25.0, -79.6], [25.4, -79.2]),
        ([25.4, -80.0], [25.8, -79.6]),
        ([25.4, -79.6], [25.8, -79.2]),
    ]
    assert {cell["depth"] for cell in cells[1:]} == {1}


def test_pages_of_a_cell_add_up_before_it_is_judged() -> None:
    cells = [splitting.new_cell(LOW, HIGH)]
    for token in ("b", "c"):
        splitting.note_page(cells, cells[0], results=20, token=token, cap=60)
        assert cells[0]["state"] == "pending"
        assert cells[0]["page_token"] == token
    splitting.note_page(cells, cells[0], results=20, token=None, cap=60)
    assert cells[0]["state"] == "split"
    assert cells[0]["pages"] == 3


def test_a_full_cell_too_small_to_divide_is_reported_as_capped() -> None:
    cells = [splitting.new_cell((25.0, -80.0), (25.003, -79.997))]
    splitting.note_page(cells, cells[0], results=60, token=None, cap=60)
    assert [cell["state"] for cell in cells] == ["capped"]


def test_coarse_cells_are_asked_before_fine_ones() -> None:
    cells = [splitting.new_cell(LOW, HIGH, depth=2), splitting.new_cell(LOW, HIGH, depth=1)]
    assert splitting.next_cell(cells) is cells[1]


@pytest.mark.parametrize(
    ("latitude", "longitude", "inside"),
    [(25.0, -80.0, True), (25.8, -79.2, True), (25.81, -79.5, False), (None, None, True)],
)
def test_a_point_outside_the_area_is_clipped(
    latitude: float | None, longitude: float | None, inside: bool
) -> None:
    area = {"low": list(LOW), "high": list(HIGH)}
    assert splitting.contains(area, latitude, longitude) is inside


def test_an_area_across_the_180th_meridian_begins_with_two_cells() -> None:
    cells = splitting.first_cells((-20.0, 177.0), (-12.0, -178.0))
    assert [(cell["low"], cell["high"]) for cell in cells] == [
        ([-20.0, 177.0], [-12.0, 180.0]),
        ([-20.0, -180.0], [-12.0, -178.0]),
    ]
    area = {"low": [-20.0, 177.0], "high": [-12.0, -178.0]}
    assert splitting.contains(area, -18.0, 179.0)
    assert splitting.contains(area, -18.0, -179.0)
    assert not splitting.contains(area, -18.0, 0.0)


def test_a_page_that_was_cut_short_is_like_a_full_one_whatever_comes_after_it() -> None:
    cells = [splitting.new_cell(LOW, HIGH)]
    splitting.note_page(cells, cells[0], results=3, token="b", cap=60, is_incomplete=True)
    assert [cell["state"] for cell in cells] == ["split", *["pending"] * 4]
    tiny = [splitting.new_cell((25.0, -80.0), (25.001, -79.999))]
    splitting.note_page(tiny, tiny[0], results=3, token=None, cap=60, is_incomplete=True)
    assert [cell["state"] for cell in tiny] == ["capped"]


def test_a_source_that_is_full_everywhere_is_not_divided_for_ever() -> None:
    cells = [splitting.new_cell((-60.0, -180.0), (60.0, 180.0))]
    while (cell := splitting.next_cell(cells)) is not None:
        splitting.note_page(cells, cell, results=60, token=None, cap=60)
    assert len(cells) <= splitting.MAX_CELLS
    states = {cell["state"] for cell in cells}
    assert states == {"split", "capped"}, "what could not be divided says so"


def test_asking_again_begins_where_the_area_was_answered() -> None:
    cells = [splitting.new_cell(LOW, HIGH)]
    splitting.note_page(cells, cells[0], results=60, token=None, cap=60)
    for cell in cells[1:]:
        splitting.note_page(cells, cell, results=30, token=None, cap=60)
    again = splitting.cells_again(cells)
    assert [cell["low"] for cell in again] == [cell["low"] for cell in cells[1:]]
    assert {(cell["state"], cell["pages"], cell["results"]) for cell in again} == {
        ("pending", 0, 0)
    }
