"""Deleting all leads that match, many at once, and bringing exactly those back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from freshleads.billing.signing_up import sign_up
from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from freshleads.users.workspaces import workspace_of
from leads import editing
from leads.models import Lead, LeadTotal, Project, ProjectLead

Make = Callable[..., list[Lead]]


@pytest.fixture
def make(db: None) -> Make:
    """Return a function that gives a workspace so many leads."""

    def give(workspace: Workspace, count: int, **fields: Any) -> list[Lead]:
        start = Lead.objects.ever_owned_by(workspace).count()
        rows = [
            Lead(
                workspace=workspace,
                identity=f"name:{number}",
                business_name=f"Business {number}",
                search_text=f"business {number}",
                **fields,
            )
            for number in range(start, start + count)
        ]
        total, _ = LeadTotal.objects.get_or_create(workspace=workspace)
        LeadTotal.objects.filter(pk=total.pk).update(leads=total.leads + count)
        return Lead.objects.bulk_create(rows)

    return give


@pytest.fixture
def other(db: None) -> Workspace:
    found = workspace_of(sign_up("eve@example.org", "correct horse battery"))
    assert found is not None
    return found


def kept(workspace: Workspace) -> set[int]:
    return set(Lead.objects.owned_by(workspace).values_list("pk", flat=True))


def total(workspace: Workspace) -> int:
    return LeadTotal.objects.get(workspace=workspace).leads


def test_deletes_what_matches_of_ones_own_and_nothing_else(
    workspace: Workspace, other: Workspace, make: Make, exact_totals: None
) -> None:
    miami, bristol = make(workspace, 3, city="Miami"), make(workspace, 2, city="Bristol")
    theirs = make(other, 2, city="Miami")
    deletion = editing.delete_matching(workspace, filters={"city": "Miami", "ordering": "city"})
    assert deletion.count == 3
    assert kept(workspace) == {lead.pk for lead in bristol}
    assert kept(other) == {lead.pk for lead in theirs}
    assert (total(workspace), total(other)) == (2, 2)
    gone = Lead.objects.filter(pk__in=[lead.pk for lead in miami])
    assert set(gone.values_list("deleted_at", flat=True)) == {deletion.moment}


def test_filters_of_every_kind_work(workspace: Workspace, make: Make, exact_totals: None) -> None:
    project = Project.objects.create(workspace=workspace, name="P")
    inside, _ = make(workspace, 2, tags=["old"], email="a@b.test"), make(workspace, 2)
    ProjectLead.objects.bulk_create(ProjectLead(project=project, lead=lead) for lead in inside)
    filters = {"project_id": project.public_id, "tag": "old", "has_email": "true", "search": "bus"}
    assert editing.delete_matching(workspace, filters=filters).count == 2
    assert editing.delete_matching(workspace, filters={}).count == 2
    assert editing.delete_matching(workspace, filters={}).count == 0


def test_brings_back_exactly_what_one_deletion_took(
    workspace: Workspace, other: Workspace, make: Make, exact_totals: None
) -> None:
    first, second = make(workspace, 2, city="Miami"), make(workspace, 2, city="Bristol")
    make(other, 1)
    before = editing.delete_matching(workspace, filters={"city": "Bristol"})
    deletion = editing.delete_matching(workspace, filters={})
    theirs = editing.delete_matching(other, filters={})
    assert editing.restore_deletion(workspace, moment=theirs.moment) == 0
    assert editing.restore_deletion(workspace, moment=deletion.moment) == 2
    assert kept(workspace) == {lead.pk for lead in first}
    assert editing.restore_deletion(workspace, moment=deletion.moment) == 0
    assert editing.restore_deletion(workspace, moment=before.moment) == 2
    assert kept(workspace) == {lead.pk for lead in first + second}
    assert total(workspace) == 4
    assert kept(other) == set()
    never = timezone.now() - timedelta(days=1)
    assert editing.restore_deletion(workspace, moment=never) == 0


def test_too_many_at_once_are_refused_and_none_is_deleted(
    workspace: Workspace, make: Make, monkeypatch: pytest.MonkeyPatch, exact_totals: None
) -> None:
    monkeypatch.setattr(editing, "DELETED_AT_MOST", 4)
    make(workspace, 5)
    with pytest.raises(InvalidInput, match="More than 4 leads match"):
        editing.delete_matching(workspace, filters={})
    assert len(kept(workspace)) == total(workspace) == 5


def test_a_filter_that_makes_no_sense_deletes_nothing(
    workspace: Workspace, make: Make, exact_totals: None
) -> None:
    make(workspace, 2)
    for filters in ({"min_rating": "many"}, {"project_id": "proj_of_nobody"}):
        with pytest.raises(InvalidInput):
            editing.delete_matching(workspace, filters=filters)
    assert total(workspace) == 2


def test_ten_thousand_go_and_come_back_in_some_seconds(
    workspace: Workspace, make: Make, exact_totals: None
) -> None:
    make(workspace, 10_000)
    started = timezone.now()
    deletion = editing.delete_matching(workspace, filters={"search": "business"})
    assert (deletion.count, kept(workspace)) == (10_000, set())
    assert editing.restore_deletion(workspace, moment=deletion.moment) == 10_000
    assert timezone.now() - started < timedelta(seconds=60)
