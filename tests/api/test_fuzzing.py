"""Whatever is sent, the answer is one the description allows, and never a crash."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freshleads.users.models import Workspace
from leads.models import Lead, Project

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


@pytest.fixture
def paths(alices: Workspace, full_lead: Lead, make_search: Any, allow: Any) -> dict[str, str]:
    """Return the paths that take a body, and their methods."""
    allow(alices, 100_000)
    project = Project.objects.create(workspace=alices, name="Mine")
    search = make_search(alices)
    return {
        "/search": "POST",
        f"/search/{search.public_id}/cancel": "POST",
        f"/leads/{full_lead.public_id}": "PATCH",
        "/projects": "POST",
        f"/projects/{project.public_id}": "PATCH",
    }


@FUZZING
@given(data=st.data())
def test_no_body_crashes_it(alices_api: Any, paths: dict[str, str], data: Any) -> None:
    fields = {
        name
        for schema in ("SearchInput", "LeadInput", "ProjectInput")
        for name in alices_api.description.document["components"]["schemas"][schema]["properties"]
    }
    names = st.one_of(st.sampled_from(sorted(fields)), texts)
    path = data.draw(st.sampled_from(sorted(paths)))
    body = data.draw(st.one_of(st.dictionaries(names, values, max_size=5), values))
    with transaction.atomic():
        response = alices_api.call(paths[path], path, body)
        transaction.set_rollback(True)
    assert response.status_code in {200, 201, 400, 403, 404}


@FUZZING
@given(data=st.data())
def test_no_query_crashes_it(alices_api: Any, paths: dict[str, str], data: Any) -> None:
    lists = ["/leads", "/searches", "/projects", "/account/credits"]
    path = data.draw(st.sampled_from(lists))
    operation = alices_api.description.document["paths"][path]["get"]
    known = [parameter["name"] for parameter in operation["parameters"]]
    plain = st.text(st.characters(codec="utf-8"), max_size=40)
    likely = st.sampled_from(["0", "1", "true", "-1", "valid", "2026-01-01", "1e400", "\x00"])
    query = data.draw(
        st.dictionaries(st.sampled_from(known), st.one_of(plain, likely), min_size=1, max_size=4)
    )
    assert alices_api.get(path, **query).status_code in {200, 400}
