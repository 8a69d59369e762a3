"""What a source only lends goes after its days; what others say, and the place id, stay."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.users.models import Workspace
from leads import editing, listings, merging, rediscovering, refreshing, retaining, site_crawls
from leads.crawler.results import Finding, SiteReport
from leads.models import (
    Lead,
    LeadIdentity,
    NamedArea,
    Place,
    PlaceReviews,
    PlacesQuery,
    SearchLead,
)
from leads.place_cache import store_places
from leads.providers.records import PlaceRecord, PlacesPage
from tests.leads.conftest import FakePlaces
from tests.leads.discovery import Balance, MakePlace, Start, discover

SITE = "http://www.bright.test/"
PHONE = "+13055550100"
LENT = {"google": 30}


@pytest.fixture
def record(place: MakePlace) -> PlaceRecord:
    return place(
        1,
        name="Bright Smile",
        category="Dentist",
        phone=PHONE,
        website=SITE,
        address="29 Collins Ave",
        street="29 Collins Ave",
        rating=4.6,
        reviews_count=12,
        opening_hours={"monday": "9-5"},
        maps_url="https://maps.google.com/?cid=1",
    )


@pytest.fixture
def keep(workspace: Workspace) -> Callable[..., Lead]:
    """Return a function that stores a lead as Google listed it so many days ago."""

    def store(place: PlaceRecord, *, days: float = 31) -> Lead:
        then = timezone.now() - timedelta(days=days)
        origin = merging.Origin("google", "Google Maps Platform terms", then)
        lead = listings.lead_from_place(place, origin=origin, lent_days=LENT)
        lead.workspace = workspace
        lead.save()
        return lead

    return store


def forget(lead: Lead) -> Lead:
    assert retaining.forget_lent_content() is False
    return Lead.objects.get(pk=lead.pk)


def report(**found: Any) -> SiteReport:
    return SiteReport(SITE, SITE, "ok", **found)


def test_after_thirty_days_only_the_place_id_of_google_is_left(
    keep: Callable[..., Lead], record: PlaceRecord
) -> None:
    lead = forget(keep(record))
    fields = listings.place_fields(record, source="google")
    left = {field: getattr(lead, field) for field in fields if getattr(lead, field)}
    assert left == {"place_id": "place-1"}
    assert list(lead.sources) == ["place_id"]
    assert lead.sources["place_id"]["url"].endswith("query_place_id=place-1")
    assert (lead.phones, lead.search_text, lead.content_expires_at) == ([], "", None)
    assert lead.identity == "place:place-1"


def test_before_that_and_where_all_may_be_kept_nothing_goes(
    keep: Callable[..., Lead], record: PlaceRecord, settings: Settings
) -> None:
    assert forget(keep(record, days=29)).business_name == "Bright Smile"
    Lead.objects.all().delete()
    settings.GOOGLE_KEEP_DAYS = 0
    assert forget(keep(record, days=400)).business_name == "Bright Smile"
    Lead.objects.all().delete()
    settings.GOOGLE_KEEP_DAYS = 90
    lead = forget(keep(record, days=31))
    assert lead.business_name == "Bright Smile"
    assert lead.content_expires_at is not None
    assert lead.content_expires_at > timezone.now() + timedelta(days=58), "by the new setting"


def test_what_the_website_says_itself_stays(keep: Callable[..., Lead], record: PlaceRecord) -> None:
    lead = keep(record)
    found = report(
        emails=(Finding("info@bright.test", SITE, "mailto"),),
        phones=(Finding(PHONE, SITE, "tel"),),
        business={"name": "Bright Smile"},
    )
    merging.merge_site(lead, found, now=timezone.now())
    lead.save()
    lead = forget(lead)
    assert (lead.business_name, lead.phone, lead.website) == ("Bright Smile", PHONE, SITE)
    assert (lead.email, lead.domain, lead.category) == ("info@bright.test", "bright.test", "")
    assert lead.search_text == "bright smile\ninfo@bright.test\nbright.test"


def test_the_website_steps_in_for_hours_that_google_had_first(
    keep: Callable[..., Lead], record: PlaceRecord
) -> None:
    lead = keep(record)
    found = report(business={"opening_hours": {"monday": "10-4"}})
    site_crawls.store_reports({SITE: found}, timezone.now())
    merging.merge_site(lead, found, now=timezone.now())
    assert lead.opening_hours == {"monday": "9-5"}
    lead.save()
    lead = forget(lead)
    assert lead.opening_hours == {"monday": "10-4"}
    assert lead.sources["opening_hours"]["source"] == "website"


def test_open_data_that_lists_the_lead_too_steps_in(
    keep: Callable[..., Lead], record: PlaceRecord, place: MakePlace
) -> None:
    lead = keep(record)
    node = place(1, place_id="node/1", name="Bright Smile Dental", city="Miami", phone=PHONE)
    origin = merging.Origin("openstreetmap", "ODbL 1.0", timezone.now())
    rediscovering.remember({"place:node/1": lead}, {"place:node/1": node}, origin=origin)
    store_places([node], "openstreetmap", origin.now)
    lead = forget(lead)
    assert (lead.business_name, lead.phone) == ("Bright Smile Dental", PHONE)
    assert lead.sources["business_name"]["source"] == "openstreetmap"
    assert lead.sources["business_name"]["licence"] == "ODbL 1.0"
    assert lead.place_id == "place-1"
    assert lead.content_expires_at is None
    links = dict(LeadIdentity.objects.values_list("provider", "url"))
    assert links["google"].endswith("query_place_id=place-1"), "an id may be kept, a link not"
    assert links["openstreetmap"] == ""


def test_what_people_typed_stays(
    keep: Callable[..., Lead], record: PlaceRecord, workspace: Workspace
) -> None:
    lead = keep(record)
    changes = {"business_name": "My dentist", "phone": "call Bob", "tags": ["hot"]}
    editing.update_lead(workspace, lead.public_id, changes=changes)
    lead = forget(lead)
    assert (lead.business_name, lead.phone, lead.tags) == ("My dentist", "call Bob", ["hot"])
    assert lead.category == ""


def test_only_the_values_that_are_old_go(keep: Callable[..., Lead], record: PlaceRecord) -> None:
    lead = keep(record)
    lead.sources["phone"]["checked_at"] = (timezone.now() - timedelta(days=3)).isoformat()
    lead.save()
    lead = forget(lead)
    assert (lead.business_name, lead.phone) == ("", PHONE)
    assert lead.content_expires_at is not None
    due_in = lead.content_expires_at - timezone.now()
    assert timedelta(days=26) < due_in < timedelta(days=27)


def test_finding_a_forgotten_lead_again_refreshes_it_for_free(
    places: FakePlaces,
    record: PlaceRecord,
    keep: Callable[..., Lead],
    start: Start,
    balance: Balance,
    workspace: Workspace,
) -> None:
    lead = forget(keep(record))
    before, _ = balance(workspace)
    assert refreshing.is_forgotten(lead, LENT)
    places.pages = [PlacesPage((record,))]
    result = discover(start()).results.get()
    assert (result.free_reason, result.changes) == ("already_yours", {})
    lead.refresh_from_db()
    assert (lead.business_name, lead.phone, lead.domain) == ("Bright Smile", PHONE, "bright.test")
    assert result.crawl == "pending", "its website is known again and was never read"
    assert balance(workspace)[0] == before


def test_the_caches_forget_what_google_said_and_keep_what_is_open(
    db: None, place: MakePlace
) -> None:
    old, new = timezone.now() - timedelta(days=31), timezone.now() - timedelta(days=29)
    for provider in ("google", "openstreetmap"):
        store_places([place(1)], provider, old)
        store_places([place(2)], provider, new)
        for moment, name in ((old, "old"), (new, "new")):
            _cache(provider, moment, name)
    assert retaining.forget_lent_content() is False
    for model in (Place, PlacesQuery, PlaceReviews, NamedArea):
        assert model.objects.filter(provider="google").count() == 1, model
        assert model.objects.filter(provider="google", fetched_at__gte=new).exists()
        assert model.objects.filter(provider="openstreetmap").count() == 2


def _cache(provider: str, moment: datetime, name: str) -> None:
    PlacesQuery.objects.create(
        key=f"{provider}{name}", parameters={}, provider=provider, rows=[], fetched_at=moment
    )
    PlaceReviews.objects.create(provider=provider, place_id=name, reviews=[], fetched_at=moment)
    NamedArea.objects.create(provider=provider, text=name, area=None, fetched_at=moment)


def test_of_old_changes_only_what_changed_is_kept(
    places: FakePlaces, record: PlaceRecord, keep: Callable[..., Lead], start: Start
) -> None:
    keep(record, days=3)
    places.pages = [PlacesPage((PlaceRecord(**{**record.__dict__, "phone": "+13055550111"}),))]
    search = discover(start())
    assert search.results.get().changes == {"phone": [PHONE, "+13055550111"]}
    retaining.forget_lent_content()
    assert search.results.get().changes == {"phone": [PHONE, "+13055550111"]}
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        retaining.forget_lent_content()
    assert search.results.get().changes == {"phone": [None, None]}
    assert SearchLead.objects.get().changes_expire_at is None


def test_many_leads_go_in_batches_and_a_run_that_has_more_to_do_says_so(
    keep: Callable[..., Lead], place: MakePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "LEADS_AT_ONCE", 2)
    monkeypatch.setattr(retaining, "BATCHES", 2)
    for number in range(5):
        keep(place(number))
    assert retaining.forget_lent_content() is True
    assert Lead.objects.filter(business_name="").count() == 4
    assert retaining.forget_lent_content() is False
    assert Lead.objects.filter(business_name="").count() == 5


def test_a_kill_amid_a_batch_leaves_it_to_the_next_run(
    keep: Callable[..., Lead], place: MakePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = keep(place(1))
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(retaining.merging, "choose_email", _fail)
        retaining.forget_lent_content()
    assert Lead.objects.get(pk=lead.pk).business_name == "Business 1"
    assert forget(lead).business_name == ""


def _fail(*args: Any, **options: Any) -> None:
    raise RuntimeError
