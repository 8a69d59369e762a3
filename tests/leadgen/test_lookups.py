"""The endpoints that ask the outside world: parameters, prices, caches, waiting, failures."""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from freshleads.api.leadgen import waiting
from freshleads.billing import charging
from freshleads.billing.models import CreditEntry
from freshleads.lib.errors import ProviderError
from freshleads.sandbox.entities import Business
from freshleads.users.models import Workspace
from leads import answering, looking_up
from leads.models import Lookup, Project, Recipe, SiteCrawl
from tests.leadgen.clients import Api, error_of, succeeded

PAID = {
    "/search.php": ({"query": "dentist miami"}, "search_error"),
    "/crawl.php": ({"domain": "example.com"}, "crawl_error"),
    "/ads.php": ({"query": "dentist miami"}, "search_error"),
    "/places/search.php": ({"query": "dentists in Miami"}, "api_error"),
    "/places/reviews.php": ({"place_id": "ChIJ1"}, "api_error"),
}


@pytest.fixture
def host(bright: Business) -> str:
    """Return the name of an ordinary website."""
    assert bright.site is not None
    return bright.site.host


@pytest.fixture
def set_credits(alices: Workspace, available: Any) -> Callable[[int], object]:
    """Return a function that leaves Alice so many credits."""
    return lambda left: charging.adjust(
        alices, left - available(alices), reason="Begin with few", by=None
    )


# --- each source ------------------------------------------------------------------------------


@pytest.mark.usefixtures("worker")
def test_a_crawl_costs_one_credit_for_each_address_and_nothing_the_second_time(
    alices_api: Api, alices: Workspace, host: str, available: Any
) -> None:
    before = available(alices)
    used, data = succeeded(alices_api.get("/crawl.php", domain=host))
    assert data["domain"] == f"https://{host}"
    assert used == len(data["emails"]) >= 1
    assert set(data["emails"]) <= set(data["all_emails"])
    assert available(alices) == before - used
    assert succeeded(alices_api.get("/crawl.php", domain=f"https://{host}/")) == (0, data)
    assert available(alices) == before - used


@pytest.mark.usefixtures("worker")
def test_the_ledger_names_endpoint_query_and_request(alices_api: Api, host: str) -> None:
    response = alices_api.get("/crawl.php", domain=host)
    number = response.headers["X-Request-Id"]
    entry = CreditEntry.objects.get(kind="charge")
    assert entry.description == f"crawl.php: https://{host}/ (request {number})"


@pytest.mark.usefixtures("worker")
def test_a_search_reads_contacts_out_of_results(alices_api: Api) -> None:
    used, data = succeeded(alices_api.get("/search.php", query="dentist miami"))
    assert (data["query"], data["search_engine"]) == ("dentist miami", "google")
    assert (data["page"], data["results_per_page"], data["cached"]) == (0, 10, False)
    assert data["results_count"] == len(data["results"]) > 0
    assert used == (10 if data["results_count"] > 7 else data["emails_found"])
    again = succeeded(alices_api.get("/search.php", query="Dentist  Miami"))
    assert (again[0], again[1]["cached"]) == (0, True)
    assert again[1]["results"] == data["results"]


@pytest.mark.usefixtures("worker")
def test_a_recipe_is_put_around_the_query_and_an_unknown_one_is_refused(
    alices_api: Api, charlies: Workspace
) -> None:
    Recipe.objects.create(workspace=charlies, code="mine", name="Mine", template="{query} x")
    assert succeeded(alices_api.get("/search.php", query="dentist", code="gmail"))[1]["query"]
    for code in ("nothing", "mine", "x" * 61, "a b", "ü"):
        refused = alices_api.get("/search.php", query="dentist", code=code)
        assert error_of(refused) == (400, "invalid_code"), code
        assert refused.json()["message"].startswith("code: ")


