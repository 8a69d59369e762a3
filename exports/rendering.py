"""Turning leads into a file: one bounded read of the database, one row at a time."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from exports import columns, csvfiles, spreadsheets
from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads import projects
from leads.filters import filter_leads, is_filtered
from leads.models import Lead, Project

FORMATS = ("xlsx", "csv", "instantly", "lemlist", "smartlead")
READY_FORMATS = ("xlsx", "csv")
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
READ_AT_ONCE = 1000
# The database columns a file is made of; the rest of a row stays where it is.
VALUES = (
    "public_id",
    "business_name",
    "category",
    "address",
    "phone",
    "website",
    "email",
    "email_status",
    "social_links",
    "rating",
    "reviews_count",
    "opening_hours",
    "latitude",
    "longitude",
    "google_maps_url",
    "place_id",
    "emails",
    "phones",
    "first_name",
    "last_name",
    "job_title",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "tags",
    "sources",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file of leads that is ready to be made: its name, its type and its rows."""

    name: str
    format: str
    content_type: str
    exported: int
    skipped: int
    leads: QuerySet[Lead]
    info: Mapping[str, str]


def prepare_export(
    workspace: Workspace, *, project_id: str, format: str, filters: Mapping[str, str]
) -> Export:
    """Check what is asked and count it; InvalidInput for a format or filter that is not known."""
    if format not in FORMATS:
        raise InvalidInput(
            f"format must be one of {', '.join(FORMATS)}, not {format[:40]!r}.", param="format"
        )
    if format not in READY_FORMATS:
        raise InvalidInput(
            f"{format} files are not made yet; {' and '.join(READY_FORMATS)} are.", param="format"
        )
    project = projects.find_project(workspace, project_id)
    everything = filter_leads(workspace, {"project_id": project.public_id})
    leads = filter_leads(workspace, {**filters, "project_id": project.public_id})
    exported = leads.count()
    return Export(
        name=f"{_file_name(project)}.{format}",
        format=format,
        content_type=CONTENT_TYPES[format],
        exported=exported,
        skipped=everything.count() - exported,
        leads=leads,
        info={
            "Project": project.name,
            "Filters": _told(filters) or "none",
            "Made at": timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
        },
    )


def write_file(export: Export, path: Path) -> int:
    """Write the export to a file; returns the number of rows."""
    rows = lead_rows(export.leads)
    if export.format == "xlsx":
        return spreadsheets.write_xlsx(
            path, rows, columns=columns.LEAD_COLUMNS, info=export.info, total=export.exported
        )
    with path.open("wb") as file:
        for part in csvfiles.csv_lines(rows, columns=columns.LEAD_COLUMNS):
            file.write(part)
    return export.exported


def stream(export: Export) -> Iterator[bytes]:
    """Yield the file's bytes; a spreadsheet is made in a temporary file first."""
    if export.format == "csv":
        yield from csvfiles.csv_lines(lead_rows(export.leads), columns=columns.LEAD_COLUMNS)
        return
    with tempfile.TemporaryDirectory(prefix="freshleads-export-") as folder:
        path = Path(folder) / "leads.xlsx"
        write_file(export, path)
        with path.open("rb") as file:
            while part := file.read(64 * 1024):
                yield part


def lead_rows(leads: QuerySet[Lead]) -> Iterator[dict[str, Any]]:
    """Yield one plain row per lead for the writers, reading a thousand at a time."""
    for values in leads.values(*VALUES).iterator(chunk_size=READ_AT_ONCE):
        yield _row(values)


def _row(values: dict[str, Any]) -> dict[str, Any]:
    row = {key: value for key, value in values.items() if value != ""}
    row["id"] = values["public_id"]
    row.update(values["social_links"])
    hours = values["opening_hours"] or {}
    row["opening_hours"] = "; ".join(f"{day}: {text}" for day, text in hours.items()) or None
    row["emails"] = ", ".join(entry["email"] for entry in values["emails"]) or None
    row["phones"] = ", ".join(entry["phone"] for entry in values["phones"]) or None
    row["tags"] = ", ".join(values["tags"]) or None
    row["source"] = ", ".join(sorted({entry["source"] for entry in values["sources"].values()}))
    return row


def _told(filters: Mapping[str, str]) -> str:
    """Return the filters that left something out, in words; other parameters did nothing."""
    return ", ".join(
        f"{name}={value}" for name, value in filters.items() if is_filtered({name: value})
    )


def _file_name(project: Project) -> str:
    words = "".join(char if char.isalnum() and char.isascii() else " " for char in project.name)
    return "-".join(words.lower().split())[:80] or "leads"
