"""Places: a page is asked once, each place is paid once, reviews for a week."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.lib.errors import InsufficientCredits, InvalidInput, ProviderError
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from leads import looking_up
from leads.looking_up import Answer
from leads.models import Lookup, Place, PlaceReviews, PlacesQuery
from leads.questions import PlacesQuestion, Question, ReviewsQuestion

Balance = Callable[[Workspace], tuple[int, int]]
Look = Callable[[Question], Answer]
SetCredits = Callable[[int], None]

DENTISTS = PlacesQuestion("dentists", location="Miami, FL")


@pytest.fixture
def rich(workspace: Workspace, set_credits: SetCredits) -> Workspace:
    """Alice's workspace with 1000 credits."""
    set_credits(1000)
    return workspace


# --- a page of places -------------------------------------------------------------------------


def test_a_page_has_twenty_places_with_all_that_is_known_for_ten_credits_each(
    look: Look, rich: Workspace, balance: Balance
) -> None:
    answer = look(DENTISTS)
    data = answer.data
    assert (data["query"], data["results_count"]) == ("dentists", 20)
    assert (data["fetched_count"], data["cached_count"], answer.credits_used) == (20, 0, 200)
    assert data["next_page_token"].startswith("page_")
    assert balance(rich) == (800, 0)
    assert Place.objects.count() == 20
    row = next(row for row in data["results"] if row["phone"] and row["opening_hours"])
    assert list(row) == [
        "place_id", "name", "address", "phone", "international_phone", "website", "rating",
        "user_ratings_total", "types", "business_status", "price_level", "opening_hours",
        "location", "maps_url", "photos_count", "cached",
    ]  # fmt: skip
    assert row["phone"].startswith("(")
    assert row["international_phone"].startswith("+1 ")
    assert row["opening_hours"][0].startswith("Monday: ")
    assert set(row["location"]) == {"lat", "lng"}
    assert (row["business_status"], row["cached"]) == ("OPERATIONAL", False)
    charging.verify_ledger(rich)


def test_the_same_page_again_is_free_for_everybody_without_a_request(
    look: Look, rich: Workspace, sandbox: Sandbox, stranger: Workspace, charlie: User
) -> None:
    first = look(DENTISTS)
    asked = len(sandbox.places.requests)
    again = looking_up.ask(
        stranger, by=charlie, question=PlacesQuestion(" Dentists ", location="MIAMI, fl")
    )
    assert isinstance(again, Answer)
    assert (again.credits_used, again.data["cached_count"], again.data["fetched_count"]) == (
        0,
        20,
        0,
    )
    assert all(row["cached"] for row in again.data["results"])
    assert [row["place_id"] for row in again.data["results"]] == [
        row["place_id"] for row in first.data["results"]
    ]
    assert len(sandbox.places.requests) == asked


def test_a_cached_page_takes_two_queries(
    look: Look, rich: Workspace, django_assert_max_num_queries: Any
) -> None:
    look(DENTISTS)
    with django_assert_max_num_queries(2):
        assert look(DENTISTS).is_cached


def test_with_few_credits_only_so_many_places_are_given_and_the_others_are_not_kept(
    look: Look, workspace: Workspace, balance: Balance, set_credits: SetCredits
) -> None:
    set_credits(37)
    data = look(DENTISTS).data
    assert (data["results_count"], data["fetched_count"]) == (20, 3)
    assert balance(workspace) == (7, 0)
    assert [row.get("details", True) for row in data["results"]] == [True] * 3 + [False] * 17
    unpaid = data["results"][3]
    assert unpaid["name"] and unpaid["address"] and unpaid["location"]["lat"]
    assert [unpaid[name] for name in ("phone", "website", "rating", "photos_count")] == [None] * 4
    assert unpaid["opening_hours"] == []
    assert Place.objects.count() == 3
    set_credits(1000)
    rest = look(DENTISTS)
    assert (rest.data["cached_count"], rest.data["fetched_count"], rest.credits_used) == (
        3,
        17,
        170,
    )
    assert all("details" not in row for row in rest.data["results"])


def test_without_details_nothing_is_paid_or_kept_but_without_credits_nothing_is_asked(
    look: Look,
    workspace: Workspace,
    balance: Balance,
    sandbox: Sandbox,
    set_credits: SetCredits,
) -> None:
    set_credits(1)
    answer = look(PlacesQuestion("dentists", location="Miami, FL", details=False))
    assert (answer.credits_used, answer.data["fetched_count"]) == (0, 0)
    assert {row["details"] for row in answer.data["results"]} == {False}
    assert (balance(workspace), Place.objects.count()) == ((1, 0), 0)
    set_credits(0)
    asked = len(sandbox.places.requests)
    with pytest.raises(InsufficientCredits):
        look(PlacesQuestion("plumbers", location="Miami, FL", details=False))
    assert len(sandbox.places.requests) == asked


def test_places_are_asked_again_after_a_month(look: Look, rich: Workspace) -> None:
    look(DENTISTS)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        page_again = look(DENTISTS)
    assert (page_again.data["cached_count"], page_again.credits_used) == (20, 0)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert look(DENTISTS).credits_used == 200


# --- where ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        PlacesQuestion("dentists in Miami, FL"),
        PlacesQuestion("Dentists near Miami"),
        PlacesQuestion("dentists miami"),
        PlacesQuestion("dentists", latitude=25.78, longitude=-80.21),
        PlacesQuestion("dentists", location="Miami, FL", radius=20_000),
    ],
)
def test_a_place_is_named_by_its_parameters_or_by_the_query_itself(
    look: Look, rich: Workspace, question: PlacesQuestion
) -> None:
    data = look(question).data
    assert data["query"] == question.query
    assert data["results_count"] > 0
    assert all("Miami" in row["address"] for row in data["results"])


