"""Users, workspaces and API keys for operators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

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

    @admin.display(ordering="subscription__plan__position", empty_value="none")
    def plan(self, workspace: Workspace) -> str | None:
        return _of_subscription(workspace, "plan")

    @admin.display(ordering="subscription__balance")
    def balance(self, workspace: Workspace) -> int | None:
        return _of_subscription(workspace, "balance")

    @admin.display(ordering="subscription__held")
    def held(self, workspace: Workspace) -> int | None:
        return _of_subscription(workspace, "held")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py make_workspace` gives it an owner, a plan and credits too

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the workspaces: what they own, the ledger too, goes with them and only so."""
        names = [f"{workspace} ({workspace.public_id}) with everything in it" for workspace in objs]
        return names, {"workspaces": len(names)}, set(), []


def _of_subscription(workspace: Workspace, name: str) -> Any:
    """Return a value of the workspace's subscription, None where it has none."""
    return getattr(getattr(workspace, "subscription", None), name, None)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ("name", "prefix", "workspace", "last_used_at", "expires_at", "revoked_at")
    search_fields = ("name", "prefix", "workspace__name")
    list_select_related = ("workspace",)
    actions = ("revoke",)
    exclude = ("digest",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell whether an operator may end keys."""
        return admin.ModelAdmin.has_change_permission(self, request)

    @admin.action(description="Revoke the chosen keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.select_related("workspace"):
            keys.revoke_key(key.workspace, key.public_id)
        self.message_user(request, f"{queryset.count()} keys are revoked.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False  # a key is revoked, never edited


def sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Send people to the one page that counts failures; refuse who is no operator."""
    target = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return HttpResponseRedirect(reverse("admin:index"))


admin.site.login = sign_in  # type: ignore[method-assign]
