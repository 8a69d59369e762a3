"""Nobody sees, changes or even learns of what another workspace owns."""

from dataclasses import dataclass
from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads.models import Lead, Project, ProjectLead, Search

UNKNOWN = "00000000000000000000"
WITH_AN_ID = [
    ("GET", "/search/{search}", None),
    ("GET", "/search/{search}/leads", None),
    ("POST", "/search/{search}/cancel", None),
    ("GET", "/leads/{lead}", None),
    ("PATCH", "/leads/{lead}", {"city": "Paris"}),
    ("DELETE", "/leads/{lead}", None),
    ("GET", "/projects/{project}", None),
    ("PATCH", "/projects/{project}", {"name": "Mine now"}),
    ("DELETE", "/projects/{project}", None),
    ("GET", "/export/{project}", None),
]


@dataclass
class Belongings:
    lead: Lead
    project: Project
    search: Search

    def ids(self) -> dict[str, str]:
        return {name: getattr(self, name).public_id for name in ("lead", "project", "search")}


@pytest.fixture
def alices_things(alices: Workspace, make_leads: Any, make_search: Any) -> Belongings:
    [lead] = make_leads(alices, city="Miami")
    project = Project.objects.create(workspace=alices, name="Alice's")
    ProjectLead.objects.create(project=project, lead=lead)
    search = make_search(
        alices, [lead], project=project, status="running", stage="crawling", finished_at=None
    )
    return Belongings(lead, project, search)


def without_request_id(response: Any) -> Any:
    body = response.json()
    del body["error"]["request_id"]
    return body


@pytest.mark.parametrize(("method", "path", "body"), WITH_AN_ID)
def test_anothers_id_is_answered_as_one_there_never_was(
    charlies_api: Any, alices_things: Belongings, method: str, path: str, body: Any
) -> None:
    ids = alices_things.ids()
    foreign = charlies_api.call(method, path.format(**ids), body)
    unknown = {name: f"{id.partition('_')[0]}_{UNKNOWN}" for name, id in ids.items()}
    absent = charlies_api.call(method, path.format(**unknown), body)
    assert foreign.status_code == absent.status_code == 404
    assert without_request_id(foreign) == without_request_id(absent)


def test_nothing_of_anothers_was_changed(charlies_api: Any, alices_things: Belongings) -> None:
    for method, path, body in WITH_AN_ID:
        charlies_api.call(method, path.format(**alices_things.ids()), body)
    lead = Lead.objects.get(pk=alices_things.lead.pk)
    assert (lead.city, lead.deleted_at) == ("Miami", None)
    assert Project.objects.get(pk=alices_things.project.pk).name == "Alice's"
    assert Search.objects.get(pk=alices_things.search.pk).status == "running"


@pytest.mark.parametrize("path", ["/leads", "/searches", "/projects"])
def test_lists_hold_only_what_is_ones_own(
    charlies_api: Any, alices_things: Belongings, path: str
) -> None:
    body = charlies_api.get(path).json()
    assert (body["data"], body["pagination"]["total"]) == ([], 0)


def test_the_ledger_is_ones_own(charlies_api: Any, alices_things: Belongings) -> None:
    assert charlies_api.get("/account/credits").json()["pagination"]["total"] == 1
    assert charlies_api.get("/account").json()["usage"]["leads"] == 0


@pytest.mark.parametrize(("name", "kind"), [("project_id", "project"), ("search_id", "search")])
def test_filtering_by_anothers_id_is_answered_as_by_an_unknown_one(
    charlies_api: Any, alices_things: Belongings, name: str, kind: str
) -> None:
    id = alices_things.ids()[kind]
    foreign = charlies_api.get("/leads", **{name: id})
    absent = charlies_api.get("/leads", **{name: f"{id.partition('_')[0]}_{UNKNOWN}"})
    assert foreign.status_code == 400
    assert without_request_id(foreign) == without_request_id(absent)


def test_a_search_cannot_put_leads_into_anothers_project(
    charlies_api: Any, alices_things: Belongings, refused: Any
) -> None:
    body = {"query": "x", "location": "y", "project_id": alices_things.project.public_id}
    assert refused(charlies_api.post("/search", body)) == (404, "not_found", "project_id")
    assert Search.objects.count() == 1


@pytest.mark.parametrize(
    "id", ["x", "LEAD_1", "lead_" + "0" * 31, "lead_%00", "lead_%2e%2e", "1", "lead_'--", "%ff"]
)
def test_what_is_no_id_is_not_found(charlies_api: Any, refused: Any, id: str) -> None:
    for path in (f"/leads/{id}", f"/search/{id}", f"/projects/{id}", f"/export/{id}"):
        assert refused(charlies_api.get(path)) == (404, "not_found", None)
