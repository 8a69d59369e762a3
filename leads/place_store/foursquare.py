"""Foursquare Open Source Places (Parquet): docs.foursquare.com, "Places OS Data Schemas".

All of it is Apache-2.0. Nobody is asked for a confidence; rows that people have flagged as closed,
deleted, double or private are left out.
"""

from leads.place_store.columns import CLOSED, FLAGGED, MAX_LISTED, Fields, first_of, selected

LICENCE = "Apache-2.0"
FLAGS = ("closed", "delete", "doesnt_exist", "duplicate", "inappropriate", "privatevenue")
SIMPLE = {
    "name": "name",
    "website": "website",
    "street": "address",
    "city": "locality",
    "region": "region",
    "postal_code": "postcode",
    "latitude": "latitude",
    "longitude": "longitude",
}
LISTED = {"phones": "tel", "emails": "email"}


def is_foursquare(columns: Fields) -> bool:
    """Tell whether a file has the columns of Foursquare's places."""
    return {"fsq_place_id", "name", "latitude", "longitude"} <= columns.keys()


def select_list(columns: Fields) -> str:
    """Return the SQL that reads a place from one row."""
    simple = {name: column for name, column in SIMPLE.items() if column in columns}
    return selected(
        {
            **simple,
            **{name: f"lines([{column}])" for name, column in LISTED.items() if column in columns},
            "id": "'fsq:' || fsq_place_id",
            "path": _label("[1]") if "fsq_category_labels" in columns else "NULL",
            "alternates": _alternates() if "fsq_category_labels" in columns else "NULL",
            "socials": _socials(columns),
            "country": "upper(country)" if "country" in columns else "NULL",
            "status": _status(columns),
            "licence": f"'{LICENCE}'",
        }
    )


def _label(item: str) -> str:
    """Return a label like "Dining and Drinking > Bakery" as a path."""
    return rf"regexp_replace(fsq_category_labels{item}, '\s*>\s*', '>', 'g')"


def _alternates() -> str:
    labels = f"fsq_category_labels[2:{MAX_LISTED + 1}]"
    return rf"lines(list_transform({labels}, lambda t: regexp_replace(t, '\s*>\s*', '>', 'g')))"


def _socials(columns: Fields) -> str:
    urls = {
        "facebook_id": "'https://www.facebook.com/' || facebook_id",
        "instagram": "'https://www.instagram.com/' || instagram",
        "twitter": "'https://x.com/' || twitter",
    }
    given = [
        f"CASE WHEN trim({name}::VARCHAR) <> '' THEN {url} END"
        for name, url in urls.items()
        if name in columns
    ]
    return f"lines([{', '.join(given)}])" if given else "NULL"


def _status(columns: Fields) -> str:
    states = []
    if "date_closed" in columns:
        states.append(f"CASE WHEN date_closed IS NOT NULL THEN '{CLOSED}' END")
    if "unresolved_flags" in columns:
        flags = ", ".join(f"'{flag}'" for flag in FLAGS)
        states.append(f"CASE WHEN list_has_any(unresolved_flags, [{flags}]) THEN '{FLAGGED}' END")
    return first_of(states)
