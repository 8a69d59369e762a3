"""Google Places API (New): text search with everything a lead needs in the one call.

Wire contract: google.maps.places.v1 `places_service.proto` and its REST mapping. The field mask
asks for website and phone in the search itself, so no lead costs a second call; single places and
their reviews are asked by id.
"""

import logging
import re
from typing import Any, ClassVar

from freshleads.lib.errors import ProviderError
from freshleads.lib.http import BadResponse, Client, Response
from leads.providers.google_errors import bad_answer, is_dead_id, refusal, transport_failure
from leads.providers.google_messages import read_area, read_place
from leads.providers.google_reviews import read_reviews
from leads.providers.points import area_of_point
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage, Position, ReviewRecord
from leads.providers.values import query_line

BASE_URL = "https://places.googleapis.com"
DEADLINE_SECONDS = 20.0
MAX_ANSWER_BYTES = 4 * 1024 * 1024
AREA_CANDIDATES = 5
KEEP_DAYS = 30  # Google's terms allow places to be cached for so long

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
DETAILS_MASK = ",".join(SEARCH_FIELDS)
REVIEWS_MASK = "id,reviews"

_PLACE_ID = re.compile(r"[A-Za-z0-9_-]{1,300}")

log = logging.getLogger(__name__)


class GooglePlaces:
    """Searches Google's places with one API key; safe to share between threads.

    Errors are ProviderError with the codes invalid_key, access_denied, request_refused (these are
    permanent), quota_exceeded, provider_unavailable and bad_answer (these may pass). Content must
    go after `keep_days`; only a contract of one's own with Google allows None.
    """

    name: ClassVar[str] = "google"
    licence: ClassVar[str] = "Google Maps Platform terms"
    page_size: ClassVar[int] = 20
    result_cap: ClassVar[int] = 60
    call_seconds: ClassVar[float] = DEADLINE_SECONDS

    def __init__(
        self,
        api_key: str,
        client: Client,
        base_url: str = BASE_URL,
        language: str = "en",
        keep_days: int | None = KEEP_DAYS,
    ) -> None:
        self.keep_days = keep_days
        self._api_key = api_key.strip()
        self._client = client
        self._base_url = base_url.rstrip("/")
        self._language = language

    def find_area(self, text: str) -> AreaRecord | None:
        """Return the city, region, postal code or country that a text names, or None.

        "latitude,longitude" gives a box that reaches 5 km to each side, without a request; raises
        InvalidInput where it is not on earth.
        """
        text = query_line(text, "location")
        area = area_of_point(text)
        if area is not None:
            return area
        body = {"textQuery": text, "pageSize": AREA_CANDIDATES, "languageCode": self._language}
        answer = self._search(body, AREA_MASK)
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
            "textQuery": query_line(query, "query"),
            "pageSize": min(max(page_size, 1), self.page_size),
            "languageCode": self._language,
            "includePureServiceAreaBusinesses": True,
            "locationRestriction": {"rectangle": {"low": _lat_lng(low), "high": _lat_lng(high)}},
        }
        if region:
            body["regionCode"] = region
        if page_token:
            body["pageToken"] = page_token
        answer = self._search(body, SEARCH_MASK)
        messages = _places_of(answer)
        places = tuple(place for place in map(read_place, messages) if place is not None)
        if len(places) < len(messages):
            log.warning(
                "skipped %d of %d unreadable places", len(messages) - len(places), len(messages)
            )
        token = answer.get("nextPageToken")
        return PlacesPage(places, token if isinstance(token, str) and token else None)

    def details(self, place_id: str) -> PlaceRecord | None:
        """Return the place, None where the id is unknown or dead."""
        answer = self._get(place_id, DETAILS_MASK)
        if answer is None:
            return None
        place = read_place(answer)
        if place is None:
            raise bad_answer("Google Places gave a place without its name.")
        return place

    def reviews(self, place_id: str) -> tuple[ReviewRecord, ...] | None:
        """Return up to five reviews, None where the id is unknown or dead."""
        answer = self._get(place_id, REVIEWS_MASK)
        return None if answer is None else read_reviews(answer)

    def _search(self, body: dict[str, Any], mask: str) -> dict[str, Any]:
        """Post one text search and return its JSON object, `{}` where nothing matches."""
        return self._read(self._call("POST", "/v1/places:searchText", mask, json=body))

    def _get(self, place_id: str, mask: str) -> dict[str, Any] | None:
        """Return the Place message with an id, None where the id is unknown or dead."""
        if not _PLACE_ID.fullmatch(place_id):
            return None
        language = {"languageCode": self._language}
        response = self._call("GET", f"/v1/places/{place_id}", mask, params=language)
        return None if is_dead_id(response) else self._read(response)

    def _call(
        self,
        method: str,
        path: str,
        mask: str,
        *,
        json: dict[str, Any] | None = None,
        params: dict[str, str] | None = None,
    ) -> Response:
        """Send one request with key and field mask; return the answer, whatever its status."""
        if not self._api_key:
            message = "No Google Places API key is set."
            raise ProviderError(message, code="invalid_key", permanent=True)
        try:
            return self._client.request(
                method,
                self._base_url + path,
                json=json,
                params=params,
                headers={"X-Goog-Api-Key": self._api_key, "X-Goog-FieldMask": mask},
                deadline=DEADLINE_SECONDS,
                max_bytes=MAX_ANSWER_BYTES,
            )
        except ProviderError as error:
            raise transport_failure(error) from None

    def _read(self, response: Response) -> dict[str, Any]:
        """Return the JSON object of an answer; raise what a refusal means."""
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


def _lat_lng(position: Position) -> dict[str, float]:
    return {"latitude": position[0], "longitude": position[1]}
