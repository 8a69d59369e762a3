"""Profile, password, API keys, credits."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.lib.ids import new_id
from freshleads.users import keys
from freshleads.users.models import ApiKey, User, Workspace

PASSWORD = "correct horse battery"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cut(pattern: str, html: str) -> str:
    """Return the first group of the pattern's first match, or all of it."""
    match = re.search(pattern, html, re.DOTALL)
    assert match, f"{pattern} is not in the page"
    return match[match.lastindex or 0]


def test_an_api_key_is_shown_once_and_works(page: Client, workspace: Workspace) -> None:
    answer = page.post(reverse("users:api_keys"), {"name": "Import", "lifetime": "30"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    clear = cut(r'value="(fl_live_\w+)"', text(answer))
    key = keys.workspace_for_key(clear)
    assert (key.workspace, key.name) == (workspace, "Import")
    assert key.expires_at is not None
    later = text(page.get(reverse("users:api_keys")))
    assert key.prefix in later
    assert clear not in later


def test_a_key_that_never_ends_can_be_made(page: Client, db: None) -> None:
    page.post(reverse("users:api_keys"), {"name": "For ever", "lifetime": "never"})
    assert ApiKey.objects.get().expires_at is None


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "lifetime": "30"},
        {"name": "x" * 101, "lifetime": "30"},
        {"name": "ok", "lifetime": "7"},
        {"name": "a\0b", "lifetime": "30"},
    ],
)
def test_a_wrong_key_form_makes_no_key(page: Client, fields: dict[str, str]) -> None:
    assert page.post(reverse("users:api_keys"), fields).status_code == 422
    assert not ApiKey.objects.exists()


def test_the_limit_of_the_plan_is_said_on_the_form(page: Client, workspace: Workspace) -> None:
    limit = Subscription.objects.get(workspace=workspace).plan.api_keys
    for number in range(limit):
        page.post(reverse("users:api_keys"), {"name": str(number), "lifetime": "30"})
    answer = page.post(reverse("users:api_keys"), {"name": "One more", "lifetime": "30"})
    assert answer.status_code == 422
    assert 'id="form-errors"' in text(answer)
    assert ApiKey.objects.count() == limit


def test_a_key_is_revoked_by_post_alone(page: Client, workspace: Workspace, user: User) -> None:
    key, _ = keys.create_key(workspace, created_by=user, name="Old")
    path = reverse("users:revoke_key", args=[key.public_id])
    assert page.get(path).status_code == 405
    assert page.post(path)["Location"] == reverse("users:api_keys")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_key_of_a_stranger_cannot_be_revoked(page: Client, stranger: Workspace) -> None:
    key, _ = keys.create_key(stranger, created_by=None, name="Theirs")
    assert page.post(reverse("users:revoke_key", args=[key.public_id])).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_the_name_is_changed_and_shown_as_text(page: Client, user: User) -> None:
    page.post(reverse("users:profile"), {"name": "<b>Ada</b>"})
    user.refresh_from_db()
    assert user.name == "<b>Ada</b>"
    assert "<b>Ada</b>" not in text(page.get(reverse("users:profile")))


def test_a_new_password_needs_the_old_one(page: Client, user: User) -> None:
    new = {"new_password1": "a new battery staple", "new_password2": "a new battery staple"}
    wrong = page.post(reverse("users:password"), {"old_password": "wrong", **new})
    assert wrong.status_code == 422
    right = page.post(reverse("users:password"), {"old_password": PASSWORD, **new})
    assert right["Location"] == reverse("users:profile")
    user.refresh_from_db()
    assert user.check_password("a new battery staple")
    assert page.get(reverse("users:profile")).status_code == 200, "this session goes on"


def test_usage_shows_balance_chart_and_ledger(page: Client, workspace: Workspace) -> None:
    charging.adjust(workspace, 5, reason="a <gift>", by=None)
    answer = text(page.get(reverse("billing:usage")))
    subscription = Subscription.objects.get(workspace=workspace)
    assert f"<dd data-balance>{subscription.balance}</dd>" in answer
    assert "a &lt;gift&gt;" in answer
    assert "Nothing was charged this month." in answer


def test_usage_draws_a_bar_for_each_day_with_charges(page: Client, workspace: Workspace) -> None:
    with transaction.atomic():
        hold = charging.hold(workspace, 3, reference="search:1")
        charging.capture(hold, [charging.Charge(f"lead:{n}", 1, f"New lead {n}") for n in range(3)])
    answer = text(page.get(reverse("billing:usage")))
    assert answer.count('class="chart-bar"') == 1
    assert "at most 3 on one day" in answer
    assert "<dd data-held>0</dd>" in answer


def test_the_ledger_leads_to_what_was_paid_for(page: Client, workspace: Workspace) -> None:
    lead, search, lookup = new_id("lead"), new_id("srch"), new_id("lkp")
    charges = [
        charging.Charge("lead:1", 1, f"New lead {lead}: <dentists> in Miami, FL"),
        charging.Charge(f"lookup:{lookup}", 1, "search: dentist & co"),
        charging.Charge("other:1", 1, f"Something about {lead}"),
    ]
    with transaction.atomic():
        hold = charging.hold(workspace, 3, reference=f"search:{search}")
        charging.capture(hold, charges)
    html = text(page.get(reverse("billing:usage")))
    ids = {"lead": lead, "search": search, "lookup": lookup}
    paths = {name: reverse(f"leads:{name}", args=[public_id]) for name, public_id in ids.items()}
    assert (
        f'<a href="{paths["lead"]}">New lead</a>: '
        f'<a href="{paths["search"]}">&lt;dentists&gt; in Miami, FL</a>'
    ) in html
    assert f'<a href="{paths["lookup"]}">search: dentist &amp; co</a>' in html
    assert f"Something about {lead}" in html


def test_the_ledger_is_read_with_few_queries(
    page: Client, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    with transaction.atomic():
        hold = charging.hold(workspace, 40, reference="search:srch_1")
        charges = [charging.Charge(f"lead:{n}", 1, f"New lead lead_{n}: x") for n in range(40)]
        charging.capture(hold, charges)
    with django_assert_max_num_queries(16):
        page.get(reverse("billing:usage"))


def test_usage_never_shows_the_entries_of_a_stranger(page: Client, stranger: Workspace) -> None:
    charging.adjust(stranger, 5, reason="their secret", by=None)
    assert "their secret" not in text(page.get(reverse("billing:usage")))


def test_the_ledger_has_pages(page: Client, workspace: Workspace) -> None:
    for number in range(60):
        charging.adjust(workspace, 1, reason=f"gift {number}", by=None)
    assert text(page.get(reverse("billing:usage"))).count("data-entry") == 50
    assert text(page.get(reverse("billing:usage") + "?page=2")).count("data-entry") == 11
    assert page.get(reverse("billing:usage") + "?page=nonsense").status_code == 200
