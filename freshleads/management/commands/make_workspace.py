"""`manage.py make_workspace EMAIL --password P`: a user, a workspace and an API key in one line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from freshleads.billing import charging, signing_up
from freshleads.billing.models import Subscription
from freshleads.lib.errors import DomainError
from freshleads.users import keys
from freshleads.users.models import Workspace


class Command(BaseCommand):
    help = "Make a user with a workspace and an API key; print them as one line of JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--password", required=True)
        parser.add_argument("--name", default="", help="name of the workspace")
        parser.add_argument("--plan", default="free")
        parser.add_argument(
            "--credits", type=int, help="the exact balance; by default the plan's first month"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make(options)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(json.dumps(made))


@transaction.atomic
def make(options: dict[str, Any]) -> dict[str, str]:
    """Return what the command prints."""
    user = signing_up.sign_up(
        options["email"],
        options["password"],
        workspace_name=options["name"],
        plan=options["plan"],
    )
    workspace = user.workspaces.get()
    if options["credits"] is not None:
        set_balance(workspace, options["credits"])
    _, clear = keys.create_key(workspace, created_by=user, name="make_workspace")
    return {"workspace": workspace.public_id, "email": user.email, "api_key": clear}


def set_balance(workspace: Workspace, credits: int) -> None:
    """Adjust the first month's grant to the balance that was asked for."""
    difference = credits - Subscription.objects.get(workspace=workspace).balance
    if difference:
        charging.adjust(workspace, difference, reason="Set by make_workspace", by=None)
