"""What makes two findings one lead, and which value wins a field."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leads import listings, merging
from leads.crawler.results import Finding, SiteReport, SocialFinding
from leads.models import Lead
from leads.providers.records import PlaceRecord

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ORIGIN = merging.Origin(source="google", licence="Test terms", now=NOW)
MakePlace = Callable[..., PlaceRecord]


def report(**found: Any) -> SiteReport:
    return SiteReport("http://bright.test/", "http://bright.test/", "ok", **found)


def email(address: str) -> Finding:
    return Finding(address, "http://bright.test/contact", "mailto")


def phone(number: str) -> Finding:
    return Finding(number, "http://bright.test/contact", "tel")


def known(address: str, status: str = "unverified", reason: str = "") -> dict[str, Any]:
    url = "http://bright.test/"
    return {"email": address, "status": status, "reason": reason, "url": url, "method": "text"}


# --- identity ---------------------------------------------------------------------------------


def test_the_place_id_comes_first_then_the_email_then_domain_and_phone() -> None:
    everything = {"email": "A@x.test", "website": "http://www.x.test/", "phone": "+1"}
    assert merging.identity(place_id="abc", **everything) == "place:abc"
    assert merging.identity(**everything) == "email:a@x.test"
    assert merging.identity(website="http://www.x.test/", phone="+1") == "site:x.test|+1"
    assert merging.identity(phone="+1") == "site:|+1"
    assert merging.identity() == ""


def test_two_endless_place_ids_are_two_leads() -> None:
    first, second = (merging.identity(place_id="x" * 400 + end) for end in "ab")
    assert first != second
    assert max(len(first), len(second)) <= 300


def test_a_page_on_a_social_network_does_not_make_two_businesses_one() -> None:
    page = "https://www.facebook.com/one"
    assert merging.identity(website=page) == ""
    assert merging.identity(website=page, phone="+1") == "site:|+1"


# --- what a website adds ----------------------------------------------------------------------


def test_a_lead_without_anything_but_a_name_is_a_lead(place: MakePlace) -> None:
    record = PlaceRecord(place_id="p", name="Alone")
    lead = listings.lead_from_place(record, origin=ORIGIN)
    merging.merge_site(lead, report(), now=NOW)
    assert (lead.email, lead.phone, lead.website) == ("", "", "")
    assert lead.search_text == "alone"


def test_the_first_address_of_a_site_becomes_the_email_with_its_page_and_licence() -> None:
    lead = Lead(business_name="Bright")
    merging.merge_site(lead, report(emails=(email("info@b.test"), email("b@b.test"))), now=NOW)
    assert (lead.email, lead.email_status) == ("info@b.test", "unverified")
    assert [entry["email"] for entry in lead.emails] == ["info@b.test", "b@b.test"]
    assert lead.sources["email"]["url"] == "http://bright.test/contact"
    assert lead.sources["email"]["licence"] == merging.WEBSITE_LICENCE
    assert lead.search_text == "bright\ninfo@b.test"
    assert lead.crawled_at == NOW


def test_the_phone_of_the_place_stays_and_those_of_the_site_join_it(place: MakePlace) -> None:
    lead = listings.lead_from_place(place(1, phone="+13055550100"), origin=ORIGIN)
    merging.merge_site(lead, report(phones=(phone("+13055550111"),)), now=NOW)
    assert lead.phone == "+13055550100"
    assert [entry["phone"] for entry in lead.phones] == ["+13055550100", "+13055550111"]
    assert lead.sources["phone"]["source"] == "google"


def test_what_the_site_says_too_is_from_the_business_itself(place: MakePlace) -> None:
    record = place(1, name="Bright Smile LLC", phone="+13055550100", website="http://bright.test")
    lead = listings.lead_from_place(record, origin=ORIGIN)
    found = report(phones=(phone("+13055550100"),), business={"name": "Bright Smile"})
    merging.merge_site(lead, found, now=NOW)
    assert lead.business_name == "Bright Smile LLC", "the listing's spelling stays"
    sources = {field: lead.sources[field]["source"] for field in lead.sources}
    assert sources["business_name"] == sources["phone"] == sources["website"] == "website"
    assert sources["city"] == sources["place_id"] == "google"
    assert lead.phones == [
        {"phone": "+13055550100", "url": "http://bright.test/contact", "method": "tel"}
    ]


def test_a_site_that_leads_elsewhere_or_states_another_name_confirms_nothing(
    place: MakePlace,
) -> None:
    lead = listings.lead_from_place(place(1, website="http://bought.test/"), origin=ORIGIN)
    merging.merge_site(lead, report(business={"name": "Best Domains Inc"}), now=NOW)
    assert lead.sources["website"]["source"] == "google"
    assert (lead.business_name, lead.sources["business_name"]["source"]) == ("Business 1", "google")
    failed = SiteReport("http://bought.test/", "http://bought.test/", "unreachable")
    merging.merge_site(lead, failed, now=NOW)
    assert lead.sources["website"]["source"] == "google"


def test_a_site_names_a_lead_that_has_no_name_and_never_renames_a_typed_one() -> None:
    lead, typed = Lead(), Lead(business_name="Mine", sources={"business_name": {"source": "you"}})
    for each in (lead, typed):
        merging.merge_site(each, report(business={"name": " Bright "}), now=NOW)
    assert (lead.business_name, lead.sources["business_name"]["method"]) == ("Bright", "json_ld")
    assert (typed.business_name, typed.sources["business_name"]) == ("Mine", {"source": "you"})


def test_a_missing_phone_is_filled_from_the_site_but_not_one_that_a_person_emptied() -> None:
    lead, emptied = Lead(), Lead(sources={"phone": {"source": "you"}})
    for each in (lead, emptied):
        merging.merge_site(each, report(phones=(phone("+13055550111"),)), now=NOW)
    assert lead.phone == "+13055550111"
    assert lead.sources["phone"]["method"] == "tel"
    assert emptied.phone == ""
    assert emptied.sources["phone"] == {"source": "you"}


def test_values_too_long_for_their_columns_and_beyond_the_counts_are_left_out() -> None:
    lead = Lead()
    many = tuple(email(f"a{number}@b.test") for number in range(50))
    endless = email("x" * 250 + "@b.test")
    merging.merge_site(
        lead, report(emails=(endless, *many), phones=(phone("+" + "1" * 30),)), now=NOW
    )
    assert lead.email == "a0@b.test"
    assert len(lead.emails) == merging.MAX_EMAILS
    assert (lead.phone, lead.phones) == ("", [])


def test_social_links_keep_the_first_of_a_network_and_what_is_there() -> None:
    lead = Lead(social_links={"x": "https://x.com/mine"})
    page = "http://bright.test/"
    merging.merge_site(
        lead,
        report(
            socials=(
                SocialFinding("https://www.facebook.com/one", page, "link", "facebook"),
                SocialFinding("https://www.facebook.com/two", page, "link", "facebook"),
                SocialFinding("https://x.com/other", page, "link", "x"),
            )
        ),
        now=NOW,
    )
    assert lead.social_links == {
        "facebook": "https://www.facebook.com/one",
        "x": "https://x.com/mine",
    }
    assert lead.sources["social_links.facebook"]["url"] == page
    assert "social_links.x" not in lead.sources


def test_opening_hours_of_the_site_fill_in_only_where_the_place_gave_none() -> None:
    hours = {"monday": "09:00-17:00"}
    lead, full = Lead(), Lead(opening_hours={"monday": "closed"})
    for each in (lead, full):
        merging.merge_site(each, report(business={"opening_hours": hours}), now=NOW)
    assert lead.opening_hours == hours
    assert lead.sources["opening_hours"]["method"] == "json_ld"
    assert full.opening_hours == {"monday": "closed"}


@pytest.mark.parametrize("hours", ["Mo-Fr", [], None, {}, 7])
def test_opening_hours_of_another_shape_are_none(hours: object) -> None:
    lead = Lead()
    merging.merge_site(lead, report(business={"opening_hours": hours}), now=NOW)
    assert lead.opening_hours is None


def test_reading_a_site_twice_changes_nothing() -> None:
    lead = Lead(business_name="Bright")
    found = report(emails=(email("info@b.test"),), phones=(phone("+13055550111"),))
    merging.merge_site(lead, found, now=NOW)
    merging.apply_verdict(lead, "info@b.test", status="valid", reason="accepted", now=NOW)
    merging.choose_email(lead, now=NOW)
    before = ([dict(entry) for entry in lead.emails], list(lead.phones), dict(lead.sources))
    merging.merge_site(lead, found, now=LATER)
    assert (lead.emails, lead.phones, lead.sources) == before
    assert lead.email_status == "valid", "the verdict is kept"


# --- verdicts and the choice of the e-mail ----------------------------------------------------


def test_the_address_that_takes_mail_wins_with_the_provenance_of_its_page() -> None:
    lead = Lead(business_name="Bright")
    merging.merge_site(lead, report(emails=(email("info@b.test"), email("b@b.test"))), now=NOW)
    assert merging.apply_verdict(
        lead, "info@b.test", status="invalid", reason="mailbox_not_found", now=LATER
    )
    assert merging.apply_verdict(lead, "b@b.test", status="valid", reason="accepted", now=LATER)
    merging.choose_email(lead, now=LATER)
    assert (lead.email, lead.email_status, lead.email_reason) == ("b@b.test", "valid", "accepted")
    assert lead.sources["email"]["licence"] == merging.WEBSITE_LICENCE
    assert lead.sources["email"]["first_seen_at"] == NOW.isoformat(timespec="seconds")
    assert lead.search_text == "bright\nb@b.test"
    assert lead.verified_at == LATER


@pytest.mark.parametrize(
    ("statuses", "winner"),
    [
        (("unverified", "invalid", "unknown"), 2),
        (("unknown", "risky", "invalid"), 1),
        (("invalid", "invalid", "invalid"), 0),
        (("valid", "valid", "risky"), 0),
    ],
)
def test_the_better_verdict_wins_and_of_equals_the_first(
    statuses: tuple[str, ...], winner: int
) -> None:
    lead = Lead(emails=[known(f"{n}@b.test", status) for n, status in enumerate(statuses)])
    merging.choose_email(lead, now=NOW)
    assert lead.email == f"{winner}@b.test"


def test_an_address_that_a_person_typed_stays_whatever_its_verdict() -> None:
    lead = Lead(
        email="me@b.test",
        emails=[known("me@b.test"), known("info@b.test", "valid")],
        sources={"email": {"source": "you"}},
    )
    merging.apply_verdict(lead, "me@b.test", status="invalid", reason="null_mx", now=NOW)
    merging.choose_email(lead, now=NOW)
    assert (lead.email, lead.email_status, lead.email_reason) == ("me@b.test", "invalid", "null_mx")
    assert lead.sources["email"] == {"source": "you"}


def test_an_address_that_a_person_removed_does_not_come_back() -> None:
    lead = Lead(email="", sources={"email": {"source": "you"}})
    merging.merge_site(lead, report(emails=(email("info@b.test"),)), now=NOW)
    assert lead.email == ""
    assert [entry["email"] for entry in lead.emails] == ["info@b.test"]


def test_a_verdict_on_a_strange_address_changes_nothing() -> None:
    lead = Lead(emails=[known("a@b.test")])
    assert not merging.apply_verdict(lead, "c@b.test", status="valid", reason="", now=NOW)
    assert lead.emails == [known("a@b.test")]
    assert lead.verified_at is None
