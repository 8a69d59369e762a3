"""`manage.py demo`: the first search, in the terminal, against a running installation."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from freshleads import demonstrating
from freshleads.lib.errors import DomainError


class Command(BaseCommand):
    help = "Search for dentists in Miami, FL and print what comes (the installation must run)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            completed = demonstrating.show_demo(sys.stdout)
        except DomainError as error:
            raise CommandError(error.message) from error
        if not completed:
            sys.exit(1)
