"""Recipes: named query templates, shared by all or a workspace's own, the own ones first."""

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, LimitReached, NotFound
from freshleads.users.models import Workspace
from leads.models import Recipe
from leads.parameters import read_line

PLACE = "{query}"
MAX_NAME = 120
MAX_TEMPLATE = 400
MAX_DESCRIPTION = 300
MAX_APPLIED = 500  # the clients of search engines take no more
MOST_RECIPES = 100  # of one workspace

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def visible_recipes(workspace: Workspace) -> QuerySet[Recipe]:
    """Return the workspace's own and the shared recipes."""
    return Recipe.objects.filter(Q(workspace=workspace) | Q(workspace=None))


def find_recipe(workspace: Workspace, code: str) -> Recipe:
    """Return the recipe that a code names; InvalidInput (invalid_code) where none does."""
    known = visible_recipes(workspace).filter(code=code.lower())
    recipe = known.order_by(F("workspace").asc(nulls_last=True)).first()
    if recipe is None:
        message = f"There is no recipe with the code “{code}”."
        raise InvalidInput(message, code="invalid_code", param="code")
    return recipe


def apply_recipe(workspace: Workspace, code: str, query: str) -> str:
    """Return what to ask a search engine: the query itself where no recipe is named."""
    if not code:
        return query
    applied = find_recipe(workspace, code).template.replace(PLACE, query)
    if len(applied) > MAX_APPLIED:
        message = f"With the recipe the query has more than {MAX_APPLIED} characters: shorten it."
        raise InvalidInput(message, param="query")
    return applied


def create_recipe(
    workspace: Workspace | None, *, code: str, name: str, template: str, description: str = ""
) -> Recipe:
    """Keep a recipe of the workspace, which hides a shared one of the same code.

    Without a workspace it is a shared one, and so it is in the functions below.
    Raises InvalidInput (param names the field), LimitReached beyond 100.
    """
    values = check_values(name=name, template=template, description=description)
    recipe = Recipe(workspace=workspace, code=check_code(code), **values)
    if Recipe.objects.filter(workspace=workspace).count() >= MOST_RECIPES:
        raise LimitReached(f"A workspace keeps up to {MOST_RECIPES} recipes. Remove one first.")
    try:
        with transaction.atomic():
            recipe.save(force_insert=True)
    except IntegrityError:
        message = f"You have a recipe with the code “{recipe.code}” already."
        raise InvalidInput(message, param="code") from None
    return recipe


def update_recipe(
    workspace: Workspace | None, code: str, *, name: str, template: str, description: str = ""
) -> Recipe:
    """Change a recipe of the workspace's own; NotFound for shared ones and strangers'."""
    values = check_values(name=name, template=template, description=description)
    recipe = _own(workspace, code)
    for field, value in values.items():
        setattr(recipe, field, value)
    recipe.updated_at = timezone.now()
    recipe.save()
    return recipe


def delete_recipe(workspace: Workspace | None, code: str) -> None:
    """Remove a recipe of the workspace's own; NotFound for shared ones and strangers'."""
    _own(workspace, code).delete()


def check_code(code: str) -> str:
    """Return a code in lower case; InvalidInput unless it is one."""
    code = code.strip().lower()
    if not _CODE.fullmatch(code):
        raise InvalidInput("A code has letters, digits, - and _, at most 60.", param="code")
    return code


def is_taken(workspace: Workspace | None, code: str) -> bool:
    """Tell whether the workspace has a recipe with this code already."""
    return Recipe.objects.filter(workspace=workspace, code=code).exists()


def check_values(*, name: str, template: str, description: str) -> dict[str, Any]:
    """Return what a recipe says, cleaned; InvalidInput names the field that is wrong."""
    about = " ".join(description.split())
    return {
        "name": read_line("name", name, MAX_NAME),
        "template": check_template(template),
        "description": read_line("description", about, MAX_DESCRIPTION) if about else "",
    }


def check_template(template: str) -> str:
    """Return a template in one line; InvalidInput unless it says where the query goes."""
    line = read_line("template", template, MAX_TEMPLATE)
    if PLACE not in line:
        message = "Write {query} where the words that are searched for should stand."
        raise InvalidInput(message, param="template")
    return line


def _own(workspace: Workspace | None, code: str) -> Recipe:
    recipe = Recipe.objects.filter(workspace=workspace, code=code).first()
    if recipe is None:
        raise NotFound("You have no such recipe.")
    return recipe
