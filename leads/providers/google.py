"""Google Places API (New): text search with everything a lead needs in the one call.

Wire contract: google.maps.places.v1 `places_service.proto` and its REST mapping. The field mask
asks for website and phone in the search itself, so no place costs a second call.
"""

import logging
import math
import re
from typing import Any, ClassVar

from freshleads.lib.errors import InvalidInput, ProviderError
from freshleads.lib.http import BadResponse, Client
from leads.providers.google_errors import bad_answer, refusal, transport_failure
from leads.providers.google_messages import read_area, read_place
from leads.providers.records import AreaRecord, PlacesPage, Position

BASE_URL = "https://places.googleapis.com"
DEADLINE_SECONDS = 20.0
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_QUERY_LENGTH = 500
AREA_CANDIDATES = 5
BOX_KM = 5.0  # from the point to each side of its box
KM_PER_DEGREE = 111.195
MAX_HALF_WIDTH_DEGREES = 89.0  # the API takes boxes of at most 180 degrees

SEARCH_FIELDS = (
    "id",
    "displayName",
    "types",
    "primaryTypeDisplayName",
    "formattedAddress",
    "addressComponents",
    "location",
    "internationalPhoneNumber",
    "nationalPhoneNumber",
    "websiteUri",
    "rating",
    "userRatingCount",
    "regularOpeningHours",
    "businessStatus",
    "priceLevel",
    "photos.name",
    "googleMapsUri",
)
AREA_FIELDS = (
    "id",
    "displayName",
    "types",
    "formattedAddress",
    "addressComponents",
    "location",
    "viewport",
)
# Only asked-for members come back, the token of the next page too.
SEARCH_MASK = ",".join([*(f"places.{name}" for name in SEARCH_FIELDS), "nextPageToken"])
AREA_MASK = ",".join(f"places.{name}" for name in AREA_FIELDS)

_COORDINATE = r"([+-]?[0-9]{1,3}(?:\.[0-9]{0,15})?)"
_POINT = re.compile(rf"\s*{_COORDINATE}\s*,\s*{_COORDINATE}\s*")

log = logging.getLogger(__name__)


class GooglePlaces:
    """Searches Google's places with one API key; safe to share between threads.

    Errors are ProviderError with the codes invalid_key, access_denied, request_refused (these are
    permanent), quota_exceeded, provider_unavailable and bad_answer (these may pass).
    """

    name: ClassVar[str] = "google"
    licence: ClassVar[str] = "Google Maps Platform terms"
    keep_days: ClassVar[int | None] = 30
    page_size: ClassVar[int] = 20
    result_cap: ClassVar[int] = 60

    def __init__(
        self, api_key: str, client: Client, base_url: str = BASE_URL, language: str = "en"
    ) -> None:
        self._api_key = api_key.strip()
        self._client = client
        self._search_url = base_url.rstrip("/") + "/v1/places:searchText"
        self._language = language

    def find_area(self, text: str) -> AreaRecord | None:
        """Return the city, region, postal code or country that a text names, or None.

        "latitude,longitude" gives a box that reaches 5 km to each side, without a request; raises
        InvalidInput where it is not on earth.
        """
        text = _query(text, "location")
        point = _POINT.fullmatch(text)
        if point:
            return _box_around(float(point[1]), float(point[2]))
        body = {"textQuery": text, "pageSize": AREA_CANDIDATES, "languageCode": self._language}
        answer = self._ask(body, AREA_MASK)
        areas = map(read_area, _places_of(answer))
        return next((area for area in areas if area is not None), None)

    def search(
        self,
        query: str,
        *,
        low: Position,
        high: Position,
        page_token: str | None = None,
        page_size: int = 20,
        region: str | None = None,
    ) -> PlacesPage:
        """Return one page of what matches inside a box (south-western, north-eastern corner).

        `region` is the ISO code of the country asked from; a next page wants the same arguments
        and the token. At most 60 places come for one query and box.
        """
        body: dict[str, Any] = {
            "textQuery": _query(query, "query"),
            "pageSize": min(max(page_size, 1), self.page_size),
            "languageCode": self._language,
            "includePureServiceAreaBusinesses": True,
            "locationRestriction": {"rectangle": {"low": _lat_lng(low), "high": _lat_lng(high)}},
        }
        if region:
            body["regionCode"] = region
        if page_token:
            body["pageToken"] = page_token
        answer = self._ask(body, SEARCH_MASK)
        messages = _places_of(answer)
        places = tuple(place for place in map(read_place, messages) if place is not None)
        if len(places) < len(messages):
            log.warning(
                "skipped %d of %d unreadable places", len(messages) - len(places), len(messages)
            )
        token = answer.get("nextPageToken")
        return PlacesPage(places, token if isinstance(token, str) and token else None)

    def _ask(self, body: dict[str, Any], mask: str) -> dict[str, Any]:
        """Post one text search and return its JSON object, `{}` where nothing matches."""
        if not self._api_key:
            message = "No Google Places API key is set."
            raise ProviderError(message, code="invalid_key", permanent=True)
        headers = {"X-Goog-Api-Key": self._api_key, "X-Goog-FieldMask": mask}
        try:
            response = self._client.post(
                self._search_url,
                json=body,
                headers=headers,
                deadline=DEADLINE_SECONDS,
                max_bytes=MAX_ANSWER_BYTES,
            )
        except ProviderError as error:
            raise transport_failure(error) from None
        if response.status != 200:
            raise refusal(response, self._api_key)
        try:
            answer = response.json()
        except BadResponse:
            raise bad_answer("Google Places gave an answer that is not JSON.") from None
        if not isinstance(answer, dict):
            raise bad_answer("Google Places gave an answer of an unknown shape.")
        return answer


def _places_of(answer: dict[str, Any]) -> list[Any]:
    places = answer.get("places", [])
    if not isinstance(places, list):
        raise bad_answer("Google Places gave an answer of an unknown shape.")
    return places


def _query(text: str, param: str) -> str:
    """Return a query in one line; raise InvalidInput for an empty or an endless one."""
    line = " ".join(text.split())
    if not 0 < len(line) <= MAX_QUERY_LENGTH:
        raise InvalidInput(f"Give 1 to {MAX_QUERY_LENGTH} characters.", param=param)
    return line


def _lat_lng(position: Position) -> dict[str, float]:
    return {"latitude": position[0], "longitude": position[1]}


def _box_around(latitude: float, longitude: float) -> AreaRecord:
    """Return the box of 5 km around a point; its sides follow the meridians and parallels."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        message = "A latitude is from -90 to 90, a longitude from -180 to 180."
        raise InvalidInput(message, param="location")
    height = BOX_KM / KM_PER_DEGREE
    shrink = max(math.cos(math.radians(latitude)), 1e-6)
    width = min(height / shrink, MAX_HALF_WIDTH_DEGREES)
    low = (max(latitude - height, -90.0), _wrapped(longitude - width))
    high = (min(latitude + height, 90.0), _wrapped(longitude + width))
    return AreaRecord(f"{latitude:.5f}, {longitude:.5f}", low, high, (latitude, longitude))


def _wrapped(longitude: float) -> float:
    """Return a longitude that ran over the 180th meridian on its other side."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
