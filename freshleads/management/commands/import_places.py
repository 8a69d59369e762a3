"""`manage.py import_places FILE|DIR ...`: open place data for the `local` source of places."""

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from freshleads.lib.errors import DomainError
from leads.place_store.detecting import Chosen, choose_files
from leads.place_store.importing import (
    MIN_CONFIDENCE,
    Choices,
    Imported,
    Progress,
    dataset_name,
    import_files,
)

TELL_SECONDS = 2.0
STOPPED = 130  # what a shell says after Ctrl-C
ATTRIBUTION = {
    "CDLA-Permissive-2.0": "Overture Maps Foundation, overturemaps.org",
    "Apache-2.0": "Foursquare Labs, Inc. - keep its NOTICE with copies",
    "CC0-1.0": "All the Places, nothing is asked for",
    "ODbL-1.0": "© OpenStreetMap contributors - show this wherever the data is shown",
}


class Command(BaseCommand):
    help = (
        "Import open place data: GeoParquet of Overture, Parquet of Foursquare, GeoJSON or "
        ".osm.pbf of OpenStreetMap. All files named together become one dataset, in place of "
        "what it held; datasets stand side by side, and each is a file NAME.places in "
        "FRESHLEADS_PLACES_DIR that may be deleted at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|DIR")
        parser.add_argument("--name", default="", help="name of the dataset; else of the one file")
        parser.add_argument("--dry-run", action="store_true", help="read and count, change nothing")
        parser.add_argument(
            "--min-confidence",
            type=float,
            default=MIN_CONFIDENCE,
            help="leave out places that Overture thinks less likely to exist (0 to 1, %(default)s)",
        )
        parser.add_argument(
            "--country", default="", help="ISO code for places that name no country, like DE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = choose_files(options["paths"])
            self._tell_files(chosen)
            done = import_files(
                settings.LOCAL_PLACES_DIR,
                dataset_name(options["name"], options["paths"]),
                chosen,
                choices=Choices.checked(
                    min_confidence=options["min_confidence"],
                    country=options["country"],
                    is_dry_run=options["dry_run"],
                ),
                report=_Teller(self.stdout),
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped; the places imported before are as they were.")
            sys.exit(STOPPED)
        self._tell_outcome(done)

    def _tell_files(self, chosen: Chosen) -> None:
        self.stdout.write(f"{len(chosen.files)} files, {chosen.size / 1e6:,.1f} MB")
        for path in chosen.left_out[:10]:
            self.stdout.write(f"  left out, no place data: {path}")
        if len(chosen.left_out) > 10:
            self.stdout.write(f"  and {len(chosen.left_out) - 10} more")

    def _tell_outcome(self, done: Imported) -> None:
        self.stdout.write(f"{done.read:,} rows read, {done.kept:,} kept")
        for reason, rows in done.left_out.items():
            self.stdout.write(f"  left out, {reason}: {rows:,}")
        for licence, rows in done.licences.items():
            names = licence.split(", ")
            origin = "; ".join(ATTRIBUTION[name] for name in names if name in ATTRIBUTION)
            self.stdout.write(f"  under {licence}: {rows:,}" + (f" ({origin})" if origin else ""))
        if done.path is None:
            self.stdout.write("A dry run: nothing was changed.")
        else:
            self.stdout.write(f"Dataset {done.name}: {done.path}, {done.size / 1e6:,.1f} MB")


class _Teller:
    """Writes a line now and then: what is done, how many rows, how fast."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self._phase: tuple[str, Path | None] | None = None
        self._began = self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        phase = (progress.doing, progress.file)
        if phase != self._phase:
            self._phase, self._began, self._told = phase, now, now
            name = f" {progress.file}" if progress.file else ""
            self._output.write(f"{progress.doing}{name}")
        elif now - self._told >= TELL_SECONDS:
            self._told = now
            speed = progress.rows / (now - self._began)
            self._output.write(f"  {progress.rows:,} rows, {speed:,.0f} a second")
