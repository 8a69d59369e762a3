"""Whatever is sent, the answer is one the description allows, and never a crash."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freshleads.users.models import Workspace
from leads import looking_up
from leads.models import Project
from tests.leadgen.clients import NEEDED

# Derandomised: a test that fails now and then is worse than one case fewer.
FUZZING = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
texts = st.text(st.characters(codec=None), max_size=40)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)
lead_names = st.sampled_from(
    ["email", "firstname", "lastname", "company", "website", "phones", "description"]
)
lead_values = st.one_of(
    texts, st.sampled_from(["a@acme.com", "acme.com", "+1 305 555 0101", "john.smith@acme.com"])
)
entries = st.one_of(st.dictionaries(lead_names, lead_values, max_size=7), values)


@pytest.fixture
def project(alices: Workspace, alices_project: Project, allow: Any, monkeypatch: Any) -> Project:
    """Alice's project; what takes a worker is given up at once."""
    allow(alices, 100_000)
    monkeypatch.setattr(looking_up, "wait", lambda lookup, *, seconds: None)
    return alices_project


@FUZZING
@given(data=st.data())
def test_no_body_crashes_it(alices_api: Any, project: Project, data: Any) -> None:
    path = data.draw(st.sampled_from(["/projects.php", "/leads.php", "/verify.php"]))
    names = st.one_of(st.sampled_from(["name", "project_id", "leads", "emails", "lead_ids"]), texts)
    body = data.draw(st.one_of(st.dictionaries(names, values, max_size=4), values))
    with transaction.atomic():
        response = alices_api.post(path, body)
        transaction.set_rollback(True)
    assert response.status_code in {200, 400, 404, 502}


@FUZZING
@given(rows=st.lists(entries, min_size=1, max_size=5))
def test_no_lead_crashes_it(alices_api: Any, project: Project, rows: Any) -> None:
    with transaction.atomic():
        response = alices_api.post("/leads.php", {"project_id": project.pk, "leads": rows})
        assert response.status_code == 200
        counted = response.json()["data"]
        assert counted["added"] + counted["duplicates"] + counted["invalid"] == len(rows)
        transaction.set_rollback(True)


@FUZZING
@given(data=st.data())
def test_no_query_crashes_it(alices_api: Any, project: Project, data: Any) -> None:
    path = data.draw(st.sampled_from([*NEEDED, "/projects.php"]))
    declared = alices_api.description.document["paths"][path]["get"].get("parameters", [])
    known = [parameter["name"] for parameter in declared]
    plain = st.text(st.characters(codec="utf-8"), max_size=40)
    likely = st.sampled_from(
        ["0", "1", "true", "-1", "google", "1e400", "\x00", "example.com", "nan"]
    )
    query = data.draw(st.dictionaries(st.sampled_from(known), st.one_of(plain, likely), max_size=4))
    with transaction.atomic():
        response = alices_api.get(path, **query)
        transaction.set_rollback(True)
    assert response.status_code in {200, 400, 402, 404, 502}


@FUZZING
@given(query=st.text(st.characters(max_codepoint=255), max_size=80))
def test_no_query_string_crashes_it(alices_api: Any, project: Project, query: str) -> None:
    alices_api.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {alices_api.key}"
    response = alices_api.get("/projects.php", query_string=query)
    assert response.status_code in {200, 400, 401}
