"""The curve through the map, in Python and in SQL."""

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from leads.place_store.curve import (
    MAX_RANGES,
    SPREAD_MACRO,
    Box,
    cell_of,
    cell_sql,
    in_units,
    ranges_over,
)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def is_covered(box: Box, latitude: float, longitude: float) -> bool:
    cell = cell_of(in_units(latitude), in_units(longitude))
    return any(first <= cell <= last for first, last in ranges_over(box))


@given(latitudes, longitudes, latitudes, longitudes, st.floats(0, 1), st.floats(0, 1))
def test_ranges_cover_every_point_of_a_box(
    south: float, west: float, north: float, east: float, up: float, across: float
) -> None:
    south, north = sorted((south, north))
    box = Box(south, west, north, east)
    width = (east - west) % 360
    longitude = west + across * width
    longitude = longitude if longitude <= 180 else longitude - 360
    if west <= east and not west <= longitude <= east:
        longitude = east
    assert is_covered(box, min(south + up * (north - south), north), longitude)


@given(latitudes, longitudes)
def test_a_box_of_ten_kilometres_is_few_ranges_with_little_around_it(
    latitude: float, longitude: float
) -> None:
    box = Box(latitude - 0.1, longitude - 0.1, latitude + 0.1, longitude + 0.1)
    ranges = ranges_over(box)
    assert 0 < len(ranges) <= MAX_RANGES + 3
    covered = sum(last - first + 1 for first, last in ranges)
    wanted = (0.2e7 / 128) * (0.2e7 / 256)
    assert covered <= 6 * wanted


def test_a_box_across_the_180th_meridian_leaves_the_rest_of_the_world_out() -> None:
    fiji = Box(-20.0, 176.0, -15.0, -178.0)
    assert is_covered(fiji, -17.0, 179.9)
    assert is_covered(fiji, -17.0, -179.9)
    assert not is_covered(fiji, -17.0, 0.0)


def test_a_point_is_a_box_too() -> None:
    assert is_covered(Box(1.0, 2.0, 1.0, 2.0), 1.0, 2.0)


def test_boxes_meet_across_the_180th_meridian() -> None:
    fiji = Box(-20.0, 176.0, -15.0, -178.0)
    assert fiji.meets(Box(-18.0, -179.0, -17.0, -170.0))
    assert fiji.meets(Box(-18.0, 170.0, -17.0, 177.0))
    assert not fiji.meets(Box(-18.0, -170.0, -17.0, 170.0))
    assert not fiji.meets(Box(0.0, 176.0, 5.0, 179.0))


def test_sql_numbers_the_same_points_the_same_way() -> None:
    points = [(0, 0), (900_000_000, 1_800_000_000), (-900_000_000, -1_800_000_000)]
    points += [(257_663_000 + step * 7919, -801_934_000 - step * 104_729) for step in range(500)]
    with duckdb.connect() as db:
        db.execute(SPREAD_MACRO)
        db.execute("CREATE TABLE point (latitude INTEGER, longitude INTEGER)")
        db.executemany("INSERT INTO point VALUES (?, ?)", points)
        numbered = db.execute(
            f"SELECT latitude, longitude, {cell_sql('latitude', 'longitude')} FROM point"
        ).fetchall()
    assert len(numbered) == len(points)
    assert [cell for _, _, cell in numbered] == [cell_of(*each[:2]) for each in numbered]
