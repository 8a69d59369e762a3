"""Recipes: the shared ones are made and changed here, those of workspaces only looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from freshleads.lib.errors import InvalidInput
from leads import recipes
from leads.models import Recipe

VALUES = ("name", "template", "description")


class SharedRecipeForm(forms.ModelForm):
    """A recipe for everybody, held to the rules of the domain."""

    class Meta:
        model = Recipe
        fields = ("code", *VALUES)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        try:
            checked = recipes.check_values(**{name: values.get(name) or "" for name in VALUES})
            if self.instance.pk is None:
                checked["code"] = recipes.check_code(values.get("code") or "")
        except InvalidInput as error:
            if error.param not in self.errors:
                self.add_error(error.param, error.message)
            return values
        if self.instance.pk is None and recipes.is_taken(None, checked["code"]):
            self.add_error("code", f"There is a shared recipe “{checked['code']}” already.")
        return {**values, **checked}


@admin.register(Recipe)
class RecipeAdmin(admin.ModelAdmin):
    """Shared recipes; one of a workspace is its own affair."""

    form = SharedRecipeForm
    list_display = ("code", "name", "workspace", "template", "updated_at")
    list_filter = (("workspace", admin.EmptyFieldListFilter),)
    search_fields = ("code", "name", "workspace__name")
    list_select_related = ("workspace",)
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_shared(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_shared(obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Recipe, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in VALUES}
        if change:
            recipes.update_recipe(None, obj.code, **values)
        else:
            obj.pk = recipes.create_recipe(None, code=form.cleaned_data["code"], **values).pk

    def delete_model(self, request: HttpRequest, obj: Recipe) -> None:
        recipes.delete_recipe(None, obj.code)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Recipe]) -> None:
        for recipe in queryset.filter(workspace=None):
            recipes.delete_recipe(None, recipe.code)


def _is_shared(recipe: Recipe | None) -> bool:
    return recipe is None or recipe.workspace_id is None
