"""Operators see how sources do, forget what caches hold and keep shared recipes; no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from freshleads.users.models import User
from leads.admin.base import COUNTED_AT_MOST, SHOWN_AT_MOST, pretty
from leads.forgetting import CACHES, forget
from leads.models import EmailCheck, Lead, ProviderHealth, Recipe, SavedSearch, SerpPage

CACHED = sorted(model._meta.model_name or "" for model in CACHES)
READ_ONLY = [*CACHED, "ad", "lookup", "leadimport", "savedsearch", "providerhealth"]
RECIPE = {"code": "Doctors", "name": "Doctors", "template": "{query} doctor", "description": ""}


def url(name: str, kind: str, *args: object) -> str:
    return reverse(f"admin:leads_{name}_{kind}", args=args)


def row_of(name: str) -> Any:
    return apps.get_model("leads", name)._default_manager.get()


def act(client: Client, name: str, action: str, row: Any) -> str:
    """Run an action of a list on one row; returns the page that follows."""
    data = {"action": action, "_selected_action": [row.pk], "post": "yes"}
    return client.post(url(name, "changelist"), data, follow=True).content.decode()


def helper(*rights: str) -> Client:
    """Return the browser of somebody on the staff with these rights."""
    user = User.objects.create_user("helper@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


# --- nothing is edited by hand ----------------------------------------------------------------


@pytest.mark.parametrize("name", READ_ONLY)
def test_rows_are_neither_made_nor_changed_nor_deleted_by_hand(
    admin: Client, installation: Any, name: str
) -> None:
    row = row_of(name)
    assert admin.get(url(name, "add")).status_code == 403
    assert admin.post(url(name, "change", row.pk), {"provider": "forged"}).status_code == 403
    assert admin.post(url(name, "delete", row.pk), {"post": "yes"}).status_code == 403
    act(admin, name, "delete_selected", row)
    assert row_of(name).__dict__.keys() == row.__dict__.keys()


@pytest.mark.parametrize("name", READ_ONLY)
def test_json_is_shown_indented_and_escaped(admin: Client, installation: Any, name: str) -> None:
    shown = admin.get(url(name, "change", row_of(name).pk)).content.decode()
    assert "<b>" not in shown
    assert "lease_token" not in shown
    assert "lease token" not in shown.lower()


def test_an_answer_of_a_lookup_is_read_out_of_its_text(admin: Client, installation: Any) -> None:
    shown = admin.get(url("lookup", "change", row_of("lookup").pk)).content.decode()
    assert "&quot;query&quot;: &quot;&lt;b&gt;Bright&lt;/b&gt;&quot;" in shown


def test_an_endless_value_is_cut() -> None:
    assert len(pretty(["x" * SHOWN_AT_MOST * 2])) < SHOWN_AT_MOST + 100


# --- caches -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CACHED)
def test_a_cached_row_is_forgotten_and_no_lead_with_it(
    admin: Client, installation: Any, name: str
) -> None:
    assert "1 forgotten." in act(admin, name, "forget", row_of(name))
    assert not apps.get_model("leads", name)._default_manager.exists()
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("name", CACHED)
def test_who_may_only_look_forgets_nothing(viewer: Client, installation: Any, name: str) -> None:
    act(viewer, name, "forget", row_of(name))
    assert row_of(name)


def test_forgetting_is_for_caches_alone(installation: Any) -> None:
    with pytest.raises(ValueError, match="Lead is no cache"):
        forget(Lead, [installation.lead.pk])
    assert forget(SerpPage, [0]) == 0


@pytest.mark.parametrize(
    ("name", "found", "missed"),
    [
        ("emailcheck", "a@b", "b.test"),
        ("sitecrawl", "http://b", "b.test"),
        ("ad", "den", "tist"),
        ("namedarea", "mia", "ami"),
    ],
)
def test_lists_are_searched_by_how_a_value_begins(
    admin: Client, installation: Any, name: str, found: str, missed: str
) -> None:
    for text, count in ((found, 1), (missed, 0)):
        answer = admin.get(url(name, "changelist"), {"q": text})
        assert answer.context["cl"].result_count == count, text


@pytest.mark.parametrize("name", READ_ONLY)
def test_no_list_counts_or_groups_a_whole_table(
    admin: Client, installation: Any, name: str
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert admin.get(url(name, "changelist")).status_code == 200
    table = row_of(name)._meta.db_table
    mine = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"]]
    counts = [sql for sql in mine if "COUNT(" in sql]
    assert len(counts) == 1
    assert f"LIMIT {COUNTED_AT_MOST}" in counts[0]
    assert not any("DISTINCT" in sql for sql in mine)
    assert len(asked) < 10


def test_a_list_leaves_the_large_values_where_they_are(admin: Client, installation: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        admin.get(url("sitecrawl", "changelist"))
    assert not any('"report"' in query["sql"] for query in asked)


def test_filters_know_their_values_without_reading_the_table(
    admin: Client, installation: Any
) -> None:
    path = url("emailcheck", "changelist")
    assert admin.get(path, {"status": "valid"}).context["cl"].result_count == 1
    assert admin.get(path, {"status": "invalid"}).context["cl"].result_count == 0
    assert EmailCheck.objects.count() == 1


# --- how sources do ---------------------------------------------------------------------------


def test_a_source_is_asked_again_at_once(admin: Client, installation: Any) -> None:
    row = row_of("providerhealth")
    assert row.resting_until > timezone.now() + timedelta(minutes=59)
    assert "rests no more" in act(admin, "providerhealth", "end_rest", row)
    again = ProviderHealth.objects.get()
    assert (again.resting_until, again.failures, again.error_code) == (None, 1, "invalid_key")


def test_who_may_only_look_ends_no_rest(viewer: Client, installation: Any) -> None:
    act(viewer, "providerhealth", "end_rest", row_of("providerhealth"))
    assert ProviderHealth.objects.get().resting_until is not None
    act(helper("view_providerhealth", "change_providerhealth"), "providerhealth", "end_rest",
        row_of("providerhealth"))  # fmt: skip
    assert ProviderHealth.objects.get().resting_until is None


def test_a_saved_search_is_paused(admin: Client, installation: Any) -> None:
    assert SavedSearch.objects.get().next_run_at is not None
    assert "paused" in act(admin, "savedsearch", "pause", row_of("savedsearch"))
    assert SavedSearch.objects.get().next_run_at is None


# --- recipes ----------------------------------------------------------------------------------


def test_a_shared_recipe_is_made_changed_and_deleted(admin: Client, installation: Any) -> None:
    assert admin.post(url("recipe", "add"), RECIPE).status_code == 302
    recipe = Recipe.objects.get(code="doctors")
    assert (recipe.workspace, recipe.template) == (None, "{query} doctor")
    changed = RECIPE | {"code": "other", "template": "{query}  clinic"}
    assert admin.post(url("recipe", "change", recipe.pk), changed).status_code == 302
    recipe.refresh_from_db()
    assert (recipe.code, recipe.template) == ("doctors", "{query} clinic")
    assert admin.post(url("recipe", "delete", recipe.pk), {"post": "yes"}).status_code == 302
    assert not Recipe.objects.filter(code="doctors").exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("template", "no place", "Write {query}"),
        ("code", "a b", "valid"),
        ("code", "gmail", "a shared recipe “gmail” already"),
        ("name", "", "required"),
        ("name", "x\x00y", "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said(
    admin: Client, installation: Any, field: str, value: str, said: str
) -> None:
    before = Recipe.objects.count()
    answer = admin.post(url("recipe", "add"), RECIPE | {field: value})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Recipe.objects.count() == before


def test_a_recipe_of_a_workspace_is_its_own_affair(admin: Client, installation: Any) -> None:
    own = Recipe.objects.get(workspace=installation.workspace)
    assert admin.get(url("recipe", "change", own.pk)).status_code == 200
    assert admin.post(url("recipe", "change", own.pk), RECIPE).status_code == 403
    assert admin.post(url("recipe", "delete", own.pk), {"post": "yes"}).status_code == 403
    act(admin, "recipe", "delete_selected", own)
    assert Recipe.objects.get(pk=own.pk).template == "{query} x"
