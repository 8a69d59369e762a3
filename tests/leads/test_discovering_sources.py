"""Several sources behind one search: the next one takes over where one fails for good."""

from collections.abc import Callable
from typing import Any

import pytest

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.users.models import Workspace
from leads import provider_health, registry, reporting, running, searching
from leads.models import ProviderHealth, Search
from leads.providers.records import AreaRecord, PlacesPage
from tests.leads.conftest import FakePlaces
from tests.leads.discovery import Balance, MakePlace, Start, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")

RunToEnd = Callable[[Search], Search]


@pytest.fixture
def second(places: FakePlaces, monkeypatch: pytest.MonkeyPatch) -> FakePlaces:
    """Put a second source behind the first."""
    other = FakePlaces("openstreetmap")
    monkeypatch.setattr(registry, "place_sources", lambda: [places, other])
    return other


def refusal(code: str = "invalid_key") -> ProviderError:
    return ProviderError("The key is wrong.", code=code, permanent=True)


def outage() -> ProviderError:
    return ProviderError("Down.", code="provider_unavailable")


def passed_over(search: Search) -> list[tuple[Any, ...]]:
    entries = reporting.coverage_of(search)["passed_over"]
    return [(entry["source"], entry["type"], entry["requests"]) for entry in entries]


def test_the_search_names_the_source_that_answers(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert (search.provider, search.passed_over) == ("google", [])
    assert second.tokens == [], "nobody asked the second one"
    assert ProviderHealth.objects.get().last_success_at is not None


def test_where_the_first_source_refuses_the_next_one_takes_over(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages = [refusal()]
    second.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert (search.status, search.error) == ("completed", None)
    assert search.provider == "openstreetmap"
    assert passed_over(search) == [("google", "invalid_key", 0)]
    assert found(search) == ["Business 1"]
    assert search.results.get().lead.sources["business_name"]["source"] == "openstreetmap"
    health = ProviderHealth.objects.get(provider="google")
    assert (health.ability, health.error_code) == ("places", "invalid_key")


def test_what_was_found_before_stays_and_is_paid_once(
    places: FakePlaces,
    second: FakePlaces,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage((place(1), place(2)), "more"), refusal("access_denied")]
    second.pages = [PlacesPage((place(2), place(3)))]
    search = discover(start())
    assert found(search) == ["Business 1", "Business 2", "Business 3"]
    assert balance(workspace)[0] == before - 3
    assert passed_over(search) == [("google", "access_denied", 1)]
    assert second.tokens == [None], "the area is asked anew, without the first one's page token"


def test_an_outage_is_waited_for_a_little_and_no_longer_than_another_source_is_there(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages = [outage(), outage(), PlacesPage((place(1),))]
    assert run_to_end(start(verify_emails=False)).provider == "google"
    places.pages = [outage() for _ in range(20)]
    second.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert search.provider == "openstreetmap"
    assert len(places.pages) == 20 - running.ATTEMPTS_BEFORE_ANOTHER - 1


def test_when_all_sources_fail_the_search_fails_with_the_last_reason(
    places: FakePlaces, second: FakePlaces, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages = [refusal()]
    second.pages = [refusal("access_denied")]
    search = run_to_end(start())
    assert (search.status, search.error_code) == ("failed", "access_denied")
    assert passed_over(search) == [("google", "invalid_key", 0)]
    assert reporting.coverage_of(search)["source"] == "openstreetmap"


def test_a_retried_search_begins_with_the_first_source_again(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages, second.pages = [refusal()], [refusal()]
    search = run_to_end(start(verify_emails=False))
    ProviderHealth.objects.all().delete()
    places.pages = [PlacesPage((place(1),))]
    searching.retry_search(search.public_id)
    search = run_to_end(search)
    assert (search.status, search.provider, search.passed_over) == ("completed", "google", [])


def test_a_place_that_the_first_source_does_not_know_is_looked_up_in_the_next(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.area = None
    second.area = AreaRecord("Elsewhere", (0, 0), (1, 1), (0.5, 0.5), "FR")
    second.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert passed_over(search) == [("google", "unknown_location", 0)]
    assert (search.area or {})["name"] == "Elsewhere"
    assert found(search) == ["Business 1"]


def test_a_place_that_no_source_knows_is_unknown(
    places: FakePlaces, second: FakePlaces, start: Start, run_to_end: RunToEnd
) -> None:
    places.area = second.area = None
    search = run_to_end(start())
    assert (search.status, search.error_code) == ("completed", "unknown_location")


def test_a_point_that_is_not_on_earth_is_not_taken_to_the_next_source(
    places: FakePlaces,
    second: FakePlaces,
    start: Start,
    run_to_end: RunToEnd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(text: str) -> None:
        raise InvalidInput("A latitude is from -90 to 90.", param="location")

    monkeypatch.setattr(places, "find_area", refuse)
    search = run_to_end(start(location="99,999"))
    assert (search.provider, search.error_code) == ("google", "unknown_location")


def test_a_query_that_a_source_cannot_ask_goes_to_the_next(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    places.pages = [InvalidInput("Too long.", param="query")]
    second.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert passed_over(search) == [("google", "request_refused", 0)]
    assert not ProviderHealth.objects.filter(provider="google", failures__gt=0).exists()


def test_a_source_that_rests_for_long_is_not_asked_while_another_answers(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    provider_health.note_failure("google", "places", refusal("no_credit"))
    second.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert search.provider == "openstreetmap"
    assert passed_over(search) == [("google", "no_credit", 0)]
    assert places.tokens == []


def test_a_source_that_rests_is_asked_when_the_other_one_fails(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    provider_health.note_failure("google", "places", refusal("no_credit"))
    second.pages = [refusal()]
    places.pages = [PlacesPage((place(1),))]
    search = run_to_end(start(verify_emails=False))
    assert (search.status, search.provider) == ("completed", "google")
    assert passed_over(search) == [("openstreetmap", "invalid_key", 0)]


def test_a_source_that_rests_for_seconds_is_waited_for(
    places: FakePlaces, second: FakePlaces, place: MakePlace, start: Start, run_to_end: RunToEnd
) -> None:
    throttled = ProviderError("Slowly.", code="quota_exceeded", retry_after=20)
    provider_health.note_failure("google", "places", throttled)
    places.pages = [PlacesPage((place(1),))]
    assert run_to_end(start(verify_emails=False)).provider == "google"


def test_a_search_whose_source_is_no_longer_set_up_goes_on_with_one_that_is(
    places: FakePlaces,
    second: FakePlaces,
    place: MakePlace,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places.pages = [PlacesPage((place(1),), "more")]
    search = start()
    running.advance(search.pk)
    running.advance(search.pk)
    monkeypatch.setattr(registry, "place_sources", lambda: [second])
    second.pages = [PlacesPage((place(2),))]
    search = discover(search)
    assert (search.provider, second.tokens) == ("openstreetmap", [None])
    assert found(search) == ["Business 1", "Business 2"]


def test_without_any_source_a_search_fails_and_says_so(
    places: FakePlaces, start: Start, run_to_end: RunToEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "place_sources", list)
    search = run_to_end(start())
    assert (search.status, search.error_code) == ("failed", "not_supported")


def test_a_page_that_the_source_cut_short_is_divided_although_it_is_not_full(
    places: FakePlaces, place: MakePlace, start: Start
) -> None:
    places.pages = [PlacesPage((place(1),), is_incomplete=True)]
    search = discover(start())
    assert [cell["state"] for cell in search.cells] == ["split", *["asked"] * 4]
    assert len(places.tokens) == 5
