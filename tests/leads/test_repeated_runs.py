"""What a run of a saved search brings: new leads, what changed, and the rest for free."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import User, Workspace
from leads import editing, following, repeating, reporting, running
from leads.filters import DIFFERENCES, filter_leads
from leads.models import Lead, LeadTotal, Search
from leads.providers.records import PlacesPage
from tests.leads.conftest import FakePlaces
from tests.leads.discovery import Balance, MakePlace, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")

PHONE = "+13055550100"
Run = Callable[..., Search]


@pytest.fixture
def run(workspace: Workspace, alice: User, places: FakePlaces) -> Run:
    """Return a function that runs a saved search of Alice's to its end, with these pages."""
    saved = repeating.create_saved_search(
        workspace,
        by=alice,
        query="dentists",
        location="Testville",
        every="week",
        limit=10,
        verify_emails=False,
    )

    def once(*pages: PlacesPage | Exception) -> Search:
        places.pages, places.tokens = list(pages), []
        search = repeating.run_now(workspace, saved.public_id, by=alice)
        for _ in range(50):
            running.advance(search.pk)
            search.refresh_from_db()
            if search.is_finished:
                return search
        raise AssertionError(search.stage)

    return once


def differences(search: Search) -> tuple[int, int, int]:
    counts = reporting.differences_of(search)
    assert counts.total == search.results.count()
    return counts.new, counts.changed, counts.unchanged


def test_a_run_tells_new_changed_and_unchanged_apart_and_charges_the_new(
    run: Run, place: MakePlace, workspace: Workspace, balance: Balance
) -> None:
    first = run(PlacesPage((place(1, phone=PHONE), place(2))))
    assert differences(first) == (2, 0, 0)
    before, _ = balance(workspace)
    second = run(PlacesPage((place(1, phone="+13055550111"), place(2), place(3))))
    assert differences(second) == (1, 1, 1)
    assert balance(workspace) == (before - 1, 0)
    changed = second.results.get(lead__place_id="place-1")
    assert changed.changes == {"phone": [PHONE, "+13055550111"]}
    assert differences(run(PlacesPage((place(1, phone="+13055550111"), place(2), place(3))))) == (
        0,
        0,
        3,
    )
    assert balance(workspace) == (before - 1, 0)


def test_the_limit_of_a_run_counts_new_leads_so_that_every_run_gets_further(
    run: Run, place: MakePlace, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    all_of_them = PlacesPage(tuple(place(n) for n in range(25)))
    assert [differences(run(all_of_them)) for _ in range(4)] == [
        (10, 0, 0),
        (10, 0, 10),
        (5, 0, 20),
        (0, 0, 25),
    ]
    assert balance(workspace) == (before - 25, 0)


def test_a_run_that_reached_its_limit_or_ran_out_of_credits_says_so(
    run: Run, place: MakePlace
) -> None:
    known = run(PlacesPage(tuple(place(n) for n in range(5))))
    assert reporting.coverage_of(known)["complete"]
    limited = run(PlacesPage(tuple(place(n) for n in range(40)), "more"))
    coverage = reporting.coverage_of(limited)
    assert (coverage["limit_reached"], coverage["complete"]) == (True, False)


def test_a_source_cannot_make_a_run_endless(
    run: Run, place: MakePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(PlacesPage(tuple(place(n) for n in range(10))))
    monkeypatch.setattr(reporting, "MAX_RESULTS", 5)
    assert differences(run(PlacesPage(tuple(place(n) for n in range(10))))) == (0, 0, 5)


def test_what_a_person_typed_stays_through_every_run(
    run: Run, place: MakePlace, workspace: Workspace
) -> None:
    run(PlacesPage((place(1, phone=PHONE),)))
    public_id = Lead.objects.get().public_id
    editing.update_lead(workspace, public_id, changes={"phone": "ask Bob", "business_name": "Mine"})
    again = run(PlacesPage((place(1, phone="+13055550111", name="Renamed", city="Elsewhere"),)))
    assert differences(again) == (0, 0, 1)
    lead = Lead.objects.get()
    assert (lead.phone, lead.business_name, lead.city) == ("ask Bob", "Mine", "Elsewhere")


def test_a_lead_with_another_website_is_read_again(run: Run, place: MakePlace) -> None:
    run(PlacesPage((place(1, website="http://old.invalid/"),)))
    read = Lead.objects.get().crawled_at
    assert read is not None
    again = run(PlacesPage((place(1, website="http://new.invalid/"),)))
    assert list(again.results.get().changes) == ["website"]
    lead = Lead.objects.get()
    assert lead.crawled_at is not None
    assert lead.crawled_at > read


def test_the_next_run_begins_where_the_last_one_divided_the_area(
    run: Run, place: MakePlace, places: FakePlaces
) -> None:
    full = PlacesPage(tuple(place(n) for n in range(60)))
    first = run(full)
    assert [cell["state"] for cell in first.cells] == ["split", *["pending"] * 4]
    places.area = None  # nobody asks for it again
    Lead.objects.all().delete()
    LeadTotal.objects.update(leads=0)
    second = run(PlacesPage((place(1),)))
    assert [cell["state"] for cell in second.cells] == ["asked"] * 4
    assert len(places.tokens) == 4, "the whole is not asked where its quarters are"
    assert second.area == first.area


def test_a_reader_can_follow_the_new_alone(run: Run, place: MakePlace) -> None:
    run(PlacesPage((place(1), place(2))))
    search = run(PlacesPage((place(1), place(3), place(2, name="Renamed"))))
    shown = {
        name: [
            result.lead.business_name
            for result in following.changes_since(search, which=which).added
        ]
        for name, which in DIFFERENCES.items()
    }
    assert shown == {"new": ["Business 3"], "changed": ["Renamed"], "unchanged": ["Business 1"]}
    assert found(search) == ["Business 1", "Business 3", "Renamed"]


def test_what_a_run_brought_can_be_listed_and_exported_alone(
    run: Run, place: MakePlace, workspace: Workspace
) -> None:
    run(PlacesPage((place(1), place(2))))
    search = run(PlacesPage((place(1), place(3), place(2, name="Renamed"))))
    for name, shown in (("new", "Business 3"), ("changed", "Renamed"), ("unchanged", "Business 1")):
        asked = {"search_id": search.public_id, "difference": name}
        assert [lead.business_name for lead in filter_leads(workspace, asked)] == [shown]
    for wrong in ({"difference": "new"}, {"search_id": search.public_id, "difference": "old"}):
        with pytest.raises(InvalidInput) as refusal:
            filter_leads(workspace, wrong)
        assert refusal.value.param == "difference"


def test_an_ordinary_search_with_the_same_words_is_not_a_run(
    run: Run, place: MakePlace, start: Callable[..., Search], places: FakePlaces
) -> None:
    run(PlacesPage((place(1),)))
    places.pages = [PlacesPage(tuple(place(n) for n in range(30)))]
    search: Any = discover(start(limit=10))
    assert search.results.count() == 10
    assert search.saved_search is None
