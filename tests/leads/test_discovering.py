"""Pages of places become leads: each once, whatever the source writes."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.billing.models import CreditEntry
from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.users.models import Workspace
from leads import running
from leads.models import Lead, Place, ProjectLead, Search
from leads.providers.records import PlacesPage
from tests.leads.discovery import Balance, MakePlace, Start, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")


def test_the_first_slice_finds_the_area_and_the_next_one_stores_a_page(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage((place(1), place(2)))]
    search = start()
    assert running.advance(search.pk)
    search.refresh_from_db()
    assert search.area == {
        "name": "Testville",
        "country": "US",
        "low": [0, 0],
        "high": [1, 1],
    }
    discover(search)
    assert found(search) == ["Business 1", "Business 2"]
    assert [result.position for result in search.results.all()] == [1, 2]
    assert balance(workspace) == (before - 2, 18)
    assert ProjectLead.objects.filter(project=search.project).count() == 2
    assert Place.objects.count() == 2


def test_a_point_that_is_not_on_earth_is_an_unknown_location_not_a_crash(
    places: Any, start: Start, monkeypatch: pytest.MonkeyPatch, run_to_end: Callable[..., Search]
) -> None:
    def refuse(text: str) -> None:
        raise InvalidInput("A latitude is from -90 to 90.", param="location")

    monkeypatch.setattr(places, "find_area", refuse)
    search = run_to_end(start(location="99,999"))
    assert (search.status, search.error_code) == ("completed", "unknown_location")


def test_closed_places_and_places_outside_the_area_are_neither_stored_nor_paid(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    shut = place(2, business_status="CLOSED_PERMANENTLY")
    resting = place(3, business_status="CLOSED_TEMPORARILY")
    places.pages = [PlacesPage((place(1), shut, resting, place(4, latitude=1.5), place(1)))]
    search = discover(start())
    assert found(search) == ["Business 1", "Business 3"]
    assert balance(workspace)[0] == before - 2


def test_places_without_an_id_are_told_apart_by_website_and_phone(
    places: Any, place: MakePlace, start: Start
) -> None:
    site = "http://bright.test/"
    places.pages = [
        PlacesPage(
            (
                place(1, place_id="", website=site),
                place(2, place_id="", website=site),
                place(3, place_id="", phone="+13055550100"),
                place(4, place_id=""),
                place(5, place_id="", website="https://facebook.com/five"),
            )
        )
    ]
    search = discover(start())
    assert found(search) == ["Business 1", "Business 3"]
    assert not Place.objects.exists(), "nothing to keep them under"


def test_endless_place_ids_with_one_beginning_are_two_leads(
    places: Any, place: MakePlace, start: Start
) -> None:
    endless = [place(n, place_id="x" * 1000 + str(n)) for n in (1, 2)]
    places.pages = [PlacesPage(tuple(endless)), PlacesPage(tuple(endless))]
    assert found(discover(start())) == ["Business 1", "Business 2"]
    assert CreditEntry.objects.filter(kind="charge").count() == 2


def test_characters_that_no_column_takes_do_not_stop_a_search(
    places: Any, place: MakePlace, start: Start, run_to_end: Callable[..., Search]
) -> None:
    nasty = place(
        1,
        name="Nu\0ll \ud83d",
        types=("a\0b",),
        opening_hours={"mon\0day": "\udfff9-5"},
        category="x" * 5000,
        address="y" * 5000,
    )
    places.pages = [PlacesPage((nasty,), next_page_token="to\0ken"), PlacesPage((place(2),))]
    search = run_to_end(start(verify_emails=False))
    assert (search.status, search.error) == ("completed", None)
    lead = Lead.objects.get(place_id="place-1")
    assert (lead.business_name, lead.opening_hours) == ("Null ", {"monday": "9-5"})
    assert (len(lead.category), len(lead.address)) == (120, 500)
    assert places.tokens == [None, "token"]


def test_an_error_with_characters_that_no_column_takes_is_told_all_the_same(
    places: Any, start: Start
) -> None:
    places.pages = [ProviderError("No\0pe\ud83d", code="access_denied", permanent=True)]
    search = start()
    for _ in range(5):
        running.advance(search.pk)
    search.refresh_from_db()
    assert (search.status, search.error_message) == ("failed", "Nope")


def test_a_source_that_always_names_a_next_page_is_not_asked_for_ever(
    places: Any, start: Start, run_to_end: Callable[..., Search]
) -> None:
    places.pages = [PlacesPage((), next_page_token="more") for _ in range(500)]
    search = run_to_end(start())
    assert search.status == "completed"
    assert len(places.tokens) == 20
