"""Making leads of what a lookup found: the addresses or the places that a person chose of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Workspace
from leads import adding, adding_places, looking_up, projects
from leads.contacts import region_of
from leads.crawler.phones import to_e164
from leads.models import Lookup, Project

SOURCES = {
    Lookup.Kind.CRAWL: "website",
    Lookup.Kind.SEARCH: "search_engine",
    Lookup.Kind.ADS: "ad",
}
MOST_CHOSEN = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the choice; `problem` is why one of the refused ones was refused."""

    added: int
    known: int
    refused: int = 0
    problem: str = ""


def add_chosen(
    workspace: Workspace,
    public_id: str,
    *,
    chosen: Sequence[str],
    project_id: str = "",
    business_name: str = "",
) -> Outcome:
    """Add what is chosen of a lookup's answer, by e-mail address or place id, to the leads.

    Only what the answer shows can be chosen. `business_name` names all leads of one website.
    Raises NotFound (lookup, project), InvalidInput where nothing of the answer is chosen.
    """
    lookup = looking_up.find_lookup(workspace, public_id)
    data = looking_up.answer_of(lookup).data
    project = projects.find_project(workspace, project_id) if project_id else None
    wanted = set(chosen[:MOST_CHOSEN])
    if lookup.kind == Lookup.Kind.PLACES:
        return _add_places(workspace, project, data, wanted)
    rows = [row for row in _rows(lookup, data, business_name) if row["email"] in wanted]
    if not rows:
        raise InvalidInput("Choose at least one address.", param="email")
    source = SOURCES[Lookup.Kind(lookup.kind)]
    result = adding.add_leads(workspace, project=project, rows=rows, source=source)
    problem = result.refused[0] if result.refused else None
    return Outcome(
        added=len(result.lead_ids),
        known=result.duplicates,
        refused=len(result.refused),
        problem=f"{problem.email}: {problem.field} {problem.reason}" if problem else "",
    )


def _add_places(
    workspace: Workspace, project: Project | None, data: Row, wanted: set[str]
) -> Outcome:
    told = [row["place_id"] for row in data["results"] if row.get("details") is not False]
    place_ids = [place_id for place_id in told if place_id in wanted]
    if not place_ids:
        raise InvalidInput("Choose at least one place with details.", param="place")
    result = adding_places.add_places(workspace, project=project, place_ids=place_ids)
    return Outcome(added=len(result.lead_ids), known=result.known)


def _rows(lookup: Lookup, data: Row, business_name: str) -> Iterator[Row]:
    """Yield a row for each address that an answer shows, each address once."""
    seen: set[str] = set()
    for row in _all_rows(lookup, data, business_name):
        if row["email"] not in seen:
            seen.add(row["email"])
            yield row


def _all_rows(lookup: Lookup, data: Row, business_name: str) -> Iterator[Row]:
    match Lookup.Kind(lookup.kind):
        case Lookup.Kind.CRAWL:
            yield from _rows_of(business_name, data["domain"], data["all_emails"], data["phones"])
        case Lookup.Kind.SEARCH:
            for row in data["results"]:
                yield from _rows_of(row["title"], row["url"], row["emails"], row["phones"])
        case Lookup.Kind.ADS:
            for row in data["results"]:
                found = row["contact_data"]
                yield from _rows_of(row["title"], row["url"], found["emails"], found["phones"])


def _rows_of(name: str, url: str, emails: Iterable[str], phones: Iterable[str]) -> Iterator[Row]:
    region = region_of(url)
    numbers = [number for number in (to_e164(text, region) for text in phones) if number]
    for email in emails:
        yield {
            "email": email,
            "business_name": " ".join(name.split())[:300],
            "website": url,
            "phones": ", ".join(numbers[:20]),
        }
