"""What place names mean, remembered for everybody: geocoders of volunteers are asked once."""

from datetime import timedelta

from django.utils import timezone

from leads.cleaning import clean
from leads.models import NamedArea
from leads.providers.records import AreaRecord
from leads.providers.sharing import RememberedArea

FRESH = timedelta(days=180)
UNKNOWN_FRESH = timedelta(days=1)  # somebody may map it tomorrow
MAX_NAME_LENGTH = 200


class NamedAreas:
    """The areas that one geocoder has named; an `AreaMemory` of its client."""

    def __init__(self, provider: str) -> None:
        self._provider = provider

    def recall(self, text: str) -> RememberedArea | None:
        """Return what is known of a name, None where it has to be asked."""
        key = _key(text)
        row = NamedArea.objects.filter(provider=self._provider, text=key).first() if key else None
        if row is None:
            return None
        lasts = UNKNOWN_FRESH if row.area is None else FRESH
        if row.fetched_at <= timezone.now() - lasts:
            return None
        return RememberedArea(AreaRecord.from_dict(row.area) if row.area else None)

    def keep(self, text: str, area: AreaRecord | None) -> None:
        """Remember an answer."""
        key = _key(text)
        if not key:
            return
        NamedArea.objects.update_or_create(
            provider=self._provider,
            text=key,
            defaults={
                "area": clean(area.to_dict()) if area else None,
                "fetched_at": timezone.now(),
            },
        )


def _key(text: str) -> str:
    """Return a name as it is kept, in lower case with single spaces; empty for an endless one."""
    name = " ".join(str(clean(text)).lower().split())
    return name if len(name) <= MAX_NAME_LENGTH else ""
