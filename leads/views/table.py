"""The leads table: filters, order and place in the URL; bulk deletion that can be undone."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED
from freshleads.lib.errors import InvalidInput
from freshleads.partials import render_page
from leads import editing, listing
from leads.filters import NEWEST_FIRST, filter_leads, is_filtered
from leads.forms import ORDERINGS, PER_PAGE, FilterForm
from leads.models import Lead, Project, Search
from leads.views.columns import LABELS, chosen_columns, keep_columns

DEFAULT_PER_PAGE = 50
UNDO_AT_MOST = 200
UNDO_SECONDS, UNDO_MANY_SECONDS = 10, 30
BY_AGE = ("created_at", "-created_at")  # the orders in which a cursor finds the next page
PLACE = ("page", "after")  # what a change of filter or order starts anew


@workspace_required
@require_safe
def leads(request: WorkspaceRequest) -> HttpResponse:
    """Show the leads that the URL asks for."""
    params, columns = request.GET, chosen_columns(request)
    context: dict[str, Any] = {
        "form": FilterForm(request.workspace, params),
        "chips": chips_of(request),
        "ordering": params.get("ordering") or NEWEST_FIRST,
        "orderings": ORDERINGS,
        "sizes": PER_PAGE,
        "columns": columns,
        "column_choices": [(name, LABELS[name], shown) for name, shown in columns.items()],
        "is_filtered": is_filtered(params),
        "filters": {n: v for n, v in filters_of(params).items() if n != "project_id"},
        "kept": [
            (n, v) for n in params for v in params.getlist(n) if n not in (*PLACE, "per_page")
        ],
    }
    try:
        page = _page(request)
        context |= {
            "page": page,
            "previous_page": page.page - 1,
            "next_page": page.page + 1,
            "next_cursor": page.cursor if context["ordering"] in BY_AGE else None,
            "can_delete_all": _can_delete_all(page),
        }
    except InvalidInput as error:
        context["refused"] = refusal_of(context["form"], error)
    context["project"] = _project(request)
    status = REFUSED if "refused" in context else 200
    return render_page(request, "leads/leads.html", "leads/_results.html", context, status=status)


def _can_delete_all(page: listing.Page) -> bool:
    """Tell whether to offer all that match: where the page shows only some of not too many."""
    return page.total_is_exact and len(page.items) < page.total <= editing.DELETED_AT_MOST


def _page(request: WorkspaceRequest) -> listing.Page:
    params = request.GET
    rows = filter_leads(request.workspace, filters_of(params))
    after = params.get("after")
    return listing.page_of(
        rows,
        page=number_in(params, "page", 1),
        per_page=number_in(params, "per_page", DEFAULT_PER_PAGE),
        workspace=None if is_filtered(params) else request.workspace,
        after=listing.row_of(request.workspace, after) if after else None,
    )


def refusal_of(form: FilterForm, error: InvalidInput) -> str:
    """Note what is wrong beside the field at fault, and return it with the field's label."""
    message = error.message.removeprefix(f"{error.param}: ")
    if error.param not in form.fields:
        return error.message
    form.add_error(error.param, message)
    return f"{form.fields[error.param].label}: {message}"


def filters_of(params: QueryDict) -> dict[str, str]:
    """Return the filters and the order of a URL; several verdicts become one list."""
    names = ("ordering", "search_id", "difference", *FilterForm.base_fields)
    chosen = {name: params.get(name, "") for name in names}
    chosen["email_status"] = ",".join(filter(None, params.getlist("email_status")))
    return {name: value for name, value in chosen.items() if value}


def number_in(params: QueryDict, name: str, default: int) -> int:
    """Return a whole number of the URL; InvalidInput for anything else."""
    value = params.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise InvalidInput(f"{name} must be a whole number.", param=name)
    return int(value)


def _project(request: WorkspaceRequest) -> Project | None:
    public_id = request.GET.get("project_id", "")
    return Project.objects.owned_by(request.workspace).filter(public_id=public_id).first()


def chips_of(request: WorkspaceRequest) -> list[dict[str, str]]:
    """Return a chip for each filter in the URL: its words, and the URL without it."""
    form = FilterForm(request.workspace, request.GET)
    labels = {name: str(field.label) for name, field in form.fields.items()}
    labels |= {"search": "Search", "search_id": "Found by", "difference": "As"}
    chips = []
    for name, label in labels.items():
        for value in filter(None, request.GET.getlist(name)):
            words = _words_of(request, form, name, value)
            chips.append({"label": label, "value": words, "url": _without(request, name, value)})
    return chips


def _words_of(request: WorkspaceRequest, form: FilterForm, name: str, value: str) -> str:
    if name == "search_id":
        search = Search.objects.owned_by(request.workspace).filter(public_id=value).first()
        return str(search) if search else value
    choices = dict(getattr(form.fields.get(name), "choices", ()))
    return str(choices.get(value, value))


def _without(request: WorkspaceRequest, name: str, value: str) -> str:
    params = request.GET.copy()
    params.setlist(name, [other for other in params.getlist(name) if other != value])
    for place in PLACE:
        params.pop(place, None)
    return f"{request.path}?{params.urlencode()}" if params else request.path


@workspace_required
@require_POST
def delete_leads(request: WorkspaceRequest) -> HttpResponse:
    """Delete the chosen leads, or all that match the filters, and offer to undo it."""
    try:
        undo = _delete_matching(request) if "everything" in request.POST else _delete_some(request)
    except InvalidInput as error:
        messages.error(request, f"Nothing was deleted. {error.message}")
    else:
        if undo["count"]:
            request.session["undo"] = {**undo, "back": _back(request)}
    return redirect(_back(request))


def _delete_some(request: WorkspaceRequest) -> dict[str, Any]:
    chosen = request.POST.getlist("lead")[:UNDO_AT_MOST]
    owned = Lead.objects.owned_by(request.workspace).filter(public_id__in=chosen)
    public_ids = list(owned.values_list("public_id", flat=True))
    count = editing.delete_leads(request.workspace, public_ids)
    return {"leads": public_ids, "count": count, "seconds": UNDO_SECONDS}


def _delete_matching(request: WorkspaceRequest) -> dict[str, Any]:
    if "filters" not in request.POST:  # no filters at all are an empty text
        raise InvalidInput("It was not said which leads.", param="filters")
    filters = filters_of(QueryDict(request.POST["filters"]))
    done = editing.delete_matching(request.workspace, filters=filters)
    moment = done.moment.isoformat()
    return {"moment": moment, "count": done.count, "seconds": UNDO_MANY_SECONDS}


@workspace_required
@require_POST
def restore_leads(request: WorkspaceRequest) -> HttpResponse:
    """Bring deleted leads back: those that are named, or all that one click deleted."""
    if moment := _moment(request.POST.get("moment", "")):
        restored = editing.restore_deletion(request.workspace, moment=moment)
    else:
        chosen = request.POST.getlist("lead")[:UNDO_AT_MOST]
        restored = editing.restore_leads(request.workspace, chosen)
    noun = "lead is" if restored == 1 else "leads are"
    messages.success(request, f"{restored:,} {noun} back.")
    return redirect(_back(request))


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


@workspace_required
@require_POST
def choose_columns(request: WorkspaceRequest) -> HttpResponse:
    """Keep which columns the table shows from now on."""
    keep_columns(request, request.POST.getlist("column"))
    return redirect(_back(request))


def _back(request: WorkspaceRequest) -> str:
    """Return the page of ours that the form was sent from."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours else reverse("leads:leads")
