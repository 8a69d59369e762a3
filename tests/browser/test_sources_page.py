"""The page of sources in every state: both sizes, both themes, no fault axe or we can find."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from freshleads.lib.errors import ProviderError
from freshleads.users.models import User
from leads import provider_health
from leads.models import ProviderHealth
from tests.browser.windows import Inspector, Window

pytestmark = pytest.mark.browser

MANY = {
    "LEADS_PLACES_PROVIDERS": ["google", "openstreetmap"],
    "LEADS_SEARCH_PROVIDERS": ["serper", "serpapi", "scraperapi", "searxng", "brave"],
    "LEADS_ADS_PROVIDERS": [],
}
LONG = "Serper did not accept the API key. Serper says: " + "Unauthorized-because-" * 12


@pytest.fixture
def many_sources(ada: User) -> Iterator[None]:
    """Sources in every state: working, resting, failing, never asked, none at all."""
    provider_health.note_success("google", "places")
    for code, pause in (("no_credit", None), ("quota_exceeded", 90.0)):
        failure = ProviderError(LONG, code=code, retry_after=pause)
        provider_health.note_failure("serpapi", "search", failure)
    provider_health.note_failure("serper", "search", ProviderError(LONG, code="invalid_key"))
    down = ProviderError("ScraperAPI is not available at the moment (HTTP 500).", code="bad_answer")
    provider_health.note_failure("scraperapi", "search", down)
    ProviderHealth.objects.filter(provider="scraperapi").update(failures=1200)
    with override_settings(**MANY):
        yield
    ProviderHealth.objects.all().delete()


@pytest.mark.usefixtures("many_sources")
@pytest.mark.parametrize("is_operator", [False, True], ids=["person", "operator"])
def test_sources_in_every_state_have_no_fault(
    window: Callable[..., Window], inspector: Inspector, ada: User, is_operator: bool
) -> None:
    User.objects.filter(pk=ada.pk).update(is_staff=is_operator)
    opened = window(ada)
    assert opened.open("/sources") == 200
    for summary in opened.page.locator(".source-settings summary").all():
        summary.click()
    name = "sources-operator" if is_operator else "sources"
    faults = inspector.faults_of(opened, name)
    assert not faults, "\n".join(faults)
    states = opened.page.locator("#search-table tr[data-state]").evaluate_all(
        "rows => rows.map(row => [row.dataset.source, row.dataset.state])"
    )
    assert states == [
        ["serper", "resting"],
        ["serpapi", "resting"],
        ["scraperapi", "failing"],
        ["searxng", "untried"],
        ["brave", "untried"],
    ]


def test_the_menu_leads_to_the_sources(window: Callable[..., Window], ada: User) -> None:
    opened = window(ada)
    opened.open("/searches")
    opened.page.locator(".sidebar a", has_text="Sources").click()
    opened.page.wait_for_url("**/sources")
    assert opened.page.locator("h1").inner_text() == "Sources"
    assert opened.page.locator(".sidebar [aria-current=page]").inner_text().strip() == "Sources"
