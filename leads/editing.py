"""Changing and deleting leads by hand; a deleted lead is remembered, so it is never paid twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.users.models import Workspace
from leads import merging
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
MAX_TAG_LENGTH = 50


def find_lead(workspace: Workspace, public_id: str) -> Lead:
    """Return one lead of the workspace; NotFound for anyone else's and for a deleted one."""
    lead = Lead.objects.owned_by(workspace).filter(public_id=public_id).first()
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
    now = timezone.now()
    origin = merging.Origin(source="you", licence="", now=now)
    with transaction.atomic():
        lead = (
            Lead.objects.owned_by(workspace)
            .select_for_update(of=("self",))
            .filter(public_id=public_id)
            .first()
        )
        if lead is None:
            raise NotFound("There is no such lead.")
        for field, value in changes.items():
            checked = _tags(value) if field == "tags" else _text(field, value)
            if checked != getattr(lead, field):
                setattr(lead, field, checked)
                lead.sources[field] = origin.of("", "typed")
                if field == "email":
                    _use_email(lead)
        lead.search_text = merging.search_text(lead)
        lead.updated_at = now
        lead.save()
    return lead


def delete_leads(workspace: Workspace, public_ids: Sequence[str]) -> int:
    """Delete leads; they can be restored, and finding them again costs nothing."""
    return _set_deleted(workspace, public_ids, deleted=True)


def restore_leads(workspace: Workspace, public_ids: Sequence[str]) -> int:
    """Bring deleted leads back into their projects."""
    return _set_deleted(workspace, public_ids, deleted=False)


def _set_deleted(workspace: Workspace, public_ids: Sequence[str], *, deleted: bool) -> int:
    now = timezone.now()
    with transaction.atomic():
        changed = (
            Lead.objects.ever_owned_by(workspace)
            .filter(public_id__in=list(public_ids), deleted_at__isnull=deleted)
            .update(deleted_at=now if deleted else None, updated_at=now)
        )
        LeadTotal.objects.filter(workspace=workspace).update(
            leads=F("leads") + (-changed if deleted else changed)
        )
    return changed


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{field} must be text.", param=field)
    if "\0" in value:
        raise InvalidInput(f"{field} must not hold a NUL character.", param=field)
    text = value.strip()
    longest = Lead._meta.get_field(field).max_length
    if longest is not None and len(text) > longest:
        raise InvalidInput(f"{field} may have at most {longest} characters.", param=field)
    if field == "website" and text and not merging.web_address(text):
        raise InvalidInput("website must begin with http:// or https://.", param="website")
    if field == "email":
        text = text.lower()
        if text and not _looks_like_email(text):
            raise InvalidInput("email must look like name@example.com.", param="email")
    return text


def _looks_like_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and "." in domain and not set(text) & set(" \t\r\n,;<>"))


def _tags(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidInput("tags must be a list of texts.", param="tags")
    tags = list(dict.fromkeys(" ".join(tag.split()) for tag in value if tag.strip()))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH or "\0" in tag for tag in tags):
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