def test_a_smaller_radius_finds_places_that_lie_nearer(look: Look, rich: Workspace) -> None:
    near = PlacesQuestion("dentists", latitude=25.78, longitude=-80.21, radius=2000, details=False)
    rows = look(near).data["results"]
    assert rows
    assert all(abs(row["location"]["lat"] - 25.78) < 0.019 for row in rows)


@pytest.mark.parametrize(
    "question", [PlacesQuestion("dentists"), PlacesQuestion("dentists", location="Atlantis 9")]
)
def test_where_nobody_knows_where_it_is_said_and_costs_nothing(
    look: Look, rich: Workspace, balance: Balance, question: PlacesQuestion
) -> None:
    with pytest.raises(InvalidInput) as caught:
        look(question)
    assert caught.value.param == "location"
    assert balance(rich) == (1000, 0)
    assert Lookup.objects.get().status == "failed"


# --- further pages ----------------------------------------------------------------------------


def follow(look: Look) -> list[list[str]]:
    """Return the place ids of every page, by following the tokens."""
    pages, token = [], ""
    for _ in range(5):
        data = look(PlacesQuestion("dentists", location="Miami, FL", page_token=token)).data
        pages.append([row["place_id"] for row in data["results"]])
        token = data["next_page_token"] or ""
        if not token:
            break
    return pages


def test_tokens_lead_to_all_sixty_places_once_and_again_for_free(
    look: Look, rich: Workspace, balance: Balance
) -> None:
    pages = follow(look)
    assert [len(page) for page in pages] == [20, 20, 20]
    assert len({place for page in pages for place in page}) == 60
    assert balance(rich) == (400, 0)
    assert follow(look) == pages
    assert balance(rich) == (400, 0)


def test_a_token_that_was_never_given_or_belongs_to_another_query_is_refused(
    look: Look, rich: Workspace, balance: Balance
) -> None:
    token = look(DENTISTS).data["next_page_token"]
    for question in (
        PlacesQuestion("dentists", page_token="page_00000000000000000000"),
        PlacesQuestion("plumbers", location="Miami, FL", page_token=token),
    ):
        with pytest.raises(InvalidInput) as caught:
            look(question)
        assert caught.value.param == "page_token"
    assert Lookup.objects.count() == 1


def test_a_token_that_the_source_has_forgotten_makes_the_first_page_new(
    look: Look, rich: Workspace
) -> None:
    token = look(DENTISTS).data["next_page_token"]
    PlacesQuery.objects.update(upstream_token="gone")
    with pytest.raises(InvalidInput, match="ask for the first page again"):
        look(PlacesQuestion("dentists", page_token=token))
    again = look(DENTISTS)
    assert (again.credits_used, again.data["cached_count"]) == (0, 20)
    second = look(PlacesQuestion("dentists", page_token=again.data["next_page_token"]))
    assert second.data["fetched_count"] == 20


@pytest.mark.parametrize("key", ["invalid-key", "down-key", "html-key"])
def test_a_source_that_fails_costs_nothing(
    look: Look, rich: Workspace, balance: Balance, settings: Settings, key: str
) -> None:
    settings.GOOGLE_PLACES_KEY = key
    with pytest.raises(ProviderError):
        look(DENTISTS)
    assert balance(rich) == (1000, 0)
    assert not PlacesQuery.objects.exists()


# --- reviews ----------------------------------------------------------------------------------


def a_place(look: Look) -> str:
    rows = look(PlacesQuestion("dentists", location="Miami, FL")).data["results"]
    return max(rows, key=lambda row: row["user_ratings_total"] or 0)["place_id"]


def test_reviews_cost_five_credits_and_nothing_for_a_week(
    look: Look, rich: Workspace, balance: Balance
) -> None:
    place_id = a_place(look)
    before, _ = balance(rich)
    first = look(ReviewsQuestion(place_id))
    assert (first.credits_used, first.data["cached"], first.data["place_id"]) == (
        5,
        False,
        place_id,
    )
    review = first.data["reviews"][0]
    assert list(review) == [
        "author_name", "author_url", "language", "rating", "text", "time",
        "relative_time_description", "profile_photo_url",
    ]  # fmt: skip
    assert 1 <= review["rating"] <= 5
    assert isinstance(review["time"], int)
    again = look(ReviewsQuestion(f" {place_id} "))
    assert (again.credits_used, again.data) == (0, {**first.data, "cached": True})
    assert balance(rich) == (before - 5, 0)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert look(ReviewsQuestion(place_id)).credits_used == 5
    assert PlaceReviews.objects.count() == 1


def test_reviews_of_an_unknown_place_are_refused_and_a_failure_is_told_both_for_free(
    look: Look, rich: Workspace, balance: Balance, settings: Settings
) -> None:
    with pytest.raises(InvalidInput) as caught:
        look(ReviewsQuestion("ChIJnothing"))
    assert caught.value.param == "place_id"
    settings.GOOGLE_PLACES_KEY = "down-key"
    with pytest.raises(ProviderError):
        look(ReviewsQuestion("ChIJnothing"))
    assert balance(rich) == (1000, 0)
    assert not PlaceReviews.objects.exists()
