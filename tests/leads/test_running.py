"""A search from the row to the last verdict, on the sandbox's real sockets."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from leads import leasing, reporting, running, searching
from leads.models import Lead, LeadTotal, Search, SearchLead, SiteCrawl

Run = Callable[[Search], Search]
Balance = Callable[[Workspace], tuple[int, int]]


def start(workspace: Workspace, by: User, **asked: object) -> Search:
    values = {"query": "dentists", "location": "Miami, FL", "limit": 20, **asked}
    return searching.start_search(workspace, by=by, **values)  # type: ignore[arg-type]


def test_a_search_delivers_leads_with_contacts_verdicts_and_sources(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = run_to_end(start(workspace, alice))
    assert (search.status, search.stage, search.error) == ("completed", "done", None)
    leads = list(Lead.objects.owned_by(workspace))
    assert len(leads) == 20
    assert all(lead.city == "Miami" and lead.place_id and lead.business_name for lead in leads)
    with_email = [lead for lead in leads if lead.email]
    assert len(with_email) >= 12
    assert {lead.email_status for lead in with_email} <= {"valid", "risky", "invalid", "unknown"}
    assert all(lead.sources["email"]["url"].startswith("http") for lead in with_email)
    assert all(lead.sources["place_id"]["source"] == "google" for lead in leads)
    named_by = {lead.sources["business_name"]["source"] for lead in leads}
    assert named_by == {"google", "website"}, "a name that the site states itself is its own"
    assert balance(workspace) == (before - 20, 0)
    assert LeadTotal.objects.get(workspace=workspace).leads == 20
    progress = reporting.progress_of(search)
    assert (progress.found, progress.new, progress.already_yours) == (20, 20, 0)
    assert (progress.crawled, progress.verified, progress.total) == (20, 20, 20)
    charging.verify_ledger(workspace)


def test_the_same_search_again_costs_nothing_and_makes_nothing_new(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    run_to_end(start(workspace, alice))
    before = balance(workspace)
    again = run_to_end(start(workspace, alice))
    assert balance(workspace) == before
    assert Lead.objects.count() == 20
    credits = reporting.credits_of(again)
    assert (credits.charged, credits.free) == (0, (("already_yours", 20),))
    assert CreditEntry.objects.filter(kind="charge").count() == 20


def test_a_lead_that_was_deleted_is_neither_paid_nor_shown_again(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    run_to_end(start(workspace, alice, limit=10))
    gone = Lead.objects.owned_by(workspace).first()
    assert gone is not None
    gone.deleted_at = timezone.now()
    gone.save()
    before = balance(workspace)
    again = run_to_end(start(workspace, alice, limit=10))
    assert balance(workspace) == before
    assert dict(reporting.credits_of(again).free) == {"already_yours": 9, "deleted_by_you": 1}
    assert not Lead.objects.owned_by(workspace).filter(pk=gone.pk).exists()


def test_another_workspace_pays_for_itself_but_nobody_reads_a_site_twice(
    sandbox: Sandbox,
    workspace: Workspace,
    alice: User,
    stranger: Workspace,
    charlie: User,
    run_to_end: Run,
) -> None:
    run_to_end(start(workspace, alice, limit=10))
    fetched = dict(SiteCrawl.objects.filter(outcome="ok").values_list("url", "fetched_at"))
    second = run_to_end(start(stranger, charlie, limit=10))
    assert reporting.credits_of(second).charged == 10
    assert dict(SiteCrawl.objects.filter(outcome="ok").values_list("url", "fetched_at")) == fetched
    assert Lead.objects.owned_by(stranger).exclude(email="").count() == (
        Lead.objects.owned_by(workspace).exclude(email="").count()
    )


def test_more_leads_than_one_question_shows_are_found_by_dividing_the_area(
    sandbox: Sandbox, workspace: Workspace, alice: User, settings: Settings
) -> None:
    search = start(workspace, alice, limit=150, verify_emails=False)
    while search.stage == "discovering":
        assert running.advance(search.pk)
        search.refresh_from_db()
    coverage = reporting.coverage_of(search)
    assert coverage["split"] >= 1
    assert coverage["limit_reached"] is True
    assert search.results.count() == 150
    assert Lead.objects.owned_by(workspace).count() == 150


def test_an_unknown_place_ends_with_its_reason_and_without_a_price(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    before = balance(workspace)
    search = run_to_end(start(workspace, alice, location="Atlantis Under Sea"))
    assert search.status == "completed"
    assert search.error is not None
    assert search.error["type"] == "unknown_location"
    assert "Atlantis Under Sea" in search.error["message"]
    assert search.results.count() == 0
    assert balance(workspace) == before


def test_max_credits_is_a_hard_stop(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = run_to_end(start(workspace, alice, limit=20, max_credits=7))
    assert balance(workspace) == (before - 7, 0)
    assert search.results.count() == 7
    assert reporting.coverage_of(search)["stopped_by_max_credits"] is True


def test_cancelling_in_the_middle_stops_all_work_and_every_charge(
    sandbox: Sandbox, workspace: Workspace, alice: User, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = start(workspace, alice, limit=100)
    running.advance(search.pk)  # finds the area
    running.advance(search.pk)  # first page
    lease = leasing.claim(search.pk)
    assert lease is not None
    charged = before - balance(workspace)[0]
    assert charged == search.results.count() > 10
    searching.cancel_search(workspace, search.public_id)
    with pytest.raises(leasing.LeaseLost), lease.writing():
        pass
    assert running.advance(search.pk) is False
    search.refresh_from_db()
    assert search.status == "cancelled"
    assert balance(workspace) == (before - charged, 0)
    assert not search.results.filter(crawl=SearchLead.Work.PENDING).exists()
    progress = reporting.progress_of(search)
    assert (progress.new, progress.crawled, progress.verified) == (charged, 0, 0)


@pytest.mark.parametrize(
    ("key", "code"),
    [("invalid-key", "invalid_key"), ("denied-key", "access_denied")],
)
def test_a_refused_key_fails_at_once_with_its_reason_and_without_a_price(
    sandbox: Sandbox,
    workspace: Workspace,
    alice: User,
    balance: Balance,
    settings: Settings,
    key: str,
    code: str,
) -> None:
    settings.GOOGLE_PLACES_KEY = key
    before = balance(workspace)
    search = start(workspace, alice)
    running.advance(search.pk)
    search.refresh_from_db()
    assert search.status == "failed"
    assert search.error is not None
    assert search.error["type"] == code
    assert key not in search.error["message"]
    assert balance(workspace) == before


@pytest.mark.parametrize("key", ["quota-key", "down-key", "html-key", "broken-key"])
def test_a_source_that_is_down_is_asked_again_until_it_answers(
    sandbox: Sandbox,
    workspace: Workspace,
    alice: User,
    run_to_end: Run,
    balance: Balance,
    settings: Settings,
    key: str,
) -> None:
    settings.GOOGLE_PLACES_KEY = key
    before, _ = balance(workspace)
    search = start(workspace, alice, limit=10)
    assert running.advance(search.pk) is False
    search.refresh_from_db()
    assert (search.status, search.attempts) == ("running", 1)
    assert balance(workspace) == (before, 10), "held, and nothing charged"
    settings.GOOGLE_PLACES_KEY = "sandbox-key"
    Search.objects.update(next_attempt_at=timezone.now())  # a quota error asked for patience
    search = run_to_end(search)
    assert search.status == "completed"
    assert search.results.count() == 10


def test_a_source_that_stays_down_fails_the_search_for_free(
    sandbox: Sandbox, workspace: Workspace, alice: User, balance: Balance, settings: Settings
) -> None:
    settings.GOOGLE_PLACES_KEY = "down-key"
    before = balance(workspace)
    search = start(workspace, alice)
    for _ in range(running.MAX_ATTEMPTS + 1):
        Search.objects.update(next_attempt_at=timezone.now())
        running.advance(search.pk)
    search.refresh_from_db()
    assert search.status == "failed"
    assert search.error is not None
    assert balance(workspace) == before


def test_a_source_that_breaks_half_way_keeps_and_finishes_what_was_delivered(
    sandbox: Sandbox,
    workspace: Workspace,
    alice: User,
    run_to_end: Run,
    balance: Balance,
    settings: Settings,
) -> None:
    before, _ = balance(workspace)
    search = start(workspace, alice, limit=60)
    running.advance(search.pk)
    running.advance(search.pk)
    delivered = search.results.count()
    settings.GOOGLE_PLACES_KEY = "denied-key"
    search = run_to_end(search)
    assert search.status == "failed"
    assert search.results.count() == delivered > 10
    assert balance(workspace) == (before - delivered, 0)
    assert Lead.objects.owned_by(workspace).exclude(crawled_at=None).count() >= 10


def test_what_a_dead_worker_left_is_taken_over_when_its_lease_ends(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = start(workspace, alice, limit=10)
    dead = leasing.claim(search.pk)
    assert dead is not None
    assert leasing.claim(search.pk) is None, "the lease keeps a second worker away"
    assert leasing.due_searches() == []
    Search.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert leasing.due_searches() == [search.pk]
    assert leasing.due_searches() == [], "rung a moment ago"
    search = run_to_end(search)
    assert search.status == "completed"
    with pytest.raises(leasing.LeaseLost), dead.writing():
        pass
    assert balance(workspace) == (before - 10, 0)


def test_a_page_stored_twice_is_neither_doubled_nor_paid_twice(
    sandbox: Sandbox, workspace: Workspace, alice: User, run_to_end: Run, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = start(workspace, alice, limit=30)
    running.advance(search.pk)
    running.advance(search.pk)
    search.refresh_from_db()
    for cell in search.cells:  # as if the note of the first page had been lost
        cell.update(page_token=None, pages=0, results=0, state="pending")
    search.save()
    search = run_to_end(search)
    assert search.results.count() == 30
    assert Lead.objects.owned_by(workspace).count() == 30
    assert balance(workspace) == (before - 30, 0)
