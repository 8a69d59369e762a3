"""Which sources this installation asks for what, how each is doing, and what it allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from freshleads.checks import KNOWN_PROVIDERS, NEEDED
from leads import registry
from leads.models import ProviderHealth
from leads.place_store.datasets import opened_datasets
from leads.providers.contracts import FAULTS

LABELS: Mapping[str, str] = {
    "google": "Google Places",
    "openstreetmap": "OpenStreetMap",
    "local": "Imported open data",
    "serpapi": "SerpApi",
    "scraperapi": "ScraperAPI",
    "serper": "Serper",
    "brave": "Brave Search",
    "searxng": "SearXNG",
}
# What each ability is asked for, and the setting that names its sources.
ABILITIES: Mapping[str, tuple[str, str]] = {
    "places": ("Places", "PLACES"),
    "reviews": ("Reviews", "PLACES"),
    "search": ("Search engines", "SEARCH"),
    "ads": ("Ads", "ADS"),
}
ODBL = "ODbL"
OPEN = (
    "Yours to keep, to combine, to sell and to pass on. Some places name ODbL: for those the rule "
    "of OpenStreetMap holds."
)
SHARE_ALIKE = (
    "Yours to keep and to use. Where you show it, credit it as below; a database made of it that "
    "you give to others has to be offered under the same licence."
)
LINKS = (
    "Links, titles and snippets, kept for 7 days. What stands on the linked pages belongs to "
    "their owners."
)
ADVERTS = (
    "What the search engine shows beside its results, kept as history. Ads are never clicked: a "
    "click would cost the advertiser money."
)
ALIKE: Mapping[str, str] = {"search": LINKS, "ads": ADVERTS}


class State(StrEnum):
    """How a source is doing."""

    UNTRIED = "untried"
    WORKS = "works"
    FAILING = "failing"
    RESTING = "resting"


@dataclass(frozen=True, slots=True)
class Source:
    """One source behind an ability.

    `problem` says in plain words why it last failed, `details` what it said itself (operators
    alone should see that). `attribution` is what must stand wherever its data is shown.
    """

    name: str
    label: str
    state: State
    licence: str
    allows: str
    attribution: str
    engines: tuple[str, ...]
    is_stand_in: bool
    problem: str
    details: str
    failures: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    resting_until: datetime | None


@dataclass(frozen=True, slots=True)
class ImportedPlaces:
    """One dataset on this machine: its name, how many places, their licences, and since when."""

    name: str
    places: int
    licences: tuple[str, ...]
    imported_at: datetime | None


@dataclass(frozen=True, slots=True)
class Switch:
    """A source that could be switched on; `needs` is the setting that it wants, "" for none."""

    name: str
    label: str
    needs: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Ability:
    """What can be asked, the sources that answer it in their order, and those that could.

    `allows` holds for all of them alike where it is not empty; `chosen` is what the setting names.
    """

    name: str
    title: str
    allows: str
    setting: str
    chosen: tuple[str, ...]
    sources: tuple[Source, ...]
    others: tuple[Switch, ...]

    @property
    def works(self) -> bool:
        """Whether some source may be asked right now."""
        return any(source.state is not State.RESTING for source in self.sources)


def list_abilities() -> list[Ability]:
    """Return every ability with its sources in the order in which they are asked."""
    health = {(row.ability, row.provider): row for row in ProviderHealth.objects.all()}
    now = timezone.now()
    configured: Mapping[str, Sequence[Any]] = {
        "places": registry.place_sources(),
        "reviews": registry.place_details(),
        "search": sorted(registry.search_engines(), key=lambda engine: engine.is_stand_in),
        "ads": registry.ad_sources(),
    }
    return [
        Ability(
            name=name,
            title=title,
            allows=ALIKE.get(name, ""),
            chosen=tuple(getattr(settings, f"LEADS_{setting}_PROVIDERS")),
            setting=f"FRESHLEADS_{setting}_PROVIDERS",
            sources=tuple(
                _source(name, client, health.get((name, client.name)), now)
                for client in configured[name]
            ),
            others=_others(name, setting, {client.name for client in configured[name]}),
        )
        for name, (title, setting) in ABILITIES.items()
    ]


def imported_places() -> tuple[ImportedPlaces, ...]:
    """Return what was imported into the folder of open data; raises UnreadableDataset."""
    with opened_datasets(settings.LOCAL_PLACES_DIR) as datasets:
        return tuple(
            ImportedPlaces(
                name=dataset.name,
                places=dataset.places,
                licences=tuple(sorted(dataset.licences.values())),
                imported_at=parse_datetime(str(dataset.facts.get("imported_at", ""))),
            )
            for dataset in datasets
        )


def _is_odbl(licence: object) -> bool:
    return str(licence or "").startswith(ODBL)


def _source(ability: str, client: Any, row: ProviderHealth | None, now: datetime) -> Source:
    licence = getattr(client, "licence", "")
    return Source(
        name=client.name,
        label=LABELS.get(client.name, client.name),
        state=_state(row, now),
        licence=licence,
        allows=_allows(ability, client),
        attribution=getattr(client, "attribution", ""),
        engines=_engines(ability, client),
        is_stand_in=ability == "search" and client.is_stand_in,
        problem=_problem(row),
        details=row.error_message if row else "",
        failures=row.failures if row else 0,
        last_success_at=row.last_success_at if row else None,
        last_failure_at=row.last_failure_at if row else None,
        resting_until=row.resting_until if row else None,
    )


def _state(row: ProviderHealth | None, now: datetime) -> State:
    if row is None or (row.last_success_at is None and not row.failures):
        return State.UNTRIED
    if row.resting_until is not None and row.resting_until > now:
        return State.RESTING
    return State.FAILING if row.failures else State.WORKS


def _problem(row: ProviderHealth | None) -> str:
    if row is None or not row.failures:
        return ""
    return FAULTS.get(row.error_code, "It failed in a way that is not known here.")


def _engines(ability: str, client: Any) -> tuple[str, ...]:
    if ability == "search":
        return tuple(sorted(client.engines))
    return tuple(sorted(client.ad_engines)) if ability == "ads" else ()


def _allows(ability: str, client: Any) -> str:
    """Return in one or two sentences what may be done with what a source says."""
    if ability in ALIKE:
        return ALIKE[ability]
    if client.name == "google":
        return _lent(ability, client.keep_days)
    return SHARE_ALIKE if _is_odbl(client.licence) else OPEN


def _lent(ability: str, days: int | None) -> str:
    if ability == "reviews":
        return "Shown with their authors, never exported, asked again after 7 days."
    if days is None:
        return "Kept without a limit: the agreement of this installation with Google says so."
    return (
        f"Lent, not given: kept for {days} days, then only the place id stays. What you, the "
        "website or open data say of the business stays too; finding it again is free."
    )


def _others(ability: str, setting: str, configured: set[str]) -> tuple[Switch, ...]:
    """Return the sources that the settings could name and do not; reviews are Google's alone."""
    known = ("google",) if ability == "reviews" else KNOWN_PROVIDERS[setting]
    return tuple(
        Switch(
            name=name,
            label=LABELS.get(name, name),
            needs=NEEDED.get(name, ""),
            is_ready=not NEEDED.get(name) or bool(getattr(settings, NEEDED[name])),
        )
        for name in known
        if name not in configured
    )
