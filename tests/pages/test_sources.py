"""The page of sources: who is asked in which order, how they do, what each allows, for whom."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.lib.errors import ProviderError
from freshleads.templatetags.attribution import attribution
from freshleads.users.models import User
from leads import provider_health
from leads.place_store import schema
from leads.place_store.detecting import choose_files
from leads.place_store.importing import Choices, import_files

KEY = "AIza5ecret"
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def all_sources(settings: Settings) -> None:
    settings.LEADS_PLACES_PROVIDERS = ["openstreetmap", "google"]
    settings.LEADS_SEARCH_PROVIDERS = ["brave", "serper", "searxng"]
    settings.LEADS_ADS_PROVIDERS = []
    settings.GOOGLE_KEEP_DAYS = 30
    settings.SERPER_KEY = KEY


def shown(client: Client) -> str:
    answer = client.get(reverse("leads:sources"))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def fail(provider: str, ability: str, code: str, **more: Any) -> None:
    error = ProviderError(f"The vendor said <no> to {provider}", code=code, **more)
    provider_health.note_failure(provider, ability, error)


def row_of(page: str, ability: str, source: str) -> str:
    """Return the table row of a source."""
    section = page.partition(f'data-ability="{ability}"')[2].partition("</section>")[0]
    return section.partition(f'data-source="{source}"')[2].partition("</tr>")[0]


def test_sources_stand_in_the_order_in_which_they_are_asked(page: Client) -> None:
    named = re.findall(r'data-(?:ability|source)="(\w+)"', shown(page))
    assert named == [
        "places", "openstreetmap", "google", "reviews", "google",
        "search", "serper", "searxng", "brave", "ads",
    ]  # fmt: skip


def test_what_nobody_answers_is_said_and_so_is_what_was_never_asked(page: Client) -> None:
    whole = shown(page)
    assert "No source is switched on for this" in whole.partition('data-ability="ads"')[2]
    assert "not asked yet" in row_of(whole, "places", "google")


def test_each_state_is_told_in_plain_words(page: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        provider_health.note_success("openstreetmap", "places")
        fail("google", "places", "provider_unavailable")
        fail("google", "places", "provider_unavailable")
        fail("serper", "search", "no_credit", permanent=True)
        fail("searxng", "search", "quota_exceeded", retry_after=180)
        whole = shown(page)
    works = row_of(whole, "places", "openstreetmap")
    assert 'data-state="works"' in works and "last answer" in works
    failing = row_of(whole, "places", "google")
    assert 'data-state="failing"' in failing
    assert "2 times in a row" in failing and "never answered" in failing
    assert "The source does not answer, or answers too late." in failing
    resting = row_of(whole, "search", "serper")
    assert 'data-state="resting"' in resting
    assert f"the others go first until {NOON:%-d %b}, 13:00 UTC" in resting
    assert "The account with the source is used up." in resting
    assert "12:03 UTC" in row_of(whole, "search", "searxng")
    assert "All of them rest" not in whole, "brave does not"


def test_a_rest_that_is_over_is_no_rest(page: Client) -> None:
    fail("serper", "search", "quota_exceeded", retry_after=60)
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert 'data-state="failing"' in row_of(shown(page), "search", "serper")


def test_where_all_rest_it_is_said(page: Client, settings: Settings) -> None:
    settings.LEADS_SEARCH_PROVIDERS = ["serper"]
    fail("serper", "search", "invalid_key", permanent=True)
    assert "All of them rest" in shown(page)


@pytest.mark.parametrize(
    ("days", "expected"), [(30, "kept for 30 days, then only the place id"), (0, "without a limit")]
)
def test_what_google_lends_has_its_term(
    page: Client, settings: Settings, days: int, expected: str
) -> None:
    settings.GOOGLE_KEEP_DAYS = days
    assert expected in row_of(shown(page), "places", "google")


def test_openstreetmap_is_credited_and_shared_alike(page: Client) -> None:
    row = row_of(shown(page), "places", "openstreetmap")
    assert "ODbL 1.0" in row
    assert "© OpenStreetMap contributors" in row
    assert "https://www.openstreetmap.org/copyright" in row
    assert "under the same licence" in row


def test_imported_data_is_counted_with_its_licences(
    page: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.LEADS_PLACES_PROVIDERS = ["local"]
    settings.LOCAL_PLACES_DIR = tmp_path / "places"
    assert "Nothing was imported yet." in row_of(shown(page), "places", "local")
    tags = {"name": "Café Krone", "amenity": "cafe"}
    feature = {
        "type": "Feature",
        "id": "node/1",
        "properties": tags,
        "geometry": {"type": "Point", "coordinates": [13.4, 52.5]},
    }
    file = tmp_path / "berlin.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    import_files(
        settings.LOCAL_PLACES_DIR,
        "berlin",
        choose_files([file]),
        choices=Choices(),
        report=lambda progress: None,
    )
    row = row_of(shown(page), "places", "local")
    assert "<strong>1</strong> place in berlin (ODbL-1.0), imported" in row
    assert "Yours to keep, to combine" in row
    (settings.LOCAL_PLACES_DIR / f"berlin{schema.SUFFIX}").write_bytes(b"torn")
    assert "cannot be read: import it again" in row_of(shown(page), "places", "local")


def test_users_see_neither_settings_nor_what_vendors_said(page: Client) -> None:
    fail("serper", "search", "invalid_key", permanent=True)
    whole = shown(page)
    assert "The key is missing, wrong or blocked." in whole
    for secret in ("FRESHLEADS_", "SERPER_KEY", "The vendor said", KEY):
        assert secret not in whole.partition('id="main"')[2], secret


def test_operators_see_how_to_switch_sources_on_and_what_vendors_said_but_no_key(
    page: Client, user: User, settings: Settings
) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    settings.SERPAPI_KEY = ""
    fail("serper", "search", "invalid_key", permanent=True)
    whole = shown(page)
    assert "Said: The vendor said &lt;no&gt; to serper" in whole
    assert "<code>FRESHLEADS_ADS_PROVIDERS</code>" in whole
    assert "now it is <code>brave,serper,searxng</code>" in whole
    assert "<code>serpapi</code> (SerpApi) needs <code>SERPAPI_KEY</code></li>" in whole
    assert "<code>local</code> (Imported open data) needs no key</li>" in whole
    assert KEY not in whole


def test_the_page_takes_the_same_few_queries_however_many_sources(
    page: Client, django_assert_max_num_queries: Any
) -> None:
    for provider in ("serper", "searxng", "brave"):
        provider_health.note_success(provider, "search")
    with django_assert_max_num_queries(6):
        shown(page)


def test_nobody_sees_it_without_signing_in(db: None) -> None:
    assert Client().get(reverse("leads:sources")).status_code == 302


@pytest.mark.parametrize("is_sandbox", [True, False])
def test_the_sandbox_is_called_what_it_is(
    page: Client, settings: Settings, is_sandbox: bool
) -> None:
    settings.SANDBOX = is_sandbox
    assert ("None of these is the real one." in shown(page)) is is_sandbox


@pytest.mark.parametrize(
    ("row", "is_needed"),
    [
        ({"licence": "ODbL 1.0"}, True),
        ({"licence": "ODbL-1.0"}, True),
        ({"licence": "CDLA-Permissive-2.0"}, False),
        ({"licence": None}, False),
        ({"place_id": "node/12"}, True),
        ({"place_id": "relation/7"}, True),
        ({"place_id": "ChIJnode/12"}, False),
        ({"place_id": None}, False),
    ],
)
def test_data_of_openstreetmap_alone_is_credited(row: dict[str, Any], is_needed: bool) -> None:
    html = render_to_string("parts/attribution.html", attribution([{}, row]))
    assert ("© OpenStreetMap contributors" in html) is is_needed
