"""Sign-up: everything a person needs, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from freshleads.billing import charging, signing_up
from freshleads.billing.models import CreditEntry, Plan, Subscription
from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Membership, User, Workspace
from freshleads.users.workspaces import workspace_of


def nothing_was_made() -> bool:
    return not (User.objects.exists() or Workspace.objects.exists() or CreditEntry.objects.exists())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email",
    [
        "",
        "alice",
        "alice@",
        "@example.com",
        "alice@example.com\nbcc: x@example.com",
        "a\x00b@example.com",
        '"a\x01b"@example.com',
        "al\ud800ice@example.com",
        "x" * 250 + "@example.com",
    ],
)
def test_refuses_what_is_no_address(email: str, password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        signing_up.sign_up(email, password)
    assert refused.value.param == "email"
    assert nothing_was_made()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("", "too short"),
        ("short", "at least 10 characters"),
        ("password123", "too common"),
        ("alice@example.com", "too similar"),
        ("x" * 1001, "at most 1000 characters"),
        ("half a pair \ud800", "at most 1000 characters"),
    ],
)
def test_refuses_a_weak_password(weak: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        signing_up.sign_up("alice@example.com", weak)
    assert refused.value.param == "password"
    assert nothing_was_made()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x" * 101, "a\x00b", "a\nb", "\ud800"])
@pytest.mark.parametrize("param", ["name", "workspace_name"])
def test_refuses_names_that_no_page_can_show(param: str, name: str, password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        signing_up.sign_up("alice@example.com", password, **{param: name})
    assert refused.value.param == param
    assert nothing_was_made()


@pytest.mark.parametrize("again", ["alice@example.com", " ALICE@Example.COM "])
def test_refuses_an_address_that_is_in_use(alice: User, password: str, again: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        signing_up.sign_up(again, password)
    assert (refused.value.param, refused.value.message) == (
        "email",
        "This e-mail address is in use already.",
    )
    assert User.objects.count() == Workspace.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_plan_undoes_the_whole_sign_up(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        signing_up.sign_up("alice@example.com", password, plan="platinum")
    assert refused.value.param == "plan"
    assert nothing_was_made()


@pytest.mark.django_db
def test_makes_an_owner_of_a_workspace_with_a_plan_and_credits(password: str) -> None:
    user = signing_up.sign_up(" Alice@Example.com ", password, name="Alice", plan="growth")
    workspace = workspace_of(user)
    assert workspace is not None
    assert (user.email, user.name) == ("alice@example.com", "Alice")
    assert user.check_password(password)
    assert not user.is_staff
    assert not user.is_superuser
    assert workspace.name == "Alice's workspace"
    assert Membership.objects.get(user=user).role == Membership.Role.OWNER
    subscription = Subscription.objects.get(workspace=workspace)
    plan = Plan.objects.get(code="growth")
    assert (subscription.plan, subscription.balance) == (plan, plan.monthly_credits)
    charging.verify_ledger(workspace)


@pytest.mark.django_db
def test_names_the_workspace_as_asked_else_after_the_address(password: str) -> None:
    signing_up.sign_up("alice@example.com", password, workspace_name="Acme")
    signing_up.sign_up("charlie@example.com", password)
    names = set(Workspace.objects.values_list("name", flat=True))
    assert names == {"Acme", "charlie's workspace"}


@pytest.mark.django_db(transaction=True)
def test_of_parallel_sign_ups_with_one_address_one_succeeds(password: str) -> None:
    barrier = Barrier(4)

    def attempt(_: int) -> bool:
        barrier.wait(timeout=10)
        try:
            signing_up.sign_up("alice@example.com", password)
        except InvalidInput:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert User.objects.count() == Workspace.objects.count() == Subscription.objects.count() == 1


def test_a_user_works_in_the_workspace_joined_first(
    alice: User, bob: User, charlie: User, alices: Workspace, charlies: Workspace
) -> None:
    assert workspace_of(alice) == workspace_of(bob) == alices
    assert workspace_of(charlie) == charlies
    Membership.objects.create(workspace=alices, user=charlie)
    assert workspace_of(charlie) == charlies
    operator = User.objects.create_superuser("operator@example.com")
    assert workspace_of(operator) is None
