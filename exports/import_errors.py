"""The rows and cells that an import could not take, as a CSV."""

from collections.abc import Iterator

from exports.columns import Column, Kind
from exports.csvfiles import csv_lines
from freshleads.users.models import Workspace
from leads import importing

COLUMNS = (
    Column("row", "Row", Kind.INTEGER),
    Column("column", "Column"),
    Column("value", "Value"),
    Column("reason", "Why"),
    Column("outcome", "What happened"),
)


def error_lines(workspace: Workspace, public_id: str) -> Iterator[bytes]:
    """Yield the lines of the file; NotFound for another workspace's import."""
    errors = importing.find_import(workspace, public_id).errors
    rows = ({**error, "outcome": _outcome(error["refused"])} for error in errors)
    return csv_lines(rows, columns=COLUMNS)


def _outcome(refused: bool) -> str:
    return "The row was not imported." if refused else "Only this cell was left out."
