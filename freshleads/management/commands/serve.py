"""`manage.py serve`: one process of the installation."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from freshleads import processes
from freshleads.supervising import EXIT_WRONG_SETUP
from freshleads.wsgi import application


class Command(BaseCommand):
    help = "Run web, worker and scheduler in one process, or one of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "role", nargs="?", default="all", choices=["all", "web", "worker", "scheduler"]
        )
        parser.add_argument("--exit-with-parent", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["exit_with_parent"]:
            processes.end_with_parent()
        try:
            match options["role"]:
                case "all":
                    processes.serve_embedded(application, port=settings.PORT)
                case "web":
                    processes.serve_web(application, port=settings.PORT)
                case "worker":
                    processes.run_worker()
                case _:
                    processes.run_scheduler()
        except (processes.AlreadyRunning, processes.PortInUse) as error:
            self.stderr.write(str(error))
            sys.exit(EXIT_WRONG_SETUP)
