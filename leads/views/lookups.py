"""Pages of lookups: the forms that ask, the list, and one lookup from waiting to its answer."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED
from freshleads.lib.errors import DomainError, InsufficientCredits, ProviderError
from freshleads.partials import STOP_POLLING, render_page
from leads import asking, looking_up
from leads.lookup_forms import EmailCheckForm, QuestionForm
from leads.models import Lookup
from leads.views.answers import context_of
from leads.views.lookup_pages import PAGES, LookupPage, entries_of, page_of, subject_of
from leads.views.verdicts import verdicts_path

LOOKUPS_PER_PAGE = 25
RECENT = 5


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: WorkspaceRequest, kind: Lookup.Kind) -> HttpResponse:
    """Show the form of one kind of question, filled in from the URL; POST asks it."""
    page = PAGES[kind]
    if request.method != "POST":
        asked = {name: value for name, value in request.GET.items() if value}
        return _form_page(request, page, page.form(request.workspace, initial=asked))
    form = page.form(request.workspace, request.POST)
    if form.is_valid():
        try:
            lookup = asking.look_up(request.workspace, by=request.user, question=form.question())
        except DomainError as error:
            form.refuse(error)
            return _form_page(request, page, form, error)
        return redirect("leads:lookup", lookup.public_id)
    return _form_page(request, page, form)


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_emails(request: WorkspaceRequest) -> HttpResponse:
    """Show the form of addresses; POST checks them, twenty to a lookup."""
    page = PAGES[Lookup.Kind.VERIFY]
    if request.method != "POST":
        return _form_page(request, page, EmailCheckForm(request.workspace))
    form = EmailCheckForm(request.workspace, request.POST, files=request.FILES)
    if form.is_valid():
        try:
            lookups = [
                asking.look_up(request.workspace, by=request.user, question=question)
                for question in form.questions()
            ]
        except DomainError as error:
            form.refuse(error)
            return _form_page(request, page, form, error)
        return redirect(verdicts_path(lookups))
    return _form_page(request, page, form)


def _form_page(
    request: WorkspaceRequest,
    page: LookupPage,
    form: QuestionForm,
    error: DomainError | None = None,
) -> HttpResponse:
    lookups = Lookup.objects.owned_by(request.workspace).filter(kind=page.kind)
    context = {
        "page": page,
        "form": form,
        "needs_credits": isinstance(error, InsufficientCredits),
        "recent": entries_of(lookups[:RECENT]),
    }
    status = REFUSED if form.errors else 200
    return render(request, "lookups/ask.html", context, status=status)


@never_cache
@workspace_required
@require_safe
def lookups(request: WorkspaceRequest) -> HttpResponse:
    """List the workspace's lookups, newest first, of one kind where the URL names it."""
    rows = Lookup.objects.owned_by(request.workspace).select_related("created_by")
    kind = request.GET.get("kind", "")
    if kind in Lookup.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, LOOKUPS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": entries_of(page.object_list),
        "pages": PAGES.values(),
        "kind": kind,
    }
    return render(request, "lookups/lookups.html", context)


@never_cache
@workspace_required
@require_safe
def lookup(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Show one lookup: how far it is, its answer, or why there is none; htmx asks for the part."""
    found = looking_up.find_lookup(request.workspace, public_id)
    status = STOP_POLLING if request.htmx and found.is_finished else 200
    context = _lookup_context(request, found)
    return render_page(
        request, "lookups/lookup.html", "lookups/_lookup.html", context, status=status
    )


def _lookup_context(request: WorkspaceRequest, lookup: Lookup) -> dict[str, Any]:
    page = page_of(lookup)
    context: dict[str, Any] = {
        "lookup": lookup,
        "page": page,
        "subject": subject_of(lookup),
        "seconds": int((timezone.now() - lookup.created_at).total_seconds()),
        "is_running": not lookup.is_finished,
        "change_url": page.change_url(lookup),
    }
    if not lookup.is_finished:
        return context
    try:
        data = looking_up.answer_of(lookup).data
    except (DomainError, ProviderError) as error:
        return context | {"failure": error, "form": _form_again(request, page, lookup, error)}
    return context | {"data": data} | context_of(request, lookup, data)


def _form_again(
    request: HttpRequest, page: LookupPage, lookup: Lookup, error: Exception
) -> QuestionForm | None:
    """Return the form as it was, with what was wrong beside its field; None if nothing was."""
    if not isinstance(error, DomainError):
        return None
    form = page.form(lookup.workspace, page.form.values_of(lookup.parameters))
    form.is_valid()
    form.refuse(error)
    return form


@workspace_required
@require_POST
def ask_again(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Ask the question of a lookup once more."""
    try:
        again = asking.ask_again(request.workspace, public_id, by=request.user)
    except DomainError as error:
        found = looking_up.find_lookup(request.workspace, public_id)
        page = page_of(found)
        form = page.form(request.workspace, page.form.values_of(found.parameters))
        form.is_valid()
        form.refuse(error)
        return _form_page(request, page, form, error)
    return redirect("leads:lookup", again.public_id)
