"""`manage.py demo`: the first search, in the terminal, against a running installation."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from freshleads import demonstrating
from freshleads.lib.errors import DomainError
from freshleads.users.workspaces import workspace_of
from leads.models import Search


class Command(BaseCommand):
    help = "Search for dentists in Miami, FL and print what comes (the installation must run)."

    def handle(self, *args: Any, **options: Any) -> None:
        user = demonstrating.demo_user()
        workspace = workspace_of(user)
        assert workspace is not None
        self.stdout.write(f"Searching {demonstrating.QUERY} in {demonstrating.LOCATION} ...")
        try:
            outcome = demonstrating.run_search(user, workspace, sys.stdout)
        except DomainError as error:
            raise CommandError(error.message) from error
        path = demonstrating.write_export(workspace, outcome.search)
        demonstrating.print_report(sys.stdout, outcome, path, user)
        if outcome.search.status != Search.Status.COMPLETED:
            raise CommandError(
                f"The search ended as {outcome.search.status}: {outcome.search.error_message}"
            )
