"""Names of places, as far as the data knows them."""

from pathlib import Path

import pytest

from leads.countries import country_code
from leads.place_store.areas import StoredArea, find_area
from tests.place_store.files import (
    Row,
    feature,
    import_into,
    overture_row,
    write_geojson,
    write_parquet,
)


def city(
    name: str, region: str | None, country: str, at: tuple[float, float], *, places: int, code: str
) -> list[Row]:
    """Return the rows of a city, a grid of some kilometres around a point."""
    address = {"freeform": "1 x", "locality": name, "region": region, "country": country}
    return [
        overture_row(
            hash((name, region, number)) % 10**11,
            at=(at[0] + number % 10 / 200, at[1] + number // 10 / 200),
            addresses=[address | {"postcode": code}],
        )
        for number in range(places)
    ]


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    rows = [
        *city("Miami", "FL", "US", (25.7, -80.3), places=60, code="33130"),
        *city("MIAMI", "OK", "US", (36.8, -94.9), places=20, code="74354"),
        *city("Springfield", "IL", "US", (39.7, -89.7), places=30, code="62701"),
        *city("Springfield", "MA", "US", (42.1, -72.6), places=40, code="01101"),
        *city("München", "BY", "DE", (48.1, 11.5), places=30, code="80331"),
        *city("Berlin", "BE", "DE", (52.5, 13.4), places=50, code="10115"),
        *city("London", None, "GB", (51.5, -0.1), places=30, code="SW1A 1AA"),
        *city("London", None, "GB", (51.52, -0.12), places=30, code="SW1A 2BB"),
        *city("London", "ON", "CA", (42.9, -81.2), places=20, code="N6A 1A1"),
        *city("Luxembourg", None, "LU", (49.6, 6.1), places=20, code="1111"),
        *city("Luxembourg", "WLX", "BE", (49.9, 5.4), places=90, code="6800"),
    ]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    return folder


def found(folder: Path, text: str) -> StoredArea | None:
    return find_area(folder, text, country_code)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Miami", "Miami, FL, US"),
        ("miami, fl", "Miami, FL, US"),
        ("Miami FL", "Miami, FL, US"),
        ("Miami, Florida", "Miami, FL, US"),
        ("Miami Florida", "Miami, FL, US"),
        ("Miami, FL, USA", "Miami, FL, US"),
        ("Miami, FL 33130", "Miami, FL, US"),
        ("Miami, OK", "MIAMI, OK, US"),
        ("Springfield", "Springfield, MA, US"),
        ("Springfield, Illinois", "Springfield, IL, US"),
        ("munchen", "München, BY, DE"),
        ("München, Deutschland", "München, BY, DE"),
        ("33130", "33130, US"),
        ("33130 Miami", "33130, US"),
        ("10115 Berlin", "10115, DE"),
        ("Berlin 10115", "Berlin, BE, DE"),
        ("SW1A 1AA", "SW1A 1AA, GB"),
        ("sw1a", "SW1A, GB"),
        ("London", "London, GB"),
        ("London, Ontario", "London, ON, CA"),
        ("London, Canada", "London, ON, CA"),
        ("Florida", "Florida, US"),
        ("FL, USA", "Florida, US"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("Luxembourg", "LU"),
        ("Luxembourg, Belgium", "Luxembourg, WLX, BE"),
    ],
)
def test_names_are_understood_as_people_write_them(data: Path, text: str, name: str) -> None:
    area = found(data, text)
    assert area is not None
    assert area.name == name


@pytest.mark.parametrize(
    "text",
    ["Nowhere", "Miami, Germany", "", ",", "France", "SW", "99999", "Miami, XX", "\x00", "'"],
)
def test_what_the_data_does_not_know_is_nothing(data: Path, text: str) -> None:
    assert found(data, text) is None


def test_a_city_reaches_as_far_as_its_places_without_the_strays(
    tmp_path: Path, folder: Path
) -> None:
    rows = city("Miami", "FL", "US", (25.7, -80.3), places=400, code="33130")
    stray = {"freeform": "1 x", "locality": "Miami", "region": "FL", "country": "US"}
    rows += [overture_row(7, at=(48.0, 2.0), addresses=[stray | {"postcode": None}])]
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    area = found(folder, "Miami")
    assert area is not None
    assert 25.68 < area.box.south <= 25.7
    assert 25.745 <= area.box.north < 25.78
    assert -80.33 < area.box.west <= -80.29
    assert -80.12 <= area.box.east < -80.08
    assert area.center == pytest.approx((25.72, -80.2), abs=0.02)
    assert (area.places, area.country) == (401, "US")


def test_one_place_alone_is_an_area_too(tmp_path: Path, folder: Path) -> None:
    rows = city("Hamlet", "FL", "US", (25.7, -80.3), places=1, code="1")
    import_into(folder, write_parquet(tmp_path / "a.parquet", rows))
    area = found(folder, "Hamlet")
    assert area is not None
    assert area.box.south < 25.7 < area.box.north
    assert area.box.west < -80.3 < area.box.east


def test_an_area_across_the_180th_meridian_is_narrow(tmp_path: Path, folder: Path) -> None:
    east = city("Taveuni", None, "FJ", (-16.9, 179.9), places=20, code="1")
    west = city("Taveuni", None, "FJ", (-16.8, -179.99), places=20, code="2")
    import_into(folder, write_parquet(tmp_path / "a.parquet", east + west))
    for text in ("Taveuni", "Fiji"):
        area = found(folder, text)
        assert area is not None
        assert area.box.west > 179.8
        assert area.box.east < -179.9
        assert sum(high - low for low, high in area.box.sides()) < 0.3


def test_cities_of_openstreetmap_are_known_by_their_tags(tmp_path: Path, folder: Path) -> None:
    tags = {"shop": "bakery", "name": "Backhaus", "addr:city": "Köln", "addr:country": "de"}
    path = write_geojson(tmp_path / "a.json", [feature(tags, at=(50.94, 6.96))])
    import_into(folder, path)
    area = found(folder, "koln, germany")
    assert area is not None
    assert area.name == "Köln, DE"
