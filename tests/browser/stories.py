"""What stands on the pages: searches in every state, leads, projects, keys and a ledger."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from freshleads.billing import charging
from freshleads.users import keys
from freshleads.users.models import ApiKey, User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import editing, projects, searching
from leads.models import Lead, Search
from tests.browser.conftest import Worker

LONG_WORD = "Gesellschaftszahnmedizinversorgungszentrumsverwaltung"


@dataclass(frozen=True)
class Story:
    """The paths of Ada's pages that have an id in them."""

    finished: str
    again: str
    running: str
    waiting: str
    stopped: str
    failed: str
    nothing: str
    nowhere: str
    lead: str
    odd_lead: str
    project: str


def tell(ada: User, worker: Worker) -> Story:
    """Live Ada's first week."""
    workspace = workspace_of(ada)
    assert workspace is not None
    finished = worker.finish(search(ada, "dentists", "Miami, FL", 24))
    again = worker.finish(search(ada, "dentists", "Miami, FL", 10))
    stopped = search(ada, "plumbers", "Bristol", 20)
    worker.do(stopped, 2)
    searching.cancel_search(workspace, stopped.public_id)
    with override_settings(GOOGLE_PLACES_KEY="invalid-key"):
        failed = worker.finish(search(ada, "bakeries", "Berlin", 20))
    nothing = worker.finish(search(ada, "unicorn breeders", "Bristol", 20))
    nowhere = worker.finish(search(ada, "dentists", "Atlantis", 20))
    running = search(ada, "dentists", "Miami, FL", 300)
    worker.do(running, 2)
    waiting = search(ada, "restaurants", "Lyon", 20)
    lead, odd = make_own(workspace)
    projects.create_project(workspace, name="Spring mailing")
    project = projects.create_project(workspace, name=f"Everything about {LONG_WORD} & more")
    make_keys(workspace, ada)
    charging.adjust(workspace, 25, reason="A thank-you for the bug report", by=None)
    return Story(
        finished=path_of(finished),
        again=path_of(again),
        running=path_of(running),
        waiting=path_of(waiting),
        stopped=path_of(stopped),
        failed=path_of(failed),
        nothing=path_of(nothing),
        nowhere=path_of(nowhere),
        lead=reverse("leads:lead", args=[lead.public_id]),
        odd_lead=reverse("leads:lead", args=[odd.public_id]),
        project=f"{reverse('leads:leads')}?project_id={project.public_id}",
    )


def search(user: User, query: str, location: str, limit: int) -> Search:
    """Start a search of a person's."""
    workspace = workspace_of(user)
    assert workspace is not None
    return searching.start_search(workspace, by=user, query=query, location=location, limit=limit)


def path_of(search: Search) -> str:
    return reverse("leads:search", args=[search.public_id])


def make_own(workspace: Workspace) -> tuple[Lead, Lead]:
    """Tag one lead that has everything, and make another one as odd as the web is."""
    leads = Lead.objects.owned_by(workspace).order_by("pk")
    full = leads.exclude(social_links={}).exclude(email="").filter(email_status="valid").first()
    odd = leads.exclude(email="").last()
    assert full is not None
    assert odd is not None
    editing.update_lead(workspace, full.public_id, changes={"tags": ["call first", "spring"]})
    odd_values = {
        "business_name": f"<b>Dr. {LONG_WORD}</b> & Söhne (formerly {LONG_WORD})",
        "email": f"reception.and.appointments.{LONG_WORD}@{LONG_WORD[:50]}.test".lower(),
        "website": f"https://{LONG_WORD[:50]}.test/{'very-long-path/' * 8}?q={'x' * 80}".lower(),
        "address": f"{LONG_WORD}{LONG_WORD}straße 1",
        "tags": [LONG_WORD[:50], "second", "third", "fourth"],
    }
    editing.update_lead(workspace, odd.public_id, changes=odd_values)
    return full, odd


def make_keys(workspace: Workspace, by: User) -> None:
    """Make a key that works, one that has ended and one that was revoked."""
    keys.create_key(workspace, created_by=by, name="Nightly import into the CRM")
    ends_at = timezone.now() + timedelta(days=30)
    ended, _ = keys.create_key(workspace, created_by=by, name="Trial", expires_at=ends_at)
    ApiKey.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(days=1))
    revoked, _ = keys.create_key(workspace, created_by=by, name="Lost laptop")
    keys.revoke_key(workspace, revoked.public_id)
