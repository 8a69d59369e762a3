"""From an answer to the leads: only what was found, only once, and free."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from freshleads.billing.models import Subscription
from freshleads.users.models import Workspace
from leads import projects
from leads.models import Lead, LeadTotal, Lookup, Place
from leads.place_cache import FRESH_FOR
from leads.providers.records import PlaceRecord
from tests.pages import lookups


def text(answer: Any) -> str:
    return str(answer.content.decode())


def add(page: Client, lookup: Lookup, **form: Any) -> str:
    """Send the form and return the page that follows."""
    address = reverse("leads:add_from_lookup", args=[lookup.public_id])
    answer = page.post(address, form, follow=True)
    assert answer.status_code == 200
    return text(answer)


@pytest.fixture
def known_places(db: None) -> None:
    """What was paid for of two places."""
    for number in (1, 2):
        record = PlaceRecord(
            place_id=f"place-{number}",
            name=f"Dentist {number}",
            phone=f"+1305555010{number}",
            website=f"https://dentist{number}.test/",
            latitude=25.7 + number / 10,
            longitude=-80.2,
        )
        Place.objects.create(
            provider="google",
            place_id=record.place_id,
            record=record.to_dict(),
            fetched_at=timezone.now(),
        )


def test_ticked_addresses_of_a_website_become_leads_of_a_project_for_free(
    page: Client, workspace: Workspace
) -> None:
    project = projects.create_project(workspace, name="Spring")
    lookup = lookups.answered(workspace, "crawl", lookups.website())
    before = Subscription.objects.get(workspace=workspace).balance
    shown = add(
        page,
        lookup,
        chosen=[lookups.EMAIL],
        business_name="Bright Dental",
        project_id=project.public_id,
    )
    assert "1 lead is added, free." in shown
    lead = Lead.objects.owned_by(workspace).get()
    assert (lead.email, lead.business_name, lead.domain, lead.phone) == (
        lookups.EMAIL, "Bright Dental", "bright.test", "+13055550100",
    )  # fmt: skip
    assert list(lead.projects.all()) == [project]
    assert Subscription.objects.get(workspace=workspace).balance == before

    assert "0 leads are added, free. 1 was there already." in add(
        page, lookup, chosen=[lookups.EMAIL], project_id=project.public_id
    )
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("chosen", [[], ["stranger@example.com"], ["\0"]])
def test_what_the_answer_does_not_show_cannot_be_added(
    page: Client, workspace: Workspace, chosen: list[str]
) -> None:
    for kind, data in (
        ("crawl", lookups.website()),
        ("search", lookups.result_page(lookups.result())),
        ("ads", lookups.ads(lookups.ad())),
        ("places", lookups.places(lookups.place(1))),
    ):
        shown = add(page, lookups.answered(workspace, kind, data), chosen=chosen)
        assert "Choose at least one" in shown
    assert not Lead.objects.exists()


def test_an_advertiser_and_a_result_become_leads(page: Client, workspace: Workspace) -> None:
    other = lookups.result(emails=["sales@other.test"], url="https://other.test/", title="Other")
    add(
        page,
        lookups.answered(workspace, "search", lookups.result_page(other)),
        chosen=["sales@other.test"],
    )
    add(
        page,
        lookups.answered(workspace, "ads", lookups.ads(lookups.ad())),
        chosen=[lookups.EMAIL],
    )
    names = Lead.objects.order_by("pk").values_list("business_name", "email")
    assert list(names) == [("Other", "sales@other.test"), ("Dentist in Miami", lookups.EMAIL)]


def test_the_project_of_a_stranger_takes_nothing(
    page: Client, workspace: Workspace, stranger: Workspace
) -> None:
    theirs = projects.create_project(stranger, name="Theirs")
    lookup = lookups.answered(workspace, "crawl", lookups.website())
    shown = add(page, lookup, chosen=[lookups.EMAIL], project_id=theirs.public_id)
    assert "There is no such project." in shown
    assert not Lead.objects.exists()


def test_hostile_addresses_are_refused_in_words(page: Client, workspace: Workspace) -> None:
    lookup = lookups.answered(workspace, "crawl", lookups.evil_answers()["crawl"])
    shown = add(page, lookup, chosen=[lookups.EVIL], business_name=lookups.EVIL)
    assert "1 could not be added" in shown
    assert "<script>alert" not in shown
    assert not Lead.objects.exists()


@pytest.mark.parametrize(("kind", "fields"), [("verify", {}), ("reviews", {})])
def test_what_is_no_business_cannot_be_added(
    page: Client, workspace: Workspace, kind: str, fields: dict[str, Any]
) -> None:
    data = lookups.verdicts() if kind == "verify" else lookups.reviews("Kind.")
    shown = add(page, lookups.answered(workspace, kind, data), chosen=["x"])
    assert "Choose at least one" in shown


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_a_lookup_without_an_answer_adds_nothing(
    page: Client, workspace: Workspace, state: str
) -> None:
    lookup = lookups.asked(workspace, "crawl", status=state, error_message="It is down.")
    add(page, lookup, chosen=[lookups.EMAIL])
    assert not Lead.objects.exists()


# --- places ------------------------------------------------------------------------------------


def test_ticked_places_become_leads_with_all_that_is_known(
    page: Client, workspace: Workspace, known_places: None
) -> None:
    data = lookups.places(lookups.place(1), lookups.place(2))
    lookup = lookups.answered(workspace, "places", data)
    assert "1 lead is added, free." in add(page, lookup, chosen=["place-2"])
    lead = Lead.objects.owned_by(workspace).get()
    assert (lead.business_name, lead.phone, lead.place_id) == (
        "Dentist 2", "+13055550102", "place-2",
    )  # fmt: skip
    assert lead.sources["phone"]["source"] == "google"
    assert LeadTotal.objects.get(workspace=workspace).leads == 1


def test_a_place_is_added_once_and_comes_back_where_it_was_deleted(
    page: Client, workspace: Workspace, known_places: None
) -> None:
    lookup = lookups.answered(workspace, "places", lookups.places(lookups.place(1)))
    add(page, lookup, chosen=["place-1"])
    Lead.objects.update(deleted_at=timezone.now())
    LeadTotal.objects.update(leads=0)
    assert "1 was there already." in add(page, lookup, chosen=["place-1"])
    assert Lead.objects.owned_by(workspace).count() == 1
    assert LeadTotal.objects.get(workspace=workspace).leads == 1


def test_places_that_were_not_paid_cannot_be_added(
    page: Client, workspace: Workspace, known_places: None
) -> None:
    data = lookups.places(lookups.place(1, details=False))
    shown = add(page, lookups.answered(workspace, "places", data), chosen=["place-1"])
    assert "Choose at least one place with details." in shown
    assert not Lead.objects.exists()


def test_what_is_too_old_has_to_be_looked_up_again(
    page: Client, workspace: Workspace, known_places: None
) -> None:
    Place.objects.update(fetched_at=timezone.now() - FRESH_FOR)
    lookup = lookups.answered(workspace, "places", lookups.places(lookups.place(1)))
    assert "look them up again" in add(page, lookup, chosen=["place-1"])
    assert not Lead.objects.exists()