@pytest.mark.usefixtures("worker")
def test_places_cost_ten_credits_each_and_nothing_the_second_time(alices_api: Api) -> None:
    asked = {"query": "dentists", "location": "Miami, FL"}
    used, data = succeeded(alices_api.get("/places/search.php", **asked))
    assert used == 10 * data["fetched_count"] > 0
    assert data["results_count"] == data["fetched_count"] + data["cached_count"]
    again = succeeded(alices_api.get("/places/search.php", **asked))
    assert (again[0], again[1]["cached_count"]) == (0, data["results_count"])


@pytest.mark.usefixtures("worker")
def test_too_few_credits_buy_the_details_of_as_many_places(
    alices_api: Api, alices: Workspace, set_credits: Any, available: Any
) -> None:
    set_credits(25)
    used, data = succeeded(
        alices_api.get("/places/search.php", query="dentists", location="Miami, FL")
    )
    assert (used, data["fetched_count"], available(alices)) == (20, 2, 5)
    poor = [place for place in data["results"] if place.get("details") is False]
    assert len(poor) == data["results_count"] - 2 > 0
    assert all(place["phone"] is None for place in poor)


@pytest.mark.usefixtures("worker")
def test_reviews_cost_five_credits_and_nothing_the_second_time(alices_api: Api) -> None:
    found = succeeded(alices_api.get("/places/search.php", query="dentists", location="Miami, FL"))
    place_id = found[1]["results"][0]["place_id"]
    used, data = succeeded(alices_api.get("/places/reviews.php", place_id=place_id))
    assert (used, data["place_id"], data["cached"]) == (5, place_id, False)
    assert 0 < len(data["reviews"]) <= 5
    again = succeeded(alices_api.get("/places/reviews.php", place_id=place_id))
    assert (again[0], again[1]["cached"], again[1]["reviews"]) == (0, True, data["reviews"])


@pytest.mark.usefixtures("worker")
def test_verifying_is_free_and_sets_what_leads_say(
    alices_api: Api, alices_project: Project, bright: Business, alices: Workspace, available: Any
) -> None:
    before = available(alices)
    added = succeeded(
        alices_api.post(
            "/leads.php",
            {
                "project_id": alices_project.pk,
                "leads": [{"email": "nobody@nowhere-at-all.test"}, {"email": "other@acme.com"}],
            },
        )
    )[1]
    used, data = succeeded(
        alices_api.post(
            "/verify.php",
            {
                "emails": ["nobody@nowhere-at-all.test", "no address"],
                "lead_ids": added["lead_ids"][:1],
            },
        )
    )
    assert (used, data["verified_count"], available(alices)) == (0, 2, before)
    first, second = data["results"]
    assert (first["status"], first["lead_id"]) == ("invalid", added["lead_ids"][0])
    assert first["lead_verified"] == -1
    assert (second["status"], second["lead_id"], second["lead_verified"]) == ("invalid", None, None)
    leads = succeeded(alices_api.get("/leads.php", project_id=alices_project.pk))[1]["leads"]
    assert [lead["verified"] for lead in leads] == [-1, 0]


@pytest.mark.usefixtures("sandbox")
def test_anothers_lead_cannot_be_verified(
    alices_api: Api, charlies_api: Api, alices_project: Project
) -> None:
    row = {"email": "a@acme.com"}
    added = succeeded(
        alices_api.post("/leads.php", {"project_id": alices_project.pk, "leads": [row]})
    )[1]
    for lead_id in (added["lead_ids"][0], 999_999):
        refused = charlies_api.post(
            "/verify.php", {"emails": ["a@acme.com"], "lead_ids": [lead_id]}
        )
        assert error_of(refused) == (404, "not_found")
    assert not Lookup.objects.exists()


# --- credits, failures, waiting ---------------------------------------------------------------


@pytest.mark.usefixtures("sandbox")
def test_without_credits_nothing_is_begun(alices_api: Api, set_credits: Any) -> None:
    set_credits(0)
    for path, (query, _) in PAID.items():
        refused = alices_api.get(path, **query)
        assert error_of(refused) == (402, "insufficient_credits"), path
    assert not Lookup.objects.exists()


