"""A workspace with a project of two leads, and a stranger."""

from typing import Any

import pytest

from exports import spreadsheets
from freshleads.billing.signing_up import sign_up
from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import projects
from leads.models import Lead, Project, ProjectLead


@pytest.fixture
def user(db: None) -> User:
    return sign_up("ada@example.org", "correct horse battery")


@pytest.fixture
def workspace(user: User) -> Workspace:
    found = workspace_of(user)
    assert found is not None
    return found


@pytest.fixture
def stranger(db: None) -> Workspace:
    found = workspace_of(sign_up("eve@example.org", "correct horse battery"))
    assert found is not None
    return found


@pytest.fixture
def project(workspace: Workspace) -> Project:
    """A project of a full lead, an empty one and a deleted one."""
    project = projects.create_project(workspace, name="Zahnärzte in Köln / 2026")
    url = "http://bright.test/contact"
    full: dict[str, Any] = {
        "business_name": "=Bright & Sons",
        "phone": "+13055550100",
        "email": "info@bright.test",
        "email_status": "valid",
        "website": "http://bright.test/",
        "postal_code": "01234",
        "latitude": 25.5,
        "rating": "4.5",
        "social_links": {"facebook": "https://www.facebook.com/bright"},
        "opening_hours": {"monday": "9-5", "tuesday": "closed"},
        "emails": [{"email": "info@bright.test"}, {"email": "b@bright.test"}],
        "phones": [{"phone": "+13055550100"}, {"phone": "+13055550111"}],
        "tags": ["hot", "call back"],
        "sources": {
            "email": {"source": "website", "url": url},
            "phone": {"source": "google", "url": ""},
            "city": {"source": "you", "url": ""},
        },
    }
    rows = [full, {"business_name": "Empty"}, {"business_name": "Gone"}]
    for number, values in enumerate(rows):
        lead = Lead.objects.create(workspace=workspace, identity=f"place:{number}", **values)
        ProjectLead.objects.create(project=project, lead=lead)
    Lead.objects.filter(business_name="Gone").update(deleted_at=project.created_at)
    return project


@pytest.fixture
def rust_writes_every_known_total(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave to the Rust writer what XlsxWriter writes with links where it is small."""
    monkeypatch.setattr(spreadsheets, "LINKED_ROWS", 0)
