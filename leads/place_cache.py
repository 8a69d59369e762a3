"""What is known of places: kept for everybody, asked again when it is old."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from leads.models import Place
from leads.providers.records import PlaceRecord

FRESH_FOR = timedelta(days=30)
MAX_PLACE_ID = 300


def fresh_places(provider: str, place_ids: Iterable[str]) -> dict[str, PlaceRecord]:
    """Return by id what one provider said of these places in the last 30 days."""
    rows = Place.objects.filter(
        provider=provider, place_id__in=set(place_ids), fetched_at__gt=timezone.now() - FRESH_FOR
    )
    return {row.place_id: PlaceRecord.from_dict(row.record) for row in rows}


def is_storable(place: PlaceRecord) -> bool:
    """Tell whether a place has an id that the cache takes."""
    return 0 < len(place.place_id) <= MAX_PLACE_ID


def store_places(places: Sequence[PlaceRecord], provider: str, now: datetime) -> None:
    """Keep what a provider said of places."""
    by_id = {place.place_id: place for place in places if is_storable(place)}
    Place.objects.bulk_create(
        [
            # Sorted, like every upsert of shared rows: writers that meet wait in line.
            Place(
                provider=provider,
                place_id=place_id,
                record=by_id[place_id].to_dict(),
                fetched_at=now,
            )
            for place_id in sorted(by_id)
        ],
        update_conflicts=True,
        unique_fields=["provider", "place_id"],
        update_fields=["record", "fetched_at"],
    )
