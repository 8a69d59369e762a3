"""The pages of signing up and in."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from freshleads.users import links
from freshleads.users.models import User, Workspace

PASSWORD = "correct horse battery"


def cut(pattern: str, html: str) -> str:
    """Return the first group of the pattern's first match, or all of it."""
    match = re.search(pattern, html, re.DOTALL)
    assert match, f"{pattern} is not in the page"
    return match[match.lastindex or 0]


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_sign_up_makes_a_workspace_with_credits_and_leads_to_the_first_search(
    client: Client, db: None
) -> None:
    answer = client.post(
        reverse("billing:sign_up"),
        {"email": "new@example.org", "password": PASSWORD, "workspace_name": "New & Co"},
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("leads:new_search"))
    workspace = Workspace.objects.get(members__email="new@example.org")
    assert workspace.name == "New & Co"
    assert workspace.subscription.balance > 0
    assert signed_in_as(client)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "not an address", "password": PASSWORD}, "valid email address"),
        ({"email": "a@example.org", "password": "short"}, "too short"),
        ({"email": "ADA@example.org", "password": PASSWORD}, "in use already"),
        ({"email": "a@example.org", "password": "nul\0nul\0nul"}, "Null characters"),
    ],
)
def test_sign_up_says_beside_the_field_what_is_wrong(
    client: Client, user: User, fields: dict[str, str], words: str
) -> None:
    answer = client.post(reverse("billing:sign_up"), fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert User.objects.count() == 1
    assert not signed_in_as(client)


def test_sign_up_can_be_closed(client: Client, db: None, settings: Settings) -> None:
    settings.SIGN_UP_OPEN = False
    answer = client.post(
        reverse("billing:sign_up"), {"email": "new@example.org", "password": PASSWORD}
    )
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_log_in_goes_on_to_the_page_that_was_asked_for(client: Client, user: User) -> None:
    asked = client.get("/leads?city=Miami")
    assert asked["Location"] == "/login?next=/leads%3Fcity%3DMiami"
    answer = client.post(
        asked["Location"],
        {"email": "Ada@example.org", "password": PASSWORD, "next": "/leads?city=Miami"},
    )
    assert answer["Location"] == "/leads?city=Miami"
    assert signed_in_as(client) == str(user.pk)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_log_in_never_goes_on_to_another_site(client: Client, user: User, target: str) -> None:
    answer = client.post(
        reverse("users:login"), {"email": user.email, "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == reverse("leads:searches")


def test_log_in_answers_the_same_to_a_wrong_password_and_an_unknown_address(
    client: Client, user: User
) -> None:
    wrong = client.post(reverse("users:login"), {"email": user.email, "password": "wrong"})
    unknown = client.post(reverse("users:login"), {"email": "no@example.org", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    message = "The e-mail address or the password is wrong."
    assert message in wrong.content.decode()
    assert message in unknown.content.decode()
    assert not signed_in_as(client)


def test_logging_out_takes_a_post(page: Client) -> None:
    assert page.get(reverse("users:logout")).status_code == 405
    assert page.post(reverse("users:logout"))["Location"] == reverse("landing")
    assert not signed_in_as(page)


def test_a_sign_in_link_is_used_up_by_the_click_alone(client: Client, user: User) -> None:
    path = links.make_link(user)
    for _ in range(2):
        assert client.get(path).status_code == 200, "a link scanner looks and uses nothing up"
    assert not signed_in_as(client)
    assert client.post(path)["Location"] == reverse("leads:searches")
    assert signed_in_as(client)
    second = Client().post(path)
    assert second.status_code == 403
    assert "does not work any more" in second.content.decode()


def test_a_password_is_reset_by_a_plain_mail(
    client: Client, user: User, settings: Settings
) -> None:
    answer = client.post(reverse("users:password_reset"), {"email": user.email})
    assert answer["Location"] == reverse("users:password_reset_done")
    [message] = mail.outbox
    assert message.to == [user.email]
    assert not getattr(message, "alternatives", [])
    assert message.body.count(settings.SITE_URL) == 1
    path = cut(r"/password-reset/\S+", str(message.body))
    form = client.get(path, follow=True)
    assert "Set a new password" in form.content.decode()
    new = "a new battery staple"
    done = client.post(
        form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}, follow=True
    )
    assert "Your new password is set" in done.content.decode()
    assert client.login(username=user.email, password=new)
    assert "does not work any more" in client.get(path).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same_and_mails_nobody(
    client: Client, db: None
) -> None:
    answer = client.post(reverse("users:password_reset"), {"email": "no@example.org"})
    assert answer["Location"] == reverse("users:password_reset_done")
    assert mail.outbox == []


@pytest.mark.parametrize(
    "path",
    [
        "/searches",
        "/searches/new",
        "/leads",
        "/projects",
        "/settings/keys",
        "/settings/usage",
        "/settings/profile",
        "/settings/password",
        "/leads/lead_x",
        "/searches/srch_x/rows",
    ],
)
def test_every_page_of_the_dashboard_asks_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=")


def test_an_operator_without_a_workspace_is_told_so(client: Client, db: None) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", PASSWORD))
    answer = client.get("/leads")
    assert answer.status_code == 403
    assert "You have no workspace yet" in answer.content.decode()
