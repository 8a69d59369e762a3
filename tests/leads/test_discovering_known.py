"""Places that are leads already: linked for free, read where they were not."""

from typing import Any

import pytest
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import editing, projects, searching
from leads.models import Lead, ProjectLead
from leads.providers.records import PlacesPage
from tests.leads.discovery import MakePlace, Start, discover

pytestmark = pytest.mark.usefixtures("exact_totals")


def test_what_a_stopped_search_left_unread_is_read_by_the_next_one_for_free(
    places: Any, place: MakePlace, start: Start, workspace: Workspace
) -> None:
    site = place(1, website="http://bright.test/")
    places.pages = [PlacesPage((site,))]
    searching.cancel_search(workspace, discover(start()).public_id)
    places.pages = [PlacesPage((site,))]
    again = discover(start())
    result = again.results.get()
    assert (result.is_new, result.free_reason) == (False, "already_yours")
    assert (result.crawl, result.verify) == ("pending", "pending")


def test_what_another_search_reads_right_now_is_left_to_it(
    places: Any, place: MakePlace, start: Start
) -> None:
    site = place(1, website="http://bright.test/")
    places.pages = [PlacesPage((site,)), PlacesPage((site,))]
    discover(start())
    result = discover(start()).results.get()
    assert (result.crawl, result.verify) == ("skipped", "skipped")


def test_what_was_read_before_is_not_read_again(
    places: Any, place: MakePlace, start: Start, workspace: Workspace
) -> None:
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    Lead.objects.update(crawled_at=timezone.now(), verified_at=timezone.now())
    places.pages = [PlacesPage((place(1),))]
    result = discover(start()).results.get()
    assert (result.crawl, result.verify) == ("skipped", "skipped")


def test_a_deleted_lead_is_neither_read_nor_put_into_the_project(
    places: Any, place: MakePlace, start: Start, workspace: Workspace
) -> None:
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    editing.delete_leads(workspace, [Lead.objects.get().public_id])
    places.pages = [PlacesPage((place(1),))]
    project = projects.create_project(workspace, name="Fresh")
    search = discover(start(project_id=project.public_id))
    result = search.results.get()
    assert (result.free_reason, result.crawl, result.verify) == (
        "deleted_by_you",
        "skipped",
        "skipped",
    )
    assert not ProjectLead.objects.filter(project=project).exists()
