"""Businesses of an OpenStreetMap extract (.osm.pbf), read by osmium in four passes.

Ways have no position but their nodes', and an extract has hundreds of millions of these: only two
nodes of each business's outline are remembered, 16 bytes each. Relations, one business in a
hundred, are left out.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import osmium
from osmium.filter import KeyFilter
from osmium.osm import NODE, WAY, Node, Way

from leads.place_store.osm_rows import KINDS, Row, is_business, row_of
from leads.place_store.refusing import unreadable

UNITS = 10_000_000


def read_pbf(path: Path) -> Iterator[Row]:
    """Yield the row of every named business."""
    try:
        yield from _read_nodes(path)
        yield from _read_ways(path)
    except (RuntimeError, ValueError) as error:  # what libosmium says of damaged files
        raise unreadable(path, str(error)) from None


def _read_nodes(path: Path) -> Iterator[Row]:
    for node in osmium.FileProcessor(_file(path), NODE).with_filter(KeyFilter(*KINDS)):
        tags = dict(node.tags)
        if isinstance(node, Node) and is_business(tags) and node.location.valid():
            position = node.location
            yield row_of(tags, f"osm:node/{node.id}", position.lat, position.lon)


def _read_ways(path: Path) -> Iterator[Row]:
    positions = _Positions(path)
    for way in _ways(path):
        latitude, longitude = positions.middle(_ends(way))
        yield row_of(dict(way.tags), f"osm:way/{way.id}", latitude, longitude)


def _ways(path: Path) -> Iterator[Way]:
    for way in osmium.FileProcessor(_file(path), WAY).with_filter(KeyFilter(*KINDS)):
        if isinstance(way, Way) and len(way.nodes) and is_business(dict(way.tags)):
            yield way


def _ends(way: Way) -> tuple[int, int]:
    """Return two nodes that lie across from each other on an outline."""
    return way.nodes[0].ref, way.nodes[len(way.nodes) // 2].ref


def _file(path: Path) -> osmium.io.File:
    return osmium.io.File(str(path), "pbf")


class _Positions:
    """Where the nodes lie that the outlines of businesses are made of."""

    def __init__(self, path: Path) -> None:
        wanted = osmium.IdTracker()
        for way in _ways(path):
            for node_id in _ends(way):
                wanted.add_node(node_id)
        self._ids, self._latitudes, self._longitudes = array("q"), array("i"), array("i")
        for node in osmium.FileProcessor(_file(path), NODE).with_filter(wanted.id_filter()):
            if isinstance(node, Node) and node.location.valid():
                self._ids.append(node.id)
                self._latitudes.append(node.location.y)
                self._longitudes.append(node.location.x)
        # Extracts are sorted by id as a rule; in one that is not, this is the order.
        self._order: Sequence[int] = range(len(self._ids))
        if any(one > next_one for one, next_one in pairwise(self._ids)):
            self._order = sorted(self._order, key=self._ids.__getitem__)

    def middle(self, node_ids: tuple[int, int]) -> tuple[float | None, float | None]:
        """Return the middle (latitude, longitude) of those nodes that are in the file."""
        places = [place for place in map(self._place_of, node_ids) if place is not None]
        if not places:
            return None, None
        share = UNITS * len(places)
        latitude = sum(self._latitudes[place] for place in places) / share
        return latitude, sum(self._longitudes[place] for place in places) / share

    def _place_of(self, node_id: int) -> int | None:
        at = bisect_left(self._order, node_id, key=self._ids.__getitem__)
        place = self._order[at] if at < len(self._order) else None
        return place if place is not None and self._ids[place] == node_id else None
