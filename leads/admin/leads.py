"""Leads and projects of all workspaces."""

from django.contrib import admin

from leads.admin.base import ReadOnlyAdmin
from leads.models import Lead, Project


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = (
        "business_name",
        "workspace",
        "city",
        "country",
        "email",
        "email_status",
        "phone",
        "created_at",
        "deleted_at",
    )
    list_filter = ("email_status",)
    search_fields = ("public_id", "business_name__startswith", "email__startswith")
    search_help_text = "An id, or how a name or an address begins."
    list_select_related = ("workspace",)


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ("name", "workspace", "created_at")
    search_fields = ("public_id", "name", "workspace__name")
    list_select_related = ("workspace",)
