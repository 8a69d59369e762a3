"""Every way in which a vendor fails: told in plain words, charged nothing, answered by another.

Each row says how a vendor misbehaves, what that is called, and for how many seconds it then rests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.billing.models import CreditEntry, CreditHold, Subscription
from freshleads.lib.http import Client, Response
from freshleads.sandbox.server import Sandbox
from freshleads.users import throttling
from freshleads.users.models import Workspace
from leads.models import Ad, Lookup, Place, PlaceReviews, PlacesQuery, ProviderHealth, SerpPage
from leads.pacing import SCOPE
from leads.providers.contracts import FAULTS
from tests.leadgen.clients import Api, error_of, succeeded

Ask = Callable[..., Any]

HOUR = 3600
# What a proxy or a broken line does is the same with every vendor.
BAD_LINES = {
    "slow": ("provider_unavailable", 0),
    "html": ("provider_unavailable", 0),
    "broken": ("bad_answer", 0),
    "odd": ("bad_answer", 0),
    "huge": ("bad_answer", 0),
}
SERPAPI = {
    "invalid": ("invalid_key", HOUR),
    "denied": ("access_denied", HOUR),
    "nocredit": ("no_credit", HOUR),
    "quota": ("quota_exceeded", 60),
    "captcha": ("provider_unavailable", 0),
    "down": ("provider_unavailable", 0),
    **BAD_LINES,
}
SCRAPERAPI = {
    "invalid": ("invalid_key", HOUR),
    "denied": ("invalid_key", HOUR),
    "nocredit": ("no_credit", HOUR),
    "quota": ("quota_exceeded", 60),
    "captcha": ("captcha", 60),
    "down": ("provider_unavailable", 0),
    **BAD_LINES,
}
SERPER = {
    "invalid": ("invalid_key", HOUR),
    "nocredit": ("no_credit", HOUR),
    "quota": ("quota_exceeded", 60),
    "captcha": ("provider_unavailable", 0),
    "down": ("provider_unavailable", 0),
    **BAD_LINES,
}
BRAVE = {
    "invalid": ("invalid_key", HOUR),
    "denied": ("access_denied", HOUR),
    "nocredit": ("no_credit", HOUR),
    "quota": ("quota_exceeded", 1),
    "down": ("provider_unavailable", 0),
    **BAD_LINES,
}
SEARXNG = {
    "denied": ("access_denied", HOUR),
    "nocredit": ("quota_exceeded", 180),
    "quota": ("quota_exceeded", 180),
    "captcha": ("captcha", HOUR),
    "down": ("provider_unavailable", 0),
    **BAD_LINES,
}
GOOGLE = {
    "invalid": ("invalid_key", HOUR),
    "denied": ("access_denied", HOUR),
    "quota": ("quota_exceeded", 41),
    "down": ("provider_unavailable", 0),
    "slow": ("provider_unavailable", 0),
    "html": ("provider_unavailable", 0),
    "broken": ("bad_answer", 0),
}
NOMINATIM = {
    "denied": ("access_denied", HOUR),
    "quota": ("quota_exceeded", 60),
    "down": ("provider_unavailable", 0),
    "slow": ("provider_unavailable", 0),
    "html": ("provider_unavailable", 0),
    "broken": ("bad_answer", 0),
    "huge": ("bad_answer", 0),
}
OVERPASS = {
    "denied": ("access_denied", HOUR),
    "quota": ("quota_exceeded", 40),
    "busy": ("provider_unavailable", 15),
    "down": ("provider_unavailable", 15),
    "slow": ("provider_unavailable", 0),
    "html": ("provider_unavailable", 15),
    "broken": ("bad_answer", 0),
    "odd": ("bad_answer", 0),
}
ENDPOINTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "search": ("/search.php", {"query": "dentist miami"}, "search_error"),
    "ads": ("/ads.php", {"query": "dentist miami"}, "search_error"),
    "places": ("/places/search.php", {"query": "dentists", "location": "Miami"}, "api_error"),
    "reviews": ("/places/reviews.php", {}, "api_error"),
}
SETTINGS = {
    "search": "LEADS_SEARCH_PROVIDERS",
    "ads": "LEADS_ADS_PROVIDERS",
    "places": "LEADS_PLACES_PROVIDERS",
    "reviews": "LEADS_PLACES_PROVIDERS",
}
KEYS = {
    "serpapi": "SERPAPI_KEY",
    "scraperapi": "SCRAPERAPI_KEY",
    "serper": "SERPER_KEY",
    "brave": "BRAVE_KEY",
    "google": "GOOGLE_PLACES_KEY",
}
ADDRESSES = {"google": "GOOGLE_PLACES_URL"}
KEEPERS = (SerpPage, Ad, Place, PlacesQuery, PlaceReviews)


@dataclass(frozen=True)
class Fault:
    """One vendor in one weather, and what it has to lead to."""

    ability: str
    vendor: str
    weather: str
    code: str
    rest: int

    @property
    def provider(self) -> str:
        """The source that the settings name for this vendor."""
        return "openstreetmap" if self.vendor in {"nominatim", "overpass"} else self.vendor

    @property
    def key(self) -> str:
        return f"{self.weather}-5ecret"

    def __str__(self) -> str:
        return f"{self.ability}-{self.vendor}-{self.weather}"


def faults(ability: str, **vendors: dict[str, tuple[str, int]]) -> list[Fault]:
    """Return a fault for each vendor and weather of a table."""
    return [
        Fault(ability, vendor, weather, code, rest)
        for vendor, weathers in vendors.items()
        for weather, (code, rest) in weathers.items()
    ]


SEARCH_FAULTS = faults(
    "search", serpapi=SERPAPI, scraperapi=SCRAPERAPI, serper=SERPER, brave=BRAVE, searxng=SEARXNG
)
# Ads are read out of the HTML of a result page, half of which still shows ads.
HTML_ADS = {weather: fault for weather, fault in SCRAPERAPI.items() if weather != "broken"}
AD_FAULTS = faults("ads", serpapi=SERPAPI, scraperapi=HTML_ADS)
PLACE_FAULTS = faults("places", google=GOOGLE, nominatim=NOMINATIM, overpass=OVERPASS)
REVIEW_FAULTS = faults("reviews", google=GOOGLE)
EVERY_FAULT = [*SEARCH_FAULTS, *AD_FAULTS, *PLACE_FAULTS, *REVIEW_FAULTS]
# Brave is never asked before another engine, and Google alone has reviews.
WITH_A_SECOND = [fault for fault in EVERY_FAULT[: -len(REVIEW_FAULTS)] if fault.vendor != "brave"]
SECONDS = {
    "search": ("serper", "searxng"),
    "ads": ("serpapi", "scraperapi"),
    "places": ("google", "openstreetmap"),
}


@pytest.fixture(autouse=True)
def fair_weather(sandbox: Sandbox, worker: None) -> Iterator[None]:
    """Let no weather outlast its test, nor a turn at a free service that another one took."""
    sandbox.vendors.forget()
    yield
    sandbox.vendors.forget()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that gives the calls to one address a third of a second each."""

    def shorten(address: str) -> None:
        request = Client.request

        def request_hastily(self: Client, method: str, url: str, **options: Any) -> Response:
            if url.startswith(address):
                options["deadline"] = 0.3
            return request(self, method, url, **options)

        monkeypatch.setattr(Client, "request", request_hastily)

    return shorten


