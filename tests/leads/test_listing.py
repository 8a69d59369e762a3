"""Pages of leads: counts that stay cheap, and rows that are neither lost nor shown twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads import listing
from leads.filters import filter_leads
from leads.listing import page_of, row_of
from leads.models import Lead, LeadTotal

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.objects.create(name="Ours")


def add_leads(workspace: Workspace, count: int) -> None:
    """Add leads named 1 (oldest) to `count`; always three share one moment."""
    Lead.objects.bulk_create(
        Lead(
            workspace=workspace,
            identity=f"n:{number}",
            business_name=str(number),
            created_at=START + timedelta(hours=number // 3),
        )
        for number in range(1, count + 1)
    )


def names(page: listing.Page) -> list[str]:
    return [lead.business_name for lead in page.items]


def test_cuts_pages_and_numbers_their_rows(workspace: Workspace) -> None:
    add_leads(workspace, 7)
    page = page_of(filter_leads(workspace, {}), page=2, per_page=3)
    assert names(page) == ["4", "3", "2"]
    assert (page.first_row, page.last_row, page.total, page.pages) == (4, 6, 7, 3)
    assert page.total_is_exact
    assert page.has_next
    assert not page_of(filter_leads(workspace, {}), page=3, per_page=3).has_next


def test_shows_an_empty_page_behind_the_last(workspace: Workspace) -> None:
    add_leads(workspace, 2)
    page = page_of(filter_leads(workspace, {}), page=9, per_page=50)
    assert (names(page), page.total, page.pages, page.first_row) == ([], 2, 1, 0)


def test_takes_the_kept_total_of_all_leads_instead_of_counting(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_leads(workspace, 2)
    LeadTotal.objects.create(workspace=workspace, leads=1_000_000)
    with django_assert_num_queries(2):
        page = page_of(filter_leads(workspace, {}), per_page=50, workspace=workspace)
    assert (page.total, page.total_is_exact) == (1_000_000, True)


def test_says_so_when_it_stopped_counting(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED_AT_MOST", 5)
    add_leads(workspace, 12)
    page = page_of(filter_leads(workspace, {}), page=1, per_page=2)
    assert (page.total, page.total_is_exact) == (5, False)
    later = page_of(filter_leads(workspace, {}), page=4, per_page=2)
    assert later.has_next
    assert later.pages == 5, "a reader who goes on while there are pages misses no row"


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
@pytest.mark.parametrize("per_page", [1, 2, 5])
def test_a_cursor_shows_every_row_once_in_order(
    workspace: Workspace, ordering: str, per_page: int
) -> None:
    add_leads(workspace, 11)
    rows = filter_leads(workspace, {"ordering": ordering})
    seen: list[str] = []
    after = None
    for number in range(1, 20):
        page = page_of(rows, page=number, per_page=per_page, after=after)
        seen += names(page)
        if not page.has_next:
            break
        after = row_of(workspace, page.cursor)
    assert seen == [lead.business_name for lead in rows]
    assert len(set(seen)) == 11


@pytest.mark.parametrize("ordering", ["-created_at", "created_at"])
def test_a_deep_page_equals_the_rows_an_offset_would_show(
    workspace: Workspace, ordering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_leads(workspace, 30)
    rows = filter_leads(workspace, {"ordering": ordering})
    expected = [names(page_of(rows, page=number, per_page=4)) for number in range(1, 10)]
    monkeypatch.setattr(listing, "DEEP", 2)
    assert [names(page_of(rows, page=number, per_page=4)) for number in range(1, 10)] == expected


def test_goes_on_behind_a_row_that_was_deleted_meanwhile(workspace: Workspace) -> None:
    add_leads(workspace, 6)
    first = page_of(filter_leads(workspace, {}), per_page=2)
    first.items[-1].deleted_at = START
    first.items[-1].save()
    after = row_of(workspace, first.cursor)
    page = page_of(filter_leads(workspace, {}), page=2, per_page=2, after=after)
    assert names(page) == ["4", "3"]


def test_refuses_the_cursor_of_a_stranger(workspace: Workspace) -> None:
    stranger = Workspace.objects.create(name="Theirs")
    add_leads(stranger, 1)
    with pytest.raises(InvalidInput) as refusal:
        row_of(workspace, Lead.objects.get().public_id)
    assert refusal.value.param == "after"


@pytest.mark.parametrize(
    ("numbers", "param"),
    [
        ({"page": 0}, "page"),
        ({"page": 10**30}, "page"),
        ({"per_page": 0}, "per_page"),
        ({"per_page": 201}, "per_page"),
    ],
)
def test_refuses_numbers_out_of_range(
    workspace: Workspace, numbers: dict[str, Any], param: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        page_of(filter_leads(workspace, {}), **numbers)
    assert refusal.value.param == param
