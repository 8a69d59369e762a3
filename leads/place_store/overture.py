"""Overture Maps places (GeoParquet): schema of OvertureMaps/schema, with and without `categories`.

`taxonomy` and `basic_category` came in 2025, `categories` went with the release of September 2026;
files of either time are read. A place's licence stands beside each of its sources.
"""

from leads.place_store.columns import MAX_LINE, Fields, first_of, selected

DEFAULT_LICENCE = "CDLA-Permissive-2.0"
LICENCES = {
    "foursquare": "Apache-2.0",
    "alltheplaces": "CC0-1.0",
    "openstreetmap": "ODbL-1.0",
}


def is_overture(columns: Fields) -> bool:
    """Tell whether a file has the columns of Overture's places."""
    kinds = {"taxonomy", "categories", "basic_category"} & columns.keys()
    return "id" in columns and "primary" in columns.get("names", ()) and bool(kinds)


def select_list(columns: Fields) -> str:
    """Return the SQL that reads a place from one row."""
    return selected(
        {
            "id": "'overture:' || id",
            "name": "names.primary",
            "path": _path(columns),
            "alternates": _alternates(columns),
            "confidence": "confidence" if "confidence" in columns else "NULL",
            "website": "websites[1]" if "websites" in columns else "NULL",
            **{
                name: f"lines({name})"
                for name in ("emails", "socials", "phones")
                if name in columns
            },
            **_address(columns),
            "status": "operating_status" if "operating_status" in columns else "NULL",
            "licence": _licence(columns),
            **_position(columns),
        }
    )


def _path(columns: Fields) -> str:
    taxonomy = columns.get("taxonomy", frozenset())
    steps = ["steps(taxonomy.hierarchy)"] if "hierarchy" in taxonomy else []
    steps += ["taxonomy.primary"] if "primary" in taxonomy else []
    if "primary" in columns.get("categories", ()):
        steps.append("categories.primary")
    if "basic_category" in columns:
        steps.append("basic_category")
    return first_of(steps)


def _alternates(columns: Fields) -> str:
    # The schema says `alternates`, older releases and the documentation `alternate`.
    return first_of(
        f"lines({struct}.{name})"
        for struct in ("taxonomy", "categories")
        for name in ("alternates", "alternate")
        if name in columns.get(struct, ())
    )


def _address(columns: Fields) -> dict[str, str]:
    if "addresses" not in columns:
        return {}
    country, region = "upper(addresses[1].country)", "addresses[1].region"
    return {
        "street": "addresses[1].freeform",
        "city": "addresses[1].locality",
        # Written with its country ("US-FL") or without.
        "region": f"CASE WHEN starts_with({region}, {country} || '-') THEN substr({region}, 4)"
        f" ELSE {region} END",
        "postal_code": "addresses[1].postcode",
        "country": country,
    }


def _licence(columns: Fields) -> str:
    if "sources" not in columns:
        return f"'{DEFAULT_LICENCE}'"
    only, each = _licence_of("sources[1]", columns), _licence_of("s", columns)
    # Most places have one source: the list is made only for the others.
    every = f"list_sort(list_distinct(list_transform(sources[1:9], lambda s: {each})))"
    return (
        f"CASE WHEN len(sources) = 1 THEN {only} WHEN len(sources) > 1"
        f" THEN left(array_to_string({every}, ', '), {MAX_LINE}) ELSE '{DEFAULT_LICENCE}' END"
    )


def _licence_of(source: str, columns: Fields) -> str:
    known = " ".join(f"WHEN '{name}' THEN '{licence}'" for name, licence in LICENCES.items())
    default = f"CASE lower({source}.dataset) {known} ELSE '{DEFAULT_LICENCE}' END"
    # Releases before 2025 name no licence beside a source.
    is_named = "license" in columns["sources"]
    return f"coalesce({source}.license, {default})" if is_named else default


def _position(columns: Fields) -> dict[str, str]:
    """Return latitude and longitude: of the bbox, which is quicker to read, else the geometry."""
    if {"xmin", "xmax", "ymin", "ymax"} <= columns.get("bbox", frozenset()):
        return {
            "latitude": "(bbox.ymin::DOUBLE + bbox.ymax) / 2",
            "longitude": "(bbox.xmin::DOUBLE + bbox.xmax) / 2",
        }
    if "geometry" not in columns:
        return {}
    # A point reads "POINT (longitude latitude)"; what is no point has no position.
    shape = "try(ST_AsText(ST_GeomFromWKB(geometry::BLOB)))"
    parts = f"split(regexp_extract({shape}, '^POINT ?[(](.*)[)]$', 1), ' ')"
    return {
        "latitude": f"try_cast({parts}[2] AS DOUBLE)",
        "longitude": f"try_cast({parts}[1] AS DOUBLE)",
    }