@pytest.fixture
def bring(
    hurry: Callable[[str], None], sandbox: Sandbox, settings: Settings
) -> Callable[..., None]:
    """Return a function that puts providers in order, the first of them under its weather."""

    def begin(fault: Fault, *others: str) -> None:
        setattr(settings, SETTINGS[fault.ability], [fault.provider, *others])
        if fault.vendor in KEYS:
            setattr(settings, KEYS[fault.vendor], fault.key)
        else:
            sandbox.vendors.conditions.weather[fault.vendor] = fault.weather
        if fault.weather == "slow":
            hurry(getattr(settings, ADDRESSES.get(fault.vendor, f"{fault.vendor.upper()}_URL")))

    return begin


@pytest.fixture
def ask(alices_api: Api, sandbox: Sandbox) -> Callable[..., Any]:
    """Return a function that asks what a fault would keep from being answered."""
    place_id = sandbox.world.businesses[0].place_id

    def call(fault: Fault, **changes: str) -> Any:
        path, query, _ = ENDPOINTS[fault.ability]
        known = {"place_id": place_id} if fault.ability == "reviews" else {}
        return alices_api.get(path, **{**query, **known, **changes})

    return call


def requests_to(sandbox: Sandbox, fault: Fault) -> int:
    """Return how many requests reached the vendor."""
    if fault.vendor == "google":
        return sandbox.places.requests_by_key[fault.key]
    return sandbox.vendors.requests_by_vendor[fault.vendor]


def health_of(fault: Fault) -> ProviderHealth:
    return ProviderHealth.objects.get(provider=fault.provider, ability=fault.ability)


def check_is_noted(fault: Fault) -> None:
    """Assert that operators can see what went wrong, in words that do not give away the key."""
    health = health_of(fault)
    assert (health.failures, health.error_code) == (1, fault.code)
    assert health.error_message
    assert fault.key not in health.error_message
    assert health.last_failure_at is not None
    rest = health.resting_until - health.last_failure_at if health.resting_until else None
    assert (rest.total_seconds() if rest else 0) == pytest.approx(fault.rest, abs=2)


def check_nothing_was_paid(workspace: Workspace, before: int) -> None:
    subscription = Subscription.objects.get(workspace=workspace)
    assert (subscription.balance, subscription.held) == (before, 0)
    assert not CreditHold.objects.filter(state=CreditHold.State.OPEN).exists()
    assert not CreditEntry.objects.filter(kind="charge").exists()
    charging.verify_ledger(workspace)


