"""Imported open data as a source of places: no key, no network, nothing to wait for.

The data is what `manage.py import_places` put into the folder; each place comes under the licence
that its own source names (CDLA-Permissive-2.0, Apache-2.0, CC0-1.0 or ODbL-1.0).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from freshleads.lib.domains import registrable_domain
from freshleads.lib.errors import InvalidInput, ProviderError
from leads.countries import country_code
from leads.place_store.areas import find_area
from leads.place_store.curve import Box
from leads.place_store.datasets import UnreadableDataset, dataset_paths
from leads.place_store.searching import Mark, StoredPlace, find_places
from leads.providers import osm_contacts
from leads.providers.local_trades import understand
from leads.providers.osm_address import address_line
from leads.providers.osm_tags import read_element
from leads.providers.points import area_of_point
from leads.providers.records import AreaRecord, PlaceRecord, PlacesPage, Position
from leads.providers.values import national, one_line, query_line

MAX_TOKEN = 1000
MAX_NAME = 300
MAX_CATEGORY = 120


class LocalPlaces:
    """Searches what was imported into a folder; safe to share between threads.

    Errors are ProviderError, all permanent: no_local_places where nothing was imported, bad_answer
    where a file is damaged.
    """

    name: ClassVar[str] = "local"
    licence: ClassVar[str] = "Open data; each place names its own licence"
    keep_days: ClassVar[int | None] = None
    # Nothing is capped: an area is divided only where more pages would come than are followed.
    page_size: ClassVar[int] = 500
    result_cap: ClassVar[int] = 10_000
    call_seconds: ClassVar[float] = 10.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_area(self, text: str) -> AreaRecord | None:
        """Return the city, region, postal code or country that a text names, or None.

        Only names that the data itself uses are known. "latitude,longitude" gives a box that
        reaches 5 km to each side; raises InvalidInput where it is not on earth.
        """
        text = query_line(text, "location")
        point = area_of_point(text)
        if point is not None:
            return point
        self._refuse_emptiness()
        try:
            found = find_area(self._folder, text, country_code)
        except UnreadableDataset as error:
            raise _damaged(error) from None
        if found is None:
            return None
        low, high = (found.box.south, found.box.west), (found.box.north, found.box.east)
        return AreaRecord(found.name, low, high, found.center, found.country)

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

        Those in the trade come first, who can be reached best before the others, then those who
        only have the words in their name. `region` is the country of numbers that name none.
        """
        question = understand(query_line(query, "query"))
        self._refuse_emptiness()
        try:
            page = find_places(
                self._folder,
                question,
                Box(*low, *high),
                limit=min(max(page_size, 1), self.page_size),
                after=_mark_of(page_token) if page_token else None,
            )
        except UnreadableDataset as error:
            raise _damaged(error) from None
        records = (read_place(place, region) for place in page.places)
        token = _token_of(page.next) if page.next else None
        return PlacesPage(tuple(record for record in records if record is not None), token)

    def _refuse_emptiness(self) -> None:
        if not dataset_paths(self._folder):
            raise ProviderError(
                f"No places have been imported into {self._folder}. Import some with "
                "`manage.py import_places FILE`.",
                code="no_local_places",
                permanent=True,
            )


def read_place(place: StoredPlace, region: str | None) -> PlaceRecord | None:
    """Return the record of a stored place, None where nothing is left to call it by."""
    if place.tags is not None:
        return _read_tags(place, place.tags, place.country or region)
    name = one_line(place.name, MAX_NAME)
    if not name:
        return None
    country = place.country or region
    tags = _as_tags(place)
    phone = osm_contacts.phone(tags, country)
    return PlaceRecord(
        place_id=place.place_id,
        name=name,
        category=_title(place.categories[0]) if place.categories else None,
        types=tuple(dict.fromkeys(place.categories)),
        address=address_line(tags, place.city, country),
        street=place.street,
        city=place.city,
        region=place.region,
        postal_code=place.postal_code,
        country=country,
        phone=phone,
        phone_national=national(phone),
        website=osm_contacts.website(tags),
        latitude=place.latitude,
        longitude=place.longitude,
        business_status="CLOSED_TEMPORARILY" if place.is_closed_for_now else "OPERATIONAL",
        emails=osm_contacts.emails(tags),
        socials=osm_contacts.socials(tags, country),
        licence=place.licence,
    )


def _read_tags(
    place: StoredPlace, tags: Mapping[str, str], region: str | None
) -> PlaceRecord | None:
    """Read an object of OpenStreetMap as its own servers' answers are read."""
    kind, _, number = place.place_id.removeprefix("osm:").partition("/")
    is_theirs = place.place_id.startswith("osm:") and number.isdigit()
    element = {
        "type": kind if is_theirs else "node",
        "id": int(number) if is_theirs else 1,
        "lat": place.latitude,
        "lon": place.longitude,
        "tags": tags,
    }
    record = read_element(element, region)
    if record is None:
        return None
    record = replace(record, latitude=place.latitude, longitude=place.longitude)
    if not is_theirs:
        record = replace(record, place_id=place.place_id, maps_url=None)
    return replace(record, licence=place.licence)


def _as_tags(place: StoredPlace) -> dict[str, str]:
    """Return address and contacts as OpenStreetMap writes them, to be read by the same rules."""
    tags = {
        "addr:street": place.street,
        "addr:state": place.region,
        "addr:postcode": place.postal_code,
        "website": place.website,
        "phone": ";".join(place.phones),
        "email": ";".join(place.emails),
    }
    for url in place.socials:
        domain = registrable_domain(url)
        for network, (_, domains, _) in osm_contacts.NETWORKS.items():
            if domain in domains:
                tags.setdefault(f"contact:{network}", url)
        if domain in osm_contacts.WHATSAPP_DOMAINS:
            tags.setdefault("contact:whatsapp", url)
    return {key: value for key, value in tags.items() if value}


def _title(category: str) -> str:
    """Return a category as it reads: "dental_clinic" is a "Dental clinic"."""
    words = one_line(category.replace("_", " "), MAX_CATEGORY)
    return words[:1].upper() + words[1:]


def _token_of(mark: Mark) -> str:
    written = json.dumps([mark.level, mark.dataset, mark.cell, mark.place_id])
    return base64.urlsafe_b64encode(written.encode()).decode()


def _mark_of(token: str) -> Mark:
    try:
        written = base64.b64decode(token[:MAX_TOKEN], altchars=b"-_", validate=True)
        level, dataset, cell, place_id = json.loads(written)
    except (binascii.Error, ValueError, TypeError):
        raise _wrong_token() from None
    is_sound = type(level) is int and type(cell) is int and 0 <= cell < 1 << 48
    if not (is_sound and isinstance(dataset, str) and isinstance(place_id, str) and level >= 0):
        raise _wrong_token()
    return Mark(level, dataset, cell, place_id)


def _wrong_token() -> InvalidInput:
    return InvalidInput("This page token is not one of ours.", param="page_token")


def _damaged(error: UnreadableDataset) -> ProviderError:
    return ProviderError(str(error), code="bad_answer", permanent=True)
