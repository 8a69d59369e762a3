"""A place that is a lead already: what the lead takes over from it, and what is told of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leads import listings, merging, refreshing
from leads.models import Lead
from leads.providers.records import PlaceRecord

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
LENT = {"google": 30}
MakePlace = Callable[..., PlaceRecord]
HOURS = {"monday": "09:00-17:00"}


def origin(source: str = "google", now: datetime = LATER) -> merging.Origin:
    return merging.Origin(source=source, licence=f"Terms of {source}", now=now)


@pytest.fixture
def record(place: MakePlace) -> Callable[..., PlaceRecord]:
    def make(**changes: Any) -> PlaceRecord:
        values = {
            "name": "Bright Smile LLC",
            "phone": "+13055550100",
            "website": "http://www.bright.test/",
            "address": "29 Collins Ave, Miami, FL 33139",
            "rating": 4.6,
            "opening_hours": HOURS,
            **changes,
        }
        return place(1, **values)

    return make


@pytest.fixture
def lead(record: Callable[..., PlaceRecord]) -> Lead:
    return listings.lead_from_place(record(), origin=origin(now=NOW), lent_days=LENT)


def refresh(lead: Lead, place: PlaceRecord, source: str = "google") -> refreshing.Changes:
    return refreshing.refresh(lead, place, origin=origin(source), lent_days=LENT)


def test_the_same_again_changes_nothing_but_when_it_was_checked(
    lead: Lead, record: MakePlace
) -> None:
    lead.updated_at = NOW
    assert refresh(lead, record()) == {}
    assert lead.updated_at == NOW
    assert lead.sources["phone"]["first_seen_at"] == NOW.isoformat(timespec="seconds")
    assert lead.sources["phone"]["checked_at"] == LATER.isoformat(timespec="seconds")
    assert lead.content_expires_at == LATER + timedelta(days=30)
    assert len(lead.phones) == 1


def test_what_a_source_changed_is_taken_over_and_told(lead: Lead, record: MakePlace) -> None:
    moved = record(
        name="Brighter Smile",
        phone="+13055550111",
        website="https://brighter.test/",
        address="7 Main St, Miami, FL 33101",
        rating=4.1,
        opening_hours={"monday": "closed"},
    )
    assert refresh(lead, moved) == {
        "business_name": ["Bright Smile LLC", "Brighter Smile"],
        "phone": ["+13055550100", "+13055550111"],
        "website": ["http://www.bright.test/", "https://brighter.test/"],
        "address": ["29 Collins Ave, Miami, FL 33139", "7 Main St, Miami, FL 33101"],
        "opening_hours": [HOURS, {"monday": "closed"}],
        "rating": [4.6, 4.1],
    }
    assert (lead.business_name, lead.rating, lead.domain) == (
        "Brighter Smile",
        Decimal("4.1"),
        "brighter.test",
    )
    assert lead.updated_at == LATER
    assert "brighter smile" in lead.search_text
    assert [entry["phone"] for entry in lead.phones] == ["+13055550100", "+13055550111"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "BRIGHT SMILE, L.L.C."},
        {"website": "https://bright.test?utm_source=gmb"},
        {"address": "29 Collins Ave Miami FL 33139"},
        {"rating": 4.7},
        {"reviews_count": 1000},
        {"latitude": 0.51},
        {"phone": None, "website": None, "rating": None, "opening_hours": {}, "address": None},
    ],
)
def test_another_spelling_a_tenth_of_a_star_or_silence_is_no_change(
    lead: Lead, record: MakePlace, changes: dict[str, Any]
) -> None:
    assert refresh(lead, record(**changes)) == {}
    assert (lead.phone, bool(lead.opening_hours)) == ("+13055550100", True)


def test_a_new_website_is_read_and_its_addresses_are_checked(lead: Lead, record: MakePlace) -> None:
    lead.crawled_at = lead.verified_at = NOW
    refresh(lead, record(website="https://bright.test/en"))
    assert lead.crawled_at == NOW, "another page of the same site is no other site"
    refresh(lead, record(website="https://brighter.test/"))
    assert (lead.crawled_at, lead.verified_at) == (None, None)


def test_what_a_person_typed_brought_or_emptied_stays(lead: Lead, record: MakePlace) -> None:
    lead.business_name, lead.phone, lead.city = "My dentist", "", "Wynwood"
    lead.sources["business_name"] = {"source": "you"}
    lead.sources["phone"] = {"source": "you"}
    lead.sources["city"] = {"source": "import"}
    changes = refresh(
        lead, record(name="Other", phone="+13055550199", city="Miami", street="1 A St")
    )
    assert changes == {}
    assert (lead.business_name, lead.phone, lead.city) == ("My dentist", "", "Wynwood")
    assert lead.street == "1 A St", "what was not typed is filled"
    assert lead.sources["phone"] == {"source": "you"}


def test_a_second_source_fills_gaps_and_leaves_the_better_value(
    lead: Lead, record: MakePlace
) -> None:
    lead.sources["rating"]["checked_at"] = lead.sources["business_name"]["checked_at"]
    other = record(
        place_id="node/1",
        name="Bright Dental",
        category="dentist",
        emails=("info@bright.test",),
        maps_url="https://www.openstreetmap.org/node/1",
    )
    refresh(lead, other, "openstreetmap")
    assert (lead.business_name, lead.category) == ("Bright Smile LLC", "dentist")
    assert (lead.place_id, lead.google_maps_url) == ("place-1", "")
    assert lead.sources["category"]["licence"] == "Terms of openstreetmap"
    assert [entry["method"] for entry in lead.emails] == ["openstreetmap"]
    assert lead.sources["phone"]["source"] == "google", "who said it first stays its source"
    assert lead.identity == "place:place-1"


def test_the_place_id_that_other_programs_know_takes_over_and_the_identity_stays(
    record: MakePlace,
) -> None:
    first = listings.lead_from_place(record(place_id="node/1"), origin=origin("openstreetmap", NOW))
    refresh(first, record(), "google")
    assert (first.place_id, first.sources["place_id"]["source"]) == ("place-1", "google")
    assert first.identity == "place:node/1"


def test_what_comes_back_after_it_was_forgotten_is_no_change(lead: Lead, record: MakePlace) -> None:
    lead.business_name = lead.phone = ""
    lead.sources = {"place_id": lead.sources["place_id"]}
    lead.content_expires_at = None
    assert refreshing.is_forgotten(lead, LENT)
    assert refresh(lead, record()) == {}
    assert (lead.business_name, lead.phone) == ("Bright Smile LLC", "+13055550100")
    assert lead.content_expires_at == LATER + timedelta(days=30)
    assert not refreshing.is_forgotten(lead, LENT)
    assert not refreshing.is_forgotten(lead, {}), "nothing is lent, nothing was taken back"
