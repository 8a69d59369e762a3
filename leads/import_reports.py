"""What an import tells of the rows and cells it could not take."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from leads.import_values import Draft
from leads.mapping_words import LABELS
from leads.models import LeadImport


def told_errors(row: LeadImport, drafts: Iterable[Draft], *, room: int) -> list[dict[str, Any]]:
    """Return up to `room` errors of some drafts: `{row, column, value, reason, refused}` each."""
    columns = _columns_by_field(row)
    errors = (error for draft in drafts for error in _errors_of(draft, columns))
    return list(islice(errors, max(0, room)))


def _columns_by_field(row: LeadImport) -> dict[str, str]:
    """Return the name of the first column that fills each field."""
    names = row.layout.get("columns", [])
    pairs = sorted((int(column), field) for column, field in row.mapping.items())
    return {field: names[column] for column, field in reversed(pairs) if column < len(names)}


def _errors_of(draft: Draft, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what is to be told of a row: the cells that were left out, and why it was refused."""
    for problem in draft.problems:
        yield {
            "row": draft.number,
            "column": columns.get(problem.field, LABELS[problem.field]),
            "value": problem.value,
            "reason": problem.reason,
            "refused": False,
        }
    if draft.refused:
        yield {
            "row": draft.number,
            "column": "",
            "value": "",
            "reason": draft.refused,
            "refused": True,
        }
