"""Which columns the leads table shows behind the name; a person's choice, kept in the session."""

from typing import Any

from django.http import HttpRequest

LABELS = {
    "email": "E-mail",
    "phone": "Phone",
    "person": "Person",
    "address": "Address",
    "city": "City",
    "country": "Country",
    "rating": "Rating",
    "added": "Added",
    "changed": "Changed",
}
USUAL = ("email", "phone", "city", "rating", "added")
KEY = "lead_columns"


def chosen_columns(request: HttpRequest) -> dict[str, bool]:
    """Return for each column whether it shows."""
    chosen: Any = request.session.get(KEY, USUAL)
    return {name: name in chosen for name in LABELS}


def keep_columns(request: HttpRequest, names: list[str]) -> None:
    """Keep the choice; names of no column are left out."""
    request.session[KEY] = [name for name in LABELS if name in names]
