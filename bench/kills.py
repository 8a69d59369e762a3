"""Kills processes with SIGKILL in the middle of searches and counts what was lost or doubled.

    python -m bench.kills [--rounds 20] [--set-up embedded|servers|both] [--leads 200]

Each round starts a search in a workspace of its own with empty caches, kills a random process of
the group (embedded: the one there is; servers: web, worker or scheduler) at a random moment, in
every fourth round with servers also empties the broker, and waits for the search to complete. The
supervisor restarts what was killed. Then every ledger, lead and result is counted. Needs, for the
servers, PostgreSQL and Redis on their usual local ports (or DATABASE_URL and REDIS_URL).
"""

import argparse
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 120.0
ROLES = {"embedded": ["all"], "servers": ["web", "worker", "scheduler"]}


@dataclass
class Round:
    """What one round came to; `after_kill` is seconds from the kill to the end of the search."""

    role: str
    moment: float
    status: str
    after_kill: float
    leads: int
    charged: int
    faults: list[str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(set_up: str, folder: Path, name: str) -> dict[str, str]:
    """Return the environment of an installation of its own."""
    values = {
        **os.environ,
        "PORT": str(free_port()),
        "FRESHLEADS_DATA": str(folder),
        "FRESHLEADS_SANDBOX": "true",
        "FRESHLEADS_LEASE_SECONDS": "10",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    if set_up == "servers":
        server = os.environ.get("DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
        values["DATABASE_URL"] = server.rpartition("/")[0] + "/" + name
        values["REDIS_URL"] = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
        values["FRESHLEADS_REDIS_PREFIX"] = f"{name}:"
    return values


def drive(set_up: str, rounds: int, leads: int, seed: int) -> int:
    """Run the rounds in a process that has the installation's settings; returns the exit code."""
    name = f"freshleads_kills_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="freshleads-kills-") as folder:
        values = environment(set_up, Path(folder), name)
        create_database(values, name)
        try:
            return subprocess.run(
                [
                    *(sys.executable, "-m", "bench.kills", "--inside", set_up),
                    *("--rounds", str(rounds), "--leads", str(leads), "--seed", str(seed)),
                ],
                cwd=PROJECT,
                env=values,
                check=False,
            ).returncode
        finally:
            drop_database(values, name)


def create_database(values: dict[str, str], name: str) -> None:
    if values["DATABASE_URL"]:
        _administer(values, f'CREATE DATABASE "{name}"')


def drop_database(values: dict[str, str], name: str) -> None:
    if values["DATABASE_URL"]:
        _administer(values, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(values: dict[str, str], statement: str) -> None:
    import psycopg

    server = values["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def run_inside(set_up: str, rounds: int, leads: int, seed: int) -> int:
    """Start the group, run the rounds, print a line for each and the sum."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "freshleads.settings"
    django.setup()
    chance = random.Random(seed)
    with Path(os.environ["FRESHLEADS_DATA"], "up.log").open("wb") as log:
        group = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=PROJECT, stdout=log, stderr=log
        )
        try:
            wait_for_port(int(os.environ["PORT"]))
            done = [one_round(set_up, number, leads, chance) for number in range(rounds)]
        finally:
            group.terminate()
            group.wait(30)
    return report(set_up, done, leads)


def one_round(set_up: str, number: int, leads: int, chance: random.Random) -> Round:
    from freshleads.billing.signing_up import sign_up
    from freshleads.users.workspaces import workspace_of
    from leads import searching
    from leads.models import DomainCheck, EmailCheck, SiteCrawl

    for cache in (SiteCrawl, EmailCheck, DomainCheck):
        cache.objects.all().delete()
    user = sign_up(f"kill{number}@example.org", secrets.token_urlsafe(20), plan="growth")
    workspace = workspace_of(user)
    assert workspace is not None
    role = ROLES[set_up][number % len(ROLES[set_up])]
    moment = chance.uniform(0.1, 8.0)
    search = searching.start_search(
        workspace, by=user, query="dentists", location="Miami, FL", limit=leads
    )
    time.sleep(moment)
    kill(role)
    if set_up == "servers" and number % 4 == 3:
        empty_broker()
    killed_at = time.monotonic()
    while time.monotonic() - killed_at < PATIENCE_SECONDS:
        search.refresh_from_db()
        if search.is_finished:
            break
        time.sleep(0.2)
    done = check(search, role, moment, time.monotonic() - killed_at, leads)
    print(
        f"  {number + 1:>2}. {role:<9} killed at {moment:4.1f} s: {done.status} "
        f"{done.after_kill:5.1f} s later, {done.leads} leads, {done.charged} credits"
        + "".join(f"; FAULT {fault}" for fault in done.faults),
        flush=True,
    )
    return done


def kill(role: str) -> None:
    pids = json.loads(Path(os.environ["FRESHLEADS_DATA"], "processes.json").read_text())
    os.kill(pids[role], signal.SIGKILL)


def empty_broker() -> None:
    import redis

    server = redis.Redis.from_url(os.environ["REDIS_URL"])
    for key in server.scan_iter(f"{os.environ['FRESHLEADS_REDIS_PREFIX']}*"):
        server.delete(key)


def check(search, role: str, moment: float, after_kill: float, leads: int) -> Round:  # type: ignore[no-untyped-def]
    """Count everything of the search's workspace and name what is wrong."""
    from freshleads.billing import charging
    from freshleads.billing.models import CreditEntry, Subscription
    from leads.models import Lead, SearchLead

    workspace = search.workspace
    places = list(Lead.objects.filter(workspace=workspace).values_list("place_id", flat=True))
    charged = CreditEntry.objects.filter(workspace=workspace, kind="charge").count()
    waiting = SearchLead.objects.filter(search=search, is_new=True, crawl="pending").count()
    subscription = Subscription.objects.get(workspace=workspace)
    faults = []
    if search.status != "completed":
        faults.append(f"status {search.status} in stage {search.stage}: {search.error_message}")
    if len(places) != leads:
        faults.append(f"{len(places)} leads instead of {leads}")
    if len(set(places)) != len(places):
        faults.append("a lead is doubled")
    if charged != len(places):
        faults.append(f"{charged} charges for {len(places)} leads")
    if subscription.held:
        faults.append(f"{subscription.held} credits still held")
    if waiting:
        faults.append(f"{waiting} leads not crawled")
    try:
        charging.verify_ledger(workspace)
    except charging.LedgerBroken as error:
        faults.append(str(error))
    return Round(role, moment, search.status, after_kill, len(places), charged, faults)


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("the installation did not start; see up.log")


def report(set_up: str, done: list[Round], leads: int) -> int:
    faults = sum(len(one.faults) for one in done)
    slowest = max(one.after_kill for one in done)
    completed = sum(one.status == "completed" for one in done)
    print(
        f"{set_up}: {len(done)} kills in searches of {leads} leads, {completed} completed, "
        f"slowest {slowest:.1f} s after its kill, {faults} faults",
        flush=True,
    )
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--leads", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set-up", choices=["embedded", "servers", "both"], default="both")
    parser.add_argument("--inside", choices=list(ROLES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return run_inside(options.inside, options.rounds, options.leads, options.seed)
    chosen = list(ROLES) if options.set_up == "both" else [options.set_up]
    codes = [drive(set_up, options.rounds, options.leads, options.seed) for set_up in chosen]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
