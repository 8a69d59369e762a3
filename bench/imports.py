"""Measure imports beside others: `python -m bench.imports [rows [times]]`, a quarter of an hour.

One list of invented businesses, as CSV in windows-1252 and as XLSX. Ours: upload (encoding,
delimiter, header, mapping, count), storing (cleaning, recognising, provenance, notes for the undo),
undoing. The peer stores the same twelve columns of the same list into the same table, as it does by
itself (row by row, with a report) and in its bulk mode with cached look-ups; both without cleaning,
provenance or a way back. Reading the workbook alone is measured beside openpyxl in its read-only
mode. Each in a process of its own with a database of its own, the contenders in turn, three times;
memory is the peak of the process above what it held before it began. SQLite;
FRESHLEADS_TEST_DATABASE=postgres measures on PostgreSQL.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROWS = 50_000
REPETITIONS = 3
TIMEOUT = 1_200.0
HEADER = (
    "Firma,Vorname,Nachname,E-Mail,Telefon,Webseite,Straße,PLZ,Ort,Land,Bewertung,Branche".split(
        ","
    )
)
FIELDS = (
    "business_name first_name last_name email phone website street postal_code city country rating "
    "category"
).split()


def rows(count: int) -> Iterator[list[str]]:
    """Yield invented businesses, each with an address and a domain of its own."""
    for n in range(count):
        yield [
            f"Bäckerei Größe {n}",
            "Grace",
            f"Hopper {n % 977}",
            f"info@baeckerei-{n}.test",
            f"+4930{1_000_000 + n * 7 % 8_999_999}",
            f"https://baeckerei-{n}.test/",
            f"Hauptstraße {n % 300}",
            f"{n % 99_999:05}",
            f"Köln {n % 50}",
            "DE",
            f"{n % 5}.{n % 10}",
            "Bäckerei",
        ]


def write_files(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the list in both forms."""
    import xlsxwriter

    text, book = folder / "list.csv", folder / "list.xlsx"
    with text.open("w", encoding="cp1252", newline="\r\n") as file:
        file.write(";".join(HEADER) + "\n")
        file.writelines(";".join(row) + "\n" for row in rows(count))
    with xlsxwriter.Workbook(book, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Leads")
        for number, row in enumerate([HEADER, *rows(count)]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return text, book


def memory(field: str) -> float:
    """Return VmHWM (peak) or VmRSS (now) of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


class Watch:
    """Takes the wall and CPU seconds of steps, children included."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}
        self.before = memory("VmRSS")

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), os.times()
        result = work()
        after = os.times()
        self.figures[f"{name} wall"] = time.perf_counter() - wall
        self.figures[f"{name} cpu"] = sum(after[:4]) - sum(cpu[:4])
        return result

    def told(self) -> dict[str, float]:
        return self.figures | {"memory": memory("VmHWM") - self.before}


def in_database(work: Callable[[Any, Any], dict[str, float]]) -> dict[str, float]:
    """Do something in a database of its own, for a person with a workspace."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    from freshleads.billing import signing_up

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        user = signing_up.sign_up("alice@example.com", "a long enough sentence")
        return work(user, user.workspaces.get())
    finally:
        teardown_databases(databases, verbosity=0)


def ours(path: Path) -> dict[str, float]:
    def work(user: Any, workspace: Any) -> dict[str, float]:
        from leads import importing, storing_imports
        from leads.models import Lead

        def finish(lead_import: Any) -> None:
            while lead_import.is_at_work:
                storing_imports.advance(lead_import.pk)
                lead_import.refresh_from_db()

        watch = Watch()
        with path.open("rb") as file:
            draft = watch.step(
                "upload",
                lambda: importing.upload(workspace, by=user, file_name=path.name, source=file),
            )
        started = importing.start(workspace, draft.public_id)
        watch.step("store", lambda: finish(started))
        stored = Lead.objects.count()
        undoing = importing.undo(workspace, draft.public_id)
        watch.step("undo", lambda: finish(undoing))
        assert (started.status, undoing.status, Lead.objects.count()) == ("completed", "undone", 0)
        return watch.told() | {"stored": stored}

    return in_database(work)


def peer(path: Path, *, in_bulk: bool) -> dict[str, float]:
    """Store the list with django-import-export."""

    def work(user: Any, workspace: Any) -> dict[str, float]:
        import tablib
        from import_export import instance_loaders, resources

        from leads.models import Lead

        class Leads(resources.ModelResource):
            class Meta:
                model = Lead
                fields = tuple(FIELDS)
                import_id_fields = ("email",)
                use_bulk = skip_diff = skip_html_diff = in_bulk
                batch_size = 1_000
                use_transactions = True
                if in_bulk:
                    instance_loader_class = instance_loaders.CachedInstanceLoader

            def init_instance(self, row: Any = None) -> Lead:
                return Lead(workspace=workspace, identity=f"email:{row['email']}")

        watch = Watch()

        def store() -> Any:
            text = path.read_text(encoding="cp1252")
            dataset = tablib.Dataset().load(text, format="csv", delimiter=";")
            dataset.headers = list(FIELDS)
            return Leads().import_data(dataset, raise_errors=True)

        watch.step("store", store)
        return watch.told() | {"stored": Lead.objects.count()}

    return in_database(work)


def read_ours(path: Path) -> dict[str, float]:
    """Read a workbook as an upload does, to the last row."""
    from leads.mapping import is_field_name
    from leads.tables.reading import Table, detect_layout, read_rows

    watch = Watch()
    table = Table(path)

    def read() -> int:
        layout = detect_layout(table, is_field_name=is_field_name)
        return sum(1 for _ in read_rows(table, layout))

    return {"stored": watch.step("read", read)} | watch.told()


def read_openpyxl(path: Path) -> dict[str, float]:
    import openpyxl

    watch = Watch()

    def read() -> int:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1

    return {"stored": watch.step("read", read)} | watch.told()


CONTENDERS: dict[str, Callable[[Path], dict[str, float]]] = {
    "freshleads": ours,
    "django-import-export": partial(peer, in_bulk=False),
    "django-import-export in bulk": partial(peer, in_bulk=True),
    "freshleads reading": read_ours,
    "openpyxl reading": read_openpyxl,
}


def run(contender: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.imports", "--child", contender, str(path)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=TIMEOUT)
    figures: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return figures


def tell(name: str, found: list[dict[str, float]], count: int) -> dict[str, float]:
    """Print the medians of one contender's runs and return them."""
    middle = {key: median(figures[key] for figures in found) for key in found[0]}
    parts = []
    for step in ("upload", "store", "undo", "read"):
        if f"{step} wall" in middle:
            wall, cpu = middle[f"{step} wall"], middle[f"{step} cpu"]
            parts.append(f"{step} {wall:.1f} s ({count / wall:,.0f} rows/s, CPU {cpu:.1f} s)")
    print(f"  {name}: {'; '.join(parts)}; memory +{middle['memory']:.0f} MB")
    return middle


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        figures = CONTENDERS[sys.argv[2]](Path(sys.argv[3]))
        print(json.dumps(figures))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    times = int(sys.argv[2]) if len(sys.argv) > 2 else REPETITIONS
    with tempfile.TemporaryDirectory(prefix="freshleads-imports-") as folder:
        text, book = write_files(Path(folder), count)
        plan = (
            (text, ("freshleads", "django-import-export", "django-import-export in bulk")),
            (book, ("freshleads",)),
            (book, ("freshleads reading", "openpyxl reading")),
        )
        for path, names in plan:
            size = path.stat().st_size / 1e6
            print(f"{count:,} rows of {path.suffix}, {size:.1f} MB, medians of {times}:")
            found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
            for _ in range(times):
                for name in names:
                    found[name].append(run(name, path))
                    assert found[name][-1]["stored"] == count, name
            middles = [tell(name, found[name], count) for name in names]
            step = "read" if "read cpu" in middles[0] else "store"
            for name, middle in zip(names[1:], middles[1:], strict=True):
                ratio = middle[f"{step} cpu"] / middles[0][f"{step} cpu"]
                print(f"  CPU time of {name}: {ratio:.1f} times that of {names[0]}")


if __name__ == "__main__":
    main()
