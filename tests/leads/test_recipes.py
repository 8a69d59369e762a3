"""Recipes: query templates, a workspace's own before the shared ones."""

import pytest

from freshleads.lib.errors import InvalidInput, LimitReached, NotFound
from freshleads.users.models import Workspace
from leads import recipes
from leads.models import Recipe


def make(workspace: Workspace, code: str = "mine", template: str = "{query} x") -> Recipe:
    return recipes.create_recipe(workspace, code=code, name="Mine", template=template)


def test_a_fresh_installation_has_recipes_for_everybody(workspace: Workspace) -> None:
    shared = {recipe.code: recipe for recipe in recipes.visible_recipes(workspace)}
    assert {"gmail", "facebook", "linkedin-people", "instagram", "contact-pages"} <= set(shared)
    for recipe in shared.values():
        assert recipe.workspace is None
        assert recipes.check_template(recipe.template) == recipe.template
        assert recipe.name
        assert recipe.description


def test_a_template_is_filled_with_the_query_and_with_nothing_else(workspace: Workspace) -> None:
    assert recipes.apply_recipe(workspace, "", "as it is") == "as it is"
    assert recipes.apply_recipe(workspace, "GMAIL", "bakers") == 'bakers "@gmail.com"'
    make(workspace, template="a {query} {0} {query.__class__} b {query}")
    assert recipes.apply_recipe(workspace, "mine", "{x}") == "a {x} {0} {query.__class__} b {x}"


def test_the_workspaces_own_hides_the_shared_one_of_the_same_code(
    workspace: Workspace, stranger: Workspace
) -> None:
    make(workspace, "gmail", "mine {query}")
    assert recipes.apply_recipe(workspace, "gmail", "x") == "mine x"
    assert recipes.apply_recipe(stranger, "gmail", "x") == 'x "@gmail.com"'


def test_a_strangers_recipe_is_unknown(workspace: Workspace, stranger: Workspace) -> None:
    make(stranger)
    with pytest.raises(InvalidInput) as caught:
        recipes.find_recipe(workspace, "mine")
    assert (caught.value.code, caught.value.param) == ("invalid_code", "code")
    with pytest.raises(NotFound):
        recipes.update_recipe(workspace, "mine", name="x", template="{query}")
    with pytest.raises(NotFound):
        recipes.delete_recipe(workspace, "mine")
    assert Recipe.objects.get(code="mine").template == "{query} x"


def test_shared_recipes_are_not_a_workspaces_to_change(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        recipes.update_recipe(workspace, "gmail", name="x", template="{query}")
    with pytest.raises(NotFound):
        recipes.delete_recipe(workspace, "gmail")


def test_a_recipe_is_changed_and_removed(workspace: Workspace) -> None:
    make(workspace)
    changed = recipes.update_recipe(
        workspace, "mine", name=" New  name", template=" {query}   y", description="why"
    )
    assert (changed.name, changed.template, changed.description) == ("New name", "{query} y", "why")
    recipes.delete_recipe(workspace, "mine")
    with pytest.raises(InvalidInput):
        recipes.find_recipe(workspace, "mine")


@pytest.mark.parametrize(
    ("values", "param"),
    [
        ({"code": ""}, "code"),
        ({"code": "two words"}, "code"),
        ({"code": "ü"}, "code"),
        ({"code": "x" * 61}, "code"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"template": "no place for it"}, "template"),
        ({"template": "{query}" + "x" * 400}, "template"),
        ({"template": "{query}\0"}, "template"),
        ({"description": "x" * 301}, "description"),
    ],
)
def test_what_is_wrong_is_named(workspace: Workspace, values: dict[str, str], param: str) -> None:
    before = Recipe.objects.count()
    with pytest.raises(InvalidInput) as caught:
        recipes.create_recipe(
            workspace, **{"code": "ok", "name": "Name", "template": "{query}", **values}
        )
    assert caught.value.param == param
    assert Recipe.objects.count() == before


def test_a_code_is_taken_once_in_a_workspace(workspace: Workspace, stranger: Workspace) -> None:
    make(workspace)
    make(stranger)
    with pytest.raises(InvalidInput) as caught:
        make(workspace, " MINE ")
    assert caught.value.param == "code"


def test_a_workspace_keeps_a_hundred_at_most(workspace: Workspace) -> None:
    Recipe.objects.bulk_create(
        Recipe(workspace=workspace, code=f"r{number}", name="x", template="{query}")
        for number in range(100)
    )
    with pytest.raises(LimitReached):
        make(workspace)


def test_a_query_that_grows_too_long_is_refused(workspace: Workspace) -> None:
    make(workspace, template="{query} {query}")
    with pytest.raises(InvalidInput) as caught:
        recipes.apply_recipe(workspace, "mine", "x" * 300)
    assert caught.value.param == "query"
