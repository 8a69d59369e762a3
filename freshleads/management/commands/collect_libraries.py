"""Copies the browser libraries the pages load from node_modules to where they are served."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Each file that is served, and the file of the package it comes from.
FILES = {
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
}

# A map that is not served makes collectstatic and the browser ask for a file that is not there.
SOURCE_MAP = re.compile(
    rb"(?://[#@] ?sourceMappingURL=[^\n]*|/\*[#@] ?sourceMappingURL=[^*\n]*\*/)"
)


class Command(BaseCommand):
    help = "Copy the browser libraries from node_modules to the folder that /static/ serves."

    def handle(self, *args: Any, **options: Any) -> None:
        copied = collect(Path(settings.BROWSER_LIBRARIES), Path(settings.DATA_DIR) / "vendor")
        self.stdout.write(f"{copied} browser library files are in place.")


def collect(packages: Path, served: Path) -> int:
    """Copy every file of FILES without its source map line; return how many were copied."""
    for name, origin in FILES.items():
        source = packages / origin
        if not source.is_file():
            raise CommandError(
                f"{origin} is missing: run `npm ci --ignore-scripts` in the project folder first."
            )
        target = served / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
    return len(FILES)
