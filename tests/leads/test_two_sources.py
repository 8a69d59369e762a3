"""The sandbox's city in two sources: what is one business is one lead, paid once."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from freshleads.billing.models import CreditEntry
from freshleads.sandbox.entities import Business
from freshleads.sandbox.osm_elements import element_of
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.world import build_world
from freshleads.users.models import User, Workspace
from leads import matching, merging, searching
from leads.matching import Description
from leads.models import Lead, LeadIdentity, Search

METRE = 1 / matching.METRES_PER_DEGREE


@pytest.mark.usefixtures("exact_totals")
def test_a_city_found_in_google_and_then_on_openstreetmap_is_paid_once(
    sandbox: Sandbox,
    settings: Settings,
    workspace: Workspace,
    alice: User,
    run_to_end: Callable[[Search], Search],
) -> None:
    def find(source: str) -> Search:
        settings.LEADS_PLACES_PROVIDERS = (source,)
        search = run_to_end(
            searching.start_search(
                workspace,
                by=alice,
                query="dentists",
                location="Bristol",
                limit=100,
                verify_emails=False,
            )
        )
        assert (search.status, search.provider) == ("completed", source)
        return search

    google = find("google")
    paid = CreditEntry.objects.filter(kind="charge").count()
    osm = find("openstreetmap")
    truth = {business.place_id: _node(business) for business in sandbox.world.businesses}
    listed = {node: place_id for place_id, node in truth.items()}
    found = set(google.results.values_list("lead__place_id", flat=True))
    twins = LeadIdentity.objects.filter(provider="openstreetmap").select_related("lead")
    assert all(truth[twin.lead.place_id] == twin.place_id for twin in twins), "none is another's"
    new = set(osm.results.filter(is_new=True).values_list("lead__place_id", flat=True))
    assert not {listed[node] for node in new} & found, "none is paid twice"
    assert twins.count() == osm.results.filter(is_new=False).count() > 0.8 * len(found)
    assert CreditEntry.objects.filter(kind="charge").count() == paid + len(new)
    assert LeadIdentity.objects.filter(provider="google").count() == twins.count()
    leads = Lead.objects.filter(pk__in=twins.values("lead"))
    assert {lead.sources["place_id"]["source"] for lead in leads} == {"google"}


def _node(business: Business) -> str:
    element = element_of(business)
    return f"osm:{element['type']}/{element['id']}"


@pytest.mark.parametrize("seed", range(3))
def test_however_differently_a_second_source_writes_no_two_businesses_become_one(
    seed: int,
) -> None:
    rng = random.Random(seed)
    areas = {business.area for business in build_world().businesses}
    right = found = there = 0
    for area in sorted(areas):
        all_of_them = [one for one in build_world().businesses if one.area == area]
        ours = {one.place_id: _described(one) for one in all_of_them if rng.random() < 0.6}
        theirs = {one.place_id: _retold(_described(one), rng) for one in all_of_them}
        theirs |= {f"{name} decoy": _decoy(theirs[name], rng) for name in theirs}
        matches = matching.best_matches(theirs, ours)
        right += sum(name == match for name, match in matches.items())
        found += len(matches)
        there += len(ours)
    assert right == found, "precision"
    assert right / there > 0.96, "recall"


def _described(business: Business) -> Description:
    return Description(
        name=business.name,
        domain=merging.own_domain(business.website or ""),
        phones=frozenset({business.phone_e164} if business.phone_e164 else ()),
        position=(business.latitude, business.longitude),
        street=business.street,
        postal_code=business.postal_code,
        city=business.city,
    )


def _retold(told: Description, rng: random.Random) -> Description:
    """Return a description as another source might have it: other spelling, less of it, nearby."""
    name = rng.choice(
        (
            told.name,
            told.name.upper(),
            f"{told.name} {rng.choice(('GmbH', 'LLC', 'Ltd.', 'S.A.R.L.'))}",
            f"{told.name} {told.city}",
            unicodedata.normalize("NFKD", told.name).encode("ascii", "ignore").decode(),
            " ".join(reversed(told.name.split())),
        )
    )
    assert told.position is not None
    north, east = (rng.gauss(0, 25) * METRE for _ in range(2))
    return replace(
        told,
        name=name,
        domain=told.domain if rng.random() < 0.6 else "",
        phones=told.phones if rng.random() < 0.6 else frozenset(),
        street=told.street if rng.random() < 0.5 else "",
        position=(told.position[0] + north, told.position[1] + east),
    )


def _decoy(told: Description, rng: random.Random) -> Description:
    """Return what only looks like a business: a branch, a namesake, a neighbour, a colleague."""
    assert told.position is not None
    latitude, longitude = told.position
    there = (latitude + rng.choice((-1, 1)) * rng.uniform(400, 3000) * METRE, longitude)
    strangers_phone = frozenset({f"+1999{rng.randrange(10**7):07}"})
    return rng.choice(
        (
            replace(told, phones=strangers_phone, position=there, street="999 Other St"),
            replace(told, phones=frozenset(), domain="", position=there, street=""),
            replace(told, position=there, street=""),
            replace(told, phones=strangers_phone, domain="", street=""),
            replace(told, name="Quite Another Thing", phones=frozenset(), domain=""),
            replace(told, name=f"{told.name} Supplies", phones=frozenset(), domain="", street=""),
            replace(told, name="Dr. Xaver Zimmermann", street=""),
        )
    )
