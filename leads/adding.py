"""Adding leads that somebody brings along: free, each address once in a workspace and project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from freshleads.lib.errors import NotFound
from freshleads.users.models import Workspace
from leads import merging, verdicts
from leads.locking import lock_leads, lock_total
from leads.models import Lead, LeadTotal, Project, ProjectLead
from leads.row_values import FIELDS, UnusableRow, name_in_address, row_values

GIVEN = "given"
IN_ADDRESS = "in_address"
SAVED = (
    *FIELDS,
    "phone",
    "domain",
    "emails",
    "sources",
    "search_text",
    "deleted_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that makes no lead; `index` counts from 0."""

    index: int
    email: str
    field: str
    reason: str


@dataclass(slots=True)
class AddedLeads:
    """What became of some rows; `lead_ids` are those of the leads added, in the rows' order."""

    lead_ids: list[int] = field(default_factory=list)
    duplicates: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def add_leads(
    workspace: Workspace,
    *,
    project: Project | None,
    rows: Sequence[Mapping[str, Any]],
    source: str,
) -> AddedLeads:
    """Add the leads of some rows (`row_values.FIELDS`, of which `email` is needed) to a project.

    A lead that the workspace has is linked, and filled only where it is empty; one that it deleted
    comes back. An address that the project has already, or that an earlier row had, is a
    duplicate; without a project, one that the workspace has. Raises NotFound where the project is
    gone.
    """
    added = AddedLeads()
    wanted = _read_rows(rows, added)
    origin = merging.Origin(source=source, licence="", now=timezone.now())
    with transaction.atomic():
        total = lock_total(workspace)
        known, settled = _known_leads(workspace, lock_project(workspace, project), wanted)
        leads: list[Lead] = []
        for email, values in wanted.items():
            lead = known.get(email)
            if lead is not None and lead.pk in settled:
                added.duplicates += 1
                continue
            leads.append(lead or Lead(workspace=workspace, created_at=origin.now))
            fill_lead(leads[-1], values, origin=origin)
        _store(leads, total, origin.now)
        if project is not None:
            links = [ProjectLead(project=project, lead=lead) for lead in leads]
            ProjectLead.objects.bulk_create(links, ignore_conflicts=True)
    added.lead_ids = [lead.pk for lead in leads]
    return added


def fill_lead(
    lead: Lead, values: Mapping[str, Any], *, origin: merging.Origin, method: str = GIVEN
) -> None:
    """Set what is empty in a lead, and was not emptied by a person, from the values of a row.

    A new lead gets its identity from the address; `first_name` and `last_name` are read out of the
    address where the row has none.
    """
    source = origin.of("", method)
    if "email" in values:
        _use_email(lead, values["email"], source)
        lead.identity = lead.identity or merging.identity(email=values["email"])
    for name in FIELDS:
        if name not in {"email", "phones"} and name in values:
            _set_empty(lead, name, values[name], source)
    for name, part in zip(
        ("first_name", "last_name"), name_in_address(values.get("email", "")), strict=True
    ):
        _set_empty(lead, name, part, origin.of("", IN_ADDRESS))
    _add_phones(lead, values.get("phones", ()), source)
    lead.domain = merging.own_domain(lead.website)
    lead.search_text = merging.search_text(lead)
    lead.updated_at = origin.now


def _read_rows(rows: Sequence[Mapping[str, Any]], added: AddedLeads) -> dict[str, dict[str, Any]]:
    """Return the values of the usable rows by address, and note the others."""
    wanted: dict[str, dict[str, Any]] = {}
    for index, row in enumerate(rows):
        try:
            values = row_values(row)
            if "email" not in values:
                raise UnusableRow("email", "is required.")
        except UnusableRow as error:
            shown = row.get("email")
            email = shown[: merging.MAX_EMAIL_LENGTH] if isinstance(shown, str) else ""
            added.refused.append(RefusedRow(index, email, error.field, error.reason))
            continue
        if values["email"] in wanted:
            added.duplicates += 1
        else:
            wanted[values["email"]] = values
    return wanted


