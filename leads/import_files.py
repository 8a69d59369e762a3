"""How long the files of imports are kept: a week after the end, a week as a draft."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from leads import uploads
from leads.models import LeadImport

KEPT_FOR = timedelta(days=7)
CLEARED_AT_ONCE = 200


def forget_file(lead_import: LeadImport) -> None:
    """Remove the file of an import that ended; its report stays."""
    stored_as, ended = lead_import.stored_as, LeadImport.objects.filter(pk=lead_import.pk)
    if ended.filter(finished_at__isnull=False).update(stored_as=""):
        uploads.remove(stored_as)


def clear_old() -> None:
    """Remove the files of old imports, old drafts with their files, and files of nobody."""
    before = timezone.now() - KEPT_FOR
    kept = LeadImport.objects.exclude(stored_as="")
    for lead_import in kept.filter(finished_at__lt=before)[:CLEARED_AT_ONCE]:
        forget_file(lead_import)
    drafts = LeadImport.objects.filter(status=LeadImport.Status.DRAFT, created_at__lt=before)
    for lead_import in drafts[:CLEARED_AT_ONCE]:
        is_draft = Q(pk=lead_import.pk, status=LeadImport.Status.DRAFT)
        if LeadImport.objects.filter(is_draft).delete()[0]:
            uploads.remove(lead_import.stored_as)
    known = set(kept.values_list("stored_as", flat=True).iterator())
    for name in uploads.nobodys_names(known):
        uploads.remove(name)
