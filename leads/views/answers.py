"""What the page of an answer shows beyond the answer itself."""

from collections.abc import Mapping
from typing import Any

from freshleads.access import WorkspaceRequest
from leads.lookup_forms import AddForm, PlacesForm, SearchEngineForm
from leads.models import Lookup
from leads.questions import LAST_PAGE
from leads.views.place_map import map_of

Context = dict[str, Any]


def context_of(request: WorkspaceRequest, lookup: Lookup, data: Mapping[str, Any]) -> Context:
    """Return what the template of the answer needs."""
    match Lookup.Kind(lookup.kind):
        case Lookup.Kind.CRAWL:
            return _website(request, data)
        case Lookup.Kind.SEARCH:
            return _results(request, lookup, data)
        case Lookup.Kind.ADS:
            return _ads(request, data)
        case Lookup.Kind.PLACES:
            return _places(request, lookup, data)
        case Lookup.Kind.REVIEWS:
            return {}
        case Lookup.Kind.VERIFY:
            return {"summary": summary_of(data["results"])}


def _website(request: WorkspaceRequest, data: Mapping[str, Any]) -> Context:
    own = set(data["emails"])
    return {
        "other_emails": [email for email in data["all_emails"] if email not in own],
        "has_contacts": bool(data["all_emails"] or data["phones"] or data["social_links"]),
        "add_form": AddForm(
            request.workspace, initial={"business_name": data["metadata"]["title"][:300]}
        ),
    }


def _results(request: WorkspaceRequest, lookup: Lookup, data: Mapping[str, Any]) -> Context:
    emails = [email for row in data["results"] for email in row["emails"]]
    values = SearchEngineForm.values_of(lookup.parameters)
    has_more = values["page"] <= LAST_PAGE
    return {
        "add_form": AddForm(request.workspace),
        "emails": list(dict.fromkeys(emails)),
        "next_values": (values | {"page": values["page"] + 1}).items() if has_more else (),
    }


def _ads(request: WorkspaceRequest, data: Mapping[str, Any]) -> Context:
    show = "active" if request.GET.get("show") == "active" else "all"
    rows = [row for row in data["results"] if show == "all" or row["is_active"]]
    return {"show": show, "rows": rows, "add_form": AddForm(request.workspace)}


def _places(request: WorkspaceRequest, lookup: Lookup, data: Mapping[str, Any]) -> Context:
    rows = data["results"]
    values = PlacesForm.values_of(lookup.parameters) | {"page_token": data["next_page_token"]}
    if not values["details"]:  # as a browser sends a box that is not ticked
        del values["details"]
    spots = [(row["name"], row["location"]["lat"], row["location"]["lng"]) for row in rows]
    return {
        "map": map_of(spots),
        "next_values": values.items(),
        "add_form": AddForm(request.workspace),
        "unpaid": sum(row.get("details") is False for row in rows),
    }


def summary_of(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return how many addresses got each verdict, the good ones first."""
    states = [row["status"] for row in rows]
    order = ("valid", "risky", "unknown", "invalid")
    return [(status, states.count(status)) for status in order if status in states]