@pytest.mark.usefixtures("worker")
def test_what_is_known_is_served_without_credits(
    alices_api: Api, set_credits: Any, host: str
) -> None:
    known = succeeded(alices_api.get("/crawl.php", domain=host))[1]
    set_credits(0)
    assert succeeded(alices_api.get("/crawl.php", domain=host)) == (0, known)


@pytest.mark.usefixtures("worker")
def test_a_website_that_is_not_there_costs_nothing(
    alices_api: Api, alices: Workspace, available: Any
) -> None:
    before = available(alices)
    failed = alices_api.get("/crawl.php", domain="https://nowhere-at-all.com")
    assert error_of(failed) == (502, "crawl_error")
    assert failed.json()["message"].endswith("Nothing was charged; ask again later.")
    assert available(alices) == before
    assert not SiteCrawl.objects.filter(outcome="ok").exists()


@pytest.mark.parametrize("path", PAID)
@pytest.mark.usefixtures("sandbox")
def test_a_failed_source_is_told_by_the_code_of_its_endpoint(
    alices_api: Api, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise ProviderError("key AIza123 is blocked", code="invalid_key", retry_after=7)

    monkeypatch.setattr(looking_up, "wait", fail)
    query, code = PAID[path]
    failed = alices_api.get(path, **query)
    assert error_of(failed) == (502, code)
    assert "AIza123" not in failed.json()["message"]
    assert failed.headers["Retry-After"] == "7"


@pytest.mark.parametrize("path", PAID)
@pytest.mark.usefixtures("sandbox")
def test_who_waits_too_long_is_told_to_ask_again(
    alices_api: Api, settings: Settings, path: str
) -> None:
    settings.LEADS_LOOKUP_WAIT_SECONDS = 0.0
    query, code = PAID[path]
    for _ in range(2):
        late = alices_api.get(path, **query)
        assert error_of(late) == (502, code)
        assert late.json()["message"].startswith("The work is still running: ask again")
        assert late.headers["Retry-After"] == "5"
    assert Lookup.objects.count() == 1


@pytest.mark.usefixtures("sandbox")
def test_the_work_that_outlasted_its_request_is_then_free(
    alices_api: Api, settings: Settings, host: str
) -> None:
    settings.LEADS_LOOKUP_WAIT_SECONDS = 0.0
    assert error_of(alices_api.get("/crawl.php", domain=host)) == (502, "crawl_error")
    answering.answer(Lookup.objects.get().pk)
    used, data = succeeded(alices_api.get("/crawl.php", domain=host))
    assert used == 0
    assert data["emails"]


@pytest.mark.django_db(transaction=True)
def test_more_requests_than_may_wait_are_told_to_come_back(
    alices_api: Api, charlies_api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LOOKUP_WAITERS, settings.LOOKUP_WAITERS_PER_WORKSPACE = 3, 2
    is_open, waiting_now = Event(), []

    def wait(lookup: Lookup, *, seconds: float) -> None:
        waiting_now.append(lookup.pk)
        is_open.wait(20)

    def ask() -> None:
        try:
            alices_api.get("/crawl.php", domain="example.com")
        finally:
            connection.close()

    monkeypatch.setattr(looking_up, "wait", wait)
    threads = [Thread(target=ask) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        while len(waiting_now) < 2:
            is_open.wait(0.01)
        refused = alices_api.get("/crawl.php", domain="example.org")
        assert error_of(refused) == (429, "rate_limited")
        assert refused.headers["Retry-After"] == "2"
        assert "At most 2 requests of yours" in refused.json()["message"]
        is_open.set()
        assert error_of(charlies_api.get("/crawl.php", domain="example.org"))[0] == 502
    finally:
        is_open.set()
        for thread in threads:
            thread.join()
    assert not waiting._seated


def test_pages_keep_threads_of_their_own(settings: Settings) -> None:
    assert settings.WEB_THREADS - settings.LOOKUP_WAITERS >= 16
    assert settings.LOOKUP_WAITERS_PER_WORKSPACE >= 20
