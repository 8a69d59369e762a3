"""The map: places where they are, markers that do not lie upon each other, a scale that is true."""

from itertools import combinations
from math import hypot

import pytest

from leads.views.place_map import HEIGHT, SPACE, map_of

Spot = tuple[str, float | None, float | None]


def test_nothing_is_drawn_where_nothing_has_a_position() -> None:
    assert map_of([]) is None
    assert map_of([("A", None, None), ("B", 1.0, None), ("C", float("nan"), 1.0)]) is None


def test_north_is_up_east_is_right_and_the_scale_is_true() -> None:
    drawn = map_of([("South-west", 25.70, -80.30), ("North-east", 25.80, -80.10)])
    assert drawn is not None
    low, high = drawn.markers
    assert low.left < high.left
    assert low.top > high.top
    # 0.2 degrees of longitude at 25.75 degrees north are 20.03 km.
    assert drawn.bar_label == "5 km"
    width = (high.left - low.left) / 20.03 * 5
    assert drawn.bar_end - 3 == pytest.approx(width, rel=0.01)


def test_numbers_are_those_of_the_table_where_some_have_no_position() -> None:
    drawn = map_of([("A", None, None), ("B", 1.0, 1.0), ("C", 2.0, 2.0)])
    assert drawn is not None
    assert [(marker.number, marker.name) for marker in drawn.markers] == [(2, "B"), (3, "C")]


def test_a_single_place_stands_in_the_middle() -> None:
    drawn = map_of([("A", 25.0, -80.0)])
    assert drawn is not None
    marker = drawn.markers[0]
    assert (marker.left, marker.top, marker.is_moved) == (50.0, 50.0, False)


CROWD: list[Spot] = [(str(number), 25.0, -80.0) for number in range(20)]
ROW: list[Spot] = [(str(number), 25.0, -80.0 + number / 1000) for number in range(20)]
FAR: list[Spot] = [*CROWD[:19], ("far", 60.0, 20.0)]
CORNERS: list[Spot] = [("1", 90.0, 180.0), ("2", -90.0, -180.0), ("3", 90.0, 0.0), ("4", 0.0, 0.0)]


@pytest.mark.parametrize("places", [CROWD, ROW, FAR, CORNERS], ids=["crowd", "row", "far", "poles"])
def test_markers_stay_on_the_map_and_can_be_told_apart(places: list[Spot]) -> None:
    drawn = map_of(places)
    assert drawn is not None
    assert len(drawn.markers) == len(places)
    for marker in drawn.markers:
        assert 0 <= marker.shown_left <= 100
        assert 0 <= marker.shown_top <= 100
    for one, other in combinations(drawn.markers, 2):
        down = (one.shown_top - other.shown_top) * HEIGHT / 100
        assert hypot(one.shown_left - other.shown_left, down) > 0.8 * SPACE


def test_places_on_both_sides_of_the_date_line_are_neighbours() -> None:
    drawn = map_of([("A", -17.0, 179.9), ("B", -17.0, -179.9)])
    assert drawn is not None
    assert drawn.bar_label == "5 km"
