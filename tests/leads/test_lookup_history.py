"""Old lookups go, those that quote lent content sooner; what they cost is not forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing.models import CreditEntry
from freshleads.users.models import Workspace
from leads import lookup_history, tasks
from leads.models import Lookup
from leads.questions import Question, SearchQuestion

Make = Callable[[str, int], Lookup]


@pytest.fixture
def make(workspace: Workspace) -> Make:
    """Return a function that makes a lookup of a kind that ended so many days ago."""

    def ended(kind: str, days: int) -> Lookup:
        return Lookup.objects.create(
            workspace=workspace,
            kind=kind,
            key=f"{kind}-{days}",
            parameters={},
            status="done",
            finished_at=timezone.now() - timedelta(days=days),
        )

    return ended


def left() -> set[str]:
    return set(Lookup.objects.values_list("key", flat=True))


def test_lookups_go_after_a_year_and_those_that_quote_lent_content_after_its_days(
    make: Make, settings: Settings
) -> None:
    settings.GOOGLE_KEEP_DAYS = 30
    for kind in ("search", "places", "reviews"):
        for days in (29, 31, 364, 366):
            make(kind, days)
    assert lookup_history.forget_old_lookups() is False
    assert left() == {"search-29", "search-31", "search-364", "places-29", "reviews-29"}
    settings.GOOGLE_KEEP_DAYS = 0
    make("places", 364)
    lookup_history.forget_old_lookups()
    assert "places-364" in left()


def test_an_open_lookup_stays_however_old(make: Make) -> None:
    lookup = make("places", 400)
    Lookup.objects.filter(pk=lookup.pk).update(finished_at=None, status="queued")
    lookup_history.forget_old_lookups()
    assert left() == {"places-400"}


def test_a_paid_lookup_goes_and_its_entry_stays(
    look: Callable[[Question], object], vendors: object
) -> None:
    look(SearchQuestion("dentists miami"))
    Lookup.objects.update(finished_at=timezone.now() - timedelta(days=400))
    lookup_history.forget_old_lookups()
    assert left() == set()
    assert CreditEntry.objects.filter(kind="charge").count() == 1


def test_many_go_a_batch_at_a_time_and_the_task_rings_for_the_rest(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup_history, "ROWS_AT_ONCE", 2)
    rung: list[bool] = []
    monkeypatch.setattr(tasks.forget_lookups, "delay", lambda: rung.append(True))
    for days in (400, 401, 402):
        make("crawl", days)
    tasks.forget_lookups()
    assert (len(left()), rung) == (1, [True])
    tasks.forget_lookups()
    assert (left(), rung) == (set(), [True])
