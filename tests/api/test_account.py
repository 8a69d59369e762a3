"""The account: plan, credits, limits, usage, and the ledger."""

from typing import Any

from django.db import transaction

from freshleads.billing import charging, plans
from freshleads.billing.charging import Charge
from freshleads.users.models import Workspace


def spend(workspace: Workspace, amount: int) -> None:
    with transaction.atomic():
        hold = charging.hold(workspace, amount, reference="search:one")
        charging.capture(hold, [Charge("lead:1", amount, "A lead")])
        charging.release(hold)


def test_tells_plan_credits_limits_and_usage(
    alices_api: Any, alices: Workspace, make_leads: Any, make_search: Any
) -> None:
    make_leads(alices, 3)
    make_search(alices, status="running", finished_at=None)
    spend(alices, 7)
    charging.hold(alices, 20, reference="search:two")
    body = alices_api.get("/account").json()
    assert body == {
        "workspace_id": alices.public_id,
        "workspace_name": "Alice's workspace",
        "plan": "growth",
        "plan_name": "Growth",
        "credits": {
            "balance": 4993,
            "held": 20,
            "available": 4973,
            "next_grant_at": body["credits"]["next_grant_at"],
        },
        "limits": {
            "monthly_credits": 5000,
            "requests_per_minute": 300,
            "running_searches": 5,
            "api_keys": 10,
        },
        "usage": {
            "since": body["usage"]["since"],
            "credits_charged": 7,
            "credits_granted": 5000,
            "credits_refunded": 0,
            "running_searches": 1,
            "api_keys": 1,
            "leads": 3,
        },
    }
    assert body["usage"]["since"].endswith("-01T00:00:00.000Z")


def test_lists_every_credit_that_moved_newest_first(alices_api: Any, alices: Workspace) -> None:
    spend(alices, 7)
    body = alices_api.get("/account/credits").json()
    shown = [(row["kind"], row["amount"], row["reference"]) for row in body["data"]]
    assert shown[0] == ("charge", -7, "lead:1")
    assert (shown[1][:2], len(shown)) == (("grant", 5000), 2)
    assert body["pagination"] == {"page": 1, "per_page": 50, "total": 2, "pages": 1}
    assert alices_api.get("/account/credits", page=2, per_page=1).json()["data"] == [
        body["data"][1]
    ]


def test_the_entries_add_up_to_the_balance(alices_api: Any, alices: Workspace) -> None:
    spend(alices, 7)
    plans.change_plan(alices, "agency")
    total = sum(row["amount"] for row in alices_api.get("/account/credits").json()["data"])
    assert total == alices_api.get("/account").json()["credits"]["balance"] == 24_993
