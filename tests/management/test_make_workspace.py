"""The command that makes a workspace for a script."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from freshleads.billing import charging
from freshleads.billing.models import Plan, Subscription
from freshleads.users import keys
from freshleads.users.models import User, Workspace

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough sentence"


def run(*arguments: str) -> str:
    """Return what the command prints."""
    output = StringIO()
    call_command("make_workspace", *arguments, stdout=output)
    return output.getvalue()


def test_prints_one_line_with_a_key_that_works() -> None:
    printed = run("Alice@example.com", "--password", PASSWORD, "--plan", "growth")
    assert printed.count("\n") == 1
    made = json.loads(printed)
    assert set(made) == {"workspace", "email", "api_key"}
    assert made["email"] == "alice@example.com"
    workspace = keys.workspace_for_key(made["api_key"]).workspace
    assert workspace.public_id == made["workspace"]
    assert User.objects.get(email="alice@example.com").check_password(PASSWORD)
    subscription = Subscription.objects.get(workspace=workspace)
    assert subscription.balance == Plan.objects.get(code="growth").monthly_credits


@pytest.mark.parametrize("credits", [0, 1, 100, 12_345])
def test_makes_exactly_the_balance_that_was_asked_for(credits: int) -> None:
    run("alice@example.com", "--password", PASSWORD, f"--credits={credits}")
    workspace = Workspace.objects.get()
    assert Subscription.objects.get(workspace=workspace).balance == credits
    charging.verify_ledger(workspace)


def test_refuses_an_address_in_use_with_one_line() -> None:
    run("alice@example.com", "--password", PASSWORD)
    with pytest.raises(CommandError) as refused:
        run("Alice@example.com", "--password", PASSWORD, "--credits=5")
    assert str(refused.value) == "This e-mail address is in use already."
    assert Workspace.objects.count() == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--password", "short"],
        ["--password", PASSWORD, "--plan", "platinum"],
        ["--password", PASSWORD, "--credits=-1"],
        ["--password", PASSWORD, "--credits=9999999999"],
        [],
    ],
)
def test_leaves_nothing_behind_where_it_refuses(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run("alice@example.com", *arguments)
    assert not User.objects.exists()
    assert not Workspace.objects.exists()
