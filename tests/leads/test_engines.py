"""Result pages of search engines: contacts out of the snippets alone, a week for everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry
from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.sandbox.vendors import VendorsServer
from freshleads.users.models import User, Workspace
from leads import looking_up, recipes, registry
from leads.looking_up import Answer
from leads.models import Lookup, ProviderHealth, SerpPage
from leads.providers.records import SearchResult
from leads.questions import Question, SearchQuestion

Balance = Callable[[Workspace], tuple[int, int]]
Look = Callable[[Question], Answer]

DENTISTS = SearchQuestion("Dentists Miami")


class FakeEngine:
    """A search engine that gives back the results that a test put in."""

    name, call_seconds, is_stand_in = "fake", 1.0, False
    engines = frozenset({"google", "bing"})

    def __init__(self, *results: SearchResult) -> None:
        self.results = results
        self.asked: list[str] = []

    def search(self, query: str, **asked: Any) -> tuple[SearchResult, ...]:
        self.asked.append(query)
        return self.results


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeEngine]:
    """Return a function that puts an engine with these results in the place of the real ones."""

    def put(*shown: tuple[str, str, str]) -> FakeEngine:
        rows = [
            SearchResult(number, title, url, text)
            for number, (title, url, text) in enumerate(shown, start=1)
        ]
        fake = FakeEngine(*rows)
        monkeypatch.setattr(registry, "search_engines", lambda: [fake])
        return fake

    return put


# --- a page -----------------------------------------------------------------------------------


def test_a_page_of_more_than_seven_results_costs_ten_credits(
    look: Look, vendors: VendorsServer, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    answer = look(DENTISTS)
    data = answer.data
    assert list(data) == [
        "query", "search_engine", "page", "results_per_page", "results_count", "emails_found",
        "results", "cached",
    ]  # fmt: skip
    assert (data["query"], data["search_engine"], data["page"]) == ("Dentists Miami", "google", 0)
    assert (data["results_count"], data["cached"], answer.credits_used) == (10, False, 10)
    assert [row["position"] for row in data["results"]] == list(range(1, 11))
    row = next(row for row in data["results"] if row["emails"])
    assert list(row) == [
        "position", "title", "url", "description", "emails", "phones", "social_links",
    ]  # fmt: skip
    assert all(row["emails"][0] in row["description"] for row in data["results"] if row["emails"])
    assert all(row["phones"][0] in row["description"] for row in data["results"] if row["phones"])
    assert balance(workspace) == (before - 10, 0)
    charging.verify_ledger(workspace)


def test_the_same_page_is_free_for_a_week_in_any_spelling_and_for_everybody(
    look: Look, vendors: VendorsServer, stranger: Workspace, charlie: User
) -> None:
    first, asked = look(DENTISTS), len(vendors.requests)
    again = looking_up.ask(
        stranger, by=charlie, question=SearchQuestion("  dentists   MIAMI ", engine="Google")
    )
    assert isinstance(again, Answer)
    assert (again.credits_used, again.data["cached"]) == (0, True)
    assert again.data["results"] == first.data["results"]
    assert len(vendors.requests) == asked
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert look(DENTISTS).credits_used == 10
    assert SerpPage.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        SearchQuestion("dentists miami", engine="bing"),
        SearchQuestion("dentists miami", page=1),
        SearchQuestion("dentists miami", results_per_page=20),
        SearchQuestion("dentists miami", recipe="contact-pages"),
        SearchQuestion("dentists OR miami"),
    ],
)
def test_another_engine_page_size_recipe_or_operator_is_another_question(
    look: Look, vendors: VendorsServer, other: SearchQuestion
) -> None:
    look(DENTISTS)
    assert not look(other).is_cached


def test_a_cached_page_takes_one_query(
    look: Look, vendors: VendorsServer, django_assert_max_num_queries: Any
) -> None:
    look(DENTISTS)
    with django_assert_max_num_queries(1):
        assert look(DENTISTS).is_cached


# --- what a snippet shows ---------------------------------------------------------------------


def test_up_to_seven_results_cost_one_credit_for_each_address_they_show(
    look: Look, sandbox: Any, engine: Callable[..., FakeEngine]
) -> None:
    engine(
        (
            "Ann - ann@ann.test",
            "http://ann.test/",
            "Write to ann [at] ann [dot] test, 305-555-0111",
        ),
        ("Bob", "http://bob.test/", "ann@ann.test, bob@bob.test and noreply@bob.test"),
    )
    answer = look(SearchQuestion("two"))
    first, second = answer.data["results"]
    assert (first["emails"], second["emails"]) == (
        ["ann@ann.test"],
        ["ann@ann.test", "bob@bob.test"],
    )
    assert first["phones"] == ["(305) 555-0111"]
    assert (answer.data["emails_found"], answer.credits_used) == (2, 2)


def test_phones_have_the_form_of_their_country(
    look: Look, sandbox: Any, engine: Callable[..., FakeEngine]
) -> None:
    engine(
        ("London", "https://shop.co.uk/", "Call 020 7946 0958 now"),
        ("Anywhere", "https://shop.io/", "Call +44 20 7946 0018 or (212) 555-0100"),
    )
    rows = look(SearchQuestion("phones")).data["results"]
    assert rows[0]["phones"] == ["020 7946 0958"]
    assert sorted(rows[1]["phones"]) == ["(212) 555-0100", "020 7946 0018"]


def test_profiles_come_from_the_address_and_the_snippet_of_a_result(
    look: Look, sandbox: Any, engine: Callable[..., FakeEngine]
) -> None:
    engine(
        ("Ann", "https://m.facebook.com/annsbakery?ref=x", "See instagram.com/anns.bakery too"),
        ("Share", "https://www.facebook.com/sharer/sharer.php?u=x", "me@facebook.com/annsbakery"),
        ("Long", "http://a.test/", "a.facebook.com/" * 2000),
    )
    rows = look(SearchQuestion("profiles")).data["results"]
    assert rows[0]["social_links"] == [
        "https://www.facebook.com/annsbakery",
        "https://www.instagram.com/anns.bakery",
    ]
    assert rows[1]["social_links"] == []


def test_markup_and_characters_that_no_column_takes_are_only_text(
    look: Look, sandbox: Any, engine: Callable[..., FakeEngine]
) -> None:
    engine(("<script>a@b.test</script>\0", "http://a.test/", "<b>x</b> \ud83d &#64; <!-- c@d.test"))
    row = look(SearchQuestion("hostile")).data["results"][0]
    assert row["title"] == "<script>a@b.test</script>"
    assert sorted(row["emails"]) == ["a@b.test", "c@d.test"]


def test_nothing_found_costs_nothing_and_is_asked_again(
    look: Look, sandbox: Any, engine: Callable[..., FakeEngine]
) -> None:
    fake = engine()
    for _ in range(2):
        answer = look(SearchQuestion("nothing"))
        assert (answer.credits_used, answer.data["results_count"]) == (0, 0)
    assert fake.asked == ["nothing", "nothing"]
    assert not CreditEntry.objects.filter(kind="charge").exists()


# --- recipes ----------------------------------------------------------------------------------


def test_a_recipe_says_what_is_really_asked(
    look: Look, sandbox: Any, workspace: Workspace, engine: Callable[..., FakeEngine]
) -> None:
    recipes.create_recipe(workspace, code="mine", name="Mine", template="site:x.test {query} now")
    fake = engine(("A", "http://a.test/", "a@a.test"))
    data = look(SearchQuestion("bakers", recipe="mine")).data
    assert (fake.asked, data["query"]) == (["site:x.test bakers now"], "bakers")
    recipes.update_recipe(workspace, "mine", name="Mine", template="{query} tomorrow")
    look(SearchQuestion("bakers", recipe="mine"))
    assert fake.asked[1:] == ["bakers tomorrow"], "a changed recipe is another question"


def test_an_unknown_recipe_is_refused_before_any_work(look: Look, vendors: VendorsServer) -> None:
    asked = len(vendors.requests)
    for code in ("no-such-recipe", "not a code"):
        with pytest.raises(InvalidInput) as caught:
            look(SearchQuestion("bakers", recipe=code))
        assert (caught.value.code, caught.value.param) == ("invalid_code", "code")
    assert (Lookup.objects.count(), len(vendors.requests)) == (0, asked)


# --- when engines fail ------------------------------------------------------------------------


def test_the_next_engine_answers_where_one_fails(
    look: Look, vendors: VendorsServer, settings: Settings
) -> None:
    settings.LEADS_SEARCH_PROVIDERS = ("serper", "serpapi")
    vendors.conditions.weather["serper"] = "nocredit"
    data = look(DENTISTS).data
    assert data["results_count"] == 10
    assert "answered_by" not in data
    assert SerpPage.objects.get().provider == "serpapi"
    ill = ProviderHealth.objects.get(provider="serper", ability="search")
    assert (ill.error_code, ill.resting_until is None) == ("no_credit", False)
    asked = vendors.requests_by_vendor["serper"]
    look(SearchQuestion("plumbers miami"))
    assert vendors.requests_by_vendor["serper"] == asked, "it rests"


def test_an_engine_that_cannot_ask_bing_is_left_out_and_a_stand_in_is_called_by_its_name(
    look: Look, vendors: VendorsServer, settings: Settings
) -> None:
    settings.LEADS_SEARCH_PROVIDERS = ("brave", "serper", "serpapi")
    look(SearchQuestion("dentists miami", engine="bing"))
    assert SerpPage.objects.get().provider == "serpapi"
    settings.LEADS_SEARCH_PROVIDERS = ("serper", "brave")
    asked = vendors.requests_by_vendor["serper"]
    data = look(SearchQuestion("plumbers miami", engine="bing")).data
    assert (data["search_engine"], data["answered_by"]) == ("bing", "brave")
    assert vendors.requests_by_vendor["serper"] == asked
    assert look(SearchQuestion("plumbers miami", engine="bing")).data["answered_by"] == "brave"


@pytest.mark.parametrize(
    "weather", ["down", "captcha", "invalid", "quota", "broken", "html", "odd"]
)
def test_when_no_engine_answers_nothing_is_charged_or_kept(
    look: Look,
    vendors: VendorsServer,
    settings: Settings,
    workspace: Workspace,
    balance: Balance,
    weather: str,
) -> None:
    settings.LEADS_SEARCH_PROVIDERS = ("scraperapi",)
    vendors.conditions.weather["scraperapi"] = weather
    before = balance(workspace)
    with pytest.raises(ProviderError) as caught:
        look(DENTISTS)
    assert "sandbox-key" not in caught.value.message
    assert balance(workspace) == before
    assert not SerpPage.objects.exists()


def test_an_installation_without_an_engine_says_so(
    look: Look, settings: Settings, workspace: Workspace, balance: Balance
) -> None:
    settings.LEADS_SEARCH_PROVIDERS = ()
    before = balance(workspace)
    with pytest.raises(ProviderError, match="FRESHLEADS_SEARCH_PROVIDERS"):
        look(DENTISTS)
    assert balance(workspace) == before
