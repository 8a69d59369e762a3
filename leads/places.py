"""Lookups of places: a page of a search, with all that is known of those that are paid for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from freshleads.users.models import Workspace
from leads import place_cache, place_pages
from leads.contacts import international_form, national_form
from leads.found import Found, Kind
from leads.lookup_leases import LookupLease, note_stage
from leads.place_pages import Page
from leads.providers.records import PlaceRecord
from leads.questions import PlacesQuestion

PRICE = 10
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Row = dict[str, Any]


def check(workspace: Workspace, question: PlacesQuestion) -> None:
    """Refuse a page_token that leads nowhere."""
    place_pages.check_token(question)


def recall(workspace: Workspace, question: PlacesQuestion) -> Found | None:
    """Answer from a page of the last 7 days whose places are all known from the last 30."""
    page = place_pages.known_page(question)
    if page is None:
        return None
    if not question.details:
        return Found(data=_data(question, page, known={}, paid=frozenset()), is_cached=True)
    known = place_cache.fresh_places(page.provider, _ids(page.places))
    if any(place.place_id not in known for place in page.places):
        return None
    return Found(data=_data(question, page, known=known, paid=frozenset()), is_cached=True)


def find(lease: LookupLease, question: PlacesQuestion) -> Found:
    """Ask for the page, and give all of as many unknown places as the hold can pay.

    What a search tells of a place is all that its provider tells, so a paid place needs no second
    request; of the others only what says which place it is is given away.
    """
    note_stage(lease, "Asking for places")
    kept = place_pages.known_page(question)
    page = kept or place_pages.fetch_page(lease, question)
    known = place_cache.fresh_places(page.provider, _ids(page.places)) if question.details else {}
    unknown = [place for place in page.places if place.place_id not in known]
    hold = lease.row.hold
    affordable = hold.amount // PRICE if hold and question.details else 0
    paid = unknown[:affordable]

    def store(now: datetime) -> None:
        if kept is None:
            place_pages.store_page(page, now)
        place_cache.store_places(paid, page.provider, now)

    data = _data(question, page, known=known, paid=_ids(paid))
    return Found(data=data, credits=PRICE * len(paid), store=store)


def _data(
    question: PlacesQuestion, page: Page, *, known: dict[str, PlaceRecord], paid: frozenset[str]
) -> dict[str, Any]:
    """Return a page in the words of the LeadGen API; `"details": false` marks what is not paid."""
    rows = []
    for place in page.places:
        if place.place_id in known:
            rows.append(_full_row(known[place.place_id], is_cached=True))
        elif place.place_id in paid:
            rows.append(_full_row(place, is_cached=False))
        else:
            rows.append(_basic_row(place))
    return {
        "query": question.query,
        "results_count": len(rows),
        "results": rows,
        "next_page_token": page.token or None,
        "cached_count": sum(row["cached"] for row in rows),
        "fetched_count": len(paid),
    }


def _full_row(place: PlaceRecord, *, is_cached: bool) -> Row:
    phone = place.phone or ""
    return {
        **_row(place),
        "phone": place.phone_national or national_form(phone) or None,
        "international_phone": international_form(phone) or None,
        "website": place.website,
        "rating": place.rating,
        "user_ratings_total": place.reviews_count,
        "price_level": place.price_level,
        "opening_hours": [
            f"{day.capitalize()}: {place.opening_hours[day]}"
            for day in WEEKDAYS
            if place.opening_hours.get(day)
        ],
        "photos_count": place.photos_count,
        "cached": is_cached,
    }


def _basic_row(place: PlaceRecord) -> Row:
    return {**_row(place), "details": False}


def _row(place: PlaceRecord) -> Row:
    """Return what says which place it is; the rest is empty, in the order of the API."""
    return {
        "place_id": place.place_id,
        "name": place.name,
        "address": place.address,
        "phone": None,
        "international_phone": None,
        "website": None,
        "rating": None,
        "user_ratings_total": None,
        "types": list(place.types),
        "business_status": place.business_status,
        "price_level": None,
        "opening_hours": [],
        "location": {"lat": place.latitude, "lng": place.longitude},
        "maps_url": place.maps_url,
        "photos_count": None,
        "cached": False,
    }


def _ids(places: Iterable[PlaceRecord]) -> frozenset[str]:
    return frozenset(place.place_id for place in places)


KIND = Kind(recall=recall, find=find, check=check)
