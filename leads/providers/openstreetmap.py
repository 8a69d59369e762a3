"""OpenStreetMap as a source of places: names by Nominatim, businesses by Overpass.

Free, without a key, and storable under the ODbL, which asks for `attribution` wherever its data
is shown. Both services are run by volunteers: calls go through the pace of the installation.
"""

import logging
from typing import ClassVar

from freshleads.lib.http import Client
from leads.providers import nominatim, overpass
from leads.providers.nominatim import Nominatim
from leads.providers.osm_tags import read_element
from leads.providers.osm_trades import understand
from leads.providers.overpass import Overpass
from leads.providers.points import area_of_point
from leads.providers.records import AreaRecord, PlacesPage, Position
from leads.providers.sharing import AreaMemory, Pace, at_once
from leads.providers.values import query_line

PACE_SECONDS = 10.0  # the longest wait for a turn

log = logging.getLogger(__name__)


class OpenStreetMap:
    """Searches OpenStreetMap; safe to share between threads.

    Errors are ProviderError with the codes access_denied, request_refused (these are permanent),
    quota_exceeded, provider_unavailable and bad_answer (these may pass).
    """

    name: ClassVar[str] = "openstreetmap"
    licence: ClassVar[str] = "ODbL 1.0"
    attribution: ClassVar[str] = "© OpenStreetMap contributors"
    keep_days: ClassVar[int | None] = None
    # The service caps nothing: an area is divided only where an answer was cut short.
    page_size: ClassVar[int] = 500
    result_cap: ClassVar[int] = 10_000
    call_seconds: ClassVar[float] = (
        PACE_SECONDS + overpass.DEADLINE_SECONDS + overpass.STATUS_SECONDS
    )

    def __init__(
        self,
        client: Client,
        *,
        nominatim_url: str = nominatim.BASE_URL,
        overpass_url: str = overpass.BASE_URL,
        pace: Pace = at_once,
        remember: AreaMemory | None = None,
    ) -> None:
        self._nominatim = Nominatim(client, nominatim_url, pace=pace, remember=remember)
        self._overpass = Overpass(client, overpass_url, pace=pace)

    def find_area(self, text: str) -> AreaRecord | None:
        """Return the city, region, postal code or country that a text names, or None.

        "latitude,longitude" gives a box that reaches 5 km to each side, without a request; raises
        InvalidInput where it is not on earth.
        """
        text = query_line(text, "location")
        return area_of_point(text) or self._nominatim.find_area(text)

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

        A trade is looked for by its tags, anything else in the names of businesses. `region` is
        the ISO code of the country asked from; a next page wants the same arguments and the token.
        """
        wanted = understand(query_line(query, "query"))
        if not (wanted.selectors or wanted.name_words):
            return PlacesPage(())  # punctuation names no business
        answer = self._overpass.search(
            wanted,
            low=low,
            high=high,
            page_size=min(max(page_size, 1), self.page_size),
            page_token=page_token,
        )
        records = [read_element(element, region) for element in answer.elements]
        places = tuple(record for record in records if record is not None)
        if len(places) < len(records):
            log.info("left out %d of %d nameless objects", len(records) - len(places), len(records))
        return PlacesPage(places, answer.next_page_token, answer.is_cut)
