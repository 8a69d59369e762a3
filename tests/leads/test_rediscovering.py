"""The same business in a second source: recognised, free, its sources both kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from freshleads.billing.models import CreditEntry
from freshleads.lib.errors import ProviderError
from freshleads.users.models import Workspace
from leads import adding, editing, rediscovering, registry, running, searching
from leads.models import Lead, LeadIdentity, Search
from leads.providers.records import PlaceRecord, PlacesPage
from tests.leads.conftest import FakePlaces
from tests.leads.discovery import Balance, MakePlace, Start, discover, found

pytestmark = pytest.mark.usefixtures("exact_totals")

PHONE = "+13055550100"
SITE = "http://www.bright.test/"


@pytest.fixture
def osm() -> FakePlaces:
    return FakePlaces("openstreetmap")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakePlaces], None]:
    """Return a function that makes one source the only one of the settings."""

    def use(source: FakePlaces) -> None:
        monkeypatch.setattr(registry, "place_sources", lambda: [source])

    return use


@pytest.fixture
def bright(
    places: FakePlaces, place: MakePlace, start: Start, workspace: Workspace
) -> Callable[..., PlaceRecord]:
    """Make Google's Bright Smile a lead; return a function that tells it in other words."""

    def told(**changes: Any) -> PlaceRecord:
        values = {"name": "Bright Smile", "phone": PHONE, "website": SITE, **changes}
        return place(1, **values)

    places.pages = [PlacesPage((told(maps_url="https://maps.google.com/?cid=1"),))]
    searching.cancel_search(workspace, discover(start()).public_id)
    return told


def node(bright: Callable[..., PlaceRecord], **changes: Any) -> PlaceRecord:
    url = "https://www.openstreetmap.org/node/1"
    return bright(**{"place_id": "node/1", "maps_url": url, **changes})


def test_a_business_found_in_a_second_source_is_the_lead_it_was_and_free(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    start: Start,
    workspace: Workspace,
    balance: Balance,
) -> None:
    before = balance(workspace)
    only(osm)
    osm.pages = [PlacesPage((node(bright, name="BRIGHT SMILE LLC", category="dentist"),))]
    search = discover(start())
    assert searching.cancel_search(workspace, search.public_id)
    result = search.results.get()
    assert (result.is_new, result.free_reason) == (False, "already_yours")
    assert balance(workspace) == before
    lead = Lead.objects.get()
    assert (lead.business_name, lead.category) == ("Bright Smile", "dentist")
    assert lead.sources["category"]["source"] == "openstreetmap"
    listed = LeadIdentity.objects.order_by("provider").values_list("provider", "place_id", "lead")
    assert list(listed) == [("google", "place-1", lead.pk), ("openstreetmap", "node/1", lead.pk)]
    row = LeadIdentity.objects.get(provider="openstreetmap")
    assert (row.url, row.licence) == ("https://www.openstreetmap.org/node/1", "Test terms")


def test_the_second_identity_is_known_from_then_on_whatever_its_source_says(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    start: Start,
) -> None:
    only(osm)
    osm.pages = [PlacesPage((node(bright),))]
    discover(start())
    first = LeadIdentity.objects.get(provider="openstreetmap").checked_at
    renamed = node(bright, name="Otherwise", phone="+13055550199", website=None, latitude=0.9)
    osm.pages = [PlacesPage((renamed,))]
    search = discover(start())
    assert search.results.get().free_reason == "already_yours"
    assert Lead.objects.count() == 1
    assert LeadIdentity.objects.count() == 2
    assert LeadIdentity.objects.get(provider="openstreetmap").checked_at > first


def test_a_branch_and_a_namesake_of_the_second_source_are_leads_of_their_own(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    start: Start,
    workspace: Workspace,
    balance: Balance,
) -> None:
    before, _ = balance(workspace)
    only(osm)
    branch = node(bright, place_id="node/2", phone="+13055550111", latitude=0.6)
    namesake = node(bright, place_id="node/3", phone=None, website=None, longitude=0.6)
    osm.pages = [PlacesPage((branch, namesake))]
    search = discover(start())
    assert search.results.filter(is_new=True).count() == 2
    assert balance(workspace)[0] == before - 2
    assert not LeadIdentity.objects.exists()


def test_two_listings_of_one_source_are_never_one_lead(
    places: FakePlaces, bright: Callable[..., PlaceRecord], start: Start
) -> None:
    places.pages = [PlacesPage((bright(place_id="place-2"),))]
    assert discover(start()).results.get().is_new
    assert Lead.objects.count() == 2


def test_of_two_listings_of_the_second_source_one_is_the_lead_and_one_is_new(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    start: Start,
) -> None:
    only(osm)
    osm.pages = [PlacesPage((node(bright), node(bright, place_id="way/2")))]
    search = discover(start())
    assert list(search.results.values_list("is_new", flat=True)) == [False, True]
    osm.pages = [PlacesPage((node(bright, place_id="node/9"),))]
    assert discover(start()).results.get().is_new, "each lead is one listing of a source"


def test_a_lead_that_somebody_brought_is_recognised_and_keeps_what_was_brought(
    places: FakePlaces, place: MakePlace, start: Start, workspace: Workspace, balance: Balance
) -> None:
    row = {"email": "me@bright.test", "business_name": "My client", "website": SITE}
    adding.add_leads(workspace, project=None, rows=[{**row, "phones": PHONE}], source="import")
    before = balance(workspace)
    places.pages = [PlacesPage((place(1, name="My Client Inc", phone=PHONE, website=SITE),))]
    search = discover(start())
    searching.cancel_search(workspace, search.public_id)
    assert search.results.get().free_reason == "already_yours"
    assert balance(workspace) == before
    lead = Lead.objects.get()
    assert (lead.business_name, lead.email, lead.place_id) == (
        "My client",
        "me@bright.test",
        "place-1",
    )
    assert list(LeadIdentity.objects.values_list("identity", "provider")) == [
        ("place:place-1", "google")
    ]


