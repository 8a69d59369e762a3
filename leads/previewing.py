"""What an import would do, from its first rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils import timezone

from leads import amending, uploads
from leads.import_values import Draft, read_draft
from leads.mapping_words import LABELS, NETWORKS, TARGETS
from leads.models import Lead, LeadImport
from leads.recognising import UNKNOWN_ID, KnownLeads, identity_of
from leads.tables.reading import Layout, Row, read_rows

SHOWN_ROWS = 20
CHECKED_ROWS = 500
EXAMPLES = 3
SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column of the file: its place, its name, values it holds and the field it fills."""

    number: int
    name: str
    examples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class CellPreview:
    """What becomes of a cell: the value as it will be kept, or why it is left out."""

    label: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class RowPreview:
    """What becomes of a row; `outcome` is new, known, again (in this file) or refused."""

    number: int
    outcome: str
    reason: str
    cells: tuple[CellPreview, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows with their values, and counts over the rows that were looked at."""

    columns: tuple[ColumnPreview, ...]
    labels: tuple[str, ...]
    rows: tuple[RowPreview, ...]
    checked: int
    new: int
    known: int
    again: int
    refused: int
    left_out: int

    @property
    def is_whole(self) -> bool:
        return self.checked < CHECKED_ROWS


def preview_of(lead_import: LeadImport) -> Preview:
    """Read the first rows of a draft as the import would; FileNotFoundError where it is gone."""
    layout = Layout.from_dict(lead_import.layout)
    mapping = {int(column): field for column, field in lead_import.mapping.items()}
    table = uploads.table_of(lead_import.stored_as)
    rows = list(islice(read_rows(table, layout), CHECKED_ROWS))
    drafts = [read_draft(row, mapping, country=lead_import.country) for row in rows]
    outcomes = _outcomes(lead_import, drafts)
    fields = [field for field, _ in TARGETS if field in mapping.values()]
    return Preview(
        columns=_columns(layout, rows, mapping),
        labels=tuple(LABELS[field] for field in fields),
        rows=tuple(
            _row(draft, outcome, fields)
            for draft, outcome in zip(drafts[:SHOWN_ROWS], outcomes, strict=False)
        ),
        checked=len(drafts),
        new=outcomes.count("new"),
        known=outcomes.count("known"),
        again=outcomes.count("again"),
        refused=outcomes.count("refused"),
        left_out=sum(len(draft.problems) for draft in drafts),
    )


def _outcomes(lead_import: LeadImport, drafts: Sequence[Draft]) -> list[str]:
    """Tell of each row whether it is new, known, in the file again, or refused."""
    usable = [draft.values for draft in drafts if not draft.refused]
    known = KnownLeads.of(lead_import.workspace, usable)
    within = KnownLeads()
    origin = amending.origin_of(lead_import.file_name, timezone.now())
    seen: set[int] = set()
    outcomes = []
    for draft in drafts:
        lead = None if draft.refused else known.find(draft.values)
        if lead is None and not identity_of(draft.values):
            draft.refused = draft.refused or UNKNOWN_ID
        if draft.refused:
            outcomes.append("refused")
        elif lead is not None:
            outcomes.append("again" if lead.pk in seen else "known")
            seen.add(lead.pk)
        elif within.find(draft.values) is not None:
            outcomes.append("again")
        else:
            lead = Lead(workspace=lead_import.workspace)
            amending.fill_new(lead, draft.values, origin=origin)
            within.add([lead])
            outcomes.append("new")
    return outcomes


def _columns(
    layout: Layout, rows: Sequence[Row], mapping: Mapping[int, str]
) -> tuple[ColumnPreview, ...]:
    """Return the columns that have a value or fill a field."""
    columns = []
    for number, name in enumerate(layout.columns):
        filled = (text for row in rows if (text := row.cells[number].strip()))
        examples = tuple(
            islice(dict.fromkeys(text[:SHOWN_CHARACTERS] for text in filled), EXAMPLES)
        )
        if examples or number in mapping:
            columns.append(ColumnPreview(number, name, examples, mapping.get(number, "")))
    return tuple(columns)


def _row(draft: Draft, outcome: str, fields: Sequence[str]) -> RowPreview:
    problems = {problem.field: f"“{problem.value}” {problem.reason}" for problem in draft.problems}
    cells = tuple(
        CellPreview(LABELS[field], _shown(draft.values, field), problems.get(field, ""))
        for field in fields
    )
    return RowPreview(draft.number, outcome, draft.refused, cells)


def _shown(values: Mapping[str, Any], field: str) -> str:
    """Return a value as text for a cell of the preview."""
    if field in NETWORKS:
        return str(values.get("social_links", {}).get(field, ""))
    if field == "full_name":
        return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    value = values.get("emails" if field == "email" else field, "")
    if isinstance(value, list):
        value = ", ".join(value)
    elif isinstance(value, dict):
        value = "; ".join(f"{day}: {hours}" for day, hours in value.items())
    elif isinstance(value, Decimal | float | int):
        value = str(value)
    return value if len(value) <= SHOWN_CHARACTERS else f"{value[: SHOWN_CHARACTERS - 1]}…"
