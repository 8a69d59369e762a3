"""projects.php: making projects and listing them."""

from typing import Any

import pytest

from freshleads.users.models import Workspace
from leads import projects
from leads.models import Project
from tests.leadgen.clients import data_of, error_of

PATH = "/projects.php"


def test_a_project_is_made_and_listed(alices_api: Any, alices: Workspace) -> None:
    made = data_of(alices_api.post(PATH, {"name": "NYC  Agencies "}))
    project = Project.objects.owned_by(alices).get()
    assert made == {"id": project.pk, "name": "NYC Agencies", "type": "", "campaigns": []}
    assert data_of(alices_api.get(PATH)) == {"projects_count": 1, "projects": [made]}


def test_projects_are_listed_newest_first(alices_api: Any, alices: Workspace) -> None:
    for name in ("One", "Two", "Three"):
        projects.create_project(alices, name=name)
    names = [project["name"] for project in data_of(alices_api.get(PATH))["projects"]]
    assert names == ["Three", "Two", "One"]


def test_search_finds_a_part_of_the_name(alices_api: Any, alices: Workspace) -> None:
    for name in ("NYC Agencies", "Boston agents", "Dentists", "100% organic"):
        projects.create_project(alices, name=name)
    found = {
        text: [
            project["name"] for project in data_of(alices_api.get(PATH, search=text))["projects"]
        ]
        for text in ("AGEN", "%", "nothing", "")
    }
    assert found["AGEN"] == ["Boston agents", "NYC Agencies"]
    assert found["%"] == ["100% organic"]
    assert found["nothing"] == []
    assert len(found[""]) == 4


def test_a_name_already_used_is_refused(alices_api: Any, alices_project: Project) -> None:
    refused = alices_api.post(PATH, {"name": alices_project.name})
    assert error_of(refused) == (400, "invalid_param")
    assert refused.json()["message"] == "name: you already have a project of that name."
    assert Project.objects.count() == 1


def test_anothers_name_can_be_used(charlies_api: Any, alices_project: Project) -> None:
    assert data_of(charlies_api.post(PATH, {"name": alices_project.name}))["id"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_param"),
        ({"name": ""}, "missing_param"),
        ({"name": "  "}, "missing_param"),
        ({"name": None}, "missing_param"),
        ({"name": 5}, "invalid_param"),
        ({"name": ["x"]}, "invalid_param"),
        ({"name": "x" * 201}, "invalid_param"),
        ({"name": "a\x00b"}, "invalid_param"),
    ],
)
def test_a_name_that_is_none_is_refused(alices_api: Any, body: Any, code: str) -> None:
    refused = alices_api.post(PATH, body)
    assert error_of(refused) == (400, code)
    assert refused.json()["message"].startswith("name")
    assert not Project.objects.exists()


def test_a_name_of_two_hundred_characters_fits(alices_api: Any) -> None:
    assert data_of(alices_api.post(PATH, {"name": "x" * 200}))["name"] == "x" * 200


def test_anothers_projects_are_not_listed(charlies_api: Any, alices_project: Project) -> None:
    assert data_of(charlies_api.get(PATH)) == {"projects_count": 0, "projects": []}
