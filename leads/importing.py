"""Asking for an import: upload a file, say what its columns mean, look, start, stop, undo."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import PurePath
from typing import IO

from django.db import transaction
from django.utils import timezone

from freshleads.lib.errors import Conflict, InvalidInput, NotFound
from freshleads.users.models import User, Workspace
from leads import bells, import_files, projects, undoing_imports, uploads
from leads import mapping as columns
from leads.cleaning import clean
from leads.countries import country_code
from leads.models import LeadImport
from leads.tables import reading
from leads.tables.reading import Layout, Table

SAMPLE_ROWS = 200
MAX_DRAFTS = 10  # of a workspace; an older one that was never started goes
MAX_FILES = 20  # of a workspace's imports that ended
NEW_PROJECT = "new"
TASK = "leads.store_import"
FILE_GONE = "The uploaded file is not kept any more. Upload it again."
COUNTED = ("rows_done", "created_count", "updated_count", "duplicate_count", "invalid_count")


def upload(
    workspace: Workspace, *, by: User | None, file_name: str, source: IO[bytes]
) -> LeadImport:
    """Keep a file, find out how it is laid out and what its columns mean; returns the draft.

    Raises InvalidInput (param `file`) for what holds no table or is too large, StorageFull.
    """
    stored_as, size = uploads.keep(source)
    try:
        lead_import = LeadImport(
            workspace=workspace,
            created_by=by,
            file_name=_shown_name(file_name),
            stored_as=stored_as,
            size=size,
        )
        table = uploads.table_of(stored_as)
        layout = reading.detect_layout(table, is_field_name=columns.is_field_name)
        _lay_out(lead_import, table, layout)
        lead_import.save()
    except BaseException:
        uploads.remove(stored_as)
        raise
    _make_room(workspace)
    return lead_import


def find_import(workspace: Workspace, public_id: str) -> LeadImport:
    """Return one import of the workspace; NotFound for anyone else's."""
    found = (
        LeadImport.objects.owned_by(workspace)
        .select_related("project")
        .filter(public_id=clean(public_id))
        .first()
    )
    if found is None:
        raise NotFound("There is no such import.")
    return found


def choose_layout(
    workspace: Workspace,
    public_id: str,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    header_row: int | None = None,
) -> LeadImport:
    """Read the file in another way and map its columns anew; InvalidInput where that cannot be."""
    lead_import = _draft(workspace, public_id)
    table, layout = uploads.table_of(lead_import.stored_as), layout_of(lead_import)
    try:
        if sheet and sheet != layout.sheet:
            layout = reading.detect_layout(table, is_field_name=columns.is_field_name, sheet=sheet)
        else:
            layout = reading.choose_layout(
                table,
                layout,
                encoding=encoding or layout.encoding,
                delimiter=delimiter or layout.delimiter,
                header_row=layout.header_row if header_row is None else header_row,
            )
        _lay_out(lead_import, table, layout)
    except FileNotFoundError as error:
        raise Conflict(FILE_GONE) from error
    _save_draft(lead_import, "layout", "mapping", "country", "rows_total")
    table.remove_other_sheets(layout)
    return lead_import


def choose(
    workspace: Workspace,
    public_id: str,
    *,
    mapping: Mapping[int, str],
    duplicates: str,
    country: str = "",
) -> LeadImport:
    """Say what fills which field, and what happens to leads that are there already."""
    lead_import = _draft(workspace, public_id)
    checked = columns.check_mapping(mapping, columns=layout_of(lead_import).columns)
    if duplicates not in LeadImport.Duplicates.values:
        raise InvalidInput("Choose one of these.", param="duplicates")
    if country and country_code(country) != country:
        raise InvalidInput("Choose a country from the list.", param="country")
    lead_import.mapping = {str(column): field for column, field in checked.items()}
    lead_import.duplicates, lead_import.country = duplicates, country
    _save_draft(lead_import, "mapping", "duplicates", "country")
    return lead_import


def start(workspace: Workspace, public_id: str, *, project_id: str = "") -> LeadImport:
    """Queue a draft as it was chosen.

    `project_id` is a project's, `new` for one named after the file, empty for none. Raises
    InvalidInput, NotFound (project), Conflict.
    """
    with transaction.atomic():
        lead_import = _locked(workspace, public_id)
        _check_is_draft(lead_import)
        layout = layout_of(lead_import)
        if not is_file_kept(lead_import):
            raise Conflict(FILE_GONE)
        columns.check_mapping(mapping_of(lead_import), columns=layout.columns)
        if project_id == NEW_PROJECT:
            name = project_name_of(lead_import)
            lead_import.project = projects.project_named(workspace, name)
        elif project_id:
            lead_import.project = projects.find_project(workspace, project_id)
        lead_import.status = LeadImport.Status.RUNNING
        lead_import.next_attempt_at = timezone.now()
        lead_import.save(update_fields=["project", "status", "next_attempt_at"])
        bells.ring(TASK, lead_import.pk)
    return lead_import


def cancel(workspace: Workspace, public_id: str) -> LeadImport:
    """Stop a running import for good and take back what it has stored."""
    with transaction.atomic():
        lead_import = _locked(workspace, public_id)
        if lead_import.status == LeadImport.Status.RUNNING:
            undoing_imports.begin(lead_import)
            bells.ring(TASK, lead_import.pk)
    return lead_import


