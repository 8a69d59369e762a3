"""Counts what dividing the map finds, and what it costs, in a city of 1,500 restaurants.

    python -m bench.splitting [--query restaurants] [--location "Bistropolis, KS"]

A source shows 60 places for one question, 20 on a page. The ideal is a request for every 20 places,
each place listed once, as somebody could do it who knows beforehand where they all stand. Runs the
real client against the sandbox, divides as a search does, once more to compare what is found, and
once more as the next run of a saved search, which begins where the last one divided.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from freshleads.lib.addresses import AddressPolicy, Route, SystemResolver
from freshleads.lib.http import Client
from freshleads.sandbox.crowd import crowd
from freshleads.sandbox.server import Sandbox
from leads import splitting
from leads.providers.google import GooglePlaces
from leads.providers.records import AreaRecord

LOOPBACK = "127.0.0.1"


@dataclass
class Sweep:
    """What one sweep of an area found, and what it asked."""

    cells: list[splitting.Cell]
    ids: set[str] = field(default_factory=set)
    outside: int = 0
    requests: int = 0
    first: dict[int, int] = field(
        default_factory=dict
    )  # how many were known after so many requests

    @property
    def in_full_cells(self) -> int:
        return sum(cell["pages"] for cell in self.cells if cell["state"] == "split")

    def needed_for(self, count: int) -> int | None:
        """Return how many requests the first so many places took."""
        return next((asked for asked, known in self.first.items() if known >= count), None)


def sweep(source: GooglePlaces, query: str, area: AreaRecord, cells: list[splitting.Cell]) -> Sweep:
    """Ask cell by cell and page by page until nothing is left to ask."""
    done = Sweep(cells)
    box = {"low": area.low, "high": area.high}
    while (cell := splitting.next_cell(cells)) is not None:
        page = source.search(
            query,
            low=(cell["low"][0], cell["low"][1]),
            high=(cell["high"][0], cell["high"][1]),
            page_token=cell["page_token"],
            page_size=source.page_size,
            region=area.country,
        )
        for place in page.places:
            if splitting.contains(box, place.latitude, place.longitude):
                done.ids.add(place.place_id)
            else:
                done.outside += 1
        splitting.note_page(
            cells,
            cell,
            results=len(page.places),
            token=page.next_page_token,
            cap=source.result_cap,
            is_incomplete=page.is_incomplete,
        )
        done.requests += 1
        done.first[done.requests] = len(done.ids)
    return done


def truth(sandbox: Sandbox, query: str, area: AreaRecord) -> set[str]:
    """Return the ids of the restaurants that stand in the area, open or closed."""
    trade = "restaurant" if "restaurant" in query else query.rstrip("s")
    everybody = (*sandbox.world.businesses, *crowd())
    box = {"low": area.low, "high": area.high}
    return {
        business.place_id
        for business in everybody
        if business.trade == trade
        and splitting.contains(box, business.latitude, business.longitude)
    }


def report(name: str, done: Sweep, there: set[str]) -> None:
    ideal = ceil(len(there) / 20)
    states = Counter(cell["state"] for cell in done.cells)
    print(f"\n{name}")
    print(
        f"  found          {len(done.ids & there):6} of {len(there)} "
        f"({len(done.ids & there) / len(there):.1%})"
    )
    print(f"  not there      {len(done.ids - there):6}, outside the area {done.outside}")
    print(
        f"  requests       {done.requests:6}, {done.requests / ideal:.2f} times the ideal {ideal}; "
        f"{done.in_full_cells} of them for cells that were too full"
    )
    print(f"  cells          {len(done.cells):6}: {dict(states)}")
    for count in (60, 200, 500):
        print(
            f"  first {count:4}     {done.needed_for(count) or '-':>6} requests "
            f"(ideal {ceil(count / 20)})"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweep, compare, print; returns 1 where something was missed or two sweeps differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--query", default="restaurants")
    parser.add_argument("--location", default="Bistropolis, KS")
    chosen = parser.parse_args(arguments)
    with Sandbox() as sandbox:
        port = sandbox.ports.places
        policy = AddressPolicy(
            resolver=SystemResolver(), routes=(Route(LOOPBACK, port, (LOOPBACK, port)),)
        )
        client = Client(policy, user_agent="FreshLeads bench")
        source = GooglePlaces("sandbox-key", client, base_url=f"http://{LOOPBACK}:{port}")
        area = source.find_area(chosen.location)
        assert area is not None, chosen.location
        there = truth(sandbox, chosen.query, area)
        first = sweep(source, chosen.query, area, splitting.first_cells(area.low, area.high))
        second = sweep(source, chosen.query, area, splitting.first_cells(area.low, area.high))
        again = sweep(source, chosen.query, area, splitting.cells_again(first.cells))
        undivided = sweep_whole(source, chosen.query, area)
    report("A search", first, there)
    report("The next run of a saved search", again, there)
    print(f"\nWithout dividing: {len(undivided)} of {len(there)}")
    are_alike = first.ids == second.ids == again.ids
    print(f"Three sweeps found the same: {'yes' if are_alike else 'NO'}")
    return 0 if are_alike and there == first.ids and not first.outside else 1


def sweep_whole(source: GooglePlaces, query: str, area: AreaRecord) -> set[str]:
    """Ask for the whole area once, page by page, as a program does that does not divide."""
    found: set[str] = set()
    token: str | None = None
    while True:
        page = source.search(
            query, low=area.low, high=area.high, page_token=token, region=area.country
        )
        found |= {place.place_id for place in page.places}
        token = page.next_page_token
        if token is None:
            return found


if __name__ == "__main__":
    raise SystemExit(main())
