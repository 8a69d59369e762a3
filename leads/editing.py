"""Changing and deleting leads by hand; a deleted lead is remembered, so it is never paid twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads import merging
from leads.cleaning import clean
from leads.filters import filter_leads
from leads.locking import lock_leads, lock_total
from leads.models import Lead, LeadTotal

EDITABLE = (
    "business_name",
    "category",
    "address",
    "phone",
    "website",
    "email",
    "first_name",
    "last_name",
    "job_title",
    "city",
    "region",
    "postal_code",
    "country",
    "tags",
)
MAX_TAGS = 50
DELETED_AT_MOST = 10_000  # by one click; as many as the table counts
LOCKED_AT_ONCE = 1000
MAX_TAG_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Deletion:
    """How many leads one click deleted; its moment finds them again."""

    count: int
    moment: datetime


def find_lead(workspace: Workspace, public_id: str) -> Lead:
    """Return one lead of the workspace; NotFound for anyone else's and for a deleted one."""
    lead = Lead.objects.owned_by(workspace).filter(public_id=clean(public_id)).first()
    if lead is None:
        raise NotFound("There is no such lead.")
    return lead


def update_lead(workspace: Workspace, public_id: str, *, changes: Mapping[str, Any]) -> Lead:
    """Set editable fields of a lead; each then says that it came from you."""
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise InvalidInput(
            f"{unknown[0]} cannot be changed; these can: {', '.join(EDITABLE)}.", param=unknown[0]
        )
    checked = {
        field: _tags(value) if field == "tags" else _text(field, value)
        for field, value in changes.items()
    }
    with transaction.atomic():
        found = find_lead(workspace, public_id)
        lead = lock_leads([found.pk]).get(found.pk)
        if lead is None or lead.deleted_at:
            raise NotFound("There is no such lead.")
        _apply(lead, checked)
        lead.save()
    return lead


def _apply(lead: Lead, values: Mapping[str, Any]) -> None:
    """Set checked values and what follows from them."""
    now = timezone.now()
    origin = merging.Origin(source=merging.YOU, licence="", now=now)
    for field, value in values.items():
        if value != getattr(lead, field):
            setattr(lead, field, value)
            lead.sources[field] = origin.of("", "typed")
            if field == "email":
                _use_email(lead)
            elif field == "website":
                lead.domain = merging.own_domain(lead.website)
    lead.search_text = merging.search_text(lead)
    lead.updated_at = now


def delete_leads(workspace: Workspace, public_ids: Sequence[str]) -> int:
    """Delete leads; they can be restored, and finding them again costs nothing."""
    return _set_deleted(workspace, public_ids, deleted=True)


def restore_leads(workspace: Workspace, public_ids: Sequence[str]) -> int:
    """Bring deleted leads back into their projects."""
    return _set_deleted(workspace, public_ids, deleted=False)


@transaction.atomic
def delete_matching(workspace: Workspace, *, filters: Mapping[str, Any]) -> Deletion:
    """Delete all leads that meet the filters of the table, none where there are too many.

    Raises InvalidInput for more than DELETED_AT_MOST, and for a filter that makes no sense.
    """
    matching = filter_leads(workspace, filters).order_by()[: DELETED_AT_MOST + 1]
    total, now = lock_total(workspace), timezone.now()
    ids = list(matching.values_list("pk", flat=True))
    if len(ids) > DELETED_AT_MOST:
        raise InvalidInput(
            f"More than {DELETED_AT_MOST:,} leads match, which is as many as can be deleted at "
            "once. Narrow the filters down."
        )
    return Deletion(_mark(total, ids, deleted_at=now, now=now), moment=now)


@transaction.atomic
def restore_deletion(workspace: Workspace, *, moment: datetime) -> int:
    """Bring back what one deletion took away at this moment; returns how many leads."""
    total = lock_total(workspace)
    gone = Lead.objects.ever_owned_by(workspace).filter(deleted_at=moment)
    ids = list(gone.values_list("pk", flat=True))
    return _mark(total, ids, deleted_at=None, now=timezone.now())


@transaction.atomic
def _set_deleted(workspace: Workspace, public_ids: Sequence[str], *, deleted: bool) -> int:
    now = timezone.now()
    total = lock_total(workspace)
    which = Lead.objects.ever_owned_by(workspace).filter(
        public_id__in=clean(public_ids), deleted_at__isnull=deleted
    )
    ids = list(which.values_list("pk", flat=True))
    return _mark(total, ids, deleted_at=now if deleted else None, now=now)


def _mark(
    total: LeadTotal, lead_ids: Sequence[int], *, deleted_at: datetime | None, now: datetime
) -> int:
    """Mark leads as deleted or not, under the lock of their count; returns how many changed."""
    changed, ordered = 0, sorted(lead_ids)
    for start in range(0, len(ordered), LOCKED_AT_ONCE):
        batch = ordered[start : start + LOCKED_AT_ONCE]
        rows = Lead.objects.select_for_update(no_key=True).filter(pk__in=batch).order_by("pk")
        # Another request may have been first: what counts is the row under the lock.
        locked = rows.filter(deleted_at__isnull=deleted_at is not None)
        changed += Lead.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).update(
            deleted_at=deleted_at, updated_at=now
        )
    total.leads += -changed if deleted_at else changed
    total.save(update_fields=["leads"])
    return changed


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{field} must be text.", param=field)
    if clean(value) != value:
        raise InvalidInput(f"{field} holds a character that no text can hold.", param=field)
    text = value.strip()
    longest = getattr(Lead._meta.get_field(field), "max_length", None)
    if longest is not None and len(text) > longest:
        raise InvalidInput(f"{field} may have at most {longest} characters.", param=field)
    if field == "website" and text and not merging.web_address(text):
        raise InvalidInput(
            "website must begin with http:// or https:// and have at most 2048 bytes.",
            param="website",
        )
    if field == "email":
        text = text.lower()
        if text and not _looks_like_email(text):
            raise InvalidInput("email must look like name@example.com.", param="email")
    if field == "country":
        text = text.upper()
        if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
            raise InvalidInput("country must be a code of two letters, like US.", param="country")
    return text


def _looks_like_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and "." in domain and not set(text) & set(" \t\r\n,;<>"))


def _tags(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidInput("tags must be a list of texts.", param="tags")
    tags = list(dict.fromkeys(" ".join(tag.split()) for tag in value if tag.strip()))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH or clean(tag) != tag for tag in tags):
        raise InvalidInput(
            f"tags may be at most {MAX_TAGS}, each of at most {MAX_TAG_LENGTH} characters.",
            param="tags",
        )
    return tags


def _use_email(lead: Lead) -> None:
    """Make a typed address the lead's e-mail, with the verdict already known of it."""
    known = next((entry for entry in lead.emails if entry["email"] == lead.email), None)
    if known is None and lead.email:
        known = {
            "email": lead.email,
            "status": Lead.EmailStatus.UNVERIFIED.value,
            "reason": "",
            "url": "",
            "method": "typed",
        }
        lead.emails.insert(0, known)
    lead.email_status = known["status"] if known else Lead.EmailStatus.UNVERIFIED
    lead.email_reason = known["reason"] if known else ""
