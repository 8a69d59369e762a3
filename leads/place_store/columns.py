"""The columns into which every format is read, and the SQL that bounds what may stand in them."""

from collections.abc import Iterable, Mapping

Fields = Mapping[str, frozenset[str]]  # the columns of a file, with the names inside a struct

# What a file says of a place; lists are lines, the most general category comes first in a path.
COLUMNS = (
    "id",
    "name",
    "path",
    "alternates",
    "confidence",
    "website",
    "emails",
    "socials",
    "phones",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "status",
    "licence",
    "tags",
    "latitude",
    "longitude",
)
NUMBERS = frozenset({"confidence", "latitude", "longitude"})
PATH_SIGN = ">"

MAX_NAME = 300
MAX_SHORT = 120
MAX_LINE = 500
MAX_URL = 2048
MAX_LISTED = 5

OPEN = "open"
CLOSED_FOR_NOW = "temporarily_closed"
CLOSED = "permanently_closed"
FLAGGED = "flagged"

MACROS = (
    "CREATE MACRO line(t, n) AS nullif(trim(left(t, n)), '')",
    f"CREATE MACRO lines(ts) AS nullif(left(array_to_string(ts[1:{MAX_LISTED}], chr(10)),"
    f" {MAX_LISTED * MAX_LINE}), '')",
    f"CREATE MACRO steps(ts) AS nullif(left(array_to_string(ts[1:8], '{PATH_SIGN}'),"
    f" {MAX_LINE}), '')",
)


def selected(expressions: dict[str, str]) -> str:
    """Return the select list of all columns; a format leaves out those it knows nothing of."""
    return ", ".join(f"{expressions.get(name, 'NULL')} AS {name}" for name in COLUMNS)


def first_of(expressions: Iterable[str]) -> str:
    """Return an expression for the first that is not NULL."""
    found = list(expressions)
    return f"coalesce({', '.join(found)})" if found else "NULL"
