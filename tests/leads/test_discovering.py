"""Pages of places become leads: each once, each paid once, nothing after a stop."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.utils import timezone

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry
from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.users.models import User, Workspace
from leads import discovering, editing, leasing, projects, reporting, running, searching
from leads.models import Lead, LeadTotal, Place, ProjectLead, Search, SearchLead
from leads.providers.records import PlaceRecord, PlacesPage

Start = Callable[..., Search]
MakePlace = Callable[..., PlaceRecord]
Balance = Callable[[Workspace], tuple[int, int]]


def discover(search: Search, slices: int = 20) -> Search:
    """Do slices until the search is found out; whatever comes after is not begun."""
    for _ in range(slices):
        if search.stage != "discovering" or search.is_finished:
            return search
        running.advance(search.pk)
        search.refresh_from_db()
    return search


def found(search: Search) -> list[str]:
    return list(search.results.values_list("lead__business_name", flat=True))


@pytest.fixture(autouse=True)
def exact_totals(workspace: Workspace) -> Any:
    """After every test the ledger adds up and the totals are exact."""
    yield
    for each in Workspace.objects.all():
        charging.verify_ledger(each)
        kept = LeadTotal.objects.filter(workspace=each).values_list("leads", flat=True).first()
        assert (kept or 0) == Lead.objects.owned_by(each).count()


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


# --- credits ----------------------------------------------------------------------------------


def test_what_is_yours_is_linked_for_free_even_when_nothing_may_be_paid(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    places.pages = [PlacesPage((place(1), place(2)))]
    searching.cancel_search(workspace, discover(start()).public_id)
    before = balance(workspace)
    places.pages = [PlacesPage((place(2), place(1), place(3), place(4)), "more")]
    search = discover(start(max_credits=0))
    assert found(search) == ["Business 2", "Business 1"]
    assert balance(workspace) == before
    assert reporting.coverage_of(search)["stopped_by_max_credits"] is True
    assert places.tokens[-1] is None, "no page was asked for after credits ran out"


def test_a_search_stops_at_the_first_new_lead_it_cannot_pay(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)), "more"), PlacesPage(())]
    search = discover(start(max_credits=7))
    assert search.results.count() == 7
    assert len(places.tokens) == 1
    assert balance(workspace)[0] == before - 7


def test_credits_that_just_sufficed_are_not_called_a_stop_when_the_limit_is_reached(
    places: Any, place: MakePlace, start: Start
) -> None:
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)))]
    search = discover(start(limit=20))
    coverage = reporting.coverage_of(search)
    assert (coverage["limit_reached"], coverage["stopped_by_max_credits"]) == (True, False)


def test_a_page_beyond_the_limit_is_cut_and_the_rest_is_not_paid(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    places.pages = [PlacesPage(tuple(place(n) for n in range(20)))]
    search = discover(start(limit=10))
    assert search.results.count() == Lead.objects.count() == 10
    assert balance(workspace) == (before - 10, 0)


def test_a_lead_is_charged_under_a_reference_that_is_its_own_for_ever(
    places: Any, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    before = balance(workspace)
    Lead.objects.all().delete()  # as no part of the product does
    LeadTotal.objects.update(leads=0)
    places.pages = [PlacesPage((place(1),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    assert Lead.objects.count() == 1
    assert balance(workspace) == before
    assert CreditEntry.objects.filter(kind="charge").count() == 1


# --- known leads ------------------------------------------------------------------------------


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


# --- two searches at once ---------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_searches_that_find_the_same_places_at_once_create_and_charge_each_lead_once(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    in_parallel: Callable[..., list[Any]],
) -> None:
    before, _ = balance(workspace)
    searches = [start() for _ in range(4)]
    for search in searches:
        running.advance(search.pk)
    ours = tuple(place(n) for n in range(20))
    places.pages = [PlacesPage(ours), PlacesPage(ours[::-1]), PlacesPage(ours[10:] + ours[:10])]
    places.pages.append(PlacesPage(ours))
    in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert Lead.objects.owned_by(workspace).count() == 20
    assert LeadTotal.objects.get(workspace=workspace).leads == 20
    assert CreditEntry.objects.filter(kind="charge").count() == 20
    assert balance(workspace)[0] == before - 20
    assert SearchLead.objects.filter(is_new=True).count() == 20
    assert all(search.results.count() == 20 for search in searches)
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}, "nobody was thrown out"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workspaces_that_find_the_same_places_in_other_orders_do_not_wait_in_a_circle(
    places: Any,
    place: MakePlace,
    start: Start,
    stranger: Workspace,
    charlie: User,
    in_parallel: Callable[..., list[Any]],
) -> None:
    other = searching.start_search(
        stranger, by=charlie, query="dentists", location="Testville", limit=10
    )
    searches = [start(limit=10), other]
    for search in searches:
        running.advance(search.pk)
    many = [place(n, latitude=9) for n in range(2000)]  # outside: kept for all, no lead of ours
    for _ in range(3):
        places.pages = [PlacesPage(tuple(many), "more"), PlacesPage(tuple(many[::-1]), "more")]
        in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}
    assert Place.objects.count() == 2000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_total_is_exact_when_searches_find_different_places_at_once(
    places: Any, place: MakePlace, start: Start, in_parallel: Callable[..., list[Any]]
) -> None:
    searches = [start(limit=100) for _ in range(4)]
    for search in searches:
        running.advance(search.pk)
    for begin in range(0, 400, 80):
        ours = [range(begin + part, begin + part + 20) for part in (0, 20, 40, 60)]
        places.pages = [PlacesPage(tuple(place(n) for n in part), "more") for part in ours]
        in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert LeadTotal.objects.get().leads == Lead.objects.count() == 400
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_cancel_waits_for_a_page_being_stored_and_nothing_is_charged_after_it(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    in_parallel: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = start()
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),), "more"), PlacesPage((place(2),), "more")]
    is_storing, charge = Event(), charging.capture

    def slow_charge(*args: Any) -> int:
        is_storing.set()
        Event().wait(0.5)
        return charge(*args)

    monkeypatch.setattr(charging, "capture", slow_charge)

    def work() -> None:
        while running.advance(search.pk):
            pass

    def cancel() -> tuple[int, int]:
        assert is_storing.wait(10)
        searching.cancel_search(workspace, search.public_id)
        return balance(workspace)

    _, at_return = in_parallel(work, cancel)
    assert at_return == balance(workspace), "what cancel left is what there is"
    assert at_return[1] == 0
    assert Lead.objects.count() == search.results.count() == 1
    search.refresh_from_db()
    assert search.status == "cancelled"
    assert leasing.claim(search.pk) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_project_deleted_while_a_page_is_stored_is_gone_and_the_search_goes_on(
    places: Any,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    in_parallel: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = start()
    assert search.project is not None
    project_id = search.project.public_id
    running.advance(search.pk)
    places.pages = [PlacesPage((place(1),))]
    is_storing, link = Event(), discovering._link

    def slow_link(*args: Any) -> None:
        is_storing.set()
        Event().wait(0.5)
        link(*args)

    monkeypatch.setattr(discovering, "_link", slow_link)

    def delete() -> None:
        assert is_storing.wait(10)
        projects.delete_project(workspace, project_id)

    in_parallel(lambda: running.advance(search.pk), delete)
    search.refresh_from_db()
    assert (search.project, search.attempts) == (None, 0)
    assert found(search) == ["Business 1"]
    assert not ProjectLead.objects.exists()
