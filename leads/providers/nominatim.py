"""Nominatim: where on earth the place lies that a text names.

Wire contract: osm-search/Nominatim docs/api/Search.md and Output.md (format jsonv2). The public
server takes one request a second of the whole application, wants an identifying User-Agent and
every answer remembered: operations.osmfoundation.org/policies/nominatim.
"""

import re
from typing import Any

from freshleads.lib.errors import ProviderError
from freshleads.lib.http import BadResponse, Client, Response, TooLarge
from leads.providers.records import AreaRecord, Position
from leads.providers.sharing import AreaMemory, NoMemory, Pace, at_once
from leads.providers.values import submessage, text
from leads.providers.vendor_calls import words_of
from leads.providers.vendor_faults import Faults

BASE_URL = "https://nominatim.openstreetmap.org"
SERVICE = "nominatim"
DEADLINE_SECONDS = 15.0
MAX_ANSWER_BYTES = 512 * 1024
CANDIDATES = 5
FINEST_RANK = 25  # of places: 26 and above are streets, houses and what stands in them
_FAULTS = Faults("Nominatim", key="")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")


class Nominatim:
    """Names to areas; safe to share between threads.

    Errors are ProviderError with the codes access_denied, request_refused (these are permanent),
    quota_exceeded, provider_unavailable and bad_answer (these may pass).
    """

    def __init__(
        self,
        client: Client,
        base_url: str = BASE_URL,
        *,
        pace: Pace = at_once,
        remember: AreaMemory | None = None,
        language: str = "en",
    ) -> None:
        self._client = client
        self._search_url = base_url.rstrip("/").removesuffix("/search") + "/search"
        self._pace = pace
        self._memory = remember or NoMemory()
        self._language = language

    def find_area(self, name: str) -> AreaRecord | None:
        """Return the city, region, postal code or country of this name, None if there is none."""
        remembered = self._memory.recall(name)
        if remembered is not None:
            return remembered.area
        rows = self._ask(name)
        areas = map(read_area, rows[:CANDIDATES])
        area = next((area for area in areas if area is not None), None)
        self._memory.keep(name, area)
        return area

    def _ask(self, name: str) -> list[Any]:
        params: dict[str, str | int | float] = {
            "q": name,
            "format": "jsonv2",
            "limit": CANDIDATES,
            "layer": "address",
            "addressdetails": 1,
            "accept-language": self._language,
        }
        response = self._get(params)
        if response.status != 200:
            raise _refusal(response)
        try:
            rows = response.json()
        except BadResponse:
            raise _FAULTS.bad_answer("that is not JSON") from None
        if not isinstance(rows, list):
            raise _FAULTS.bad_answer("of an unknown shape")
        return rows

    def _get(self, params: dict[str, str | int | float]) -> Response:
        """Send one request in its turn; return the answer, whatever its status."""
        with self._pace(SERVICE):
            try:
                return self._client.get(
                    self._search_url,
                    params=params,
                    deadline=DEADLINE_SECONDS,
                    max_bytes=MAX_ANSWER_BYTES,
                )
            except (BadResponse, TooLarge):
                raise _FAULTS.bad_answer("that could not be read") from None
            except ProviderError as error:
                raise ProviderError(
                    f"Nominatim could not be reached: {error.message}",
                    code="provider_unavailable",
                    permanent=error.permanent,
                ) from None


def read_area(row: object) -> AreaRecord | None:
    """Return the area of one jsonv2 row, None for a street, a house or a row without a box."""
    if not isinstance(row, dict):
        return None
    rank, name = row.get("place_rank"), text(row, "display_name")
    if type(rank) is not int or not 0 < rank <= FINEST_RANK or name is None:
        return None
    box = row.get("boundingbox")
    corners = box if isinstance(box, list) and len(box) == 4 else [None] * 4
    south, north = _degrees(corners[0], 90), _degrees(corners[1], 90)
    west, east = _degrees(corners[2], 180), _degrees(corners[3], 180)
    if south is None or north is None or west is None or east is None:
        return None
    if south >= north or west >= east:
        return None
    code = (text(submessage(row, "address"), "country_code") or "").upper()
    country = code if re.fullmatch(r"[A-Z]{2}", code) else None
    center = _center(row) or ((south + north) / 2, (west + east) / 2)
    return AreaRecord(name, (south, west), (north, east), center, country)


def _center(row: dict[str, Any]) -> Position | None:
    latitude, longitude = _degrees(row.get("lat"), 90), _degrees(row.get("lon"), 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(written: object, most: float) -> float | None:
    """Return a coordinate, which Nominatim writes as a string; None if it is none on earth."""
    if not isinstance(written, str) or not _DEGREES.fullmatch(written):
        return None
    degrees = float(written)
    return degrees if -most <= degrees <= most else None


def _refusal(response: Response) -> ProviderError:
    """Return the error that an answer with an error status means."""
    if response.status == 403:
        return ProviderError(
            "Nominatim refuses this installation: it blocks who asks too often or does not say "
            "whom to write to. Set FRESHLEADS_BOT_CONTACT, or NOMINATIM_URL to another server.",
            code="access_denied",
            permanent=True,
        )
    return _FAULTS.of_status(response, words_of(response, "error", "message"))
