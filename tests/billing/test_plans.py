"""Plans and their months."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command

from freshleads.billing import charging, plans, receivers
from freshleads.billing.charging import Charge
from freshleads.billing.models import CreditEntry, Plan, Subscription
from freshleads.lib.errors import Conflict, InvalidInput, NotFound
from freshleads.users.models import Workspace

JANUARY = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)


@pytest.fixture
def new(db: None) -> Workspace:
    """A workspace without a plan."""
    return Workspace.objects.create(name="New")


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def balance(workspace: Workspace) -> int:
    charging.verify_ledger(workspace)
    return Subscription.objects.get(workspace=workspace).balance


def grants(workspace: Workspace) -> list[tuple[str, int]]:
    entries = CreditEntry.objects.owned_by(workspace).filter(kind="grant").order_by("id")
    return list(entries.values_list("reference", "amount"))


def test_refuses_an_unknown_plan(new: Workspace) -> None:
    with pytest.raises(InvalidInput) as refused:
        plans.subscribe(new, "platinum")
    assert refused.value.param == "plan"
    assert refused.value.message == ("There is no such plan. Known: free, starter, growth, agency.")
    assert not Subscription.objects.exists()


def test_refuses_a_second_subscription(new: Workspace) -> None:
    plans.subscribe(new, "free")
    with pytest.raises(Conflict) as refused:
        plans.subscribe(new, "agency")
    assert refused.value.code == "already_subscribed"
    assert balance(new) == 100


def test_the_first_month_is_granted_at_once(new: Workspace) -> None:
    with at(JANUARY):
        subscription = plans.subscribe(new, "starter")
    assert (subscription.plan.code, subscription.balance, subscription.held) == ("starter", 1000, 0)
    assert subscription.next_grant_at == datetime(2026, 2, 28, 12, 30, tzinfo=UTC)
    assert grants(new) == [("grant:starter:2026-01-31", 1000)]


def test_grants_no_month_before_its_time_and_none_twice(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "starter")
    february = datetime(2026, 2, 28, 12, 30, tzinfo=UTC)
    assert plans.grant_due(february - timedelta(microseconds=1)) == 0
    assert plans.grant_due(february) == 1
    assert plans.grant_due(february) == 0
    assert balance(new) == 2000


def test_months_begin_on_the_day_of_the_subscription_where_there_is_one(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "starter")
    assert plans.grant_due(datetime(2027, 2, 1, tzinfo=UTC)) == 12
    days = [reference.removeprefix("grant:starter:") for reference, _ in grants(new)]
    assert days[:5] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert days[-2:] == ["2026-12-31", "2027-01-31"]


def test_unused_credits_stay(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "starter")
    hold = charging.hold(new, 300, reference="search:1")
    charging.capture(hold, [Charge("lead:1", 300, "Leads")])
    charging.release(hold)
    plans.grant_due(JANUARY + timedelta(days=29))
    assert balance(new) == 1700


def test_a_plan_without_credits_grants_none(new: Workspace) -> None:
    Plan.objects.create(code="none", name="None", monthly_credits=0)
    with at(JANUARY):
        plans.subscribe(new, "none")
    assert plans.grant_due(JANUARY + timedelta(days=30)) == 1
    assert grants(new) == []
    assert Subscription.objects.get(workspace=new).next_grant_at > JANUARY + timedelta(days=31)


def test_a_full_balance_does_not_stop_the_grants_of_others(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "starter")
        other = Workspace.objects.create(name="Other")
        plans.subscribe(other, "starter")
    charging.adjust(new, charging.MAX_CREDITS - 1000, reason="All there is", by=None)
    assert plans.grant_due(JANUARY + timedelta(days=29)) == 2
    assert (balance(new), balance(other)) == (charging.MAX_CREDITS, 2000)


def test_a_larger_plan_adds_the_difference_of_this_month_once(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "free")
        for code in ("growth", "free", "growth", "starter", "agency", "free", "agency"):
            assert plans.change_plan(new, code).plan.code == code
    assert grants(new) == [
        ("grant:free:2026-01-31", 100),
        ("grant:growth:2026-01-31", 4900),
        ("grant:agency:2026-01-31", 20_000),
    ]
    assert balance(new) == 25_000
    assert plans.grant_due(JANUARY + timedelta(days=29)) == 1
    assert grants(new)[-1] == ("grant:agency:2026-02-28", 25_000)


def test_a_change_of_plan_counts_the_month_it_happens_in(new: Workspace) -> None:
    with at(JANUARY):
        plans.subscribe(new, "starter")
    plans.grant_due(datetime(2026, 3, 31, 13, tzinfo=UTC))
    plans.change_plan(new, "growth")
    assert grants(new)[-1] == ("grant:growth:2026-03-31", 4000)


def test_refuses_to_change_what_is_not_there(new: Workspace) -> None:
    with pytest.raises(NotFound):
        plans.change_plan(new, "growth")
    plans.subscribe(new, "free")
    with pytest.raises(InvalidInput):
        plans.change_plan(new, "platinum")
    assert Subscription.objects.get(workspace=new).plan.code == "free"


def test_usage_counts_one_workspace_since_a_time(alices: Workspace, charlies: Workspace) -> None:
    began = datetime.now(UTC)
    hold = charging.hold(alices, 50, reference="search:1")
    charging.capture(hold, [Charge("lead:1", 7, "Lead"), Charge("lead:2", 3, "Lead")])
    charging.refund(alices, "lead:2", reason="Bounced")
    charging.adjust(alices, -5, reason="Correction", by=None)
    charging.grant(charlies, 99, reference="gift", description="Gift")
    assert plans.usage(alices, began) == plans.Usage(granted=0, charged=10, refunded=3, adjusted=-5)
    whole = plans.usage(alices, began - timedelta(days=1))
    assert whole == plans.Usage(granted=100, charged=10, refunded=3, adjusted=-5)
    assert plans.usage(alices, datetime.now(UTC) + timedelta(days=1)) == plans.Usage(0, 0, 0, 0)


@pytest.mark.django_db
def test_default_plans_grow_with_their_price() -> None:
    rows = list(Plan.objects.all())
    assert [row.code for row in rows] == ["free", "starter", "growth", "agency"]
    for field in ("monthly_credits", "requests_per_minute", "running_searches", "api_keys"):
        values = [getattr(row, field) for row in rows]
        assert values == sorted(set(values))


@pytest.mark.django_db
def test_a_migration_keeps_what_operators_made_of_the_plans() -> None:
    Plan.objects.filter(code="agency").delete()
    Plan.objects.filter(code="growth").update(monthly_credits=7)
    receivers.create_default_plans(apps.get_app_config("billing"), using="default")
    assert Plan.objects.count() == 3
    assert Plan.objects.get(code="growth").monthly_credits == 7


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_its_plans_again() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert Plan.objects.count() == 4
