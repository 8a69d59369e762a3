"""What stands on the pages of imports: drafts, runs, reports and undone ones."""

from dataclasses import dataclass
from io import BytesIO

from django.urls import reverse

from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import importing, projects, storing_imports, uploads
from leads.import_leases import LEASES
from leads.models import LeadImport
from tests.browser.conftest import Worker
from tests.browser.stories import LONG_WORD

HEADER = "Company;Contact;E-Mail;Telephone;Website;Town;Country;Stars;Remarks;Internal no\n"
ODD = (
    f"<b>{LONG_WORD}</b>;Dr. Ada Lovelace;reception@{LONG_WORD[:40]}.test;+49 30 901820;"
    f"https://{LONG_WORD[:40]}.test/{'path/' * 12};Berlin;Germany;4,5;"
    f"{LONG_WORD} {LONG_WORD} {LONG_WORD};1\n"
    "Best & Sons;;nobody at all;call us;best.test;Bonn;Atlantis;11;;2\n"
    ";;;;;Lost Village;US;;nothing to know it by;3\n"
)
FILES = {
    "draft": f"Customers of {LONG_WORD}, spring & summer.csv",
    "gone": "gone.csv",
    "running": "fair-visitors.csv",
    "done": "crm-export.csv",
    "undoing": "newsletter.csv",
    "undone": "old-customers.csv",
    "failed": "vanished.csv",
}


@dataclass(frozen=True)
class Imports:
    """The paths of Ada's imports."""

    draft: str
    gone: str
    running: str
    done: str
    undoing: str
    undone: str
    failed: str


def tell(ada: User, worker: Worker) -> Imports:
    """Import lists until every page has something to show."""
    workspace = workspace_of(ada)
    assert workspace is not None
    drafts = {name: send(workspace, ada, name, file_name) for name, file_name in FILES.items()}
    start(workspace, drafts["done"], project_id="new", duplicates="fill")
    finish(worker, drafts["done"])
    start(workspace, drafts["undone"], duplicates="replace")
    finish(worker, drafts["undone"])
    keep_some(workspace, drafts["undone"])
    importing.undo(workspace, drafts["undone"].public_id)
    finish(worker, drafts["undone"])
    start(workspace, drafts["undoing"])
    finish(worker, drafts["undoing"])
    importing.undo(workspace, drafts["undoing"].public_id)
    for name in ("failed", "gone"):
        uploads.remove(drafts[name].stored_as)
    start_gone(drafts["failed"])
    finish(worker, drafts["failed"])
    start(workspace, drafts["running"])
    worker.pool.submit(store_one_batch, drafts["running"].pk).result(60)
    return Imports(**{name: path_of(draft) for name, draft in drafts.items()})


def send(workspace: Workspace, ada: User, name: str, file_name: str) -> LeadImport:
    """Upload a list of some good rows and some odd ones."""
    size = 2_400 if name == "running" else 12
    rows = "".join(
        f"Company {n} of {name};Grace Hopper;info@{name}-{n}.test;;{name}-{n}.test;Bonn;DE;4;;{n}\n"
        for n in range(size)
    )
    odd = ODD * (40 if name == "done" else 1)
    content = BytesIO((HEADER + odd + rows).encode("cp1252"))
    return importing.upload(workspace, by=ada, file_name=file_name, source=content)


def start(
    workspace: Workspace, draft: LeadImport, *, project_id: str = "", duplicates: str = "skip"
) -> None:
    importing.choose(
        workspace,
        draft.public_id,
        mapping=importing.mapping_of(draft),
        duplicates=duplicates,
        country="DE",
    )
    importing.start(workspace, draft.public_id, project_id=project_id)


def start_gone(draft: LeadImport) -> None:
    """Let an import run whose file is lost after it was started."""
    LeadImport.objects.filter(pk=draft.pk).update(status=LeadImport.Status.RUNNING)


def keep_some(workspace: Workspace, done: LeadImport) -> None:
    """Use some of the leads an import made, so that undoing it leaves them."""
    project = projects.create_project(workspace, name="Call these")
    for entry in done.entries.filter(is_created=True)[:3]:
        project.entries.create(lead=entry.lead)


def finish(worker: Worker, lead_import: LeadImport) -> None:
    """Let the worker do an import's slices until it ends."""
    for _ in range(10):
        worker.pool.submit(storing_imports.advance, lead_import.pk).result(60)
    lead_import.refresh_from_db()
    assert not lead_import.is_at_work


def store_one_batch(import_id: int) -> None:
    """Store the first thousand rows and keep the import, as a busy worker does."""
    lease = LEASES.claim(import_id)
    assert lease is not None
    storing_imports._store_next(lease, storing_imports._drafts(lease.row))


def path_of(lead_import: LeadImport) -> str:
    return reverse("leads:import", args=[lead_import.public_id])
