"""Lookups of the reviews of one place."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads import failover, registry
from leads.cleaning import clean
from leads.failover import CannotTell
from leads.found import Found, Kind
from leads.lookup_leases import LookupLease, note_stage
from leads.models import PlaceReviews
from leads.providers.contracts import PlaceDetails
from leads.questions import ReviewsQuestion

FRESH_FOR = timedelta(days=7)
PRICE = 5
REQUEST_SECONDS = 30.0
FIELDS = (  # in the order of the API's documentation, which PostgreSQL does not keep
    "author_name",
    "author_url",
    "language",
    "rating",
    "text",
    "time",
    "relative_time_description",
    "profile_photo_url",
)


def recall(workspace: Workspace, question: ReviewsQuestion) -> Found | None:
    """Answer from reviews of the last 7 days."""
    row = (
        PlaceReviews.objects.filter(
            place_id=question.place_id, fetched_at__gt=timezone.now() - FRESH_FOR
        )
        .order_by("-fetched_at")
        .first()
    )
    if row is None:
        return None
    return Found(data=_data(question, row.reviews, is_cached=True), is_cached=True)


def find(lease: LookupLease, question: ReviewsQuestion) -> Found:
    """Ask for the reviews; raises ProviderError, and InvalidInput for an id that nobody knows."""
    note_stage(lease, "Asking for reviews")

    def ask(source: PlaceDetails) -> tuple[str, list[dict[str, Any]]]:
        lease.cover(REQUEST_SECONDS)
        reviews = source.reviews(question.place_id)
        if reviews is None:
            raise CannotTell("There is no place with this place_id.")
        return source.name, [clean(review.to_dict()) for review in reviews]

    try:
        provider, rows = failover.first_answer("reviews", registry.place_details(), ask)
    except CannotTell as error:
        raise InvalidInput(error.message, param="place_id") from None

    def store(now: datetime) -> None:
        PlaceReviews.objects.update_or_create(
            provider=provider,
            place_id=question.place_id,
            defaults={"reviews": rows, "fetched_at": now},
        )

    return Found(data=_data(question, rows, is_cached=False), credits=PRICE, store=store)


def _data(
    question: ReviewsQuestion, reviews: list[dict[str, Any]], *, is_cached: bool
) -> dict[str, Any]:
    rows = [{name: review[name] for name in FIELDS} for review in reviews]
    return {"place_id": question.place_id, "reviews": rows, "cached": is_cached}


KIND = Kind(recall=recall, find=find)