def undo(workspace: Workspace, public_id: str) -> LeadImport:
    """Take back what an import did, as far as nobody has changed it since."""
    with transaction.atomic():
        lead_import = _locked(workspace, public_id)
        if not can_undo(lead_import):
            raise Conflict("Only an import that has ended can be undone.")
        undoing_imports.begin(lead_import, message=lead_import.error_message)
        bells.ring(TASK, lead_import.pk)
    return lead_import


def reopen(workspace: Workspace, public_id: str) -> LeadImport:
    """Make a draft of an import that failed or was undone, to be started once more."""
    with transaction.atomic():
        lead_import = _locked(workspace, public_id)
        if not can_reopen(lead_import):
            raise Conflict(
                "Only an import that failed or was undone can be started again, while its file is "
                "kept."
            )
        for name in COUNTED:
            setattr(lead_import, name, 0)
        lead_import.status = LeadImport.Status.DRAFT
        lead_import.errors, lead_import.undone, lead_import.error_message = [], {}, ""
        lead_import.project = lead_import.finished_at = None
        lead_import.save()
    return lead_import


def discard(workspace: Workspace, public_id: str) -> None:
    """Throw a draft away with its file."""
    with transaction.atomic():
        lead_import = _locked(workspace, public_id)
        _check_is_draft(lead_import)
        lead_import.delete()
    uploads.remove(lead_import.stored_as)


def can_undo(lead_import: LeadImport) -> bool:
    """Tell whether there is something that can be taken back."""
    if lead_import.status == LeadImport.Status.COMPLETED:
        return True
    return lead_import.status == LeadImport.Status.FAILED and lead_import.entries.exists()


def can_reopen(lead_import: LeadImport) -> bool:
    """Tell whether the import left nothing behind and its file is still there."""
    ended = {LeadImport.Status.FAILED, LeadImport.Status.UNDONE}
    if lead_import.status not in ended or lead_import.entries.exists():
        return False
    return is_file_kept(lead_import)


def is_file_kept(lead_import: LeadImport) -> bool:
    if not lead_import.stored_as:
        return False
    return uploads.table_of(lead_import.stored_as).exists(layout_of(lead_import))


def layout_of(lead_import: LeadImport) -> Layout:
    return Layout.from_dict(lead_import.layout)


def mapping_of(lead_import: LeadImport) -> dict[int, str]:
    return {int(column): field for column, field in lead_import.mapping.items()}


def project_name_of(lead_import: LeadImport) -> str:
    """Return what a project made for the import is called."""
    return PurePath(lead_import.file_name).stem or lead_import.file_name


def samples_of(table: Table, layout: Layout) -> list[list[str]]:
    """Return some values of each column, empty ones left out."""
    samples: list[list[str]] = [[] for _ in layout.columns]
    for row in islice(reading.read_rows(table, layout), SAMPLE_ROWS):
        for column, text in enumerate(row.cells):
            if text.strip():
                samples[column].append(text.strip())
    return samples


def _lay_out(lead_import: LeadImport, table: Table, layout: Layout) -> None:
    """Note how the file is read, and what its columns most likely mean."""
    rows = reading.count_rows(table, layout)
    samples = samples_of(table, layout)
    mapping = columns.suggest_mapping(layout.columns, samples)
    lead_import.layout = clean(layout.to_dict())
    lead_import.rows_total = rows
    lead_import.mapping = {str(column): field for column, field in mapping.items()}
    lead_import.country = columns.suggest_country(mapping, samples)


def _draft(workspace: Workspace, public_id: str) -> LeadImport:
    lead_import = find_import(workspace, public_id)
    _check_is_draft(lead_import)
    return lead_import


def _check_is_draft(lead_import: LeadImport) -> None:
    if lead_import.status != LeadImport.Status.DRAFT:
        raise Conflict("This import was started already.")


def _save_draft(lead_import: LeadImport, *fields: str) -> None:
    """Save what was chosen, unless the import was started or thrown away meanwhile."""
    rows = LeadImport.objects.filter(pk=lead_import.pk, status=LeadImport.Status.DRAFT)
    if not rows.update(**{field: getattr(lead_import, field) for field in fields}):
        raise Conflict("This import was started already.")


def _locked(workspace: Workspace, public_id: str) -> LeadImport:
    found = find_import(workspace, public_id)
    rows = LeadImport.objects.select_for_update(of=("self",)).filter(pk=found.pk)
    lead_import = rows.select_related("workspace").first()
    if lead_import is None:
        raise NotFound("There is no such import.")
    return lead_import


def _make_room(workspace: Workspace) -> None:
    """Throw away old drafts, and the files of old imports that can still be looked at."""
    mine = LeadImport.objects.owned_by(workspace).exclude(stored_as="")
    drafts = mine.filter(status=LeadImport.Status.DRAFT)
    for lead_import in drafts[MAX_DRAFTS : MAX_DRAFTS + 100]:
        with suppress(Conflict, NotFound):
            discard(workspace, lead_import.public_id)
    for lead_import in mine.filter(finished_at__isnull=False)[MAX_FILES : MAX_FILES + 100]:
        import_files.forget_file(lead_import)


def _shown_name(file_name: str) -> str:
    """Return the bare name of a file, without the folders some browsers send along."""
    name = clean(file_name).replace("\\", "/").rpartition("/")[2]
    return " ".join(name.split())[-200:] or "list"
