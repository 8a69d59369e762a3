"""How fast a million leads are listed, searched, filtered and counted on PostgreSQL.

    python -m bench.leads_table [--plans]

Makes a database of its own (on DATABASE_URL's server, else the local one), fills it by COPY and
drops it at the end. The statements are the ones that `filter_leads` and `page_of` send. Each is
repeated 30 times (fewer, `n`, where that takes longer than 0.8 s): inside the database by EXPLAIN
ANALYZE, planning included, and from outside with its rows fetched. Beside them stands what a
plain Django list does: icontains over name and e-mail, OFFSET, an exact count, and no index but
the model's. Leaves with 1 where a figure that must stay within 10 ms does not.
"""

import argparse
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

SERVER = os.environ.get("DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
NAME = f"freshleads_leads_{secrets.token_hex(4)}"
FOLDER = tempfile.TemporaryDirectory(prefix="freshleads-leads-")
os.environ["DATABASE_URL"] = urlsplit(SERVER)._replace(path=f"/{NAME}").geturl()
os.environ["FRESHLEADS_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "freshleads.settings"

import django  # noqa: E402

django.setup()

import psycopg  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Q, QuerySet  # noqa: E402

from bench.leads_table_cases import CASES, Case  # noqa: E402
from bench.leads_table_rows import COLUMNS, LARGE, SMALL_ONES, copy_text  # noqa: E402
from bench.timing_sql import (  # noqa: E402
    Statement,
    explain,
    in_one_line,
    middle_and_worst,
    ms_from_outside,
    ms_in_database,
    plan_of,
    recorded,
    repeated,
)
from freshleads.users.models import Workspace  # noqa: E402
from leads.filters import filter_leads, is_filtered  # noqa: E402
from leads.listing import page_of, row_of  # noqa: E402
from leads.models import Lead, LeadTotal, Project, ProjectLead  # noqa: E402

ALLOWED_MS = 10.0
LONGEST_RUN_SECONDS = 420
PER_PAGE = 50
INVERTED = ("lead_found_by",)
ORDERS = (
    *("lead_by_name", "lead_by_city", "lead_best_rated", "lead_most_reviewed"),
    *("lead_last_changed", "lead_without_website"),
)
ROWS_ADDED = 20_000


@contextmanager
def database() -> Iterator[None]:
    """Make the database, and drop it whatever happens."""
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{NAME}"')
        try:
            # Only for building indexes; every other setting is the server's own.
            server.execute(f"ALTER DATABASE \"{NAME}\" SET maintenance_work_mem = '512MB'")
            yield
        finally:
            connection.close()
            server.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fill() -> None:
    """Add the workspaces, their leads and totals, and two projects of the largest one."""
    Workspace.objects.bulk_create(
        Workspace(id=number, name=f"Workspace {number}") for number in range(1, 3 + SMALL_ONES)
    )
    with without_indexes(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE leads_lead CASCADE")  # FREEZE wants a table of this transaction
        into_leads = f"COPY leads_lead ({', '.join(COLUMNS)}) FROM STDIN WITH (FREEZE)"
        with cursor.copy(into_leads) as copy:
            for text in copy_text():
                copy.write(text)
    run_sql(
        "INSERT INTO leads_leadtotal (workspace_id, leads) SELECT workspace_id, count(*)"
        " FROM leads_lead WHERE deleted_at IS NULL GROUP BY workspace_id"
    )
    for name, size in (("small", 500), ("large", 200_000)):
        project = Project.objects.create(workspace_id=LARGE, name=name, public_id=f"proj_{name}")
        run_sql(
            f"INSERT INTO leads_projectlead (project_id, lead_id, added_at)"
            f" SELECT {project.pk}, id, created_at FROM leads_lead WHERE workspace_id = {LARGE}"
            f" ORDER BY md5(public_id) LIMIT {size}"
        )


@contextmanager
def without_indexes() -> Iterator[None]:
    """Take the indexes and constraints of the leads away, and make them again at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = 'leads_lead'::regclass AND contype IN ('u', 'f')"
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class"
            " ON pg_class.oid = indexrelid WHERE indrelid = 'leads_lead'::regclass"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
        )
        indexes = cursor.fetchall()
    run_sql(
        *(f'ALTER TABLE leads_lead DROP CONSTRAINT "{name}"' for name, _ in constraints),
        *(f'DROP INDEX "{name}"' for name, _ in indexes),
    )
    yield
    run_sql(
        *(f'ALTER TABLE leads_lead ADD CONSTRAINT "{name}" {text}' for name, text in constraints),
        *(text for _, text in indexes),
    )


def tidy() -> None:
    run_sql("VACUUM ANALYZE leads_lead", "VACUUM ANALYZE leads_projectlead")


def asked_of_the_product(case: Case, after: str) -> list[Statement]:
    workspace = Workspace(id=case.workspace)

    def ask() -> None:
        page_of(
            filter_leads(workspace, case.params),
            page=case.page,
            per_page=PER_PAGE,
            workspace=None if is_filtered(case.params) else workspace,
            after=row_of(workspace, after) if case.cursor else None,
        )

    return recorded(ask)


def asked_of_plain_django(case: Case) -> list[Statement]:
    rows: QuerySet[Lead] = Lead.objects.filter(workspace_id=case.workspace, deleted_at=None)
    if term := case.params.get("search"):
        rows = rows.filter(Q(business_name__icontains=term) | Q(email__icontains=term))
    rows = rows.order_by(case.params.get("ordering", "-created_at"), "-id")
    first = (case.page - 1) * PER_PAGE

    def ask() -> None:
        list(rows[first : first + PER_PAGE])
        rows.count()

    return recorded(ask)


def kind_of(statement: Statement) -> str:
    sql = statement[0]
    if "COUNT(" in sql or "leads_leadtotal" in sql:
        return "count"
    if "leads_project" in sql and "leads_lead" not in sql:
        return "project"
    if '"leads_lead"."public_id" =' in sql:
        return "cursor"
    return "page" if '"leads_lead"."public_id"' in sql else "key"


def measure(case: Case, after: str, plain: dict[tuple[str, str], float], plans: bool) -> bool:
    """Print a line for each statement of a case; return whether what is promised held."""
    held = True
    statements = asked_of_the_product(case, after)
    # A page found by its key costs what finding the key costs: that is set beside OFFSET.
    costly = "key" if "key" in map(kind_of, statements) else "page"
    for statement in statements:
        kind = kind_of(statement)
        inside = repeated(partial(ms_in_database, statement))
        outside = repeated(partial(ms_from_outside, statement))
        (p50, p95), (wall50, wall95) = middle_and_worst(inside), middle_and_worst(outside)
        beside = plain.get((case.name, {costly: "page", "count": "count"}.get(kind, "")))
        peer = f"{beside:9.1f} {beside / p50:8,.0f}x" if beside else f"{'':19}"
        plan = in_one_line(plan_of(statement)["Plan"])
        mark = "  " if p50 <= ALLOWED_MS else "> "
        print(
            f"{mark}{case.name:28}{kind:8}{len(inside):3}{p50:9.2f}{p95:9.2f}"
            f"{wall50:9.2f}{wall95:9.2f}{peer}  {plan}",
            flush=True,
        )
        if plans:
            lines = [line for (line,) in explain(statement, "ANALYZE, BUFFERS")]
            print("\n".join(["", statement[0], *lines, ""]))
        held = held and not (case.must and p50 > ALLOWED_MS)
    return held


def measure_plain() -> dict[tuple[str, str], float]:
    """Return p50 in the database, for the page and the count of the plain way."""
    seen: dict[str, float] = {}
    found = {}
    for case in CASES:
        for statement in asked_of_plain_django(case) if case.plain else ():
            sent = str(statement)
            if sent not in seen:
                seen[sent] = middle_and_worst(repeated(partial(ms_in_database, statement)))[0]
            found[case.name, kind_of(statement)] = seen[sent]
    return found


def measure_adding() -> None:
    """Print what each group of indexes costs 20,000 new leads."""
    run_sql(
        f"CREATE TABLE added AS SELECT * FROM leads_lead ORDER BY id DESC LIMIT {ROWS_ADDED}",
        "UPDATE added SET id = id + 5000000, public_id = 'new' || public_id,"
        " identity = 'new' || identity, search_text = replace(search_text, ' ', ' new')",
    )
    print(f"\nAdding {ROWS_ADDED:,} leads in one statement, rolled back, the better of two:")
    ways = {
        "with every index": (),
        "without the orders": ORDERS,
        "without the inverted index": INVERTED,
        "without either": (*ORDERS, *INVERTED),
    }
    for name, dropped in ways.items():
        seconds = min(seconds_to_add(dropped) for _ in range(2))
        print(f"  {name:28}{ROWS_ADDED / seconds:9,.0f}/s  {seconds / ROWS_ADDED * 1e6:6.0f} µs")


def seconds_to_add(dropped: tuple[str, ...]) -> float:
    run_sql("BEGIN", *(f"DROP INDEX {index}" for index in dropped))
    began = time.perf_counter()
    run_sql("INSERT INTO leads_lead SELECT * FROM added")
    seconds = time.perf_counter() - began
    run_sql("ROLLBACK", "VACUUM leads_lead")
    return seconds


def measure_all(plans: bool) -> int:
    with timed("model's own tables and indexes"):
        call_command("migrate", "leads", "0001", verbosity=0)
    with timed("COPY of 1,000,000 leads"):
        fill()
    with timed("VACUUM ANALYZE"):
        tidy()
    with timed("plain Django, measured"):
        plain = measure_plain()
    with timed("indexes of migrations 0002 and 0003"):
        call_command("migrate", verbosity=0)
    with timed("VACUUM ANALYZE"):
        tidy()
    after = Lead.objects.filter(workspace_id=LARGE, deleted_at=None)[499_949].public_id
    print(
        f"\nms of one statement{'':19}n   db p50   db p95 wall p50 wall p95    plain    ratio  plan"
    )
    held = [measure(case, after, plain, plans) for case in CASES]
    assert LeadTotal.objects.get(workspace_id=LARGE).leads > 500_000
    assert ProjectLead.objects.count() == 200_500
    measure_adding()
    print(f"\nPromised within {ALLOWED_MS:.0f} ms: {'held' if all(held) else 'NOT HELD'}")
    return 0 if all(held) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--plans", action="store_true", help="print every plan in full")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, lambda *_: sys.exit(f"stopped after {LONGEST_RUN_SECONDS} s"))
    signal.alarm(LONGEST_RUN_SECONDS)
    with database():
        return measure_all(arguments.plans)


if __name__ == "__main__":
    sys.exit(main())
