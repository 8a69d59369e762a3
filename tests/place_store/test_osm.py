"""Files of OpenStreetMap, and GeoJSON that speaks its tags."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from leads.place_store.refusing import ImportRefused
from tests.place_store.conftest import Find
from tests.place_store.files import feature, import_into, write_geojson, write_pbf

BERLIN = (52.52, 13.405)
DENTIST = {
    "amenity": "dentist",
    "name": "Praxis Dr. Weiß",
    "addr:street": "Hauptstraße",
    "addr:housenumber": "1",
    "addr:city": "Berlin",
    "addr:postcode": "10115",
    "addr:country": "DE",
    "phone": "030 1234567",
    "opening_hours": "Mo-Fr 08:00-18:00",
    "wikidata": "Q1",
}


def test_an_extract_gives_nodes_and_the_middle_of_ways(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    path = write_pbf(
        tmp_path / "berlin.osm.pbf",
        nodes=[
            (1, BERLIN, DENTIST),
            (2, (52.0, 13.0), {}),
            (3, (52.2, 13.0), {}),
            (4, (52.2, 13.4), {}),
            (5, (52.0, 13.4), {"amenity": "bench", "name": "A bench"}),
            (6, BERLIN, {"shop": "bakery"}),
        ],
        ways=[
            (7, [2, 3, 4, 5, 2], {"shop": "bakery", "name": "Backhaus"}),
            (8, [98, 99], {"shop": "bakery", "name": "Nowhere"}),
            (9, [2, 3], {"highway": "residential", "name": "A street"}),
        ],
    )
    done = import_into(folder, path)
    assert (done.kept, done.left_out) == (2, {"no position": 1})
    assert done.licences == {"ODbL-1.0": 2}
    (dentist,), (bakery,) = find("dentist"), find("bakery")
    assert (dentist.place_id, dentist.latitude, dentist.longitude) == ("osm:node/1", *BERLIN)
    assert dentist.tags == {key: value for key, value in DENTIST.items() if key != "wikidata"}
    assert (bakery.place_id, bakery.name) == ("osm:way/7", "Backhaus")
    assert (bakery.latitude, bakery.longitude) == pytest.approx((52.1, 13.2))


def test_an_extract_whose_nodes_are_not_in_order_is_read_too(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    path = write_pbf(
        tmp_path / "x.osm.pbf",
        nodes=[(9, (52.2, 13.4), {}), (3, (52.0, 13.0), {})],
        ways=[(1, [3, 5, 9, 3], {"shop": "bakery", "name": "Backhaus"})],
    )
    import_into(folder, path)
    (bakery,) = find("bakery")
    assert (bakery.latitude, bakery.longitude) == pytest.approx((52.1, 13.2))


def test_a_damaged_extract_is_named(tmp_path: Path, folder: Path) -> None:
    nodes = [(number, BERLIN, DENTIST) for number in range(1, 50_000)]
    path = write_pbf(tmp_path / "cut.osm.pbf", nodes=nodes)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ImportRefused, match=r"cut\.osm\.pbf cannot be read") as refused:
        import_into(folder, path)
    assert refused.value.code == "unreadable_file"
    assert list(folder.glob("*.places")) == []


@pytest.mark.parametrize("by_lines", [False, True])
def test_geojson_is_read_as_a_collection_and_by_lines(
    tmp_path: Path, folder: Path, find: Find, by_lines: bool
) -> None:
    features = [
        feature(DENTIST, at=BERLIN, id="node/1"),
        feature({"shop": "bakery", "name": "Backhaus", "@id": "way/2"}, at=(52.1, 13.2)),
    ]
    done = import_into(folder, write_geojson(tmp_path / "a", features, by_lines=by_lines))
    assert done.kept == 2
    assert [place.place_id for place in find("dentist")] == ["osm:node/1"]
    assert [place.place_id for place in find("bakery")] == ["osm:way/2"]


def test_gzipped_geojson_is_unpacked_on_the_way(tmp_path: Path, folder: Path, find: Find) -> None:
    plain = write_geojson(tmp_path / "plain.json", [feature(DENTIST, at=BERLIN)])
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert import_into(folder, packed).kept == 1
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(ImportRefused, match=r"packed\.gz cannot be read"):
        import_into(folder, packed)
    assert len(find("dentist")) == 1


@pytest.mark.parametrize(
    ("members", "tags", "place_id"),
    [
        ({"id": "n5"}, {}, "osm:node/5"),
        ({"id": "w5"}, {}, "osm:way/5"),
        ({"id": "a10"}, {}, "osm:way/5"),
        ({"id": "a11"}, {}, "osm:relation/5"),
        ({"id": "relation/5"}, {}, "osm:relation/5"),
        ({}, {"@type": "way", "@id": 5}, "osm:way/5"),
        ({}, {"@id": "node/5"}, "osm:node/5"),
        ({"id": 7}, {}, "geojson:"),
        ({"id": "n" * 1000}, {}, "geojson:"),
    ],
)
def test_ids_are_read_as_the_tools_write_them(
    tmp_path: Path, folder: Path, find: Find, members: dict[str, Any], tags: Any, place_id: str
) -> None:
    features = [feature(DENTIST | tags, at=BERLIN, **members)]
    import_into(folder, write_geojson(tmp_path / "a.geojson", features))
    (place,) = find("dentist")
    assert place.place_id.startswith(place_id)
    import_into(folder, write_geojson(tmp_path / "a.geojson", features))
    assert find("dentist") == [place]


def test_all_the_places_keeps_its_ids_and_its_licence(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    tags = {"@spider": "shop_us", "ref": "17", "name": "Shop", "shop": "shoes"}
    tags |= {"addr:street_address": "1 Main Street", "addr:city": "Miami"}
    path = write_geojson(tmp_path / "atp.geojson", [feature(tags, at=(25.7, -80.2), id="abc=")])
    assert import_into(folder, path).licences == {"CC0-1.0": 1}
    (place,) = find("shoes")
    assert place.place_id == "atp:abc="
    assert place.tags is not None
    assert place.tags["addr:street"] == "1 Main Street"


def test_shapes_are_found_in_their_middle(tmp_path: Path, folder: Path, find: Find) -> None:
    ring = [[13.0, 52.0], [13.4, 52.0], [13.4, 52.2], [13.0, 52.0]]
    shapes: list[Any] = [
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": ["13", None]},
        {"type": "Point", "coordinates": [1e400, True]},
        {"type": "GeometryCollection"},
        "shape",
        None,
    ]
    features = [
        {"type": "Feature", "properties": DENTIST, "geometry": shape, "id": f"n{number}"}
        for number, shape in enumerate(shapes, start=1)
    ]
    done = import_into(folder, write_geojson(tmp_path / "a.geojson", features))
    assert (done.kept, done.left_out) == (2, {"no position": 6})
    for place in find("dentist"):
        assert (place.latitude, place.longitude) == pytest.approx((52.1, 13.2))


def test_a_trade_is_also_found_by_cuisine_and_speciality(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    tags = {"amenity": "restaurant;bar", "cuisine": "pizza;italian", "name": "Da Mario"}
    import_into(folder, write_geojson(tmp_path / "a.geojson", [feature(tags, at=BERLIN)]))
    for kind in ("restaurant", "bar", "pizza", "italian"):
        assert [place.name for place in find(kind)] == ["Da Mario"], kind


def test_former_shops_are_left_out(tmp_path: Path, folder: Path) -> None:
    features = [
        feature({"disused:shop": "bakery", "name": "Was"}, at=BERLIN),
        feature({"shop": "vacant", "name": "Empty"}, at=BERLIN),
        feature({"disused:shop": "bakery", "office": "lawyer", "name": "Is"}, at=BERLIN),
    ]
    done = import_into(folder, write_geojson(tmp_path / "a.geojson", features))
    assert (done.kept, done.left_out) == (1, {"closed for good": 2})


def test_places_without_a_country_get_the_one_that_was_named(
    tmp_path: Path, folder: Path, find: Find
) -> None:
    tags = {key: value for key, value in DENTIST.items() if key != "addr:country"}
    path = write_geojson(tmp_path / "a.geojson", [feature(tags, at=BERLIN)])
    import_into(folder, path, country="DE")
    assert find("dentist")[0].country == "DE"


def test_geojson_of_overture_is_refused_with_what_would_be_right(
    tmp_path: Path, folder: Path
) -> None:
    tags = {"names": {"primary": "Bright Smiles"}, "categories": {"primary": "dentist"}}
    path = write_geojson(tmp_path / "a.geojson", [feature(tags, at=BERLIN)])
    with pytest.raises(ImportRefused, match="geoparquet") as refused:
        import_into(folder, path)
    assert refused.value.code == "unknown_format"
