"""Users, workspaces and API keys for operators."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from freshleads.users import keys
from freshleads.users.models import ApiKey, Membership, User, Workspace


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    readonly_fields = ("created_at",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-created_at",)
    readonly_fields = ("created_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Times", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2")}),)


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):
    list_display = ("name", "public_id", "plan", "balance", "held", "created_at")
    search_fields = ("name", "public_id", "members__email")
    list_select_related = ("subscription__plan",)
    readonly_fields = ("public_id", "created_at")
    inlines = (MembershipInline,)

    @admin.display(ordering="subscription__plan__position")
    def plan(self, workspace: Workspace) -> str:
        return str(workspace.subscription.plan)

    @admin.display(ordering="subscription__balance")
    def balance(self, workspace: Workspace) -> int:
        return workspace.subscription.balance

    @admin.display(ordering="subscription__held")
    def held(self, workspace: Workspace) -> int:
        return workspace.subscription.held


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ("name", "prefix", "workspace", "last_used_at", "expires_at", "revoked_at")
    search_fields = ("name", "prefix", "workspace__name")
    list_select_related = ("workspace",)
    actions = ("revoke",)

    @admin.action(description="Revoke the chosen keys")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.select_related("workspace"):
            keys.revoke_key(key.workspace, key.public_id)
        self.message_user(request, f"{queryset.count()} keys are revoked.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return obj is None  # the list and its action; a key is revoked, never edited
