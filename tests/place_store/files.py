"""Small files as the publishers of open place data make them, written for one test each."""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import osmium
from osmium.osm.mutable import Node, Way

from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, Imported, Progress, import_files

Row = dict[str, Any]

ADDRESS = (
    "STRUCT(freeform VARCHAR, locality VARCHAR, postcode VARCHAR, region VARCHAR, country VARCHAR)"
)
OVERTURE = {
    "id": "VARCHAR",
    "bbox": "STRUCT(xmin FLOAT, xmax FLOAT, ymin FLOAT, ymax FLOAT)",
    "names": 'STRUCT("primary" VARCHAR, common MAP(VARCHAR, VARCHAR))',
    "taxonomy": 'STRUCT("primary" VARCHAR, hierarchy VARCHAR[], alternates VARCHAR[])',
    "basic_category": "VARCHAR",
    "confidence": "DOUBLE",
    "websites": "VARCHAR[]",
    "socials": "VARCHAR[]",
    "emails": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "addresses": f"{ADDRESS}[]",
    "operating_status": "VARCHAR",
    "sources": "STRUCT(property VARCHAR, dataset VARCHAR, license VARCHAR)[]",
}
# Before 2026 there were `categories`, and no taxonomy, status or licence.
OLD_OVERTURE = {
    "id": "VARCHAR",
    "geometry": "BLOB",
    "names": 'STRUCT("primary" VARCHAR)',
    "categories": 'STRUCT("primary" VARCHAR, alternate VARCHAR[])',
    "confidence": "DOUBLE",
    "websites": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "addresses": f"{ADDRESS}[]",
    "sources": "STRUCT(property VARCHAR, dataset VARCHAR)[]",
}
FOURSQUARE = {
    "fsq_place_id": "VARCHAR",
    "name": "VARCHAR",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
    "address": "VARCHAR",
    "locality": "VARCHAR",
    "region": "VARCHAR",
    "postcode": "VARCHAR",
    "country": "VARCHAR",
    "date_closed": "VARCHAR",
    "tel": "VARCHAR",
    "website": "VARCHAR",
    "email": "VARCHAR",
    "facebook_id": "BIGINT",
    "instagram": "VARCHAR",
    "twitter": "VARCHAR",
    "fsq_category_ids": "VARCHAR[]",
    "fsq_category_labels": "VARCHAR[]",
    "unresolved_flags": "VARCHAR[]",
}


def overture_row(number: int = 1, **changes: Any) -> Row:
    """Return a dentist in Miami in Overture's shape; `at` is (latitude, longitude)."""
    latitude, longitude = changes.pop("at", (25.7663 + number / 1e4, -80.1934))
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "bbox": {"xmin": longitude, "xmax": longitude, "ymin": latitude, "ymax": latitude},
        "names": {"primary": f"Bright Smiles {number}"},
        "taxonomy": {
            "primary": "general_dentistry",
            "hierarchy": ["health_care", "dental_clinic", "general_dentistry"],
            "alternates": None,
        },
        "basic_category": "dental_clinic",
        "confidence": 0.95,
        "websites": ["https://bright-smiles.example/"],
        "socials": None,
        "emails": None,
        "phones": ["+13055550100"],
        "addresses": [
            {
                "freeform": "1 Harbour Street",
                "locality": "Miami",
                "postcode": "33130",
                "region": "FL",
                "country": "US",
            }
        ],
        "operating_status": "open",
        "sources": [{"property": "", "dataset": "meta", "license": "CDLA-Permissive-2.0"}],
    } | changes


def plumber_row(number: int, **changes: Any) -> Row:
    """Return a plumber in Miami in Overture's shape."""
    taxonomy = {
        "primary": "plumbing",
        "hierarchy": ["services_and_business", "home_service", "plumbing"],
        "alternates": None,
    }
    names = {"primary": f"Quick Pipes {number}"}
    return overture_row(number, **{"names": names, "taxonomy": taxonomy, **changes})


def foursquare_row(number: int = 1, **changes: Any) -> Row:
    """Return a bakery in Lyon in Foursquare's shape."""
    return {
        "fsq_place_id": f"4b0588{number:018x}",
        "name": f"Boulangerie {number}",
        "latitude": 45.76 + number / 1e4,
        "longitude": 4.835,
        "address": "2 Rue Mercière",
        "locality": "Lyon",
        "region": "Auvergne-Rhône-Alpes",
        "postcode": "69002",
        "country": "FR",
        "date_closed": None,
        "tel": "04 78 00 00 00",
        "website": "http://boulangerie.example",
        "email": "Bonjour@Boulangerie.example",
        "facebook_id": 1234567,
        "instagram": "boulangerie",
        "twitter": "",
        "fsq_category_ids": ["4bf58dd8d48988d16a941735"],
        "fsq_category_labels": ["Dining and Drinking > Bakery"],
        "unresolved_flags": None,
    } | changes


def write_parquet(path: Path, rows: Iterable[Row], columns: Mapping[str, str] = OVERTURE) -> Path:
    """Write a Parquet file of rows with these columns."""
    lines = path.with_suffix(".jsonl")
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with duckdb.connect() as db:
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        db.execute(f"CREATE TABLE place ({declared})")
        read = {name: "VARCHAR" if kind == "BLOB" else kind for name, kind in columns.items()}
        cast = ", ".join(
            f"unhex({name})" if kind == "BLOB" else name for name, kind in columns.items()
        )
        db.execute(
            f"INSERT INTO place SELECT {cast} FROM"
            f" read_json(?, format = 'newline_delimited', columns = {read})",
            [str(lines)],
        )
        db.execute(f"COPY place TO '{path}' (FORMAT parquet)")
    lines.unlink()
    return path


def point(latitude: float, longitude: float) -> str:
    """Return a point as hexadecimal WKB."""
    return struct.pack("<BIdd", 1, 1, longitude, latitude).hex()


def write_geojson(path: Path, features: Sequence[Any], *, by_lines: bool = False) -> Path:
    """Write features as a collection, or each on a line of its own."""
    if by_lines:
        path.write_text("".join(json.dumps(feature) + "\n" for feature in features))
    else:
        collection = {"type": "FeatureCollection", "name": "places", "features": features}
        path.write_text(json.dumps(collection))
    return path


def feature(tags: Mapping[str, Any], *, at: tuple[float, float], **members: Any) -> Row:
    """Return a feature of GeoJSON at (latitude, longitude)."""
    geometry = {"type": "Point", "coordinates": [at[1], at[0]]}
    return {"type": "Feature", "properties": dict(tags), "geometry": geometry, **members}


def write_pbf(
    path: Path,
    *,
    nodes: Sequence[tuple[int, tuple[float, float], Mapping[str, str]]] = (),
    ways: Sequence[tuple[int, Sequence[int], Mapping[str, str]]] = (),
) -> Path:
    """Write an extract of nodes (id, (latitude, longitude), tags) and ways (id, nodes, tags)."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (latitude, longitude), tags in nodes:
            writer.add_node(Node(id=number, location=(longitude, latitude), tags=dict(tags)))
        for number, refs, tags in ways:
            writer.add_way(Way(id=number, nodes=list(refs), tags=dict(tags)))
    return path


def import_into(folder: Path, *paths: Path, name: str = "test", **choices: Any) -> Imported:
    """Import files as a dataset."""
    return import_files(
        folder, name, choose_files(paths), choices=Choices(**choices), report=ignore
    )


def ignore(progress: Progress) -> None:
    """Take no notice of progress."""
