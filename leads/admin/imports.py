"""Imports of files: how far they are, and what they brought."""

from django.contrib import admin

from leads.admin.base import ReadOnlyAdmin
from leads.models import LeadImport


@admin.register(LeadImport)
class LeadImportAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "workspace",
        "file_name",
        "status",
        "rows_done",
        "rows_total",
        "created_count",
        "updated_count",
        "duplicate_count",
        "invalid_count",
        "error_message",
    )
    list_filter = ("status",)
    search_fields = ("public_id", "file_name", "workspace__name")
    list_select_related = ("workspace",)
