"""A listing of a places source becomes a lead that says of every field where it is from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leads import listings, merging
from leads.models import Lead
from leads.providers.records import PlaceRecord

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ORIGIN = merging.Origin(source="google", licence="Test terms", now=NOW)
OSM = merging.Origin(source="openstreetmap", licence="ODbL 1.0", now=NOW)
LENT = {"google": 30}
NODE = "https://www.openstreetmap.org/node/1"
MakePlace = Callable[..., PlaceRecord]


def test_a_place_without_an_id_is_known_by_its_website_and_phone(place: MakePlace) -> None:
    nameless = place(1, place_id="", website="http://x.test/a", phone="+13055550100")
    assert listings.place_identity(nameless) == "site:x.test|+13055550100"
    assert listings.place_identity(replace(nameless, website=None, phone=None)) == ""


def test_every_field_that_a_place_fills_says_where_it_is_from(place: MakePlace) -> None:
    record = place(1, website="http://bright.test/", phone="+13055550100", rating=4.6)
    lead = listings.lead_from_place(record, origin=ORIGIN)
    assert (lead.business_name, lead.phone, lead.domain) == (
        "Business 1",
        "+13055550100",
        "bright.test",
    )
    assert str(lead.rating) == "4.6"
    assert lead.sources["phone"] == {
        "source": "google",
        "url": "",
        "method": "places_search",
        "licence": "Test terms",
        "first_seen_at": "2026-03-04T12:00:00+00:00",
        "checked_at": "2026-03-04T12:00:00+00:00",
    }
    assert "email" not in lead.sources
    assert "category" not in lead.sources, "the place did not name one"
    assert lead.search_text == "business 1\ntestville\nbright.test"


def test_half_a_phone_number_or_country_code_is_no_phone_and_no_country(place: MakePlace) -> None:
    lead = listings.lead_from_place(place(1, phone="+" + "1" * 30, country="DEU"), origin=ORIGIN)
    assert (lead.phone, lead.phones, lead.country) == ("", [], "")
    assert not {"phone", "country"} & set(lead.sources)


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "ftp://x.test/", "http://[broken/", "http://x.test/" + "é" * 1500],
)
def test_a_website_that_is_no_storable_web_address_is_left_out(
    place: MakePlace, website: str
) -> None:
    lead = listings.lead_from_place(place(1, website=website), origin=ORIGIN)
    assert (lead.website, lead.domain) == ("", "")


def test_a_social_page_is_kept_as_website_but_its_domain_is_not_the_leads(
    place: MakePlace,
) -> None:
    lead = listings.lead_from_place(place(1, website="https://facebook.com/b"), origin=ORIGIN)
    assert (lead.website, lead.domain) == ("https://facebook.com/b", "")
    assert merging.is_social_page(lead.website)


def test_what_only_one_map_calls_its_own_stands_in_no_field_of_another(place: MakePlace) -> None:
    record = place(1, place_id="node/1", maps_url=NODE)
    assert listings.lead_from_place(record, origin=OSM).google_maps_url == ""
    assert listings.lead_from_place(record, origin=ORIGIN).google_maps_url == NODE
    lead = listings.lead_from_place(record, origin=OSM)
    assert lead.sources["place_id"]["url"] == NODE
    assert lead.sources["business_name"]["licence"] == "ODbL 1.0"


def test_a_place_with_a_licence_of_its_own_has_it_in_every_field(place: MakePlace) -> None:
    record = place(1, phone="+13055550100", licence="CDLA-Permissive-2.0")
    lead = listings.lead_from_place(record, origin=OSM)
    assert {source["licence"] for source in lead.sources.values()} == {"CDLA-Permissive-2.0"}


def test_the_contacts_of_a_listing_join_the_lists_with_the_name_of_their_source(
    place: MakePlace,
) -> None:
    record = place(
        1,
        maps_url=NODE,
        phone="+13055550100",
        emails=("info@bright.test", "x" * 250 + "@b.test", "info@bright.test"),
        socials=(("facebook", "https://www.facebook.com/bright"), ("x", "javascript:alert(1)")),
    )
    lead = listings.lead_from_place(record, origin=OSM)
    assert lead.phones == [{"phone": "+13055550100", "url": NODE, "method": "openstreetmap"}]
    assert lead.emails == [
        {
            "email": "info@bright.test",
            "status": "unverified",
            "reason": "",
            "url": NODE,
            "method": "openstreetmap",
        }
    ]
    assert lead.social_links == {"facebook": "https://www.facebook.com/bright"}
    assert {
        field: lead.sources[field]["source"]
        for field in ("emails.openstreetmap", "phones.openstreetmap", "social_links.facebook")
    } == dict.fromkeys(
        ("emails.openstreetmap", "phones.openstreetmap", "social_links.facebook"), "openstreetmap"
    )


def test_an_address_of_a_listing_is_the_email_until_the_website_shows_one(place: MakePlace) -> None:
    lead = listings.lead_from_place(place(1, emails=("info@bright.test",)), origin=OSM)
    merging.choose_email(lead, now=NOW)
    assert lead.email == "info@bright.test"
    assert (lead.sources["email"]["source"], lead.sources["email"]["licence"]) == (
        "openstreetmap",
        "ODbL 1.0",
    )
    lead.emails.append({**lead.emails[0], "email": "own@bright.test", "method": "mailto"})
    merging.choose_email(lead, now=NOW)
    assert lead.email == "own@bright.test"
    assert lead.sources["email"]["source"] == "website"


def test_a_listing_adds_no_more_contacts_than_a_lead_holds(place: MakePlace) -> None:
    lead = Lead(phones=[{"phone": f"+1305{n}", "url": "", "method": "tel"} for n in range(20)])
    many = tuple(f"a{n}@b.test" for n in range(50))
    listings.add_contacts(lead, place(1, phone="+13055550100", emails=many), origin=OSM)
    assert len(lead.phones) == merging.MAX_PHONES
    assert len(lead.emails) == merging.MAX_EMAILS
    assert "phones.openstreetmap" not in lead.sources


def test_the_first_lent_value_says_when_something_must_go(place: MakePlace) -> None:
    record = place(1, phone="+13055550100")
    assert listings.lead_from_place(record, origin=OSM, lent_days=LENT).content_expires_at is None
    assert listings.lead_from_place(record, origin=ORIGIN).content_expires_at is None
    lead = listings.lead_from_place(record, origin=ORIGIN, lent_days=LENT)
    assert lead.content_expires_at == NOW + timedelta(days=30)
    old = (NOW - timedelta(days=7)).isoformat()
    lead.sources["phone"]["checked_at"] = old
    assert listings.expiry(lead, LENT) == NOW + timedelta(days=23)
    lead.sources = {"place_id": lead.sources["place_id"]}
    assert listings.expiry(lead, LENT) is None, "the place id may be kept for ever"
