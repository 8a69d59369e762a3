"""How fast the ledger is: `python -m bench.ledger` on SQLite, with
FRESHLEADS_TEST_DATABASE=postgres on PostgreSQL. A database of its own is made and removed."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from freshleads.billing import charging, signing_up  # noqa: E402
from freshleads.billing.charging import Charge, CreditsMissing  # noqa: E402
from freshleads.users.models import Workspace  # noqa: E402

SEARCHES = 100
LEADS = 60
THREADS = 50


def measure(name: str, count: int, work: Callable[[], None]) -> None:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(
        f"{connection.vendor}: {name}: {count / seconds:,.0f}/s ({seconds / count * 1000:.2f} ms)"
    )


def search(workspace: Workspace, number: int) -> None:
    """Hold, capture sixty leads, release: what one search costs the ledger."""
    hold = charging.hold(workspace, LEADS, reference=f"search:{number}")
    with transaction.atomic():
        charging.capture(
            hold, [Charge(f"lead:{number}:{lead}", 1, "Lead") for lead in range(LEADS)]
        )
    charging.release(hold)


def rush(workspace: Workspace) -> int:
    """Let fifty threads at the last twenty credits; return how many were served."""
    barrier = Barrier(THREADS)

    def spend(number: int) -> int:
        barrier.wait(timeout=60)
        try:
            hold = charging.hold(workspace, 1, reference=f"rush:{number}")
            with transaction.atomic():
                return charging.capture(hold, [Charge(f"rush:{number}", 1, "Lead")])
        except CreditsMissing:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(spend, range(THREADS)))


def main() -> None:
    user = signing_up.sign_up("alice@example.com", "a long enough sentence")
    workspace = user.workspaces.get()
    charging.grant(workspace, SEARCHES * LEADS, reference="bench", description="Bench")
    measure(
        f"searches of {LEADS} leads",
        SEARCHES,
        lambda: [search(workspace, number) for number in range(SEARCHES)] and None,
    )
    balance = workspace.subscription.plan.monthly_credits
    charging.adjust(workspace, 20 - balance, reason="Bench", by=None)
    began = time.perf_counter()
    served = rush(workspace)
    seconds = time.perf_counter() - began
    charging.verify_ledger(workspace)
    print(f"{connection.vendor}: {THREADS} threads, 20 credits: {served} served, {seconds:.2f} s")


if __name__ == "__main__":
    name = connection.creation.create_test_db(verbosity=0)
    try:
        main()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
