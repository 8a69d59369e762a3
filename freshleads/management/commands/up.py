"""`manage.py up`: the whole installation as one supervised group."""

import socket
import sys
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from freshleads import demonstrating, supervising
from freshleads.lib.errors import DomainError


class Command(BaseCommand):
    help = "Migrate, then run sandbox, web, worker and scheduler until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="run the demo search first")
        parser.add_argument("--exit", action="store_true", help="stop when the demo has ended")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_taken_port()
        try:
            lock = supervising.hold_folder(Path(settings.DATA_DIR))
        except supervising.StartFailed as error:
            raise CommandError(str(error)) from error
        with lock:
            self._run(**options)

    def _run(self, **options: Any) -> None:
        group = supervising.Group(Path(settings.DATA_DIR), supervising.child_environment())
        supervising.stop_on_signals(group)
        completed = True
        try:
            self._start(group)
            with supervising.watching(group, (settings.BIND_ADDRESS, settings.PORT)):
                if options["demo"]:
                    completed = demonstrating.show_demo(
                        sys.stdout, should_stop=lambda: group.is_stopping
                    )
                if not options["exit"] and not group.is_stopping:
                    self.stdout.write(f"FreshLeads runs on {settings.SITE_URL} (Ctrl-C stops it)")
                    group.wait()
        except (supervising.StartFailed, DomainError) as error:
            raise CommandError(str(error)) from error
        finally:
            group.stop()
        if options["exit"] and not completed:
            sys.exit(1)

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND_ADDRESS, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} is in use. Choose another: PORT=8001 ./run"
                ) from error

    def _start(self, group: supervising.Group) -> None:
        """Start every process; the sandbox makes itself ready while the database is migrated."""
        sandbox = supervising.launch_sandbox(group) if settings.SANDBOX else None
        call_command("migrate", verbosity=0, interactive=False)
        if settings.BROWSER_LIBRARIES.exists():
            call_command("collect_libraries", stdout=StringIO())
        if sandbox:
            supervising.learn_ports(group, sandbox)
        for role in ["all"] if settings.EMBEDDED else ["web", "worker", "scheduler"]:
            group.start(group.add(role, "manage.py", "serve", role, "--exit-with-parent"))
