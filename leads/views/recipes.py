"""The page of recipes: shared ones to use, own ones to make, change and delete."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from freshleads.access import WorkspaceRequest, workspace_required
from freshleads.forms import REFUSED, refuse
from freshleads.lib.errors import DomainError, NotFound
from leads import recipes as domain
from leads.lookup_forms import RecipeForm
from leads.models import Recipe


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def recipes(request: WorkspaceRequest) -> HttpResponse:
    """List the recipes; POST makes one."""
    form = RecipeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recipe = domain.create_recipe(request.workspace, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"“{recipe.name}” is ready.")
            return redirect("leads:recipes")
    known = domain.visible_recipes(request.workspace)
    own = [recipe for recipe in known if recipe.workspace_id is not None]
    context: dict[str, Any] = {
        "form": form,
        "own": own,
        "recipe_groups": [
            (own, "Yours"),
            ([recipe for recipe in known if recipe.workspace_id is None], "For everybody"),
        ],
    }
    status = REFUSED if form.errors else 200
    return render(request, "lookups/recipes.html", context, status=status)


@workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_recipe(request: WorkspaceRequest, code: str) -> HttpResponse:
    """Show the form of an own recipe and keep what was changed."""
    recipe = _own(request, code)
    values = {name: getattr(recipe, name) for name in ("name", "template", "description")}
    form = RecipeForm(request.POST or None, initial=values, has_code=False)
    if request.method == "POST" and form.is_valid():
        try:
            domain.update_recipe(request.workspace, code, **form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "The recipe is saved.")
            return redirect("leads:recipes")
    context = {"form": form, "recipe": recipe}
    status = REFUSED if form.errors else 200
    return render(request, "lookups/edit_recipe.html", context, status=status)


@workspace_required
@require_POST
def delete_recipe(request: WorkspaceRequest, code: str) -> HttpResponse:
    """Delete an own recipe."""
    domain.delete_recipe(request.workspace, code)
    messages.success(request, "The recipe is deleted.")
    return redirect("leads:recipes")


def _own(request: WorkspaceRequest, code: str) -> Recipe:
    recipe = domain.visible_recipes(request.workspace).filter(
        workspace=request.workspace, code=code
    )
    found = recipe.first()
    if found is None:
        raise Http404("You have no such recipe.")
    return found