def lock_project(workspace: Workspace, project: Project | None) -> Project | None:
    """Keep the project from being deleted until the transaction ends."""
    if project is None:
        return None
    rows = Project.objects.owned_by(workspace).select_for_update(no_key=True)
    if not rows.filter(pk=project.pk).exists():
        raise NotFound("There is no such project.", param="project_id")
    return project


def _known_leads(
    workspace: Workspace, project: Project | None, emails: Iterable[str]
) -> tuple[dict[str, Lead], set[int]]:
    """Return the lead that stands for each address, locked, and which need not be added.

    A lead stands for its e-mail, and for the address it was once added by.
    """
    wanted = set(emails)
    identities = {merging.identity(email=email): email for email in wanted}
    rows = Lead.objects.ever_owned_by(workspace).filter(
        Q(email__in=wanted) | Q(identity__in=identities)
    )
    found = lock_leads(rows.values_list("pk", flat=True))
    settled = {pk for pk, lead in found.items() if lead.deleted_at is None}
    if project is not None:
        links = ProjectLead.objects.filter(project=project, lead__in=settled)
        settled = set(links.values_list("lead_id", flat=True))
    known: dict[str, Lead] = {}
    # The last one wins: it is settled, else not deleted, else the oldest.
    in_order = sorted(
        found.values(), key=lambda lead: (lead.pk in settled, lead.deleted_at is None, -lead.pk)
    )
    for lead in in_order:
        if lead.identity in identities:
            known[identities[lead.identity]] = lead
    for lead in in_order:
        if lead.email in wanted:
            known[lead.email] = lead
    return known, settled


def _use_email(lead: Lead, email: str, source: dict[str, Any]) -> None:
    """Add an address to the lead; it becomes the lead's e-mail where it has none."""
    is_known = any(entry["email"] == email for entry in lead.emails)
    if not is_known and len(lead.emails) < merging.MAX_EMAILS:
        unverified = Lead.EmailStatus.UNVERIFIED.value
        method = source["method"]
        entry = {"email": email, "status": unverified, "reason": "", "url": "", "method": method}
        lead.emails.append(entry)
    _set_empty(lead, "email", email, source)


def _add_phones(lead: Lead, numbers: Iterable[str], source: dict[str, Any]) -> None:
    known = {entry["phone"] for entry in lead.phones}
    for number in numbers:
        if number not in known and len(lead.phones) < merging.MAX_PHONES:
            lead.phones.append({"phone": number, "url": "", "method": source["method"]})
        _set_empty(lead, "phone", number, source)


def _set_empty(lead: Lead, name: str, value: Any, source: dict[str, Any]) -> None:
    if value and not getattr(lead, name) and not merging.is_typed(lead, name):
        setattr(lead, name, value)
        lead.sources[name] = source


def _store(leads: Sequence[Lead], total: LeadTotal, now: datetime) -> None:
    """Save new and changed leads, and count those that are new or come back."""
    new = [lead for lead in leads if lead.pk is None]
    known = [lead for lead in leads if lead.pk is not None]
    apply_verdicts(new, now=now)
    total.leads += len(new) + sum(lead.deleted_at is not None for lead in known)
    total.save(update_fields=["leads"])
    for lead in known:
        lead.deleted_at = None
        lead.save(update_fields=SAVED)
    Lead.objects.bulk_create(new)


def apply_verdicts(leads: Sequence[Lead], *, now: datetime) -> None:
    """Give new leads the verdicts that still hold for their addresses."""
    by_email: dict[str, list[Lead]] = {}
    for lead in leads:
        by_email.setdefault(lead.email, []).append(lead)
    for check in verdicts.fresh_checks(list(by_email)):
        for lead in by_email[check.email]:
            merging.apply_verdict(
                lead, check.email, status=check.status, reason=check.reason, now=check.checked_at
            )
            merging.choose_email(lead, now=now)
