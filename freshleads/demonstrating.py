"""The first search of a new installation, shown in the terminal.

It is the product's own search, started and read like any other; only the printing is made here.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.conf import settings

from exports import rendering
from freshleads.billing import charging
from freshleads.billing.models import Subscription
from freshleads.billing.signing_up import sign_up
from freshleads.users import links
from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import reporting, searching
from leads.models import Lead, Search

EMAIL = "demo@freshleads.test"
QUERY = "dentists"
LOCATION = "Miami, FL"
LIMIT = 60
PATIENCE_SECONDS = 180.0
POLL_SECONDS = 0.2
BAR_WIDTH = 28
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo search came to."""

    search: Search
    seconds_to_first_lead: float | None
    seconds: float


def show_demo(out: TextIO, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """Search, draw the progress and print what came; tells whether the search completed."""
    user = demo_user()
    workspace = workspace_of(user)
    assert workspace is not None
    out.write(f"Searching {QUERY} in {LOCATION} ...\n")
    outcome = run_search(user, workspace, out, should_stop=should_stop)
    if should_stop():
        return False
    print_report(out, outcome, write_export(workspace, outcome.search), user)
    if outcome.search.status != Search.Status.COMPLETED:
        reason = outcome.search.error_message or "it took too long"
        out.write(f"The search ended as {outcome.search.status}: {reason}\n")
    return outcome.search.status == Search.Status.COMPLETED


def demo_user() -> User:
    """Return the owner of the demo workspace, made with plenty of credits the first time."""
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        user = sign_up(
            EMAIL, secrets.token_urlsafe(24), workspace_name="Demo workspace", plan="growth"
        )
    workspace = workspace_of(user)
    assert workspace is not None
    missing = LIMIT - Subscription.objects.get(workspace=workspace).available
    if missing > 0:
        charging.adjust(workspace, missing, reason="Credits for the demo search", by=None)
    return user


def run_search(
    user: User, workspace: Workspace, out: TextIO, *, should_stop: Callable[[], bool]
) -> Outcome:
    """Start the demo search and draw its progress until it ends or patience does."""
    started = time.monotonic()
    first: float | None = None
    search = searching.start_search(workspace, by=user, query=QUERY, location=LOCATION, limit=LIMIT)
    while True:
        search.refresh_from_db()
        progress = reporting.progress_of(search)
        elapsed = time.monotonic() - started
        if first is None and progress.found:
            first = elapsed
        _draw(out, search, progress, elapsed)
        if search.is_finished or elapsed > PATIENCE_SECONDS or should_stop():
            out.write("\n")
            return Outcome(search, first, elapsed)
        time.sleep(POLL_SECONDS)


def write_export(workspace: Workspace, search: Search) -> Path:
    """Write the search's project as a spreadsheet into the data folder; returns its path."""
    assert search.project is not None
    export = rendering.prepare_export(
        workspace, project_id=search.project.public_id, format="xlsx", filters={}
    )
    folder = Path(settings.DATA_DIR) / "exports"
    folder.mkdir(exist_ok=True)
    path = folder / export.name
    rendering.write_file(export, path)
    return path


def print_report(out: TextIO, outcome: Outcome, path: Path, user: User) -> None:
    """Print the first leads, what was charged, and where to go on."""
    search = outcome.search
    credits = reporting.credits_of(search)
    progress = reporting.progress_of(search)
    _print_leads(out, search)
    free = "".join(f", {leads} {reason.replace('_', ' ')} (free)" for reason, leads in credits.free)
    first = outcome.seconds_to_first_lead
    out.write(
        f"\n{progress.found} leads: {progress.new} new (charged {credits.charged} "
        f"credit{'' if credits.charged == 1 else 's'}){free}; {progress.emails_found} with an "
        f"e-mail. Balance: {credits.balance} credits.\n"
        + (f"First lead after {first:.1f} s" if first is not None else "No lead")
        + f", all done after {outcome.seconds:.1f} s.\n"
        f"Spreadsheet: {path}\n"
        f"Sign in (works once): {settings.SITE_URL}{links.make_link(user)}\n"
    )
    if settings.SANDBOX:
        out.write(
            "This is invented data of the built-in sandbox. For real businesses set\n"
            "FRESHLEADS_SANDBOX=false and GOOGLE_PLACES_KEY=<your key>; see README.md.\n"
        )


def _print_leads(out: TextIO, search: Search) -> None:
    leads = Lead.objects.filter(results__search=search).order_by("results__position")[:SHOWN]
    out.write(f"\n{'Business':<34} {'Phone':<15} {'E-mail':<44} Status\n")
    for lead in leads:
        out.write(
            f"{_cut(lead.business_name, 34):<34} {lead.phone or '-':<15} "
            f"{_cut(lead.email or '-', 44):<44} {lead.email_status if lead.email else '-'}\n"
        )


def _draw(out: TextIO, search: Search, progress: reporting.Progress, elapsed: float) -> None:
    done = {
        "discovering": progress.found,
        "crawling": progress.crawled,
        "verifying": progress.verified,
    }.get(progress.stage, progress.total)
    share = min(1.0, done / progress.total) if progress.total else 1.0
    bar = "#" * round(BAR_WIDTH * share)
    line = (
        f"{progress.stage:<12} [{bar:<{BAR_WIDTH}}] {done}/{progress.total}  "
        f"{progress.found} found, {progress.emails_found} e-mails  {elapsed:4.1f} s"
    )
    if out.isatty():
        out.write("\r" + line + "   ")
    elif search.is_finished:
        out.write(line)
    out.flush()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
