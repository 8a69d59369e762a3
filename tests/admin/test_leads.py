"""Operators stop and retry searches; leads and searches are the domain's."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from freshleads.billing import charging
from freshleads.users.models import User
from leads.models import Lead, Search


def act(client: Client, action: str, *searches: Search) -> str:
    """Run an action of the list of searches; returns the page that follows."""
    answer = client.post(
        reverse("admin:leads_search_changelist"),
        {"action": action, "_selected_action": [search.pk for search in searches]},
        follow=True,
    )
    return answer.content.decode()


def test_a_stopped_search_is_cancelled_and_gives_back_its_credits(
    admin: Client, installation: Any
) -> None:
    assert "stopped." in act(admin, "stop", installation.search)
    installation.search.refresh_from_db()
    assert installation.search.status == "cancelled"
    assert installation.subscription.held == 0
    charging.verify_ledger(installation.workspace)


def test_a_stopped_search_is_queued_again_by_a_retry(admin: Client, installation: Any) -> None:
    act(admin, "stop", installation.search)
    assert "queued again." in act(admin, "retry", installation.search)
    installation.search.refresh_from_db()
    assert (installation.search.status, installation.search.retries) == ("queued", 1)
    assert installation.subscription.held == 19, "one of twenty was delivered"


def test_what_cannot_be_retried_says_why(admin: Client, installation: Any) -> None:
    assert "Only a failed or cancelled search" in act(admin, "retry", installation.search)
    installation.search.refresh_from_db()
    assert (installation.search.status, installation.search.retries) == ("queued", 0)


def test_a_retry_that_cannot_be_paid_says_what_is_missing(admin: Client, installation: Any) -> None:
    act(admin, "stop", installation.search)
    available = installation.subscription.available
    charging.adjust(installation.workspace, -available, reason="None left", by=None)
    assert "are missing" in act(admin, "retry", installation.search)
    installation.search.refresh_from_db()
    assert installation.search.status == "cancelled"


def test_who_may_only_look_neither_stops_nor_retries(viewer: Client, installation: Any) -> None:
    act(viewer, "stop", installation.search)
    installation.search.refresh_from_db()
    assert installation.search.status == "queued"


def test_who_may_change_searches_stops_them_without_being_allowed_to_delete(
    installation: Any,
) -> None:
    helper = User.objects.create_user("helper@example.org", is_staff=True)
    rights = ["view_search", "change_search"]
    helper.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(helper)
    act(client, "stop", installation.search)
    installation.search.refresh_from_db()
    assert installation.search.status == "cancelled"


@pytest.mark.parametrize("name", ["search", "lead", "project"])
def test_rows_that_credits_and_totals_count_on_are_not_deleted_by_hand(
    admin: Client, installation: Any, name: str
) -> None:
    row = {
        "search": installation.search,
        "lead": installation.lead,
        "project": installation.search.project,
    }[name]
    path = reverse(f"admin:leads_{name}_delete", args=[row.pk])
    assert admin.post(path, {"post": "yes"}).status_code == 403
    admin.post(
        reverse(f"admin:leads_{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_a_lead_is_not_edited_past_its_sources(admin: Client, installation: Any) -> None:
    path = reverse("admin:leads_lead_change", args=[installation.lead.pk])
    assert admin.post(path, {"email": "forged@b.test"}).status_code == 403
    assert Lead.objects.get().email == "a@b.test"
