"""Recipes on their page: shared ones to use, own ones to keep."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.users.models import Workspace
from leads import recipes
from leads.models import Recipe

FORM = {"name": "With an address", "code": "with-address", "template": "{query} email"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def own(workspace: Workspace, **changes: str) -> Recipe:
    return recipes.create_recipe(workspace, **(FORM | changes))


def test_a_recipe_is_made_and_can_be_tried(page: Client, workspace: Workspace) -> None:
    assert page.post(reverse("leads:recipes"), FORM).status_code == 302
    recipe = Recipe.objects.get(workspace=workspace)
    assert (recipe.code, recipe.template) == ("with-address", "{query} email")
    shown = text(page.get(reverse("leads:recipes")))
    assert f"{reverse('leads:search_engine')}?recipe=with-address" in shown
    tried = text(page.get(reverse("leads:search_engine"), {"recipe": "with-address"}))
    assert '<option value="with-address" selected>' in tried


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("code", "no blanks"),
        ("code", "<script>"),
        ("code", "x" * 61),
        ("template", "no place for the words"),
        ("template", "{query}" + "x" * 400),
        ("description", "x" * 301),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    page: Client, workspace: Workspace, field: str, value: str
) -> None:
    answer = page.post(reverse("leads:recipes"), FORM | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    assert not Recipe.objects.filter(workspace=workspace).exists()


def test_a_code_is_taken_once(page: Client, workspace: Workspace) -> None:
    own(workspace)
    answer = page.post(reverse("leads:recipes"), FORM)
    assert answer.status_code == 422
    assert 'id="id_code_error"' in text(answer)


def test_an_own_recipe_is_changed_and_deleted(page: Client, workspace: Workspace) -> None:
    own(workspace)
    address = reverse("leads:edit_recipe", args=["with-address"])
    assert 'name="code"' not in text(page.get(address)), "its code stays"
    wrong = page.post(address, {"name": "New", "template": "without"})
    assert wrong.status_code == 422
    assert 'id="id_template_error"' in text(wrong)
    page.post(address, {"name": "New", "template": "{query} new"})
    recipe = Recipe.objects.get(workspace=workspace)
    assert (recipe.name, recipe.template, recipe.code) == ("New", "{query} new", "with-address")
    page.post(reverse("leads:delete_recipe", args=["with-address"]))
    assert not Recipe.objects.filter(workspace=workspace).exists()


@pytest.mark.parametrize("view", ["edit_recipe", "delete_recipe"])
def test_shared_recipes_and_those_of_strangers_cannot_be_touched(
    page: Client, stranger: Workspace, view: str
) -> None:
    own(stranger, code="theirs")
    shared = Recipe.objects.filter(workspace=None).values_list("code", flat=True)
    before = Recipe.objects.count()
    for code in ("theirs", *shared, "of-nobody"):
        form = {"name": "Mine now", "template": "{query}"}
        answer = page.post(reverse(f"leads:{view}", args=[code]), form)
        assert answer.status_code == 404, code
    assert Recipe.objects.count() == before
    assert not Recipe.objects.filter(name="Mine now").exists()


def test_the_recipes_of_a_stranger_are_not_shown(page: Client, stranger: Workspace) -> None:
    own(stranger, name="Their secret")
    assert "Their secret" not in text(page.get(reverse("leads:recipes")))


def test_what_is_typed_is_shown_as_text(page: Client, workspace: Workspace) -> None:
    own(workspace, name="<script>n</script>", template="<script>{query}", description="<img>")
    shown = text(page.get(reverse("leads:recipes")))
    assert "<script>n" not in shown
    assert "<script>{" not in shown
    assert "<img" not in shown
