"""What is cancelled, deleted or killed while a source answers leaves nothing half done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import discovering, projects, running, searching
from leads.models import Lead, Search
from leads.providers.records import PlacesPage
from tests.leads.discovery import Balance, MakePlace, Start, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")


def test_a_project_deleted_meanwhile_takes_nothing_with_it(
    places: Any, place: MakePlace, start: Start, workspace: Workspace
) -> None:
    search = start()
    assert search.project is not None
    project_id = search.project.public_id
    places.pages = [PlacesPage((place(1),), "more"), PlacesPage((place(2),))]
    running.advance(search.pk)
    running.advance(search.pk)
    places.meanwhile = lambda: projects.delete_project(workspace, project_id)
    running.advance(search.pk)
    search.refresh_from_db()
    assert search.project is None
    assert found(search) == ["Business 1", "Business 2"]
    assert Lead.objects.owned_by(workspace).count() == 2


def test_a_search_cancelled_while_the_source_answers_stores_and_charges_nothing(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    search = start()
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),))]
    places.meanwhile = lambda: searching.cancel_search(workspace, search.public_id)
    assert running.advance(search.pk) is False
    search.refresh_from_db()
    assert (search.status, search.attempts) == ("cancelled", 0)
    assert balance(workspace) == (before, 0)
    assert not Lead.objects.exists()


def test_a_workspace_deleted_while_the_source_answers_leaves_nothing(
    places: Any, place: MakePlace, start: Start, workspace: Workspace
) -> None:
    search = start()
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),))]
    places.meanwhile = lambda: Workspace.objects.filter(pk=workspace.pk).delete()
    assert running.advance(search.pk) is False
    assert not Lead.objects.exists()
    assert not Search.objects.exists()


def test_a_kill_between_answer_and_commit_costs_one_question_and_no_credit(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    before, _ = balance(workspace)
    search = start()
    running.advance(search.pk)
    page = PlacesPage((place(1), place(2)))
    places.pages = [page]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(discovering.splitting, "note_page", _raise(Killed()))
        running.advance(search.pk)
    assert balance(workspace) == (before, 20)
    assert not Lead.objects.exists()
    Search.objects.update(lease_expires_at=timezone.now())
    places.pages = [page]
    search.refresh_from_db()
    discover(search)
    assert balance(workspace) == (before - 2, 18)


def _raise(error: BaseException) -> Callable[..., None]:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    return fail
