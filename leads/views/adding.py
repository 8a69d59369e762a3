"""Adding what a lookup found to the leads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.lib.errors import DomainError, ProviderError
from leads import adding_answers, looking_up


@workspace_required
@require_POST
def add_from_lookup(request: WorkspaceRequest, public_id: str) -> HttpResponse:
    """Make leads of the chosen addresses or places."""
    looking_up.find_lookup(request.workspace, public_id)
    try:
        outcome = adding_answers.add_chosen(
            request.workspace,
            public_id,
            chosen=request.POST.getlist("chosen"),
            project_id=request.POST.get("project_id", ""),
            business_name=request.POST.get("business_name", ""),
        )
    except (DomainError, ProviderError) as error:
        messages.error(request, error.message)
    else:
        tell = messages.success if outcome.added else messages.info
        tell(request, words_of(outcome))
    return redirect("leads:lookup", public_id)


def words_of(outcome: adding_answers.Outcome) -> str:
    """Return what became of the choice, in a sentence or two."""
    parts = [f"{outcome.added} {'lead is' if outcome.added == 1 else 'leads are'} added, free."]
    if outcome.known:
        verb = "was" if outcome.known == 1 else "were"
        parts.append(f"{outcome.known} {verb} there already.")
    if outcome.refused:
        parts.append(f"{outcome.refused} could not be added: {outcome.problem}")
    return " ".join(parts)