def test_a_deleted_lead_is_recognised_too_and_stays_deleted_and_unchanged(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    start: Start,
    workspace: Workspace,
) -> None:
    editing.delete_leads(workspace, [Lead.objects.get().public_id])
    only(osm)
    osm.pages = [PlacesPage((node(bright, category="dentist"),))]
    search = discover(start())
    assert search.results.get().free_reason == "deleted_by_you"
    assert (Lead.objects.get().category, LeadIdentity.objects.count()) == ("", 0)


def test_another_workspace_pays_for_its_own_lead(
    osm: FakePlaces,
    only: Callable[[FakePlaces], None],
    bright: Callable[..., PlaceRecord],
    stranger: Workspace,
    charlie: Any,
) -> None:
    only(osm)
    osm.pages = [PlacesPage((node(bright),))]
    search = discover(
        searching.start_search(stranger, by=charlie, query="d", location="Testville", limit=10)
    )
    assert search.results.get().is_new
    assert Lead.objects.owned_by(stranger).get().sources["place_id"]["source"] == "openstreetmap"


def test_when_the_next_source_takes_over_it_adds_to_the_leads_of_the_first(
    places: FakePlaces,
    osm: FakePlaces,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    balance: Balance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, _ = balance(workspace)
    monkeypatch.setattr(registry, "place_sources", lambda: [places, osm])
    ours = place(1, name="Bright Smile", phone=PHONE)
    dead = ProviderError("No.", code="access_denied", permanent=True)
    places.pages = [PlacesPage((ours, place(2)), "more"), dead]
    osm.pages = [PlacesPage((place(7, name="Bright Smile", phone=PHONE, category="dentist"),))]
    search = discover(start())
    assert found(search) == ["Bright Smile", "Business 2"]
    assert balance(workspace)[0] == before - 2
    assert Lead.objects.get(business_name="Bright Smile").category == "dentist"


def test_the_number_of_questions_does_not_grow_with_the_leads(
    osm: FakePlaces, place: MakePlace, start: Start, workspace: Workspace, places: FakePlaces
) -> None:
    places.pages = [
        PlacesPage(tuple(place(n, phone=f"+1305555{n:04}", website=SITE) for n in range(60)))
    ]
    discover(start(limit=60))
    twins = [
        place(n, place_id=f"node/{n}", phone=f"+1305555{n:04}", website=SITE) for n in range(60)
    ]
    asked = {rediscovering.listings.place_identity(twin): twin for twin in twins}
    with CaptureQueriesContext(connection) as queries:
        known = rediscovering.known_leads(workspace, asked, source="openstreetmap")
    assert len(known) == 60
    assert len(queries) == 6
    if connection.vendor == "sqlite":  # PostgreSQL rightly reads so small a table as a whole
        with connection.cursor() as cursor:
            for query in queries.captured_queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                assert not [row for row in cursor.fetchall() if "SCAN leads_lead" in row[3]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sources_that_find_one_business_at_once_charge_it_once(
    places: FakePlaces,
    osm: FakePlaces,
    place: MakePlace,
    start: Start,
    workspace: Workspace,
    in_parallel: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "place_sources", lambda: [places, osm])
    searches = [start(limit=20), start(limit=20)]
    for search, source in zip(searches, (places, osm), strict=True):
        running.advance(search.pk)
        Search.objects.filter(pk=search.pk).update(provider=source.name)
    ours = [place(n, phone=f"+1305555{n:04}") for n in range(20)]
    twins = [place(n, place_id=f"node/{n}", phone=f"+1305555{n:04}") for n in range(20)]
    places.pages, osm.pages = [PlacesPage(tuple(ours))], [PlacesPage(tuple(twins[::-1]))]
    in_parallel(*[lambda pk=search.pk: running.advance(pk) for search in searches])
    assert Lead.objects.count() == CreditEntry.objects.filter(kind="charge").count() == 20
    assert LeadIdentity.objects.count() == 40
    assert all(search.results.count() == 20 for search in searches)
    assert set(Search.objects.values_list("attempts", flat=True)) == {0}


def test_a_known_lead_that_closed_for_good_is_told_once_and_a_strange_one_never(
    places: FakePlaces, place: MakePlace, bright: Callable[..., PlaceRecord], start: Start
) -> None:
    shut = bright(business_status="CLOSED_PERMANENTLY")
    strange = place(2, business_status="CLOSED_PERMANENTLY")
    places.pages = [PlacesPage((shut, strange))]
    result = discover(start()).results.get()
    assert result.changes == {"business_status": ["OPERATIONAL", "CLOSED_PERMANENTLY"]}
    assert (result.lead.business_name, result.is_new) == ("Bright Smile", False)
    places.pages = [PlacesPage((shut, strange))]
    assert not discover(start()).results.exists()


def test_finding_a_lead_again_refreshes_it_and_tells_what_changed(
    places: FakePlaces,
    bright: Callable[..., PlaceRecord],
    start: Start,
    workspace: Workspace,
    balance: Balance,
) -> None:
    before = balance(workspace)
    Lead.objects.update(crawled_at=timezone.now(), verified_at=timezone.now())
    places.pages = [PlacesPage((bright(phone="+13055550111"),))]
    search = discover(start())
    searching.cancel_search(workspace, search.public_id)
    assert search.results.get().changes == {"phone": [PHONE, "+13055550111"]}
    assert Lead.objects.get().phone == "+13055550111"
    assert balance(workspace) == before
