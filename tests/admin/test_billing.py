"""Operators change plans and credits; the ledger is appended to and never edited."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, Plan
from freshleads.users.models import User


def adjust(client: Client, installation: Any, **fields: object) -> Any:
    """Open the form, fill it in and send it."""
    path = reverse("admin:billing_subscription_adjust", args=[installation.subscription.pk])
    opened = client.get(path)
    once = {"once": opened.context["form"]["once"].value()} if opened.status_code == 200 else {}
    return client.post(path, once | fields)


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_an_adjustment_with_a_reason_is_one_entry_of_the_ledger(
    admin: Client, operator: User, installation: Any
) -> None:
    before, entries = installation.subscription.balance, CreditEntry.objects.count()
    answer = adjust(admin, installation, amount=250, reason="Sorry for the outage")
    assert answer.status_code == 302
    assert CreditEntry.objects.count() == entries + 1
    entry = CreditEntry.objects.order_by("-id")[0]
    assert (entry.kind, entry.amount, entry.description) == (
        "adjustment",
        250,
        "Sorry for the outage",
    )
    assert entry.created_by == operator
    assert installation.subscription.balance == before + 250
    charging.verify_ledger(installation.workspace)


def test_a_form_that_is_sent_twice_counts_once_and_says_so(
    admin: Client, installation: Any
) -> None:
    before, entries = installation.subscription.balance, CreditEntry.objects.count()
    path = reverse("admin:billing_subscription_adjust", args=[installation.subscription.pk])
    form = {
        "amount": 250,
        "reason": "Sorry",
        "once": admin.get(path).context["form"]["once"].value(),
    }
    assert "The credits are adjusted." in told(admin.post(path, form, follow=True))
    second = told(admin.post(path, form, follow=True))
    assert "was sent before: the credits are as they were" in second
    assert "The credits are adjusted." not in second
    assert installation.subscription.balance == before + 250
    assert CreditEntry.objects.count() == entries + 1
    assert adjust(admin, installation, amount=250, reason="Sorry").status_code == 302
    assert installation.subscription.balance == before + 500, "a form opened anew counts anew"
    charging.verify_ledger(installation.workspace)


@pytest.mark.parametrize("once", ["", "x", "adjust_", "start", "adjust_" + "x" * 200])
def test_a_form_without_its_mark_moves_nothing(admin: Client, installation: Any, once: str) -> None:
    before = installation.subscription.balance
    answer = adjust(admin, installation, amount=5, reason="Again", once=once)
    assert answer.status_code == 200
    assert "Open this form anew" in answer.content.decode()
    assert installation.subscription.balance == before


def test_credits_can_be_taken_but_not_those_that_are_held(admin: Client, installation: Any) -> None:
    subscription = installation.subscription
    answer = adjust(admin, installation, amount=-subscription.available, reason="Mistake")
    assert answer.status_code == 302
    assert installation.subscription.available == 0
    answer = adjust(admin, installation, amount=-1, reason="One more")
    assert answer.status_code == 200
    assert "credits are needed" in answer.content.decode()
    assert installation.subscription.held == subscription.held
    charging.verify_ledger(installation.workspace)


@pytest.mark.parametrize(
    "form",
    [
        {"amount": 0, "reason": "Nothing"},
        {"amount": 5, "reason": ""},
        {"amount": 5, "reason": "   "},
        {"amount": "many", "reason": "Words"},
        {"amount": 10**7, "reason": "Too much"},
        {"amount": 5, "reason": "nul\0"},
        {"reason": "No amount"},
    ],
)
def test_a_form_that_makes_no_sense_moves_nothing(
    admin: Client, installation: Any, form: dict[str, object]
) -> None:
    before, entries = installation.subscription.balance, CreditEntry.objects.count()
    assert adjust(admin, installation, **form).status_code == 200
    assert (installation.subscription.balance, CreditEntry.objects.count()) == (before, entries)


def test_looking_at_the_form_moves_nothing(admin: Client, installation: Any) -> None:
    path = reverse("admin:billing_subscription_adjust", args=[installation.subscription.pk])
    entries = CreditEntry.objects.count()
    assert admin.get(path + "?amount=5&reason=link").status_code == 200
    assert CreditEntry.objects.count() == entries


def test_who_may_only_look_cannot_adjust(viewer: Client, installation: Any) -> None:
    entries = CreditEntry.objects.count()
    assert adjust(viewer, installation, amount=5, reason="Mine").status_code == 403
    assert CreditEntry.objects.count() == entries


def test_a_forged_form_is_refused(operator: User, installation: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    assert adjust(client, installation, amount=5, reason="Forged").status_code == 403


def test_a_plan_is_edited_for_all_who_have_it(admin: Client, installation: Any) -> None:
    plan = installation.subscription.plan
    answer = admin.post(
        reverse("admin:billing_plan_change", args=[plan.pk]),
        {
            "code": plan.code,
            "name": "Growth plus",
            "monthly_credits": 7000,
            "requests_per_minute": 300,
            "running_searches": 9,
            "api_keys": 10,
            "position": plan.position,
            "is_public": "on",
        },
    )
    assert answer.status_code == 302
    plan.refresh_from_db()
    assert (plan.name, plan.monthly_credits, plan.running_searches) == ("Growth plus", 7000, 9)
    assert installation.subscription.balance == 4999, "the month was granted before"


def test_a_plan_in_use_is_not_deleted(admin: Client, installation: Any) -> None:
    plan = installation.subscription.plan
    admin.post(reverse("admin:billing_plan_delete", args=[plan.pk]), {"post": "yes"})
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_a_workspace_moves_to_another_plan_with_the_credits_it_lacks(
    admin: Client, installation: Any
) -> None:
    agency = Plan.objects.get(code="agency")
    path = reverse("admin:billing_subscription_change", args=[installation.subscription.pk])
    assert admin.post(path, {"plan": agency.pk}).status_code == 302
    assert installation.subscription.plan == agency
    assert installation.subscription.balance == 24_999
    assert admin.post(path, {"plan": agency.pk}).status_code == 302
    assert installation.subscription.balance == 24_999
    charging.verify_ledger(installation.workspace)


def test_balance_and_hold_cannot_be_typed(admin: Client, installation: Any) -> None:
    subscription = installation.subscription
    path = reverse("admin:billing_subscription_change", args=[subscription.pk])
    admin.post(path, {"plan": subscription.plan_id, "balance": 10**6, "held": 0})
    after = installation.subscription
    assert (after.balance, after.held) == (subscription.balance, subscription.held)


@pytest.mark.parametrize("kind", ["change", "delete"])
@pytest.mark.parametrize("name", ["creditentry", "credithold"])
def test_nobody_edits_or_deletes_the_ledger(
    admin: Client, installation: Any, name: str, kind: str
) -> None:
    row = installation.entry if name == "creditentry" else installation.hold
    answer = admin.post(
        reverse(f"admin:billing_{name}_{kind}", args=[row.pk]), {"amount": 1, "post": "yes"}
    )
    assert answer.status_code == 403
    assert type(row)._default_manager.get(pk=row.pk).amount == row.amount
    assert admin.get(reverse(f"admin:billing_{name}_add")).status_code == 403
    answer = admin.post(
        reverse(f"admin:billing_{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert type(row)._default_manager.filter(pk=row.pk).exists()
