"""What a row does to a lead can be taken back, whatever the lead and the row are."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leads import amending, merging
from leads.models import Lead

KEPT = tuple(name for name in amending.SAVED if name != "updated_at")
EMAILS = ("a@acme.test", "b@acme.test", "c@acme.test")
PHONES = ("+13055550100", "+13055550101", "+13055550102")
TEXTS = st.sampled_from(["", "Acme", "Best"])
SOURCES = st.sampled_from(["website", "you", "google"])


@st.composite
def leads(draw: Any) -> Lead:
    """Draw a lead with some of everything, in any mixture."""
    emails = draw(st.lists(st.sampled_from(EMAILS), unique=True))
    status = st.sampled_from(Lead.EmailStatus.values)
    lead = Lead(
        identity="x",
        business_name=draw(TEXTS),
        city=draw(TEXTS),
        tags=draw(st.lists(st.sampled_from(["old", "vip"]), unique=True)),
        email=draw(st.sampled_from(["", *EMAILS])),
        emails=[{"email": email, "status": draw(status), "reason": "x"} for email in emails],
        phone=draw(st.sampled_from(["", *PHONES])),
        phones=[{"phone": p} for p in draw(st.lists(st.sampled_from(PHONES), unique=True))],
        rating=draw(st.sampled_from([None, Decimal("4.5"), Decimal("0.0")])),
        latitude=draw(st.sampled_from([None, 0.0, 25.5])),
        website=draw(st.sampled_from(["", "https://acme.test/"])),
        social_links=draw(st.sampled_from([{}, {"x": "https://x.com/acme"}])),
        deleted_at=draw(st.sampled_from([None, timezone.now()])),
    )
    fields = draw(st.lists(st.sampled_from(["email", "city", "phone", "tags", "rating"])))
    lead.sources = {field: {"source": draw(SOURCES)} for field in fields}
    amending._take_verdict(lead)
    lead.domain = merging.own_domain(lead.website)
    lead.search_text = merging.search_text(lead)
    return lead


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "business_name": st.sampled_from(["Acme", "Cost"]),
        "city": st.sampled_from(["Bonn", "Best"]),
        "tags": st.just(["new"]),
        "emails": st.lists(st.sampled_from(EMAILS), unique=True, min_size=1),
        "phones": st.lists(st.sampled_from(PHONES), unique=True, min_size=1),
        "rating": st.sampled_from([Decimal("4.5"), Decimal("1.0")]),
        "latitude": st.sampled_from([0.0, 1.5]),
        "website": st.sampled_from(["https://acme.test/", "https://best.test/"]),
        "social_links": st.sampled_from([{"x": "https://x.com/new"}, {"youtube": "https://y"}]),
    },
)


@given(lead=leads(), row=ROWS, policy=st.sampled_from(["skip", "fill", "replace"]))
def test_taking_back_is_exact(lead: Lead, row: dict[str, Any], policy: str) -> None:
    values = row | ({"email": row["emails"][0]} if "emails" in row else {})
    before = {name: deepcopy(getattr(lead, name)) for name in KEPT}
    now = timezone.now()
    note = amending.amend(lead, values, policy=policy, origin=amending.origin_of("list.csv", now))
    if not note:
        assert {name: getattr(lead, name) for name in KEPT} == before
        return
    assert amending.take_back(lead, note, now=now) == []
    assert {name: getattr(lead, name) for name in KEPT} == before


@given(lead=leads(), row=ROWS)
def test_filling_never_changes_what_is_there_or_what_a_person_emptied(
    lead: Lead, row: dict[str, Any]
) -> None:
    values = row | ({"email": row["emails"][0]} if "emails" in row else {})
    fixed = [
        name
        for name in ("business_name", "city", "tags", "email", "phone", "rating", "website")
        if getattr(lead, name) not in ("", None, []) or merging.is_typed(lead, name)
    ]
    before = {name: deepcopy(getattr(lead, name)) for name in fixed}
    origin = amending.origin_of("list.csv", timezone.now())
    amending.amend(lead, values, policy="fill", origin=origin)
    assert {name: getattr(lead, name) for name in fixed} == before
