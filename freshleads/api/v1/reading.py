"""Reading query strings strictly: what is not understood is refused by name, never ignored."""

from collections.abc import Collection

from rest_framework.request import Request

from freshleads.api.bodies import NAME_SHOWN
from freshleads.lib.errors import InvalidInput


def read_query(request: Request, known: Collection[str]) -> dict[str, str]:
    """Return the query parameters; InvalidInput for an unknown one and for one given twice."""
    values = {}
    for name, given in request.query_params.lists():
        shown = name[:NAME_SHOWN]
        if name not in known:
            names = ", ".join(known) or "none"
            raise InvalidInput(f"{shown}: unknown parameter; known: {names}.", param=shown)
        if len(given) > 1:
            raise InvalidInput(f"{shown}: given more than once.", param=shown)
        values[name] = given[0]
    return values
