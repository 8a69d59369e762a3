"""Pages of signing in, and of a person's settings."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, RefusingFormMixin, refuse
from freshleads.lib.errors import DomainError
from freshleads.users import authenticating, keys, links, resetting
from freshleads.users.forms import (
    ApiKeyForm,
    LogInForm,
    PasswordResetForm,
    ProfileForm,
)
from freshleads.users.models import ApiKey, User

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def next_page(request: HttpRequest) -> str:
    """Return the page that was asked for before signing in, where it is one of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail and password."""
    if request.user.is_authenticated:
        return redirect(next_page(request))
    form = LogInForm(request.POST or None)
    if form.is_valid():
        try:
            user = authenticating.authenticate(
                **form.cleaned_data, address=request.META["REMOTE_ADDR"]
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            login(request, user, backend=BACKEND)
            return redirect(next_page(request))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "users/log_in.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Sign in by a one-time link; only a click uses it up, so that link scanners do not."""
    if request.method != "POST":
        return render(request, "users/use_link.html")
    try:
        user = links.use_link(uid, token)
    except DomainError as error:
        return render(request, "users/use_link.html", {"refused": error.message}, status=403)
    login(request, user, backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)


class PasswordReset(RefusingFormMixin, auth_views.PasswordResetView):
    """Ask for a link that sets a new password; the answer is the same for unknown addresses."""

    form_class = PasswordResetForm
    template_name = "users/password_reset.html"
    email_template_name = "users/mail/password_reset.txt"
    subject_template_name = "users/mail/password_reset_subject.txt"
    success_url = reverse_lazy("users:password_reset_done")
    extra_email_context = {"site_url": settings.SITE_URL}

    def form_valid(self, form: Any) -> HttpResponse:
        address = self.request.META["REMOTE_ADDR"]
        try:
            resetting.count_request(form.cleaned_data["email"], address=address)
        except DomainError as error:
            refuse(form, error)
            return self.form_invalid(form)
        return super().form_valid(form)


class PasswordResetSent(auth_views.PasswordResetDoneView):
    template_name = "users/password_reset_sent.html"


class PasswordResetConfirm(RefusingFormMixin, auth_views.PasswordResetConfirmView):
    """Set a new password by the link of the mail."""

    template_name = "users/password_reset_confirm.html"
    success_url = reverse_lazy("users:password_reset_complete")


class PasswordResetComplete(auth_views.PasswordResetCompleteView):
    template_name = "users/password_reset_complete.html"


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: WorkspaceRequest) -> HttpResponse:
    """Show and change the person's own name."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(name=form.cleaned_data["name"])
        messages.success(request, "Your profile is saved.")
        return redirect("users:profile")
    return render(request, "users/profile.html", {"form": form}, status=status_of(form))


class ChangePassword(LoginRequiredMixin, RefusingFormMixin, auth_views.PasswordChangeView):
    """Change the password; other sessions and API tokens end with the old one."""

    template_name = "users/password.html"
    success_url = reverse_lazy("users:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Your password is changed.")
        return response


@never_cache
@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: WorkspaceRequest) -> HttpResponse:
    """List the workspace's API keys; POST makes one and shows it this one time."""
    form = ApiKeyForm(request.POST or None)
    shown: dict[str, Any] = {}
    status = 200
    if form.is_valid():
        try:
            key, clear = keys.create_key(
                request.workspace,
                created_by=request.user,
                name=form.cleaned_data["name"],
                expires_at=form.expires_at(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            shown, form, status = {"new_key": key, "clear_key": clear}, ApiKeyForm(), 201
    context = {
        "form": form,
        "keys": ApiKey.objects.owned_by(request.workspace),
        "now": timezone.now(),
        **shown,
    }
    return render(request, "users/api_keys.html", context, status=max(status, status_of(form)))


@workspace_required
@require_POST
def revoke_api_key(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """End an API key at once."""
    keys.revoke_key(request.workspace, public_id)
    messages.success(request, "The key is revoked: programs that use it are refused from now on.")
    return redirect("users:api_keys")


def status_of(form: Any) -> int:
    """Return the HTTP status of a page with this form: 422 where something in it is wrong."""
    return REFUSED if form.is_bound and form.errors else 200