@pytest.mark.parametrize("fault", EVERY_FAULT, ids=str)
def test_a_vendor_that_fails_alone_is_told_in_plain_words_and_costs_nothing(
    ask: Ask, alices: Workspace, bring: Callable[..., None], fault: Fault
) -> None:
    bring(fault)
    before = Subscription.objects.get(workspace=alices).balance
    failed = ask(fault)
    assert error_of(failed) == (502, ENDPOINTS[fault.ability][2])
    message = f"{FAULTS[fault.code]} Nothing was charged; ask again later."
    assert failed.json() == {"status": "error", "code": error_of(failed)[1], "message": message}
    # A bad key and an empty account do not mend themselves, however long one waits.
    seconds = fault.rest if fault.code in {"quota_exceeded", "captcha"} or fault.rest < HOUR else 0
    assert int(failed.headers.get("Retry-After", 0)) == pytest.approx(seconds, abs=2)
    check_nothing_was_paid(alices, before)
    check_is_noted(fault)
    assert Lookup.objects.get().status == "failed"
    assert not any(model._default_manager.exists() for model in KEEPERS), "a failure is not kept"


@pytest.mark.parametrize("fault", WITH_A_SECOND, ids=str)
def test_a_second_provider_answers_for_one_that_fails_and_is_paid_once(
    ask: Ask, alices: Workspace, sandbox: Sandbox, bring: Callable[..., None], fault: Fault
) -> None:
    second = next(name for name in SECONDS[fault.ability] if name != fault.provider)
    bring(fault, second)
    before = Subscription.objects.get(workspace=alices).balance
    used, data = succeeded(ask(fault))
    assert data["results_count"] == len(data["results"]) > 0
    assert used > 0
    check_is_noted(fault)
    assert ProviderHealth.objects.get(provider=second).failures == 0
    assert "answered_by" not in data, "the second is no stand-in"

    subscription = Subscription.objects.get(workspace=alices)
    assert (subscription.balance, subscription.held) == (before - used, 0)
    charges = CreditEntry.objects.filter(kind="charge").values_list("amount", flat=True)
    assert list(charges) == [-used]
    charging.verify_ledger(alices)

    asked = requests_to(sandbox, fault)
    assert asked > 0
    if fault.rest > 10:  # one that rests is not bothered with the next question
        throttling.limiter().clear(SCOPE, "nominatim", amount=1, seconds=1)
        assert ask(fault, query="plumber miami").status_code == 200
        assert requests_to(sandbox, fault) == asked
        assert health_of(fault).failures == 1


def test_a_stand_in_is_called_by_its_name(
    ask: Ask, sandbox: Sandbox, settings: Settings, bring: Callable[..., None]
) -> None:
    broken = Fault("search", "serper", "nocredit", "no_credit", HOUR)
    bring(broken, "brave")
    used, data = succeeded(ask(broken))
    assert (used, data["answered_by"], data["search_engine"]) == (10, "brave", "google")
    check_is_noted(broken)


def test_an_engine_that_is_off_is_no_illness_of_its_instance(
    ask: Ask, alices: Workspace, bring: Callable[..., None]
) -> None:
    off = Fault("search", "searxng", "invalid", "not_supported", 0)
    bring(off)
    before = Subscription.objects.get(workspace=alices).balance
    failed = ask(off)
    assert error_of(failed) == (502, "search_error")
    assert failed.json()["message"].startswith(FAULTS["not_supported"])
    check_nothing_was_paid(alices, before)
    assert not ProviderHealth.objects.exists()


@pytest.mark.parametrize("ability", ["search", "ads"])
@pytest.mark.parametrize("vendor", ["serpapi", "scraperapi"])
def test_an_answer_without_results_is_an_answer_and_free(
    ask: Ask, alices: Workspace, bring: Callable[..., None], ability: str, vendor: str
) -> None:
    empty = Fault(ability, vendor, "empty", "", 0)
    bring(empty)
    before = Subscription.objects.get(workspace=alices).balance
    used, data = succeeded(ask(empty))
    assert (used, data["results_count"], data["results"]) == (0, 0, [])
    check_nothing_was_paid(alices, before)
    assert (health_of(empty).failures, health_of(empty).error_code) == (0, "")


def test_half_of_what_overpass_knows_is_given_and_no_more_is_charged(
    ask: Ask, alices: Workspace, sandbox: Sandbox, bring: Callable[..., None]
) -> None:
    cut = Fault("places", "overpass", "timeout", "", 0)
    whole = replace(cut, weather="")
    bring(whole)
    everything = succeeded(ask(whole, details="false"))[1]["results_count"]
    PlacesQuery.objects.all().delete()
    sandbox.vendors.conditions.weather["overpass"] = "timeout"
    used, data = succeeded(ask(cut))
    assert 0 < data["results_count"] < everything
    assert used == 10 * data["fetched_count"] == 10 * data["results_count"]
