"""Every page of the admin answers on filled data, and only to operators."""

import pytest
from django.contrib import admin as site
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from freshleads.users.models import User, Workspace

REGISTERED = sorted(
    (model for model in site.site._registry if model._meta.app_label != "auth"),
    key=lambda model: model._meta.label,
)
NAMES = [model._meta.label for model in REGISTERED]


def page(model: type[Model], kind: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def test_every_table_that_operators_need_has_its_pages() -> None:
    assert {
        "users.User",
        "users.Workspace",
        "users.ApiKey",
        "billing.Plan",
        "billing.Subscription",
        "billing.CreditEntry",
        "billing.CreditHold",
        "leads.Search",
        "leads.Lead",
        "leads.Project",
        "leads.Place",
        "leads.SiteCrawl",
        "leads.DomainCheck",
        "leads.EmailCheck",
        "leads.SerpPage",
        "leads.PlacesQuery",
        "leads.PlaceReviews",
        "leads.NamedArea",
        "leads.ProviderHealth",
        "leads.Ad",
        "leads.Recipe",
        "leads.Lookup",
        "leads.LeadImport",
        "leads.SavedSearch",
    } == set(NAMES)


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_lists_and_rows_answer_on_filled_data(
    model: type[Model], admin: Client, installation: object
) -> None:
    row = model._default_manager.first()
    assert row is not None
    for path in (
        page(model, "changelist"),
        page(model, "changelist") + "?q=a",
        page(model, "change", row.pk),
        page(model, "history", row.pk),
    ):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert b"<b>Bright</b>" not in answer.content


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_who_may_only_look_sees_the_same_pages(
    model: type[Model], viewer: Client, installation: object
) -> None:
    row = model._default_manager.first()
    assert row is not None
    assert viewer.get(page(model, "changelist")).status_code == 200
    assert viewer.get(page(model, "change", row.pk)).status_code == 200
    assert viewer.get(page(model, "delete", row.pk)).status_code == 403


def test_the_front_page_answers(admin: Client, installation: object) -> None:
    assert admin.get(reverse("admin:index")).status_code == 200
    assert admin.get(reverse("admin:app_list", args=["leads"])).status_code == 200


def test_lists_ask_the_database_the_same_however_many_rows_there_are(
    admin: Client, installation: object, django_assert_max_num_queries: object
) -> None:
    Workspace.objects.bulk_create(Workspace(name=f"Workspace {n}") for n in range(30))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        answer = admin.get(page(Workspace, "changelist"))
    assert answer.status_code == 200, "also where a workspace has no plan"


# --- who is no operator -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/leads/search/", "/admin/users/user/"])
def test_a_stranger_is_sent_to_the_sign_in_page_of_the_dashboard(path: str, db: None) -> None:
    answer = Client().get(path, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("users:login") + f"?next={path}"
    assert b'name="username"' not in answer.content


def test_the_admin_has_no_sign_in_form_that_counts_no_failures(operator: User) -> None:
    answer = Client().post(
        reverse("admin:login"),
        {"username": operator.email, "password": "correct horse battery"},
    )
    assert answer.status_code == 302
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/leads/search/"])
def test_a_customer_gets_no_admin(path: str, installation: object) -> None:
    client = Client()
    client.force_login(User.objects.get(email="ada@example.org"))
    answer = client.get(path, follow=True)
    assert answer.status_code == 403
    assert b"Django administration" not in answer.content


def test_an_operator_who_asks_to_sign_in_again_is_let_in(admin: Client) -> None:
    assert admin.get(reverse("admin:login")).headers["Location"] == reverse("admin:index")


def test_an_operator_signs_in_where_everybody_does(operator: User) -> None:
    client = Client()
    answer = client.post(
        reverse("users:login"),
        {"email": operator.email, "password": "correct horse battery", "next": "/admin/"},
    )
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
