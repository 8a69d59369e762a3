"""Dividing an area into rectangles, where one request cannot show all of it; pure functions.

A cell is a plain dict, kept in the search's row:
`{low: [lat, lng], high: [lat, lng], depth, state, pages, results, page_token}`. Its state is
pending (not or not wholly asked), asked (answered below the source's cap), split (at the cap, or
cut short by the source, and divided into four), capped (the same, but too small to divide) or
failed.
"""

from math import cos, radians
from typing import Any

Cell = dict[str, Any]

MAX_DEPTH = 8
MAX_CELLS = 1000  # the row that keeps them is written after every page
MAX_PAGES = 20  # a source that never stops naming a next page is not followed for ever
MIN_SIDE_METRES = 200.0
METRES_PER_DEGREE = 111_320.0


def new_cell(low: tuple[float, float], high: tuple[float, float], *, depth: int = 0) -> Cell:
    """Return a cell that has not been asked."""
    return {
        "low": list(low),
        "high": list(high),
        "depth": depth,
        "state": "pending",
        "pages": 0,
        "results": 0,
        "page_token": None,
    }


def first_cells(low: tuple[float, float], high: tuple[float, float]) -> list[Cell]:
    """Return the cells to begin with: one, or two where the area crosses the 180th meridian."""
    if low[1] <= high[1]:
        return [new_cell(low, high)]
    return [new_cell(low, (high[0], 180.0)), new_cell((low[0], -180.0), high)]


def next_cell(cells: list[Cell]) -> Cell | None:
    """Return the first cell that still has something to ask, coarse ones first."""
    pending = [cell for cell in cells if cell["state"] == "pending"]
    return min(pending, key=lambda cell: cell["depth"], default=None)


def note_page(
    cells: list[Cell],
    cell: Cell,
    *,
    results: int,
    token: str | None,
    cap: int,
    is_incomplete: bool = False,
) -> None:
    """Note one answered page; at the cap the cell is divided, its quarters join the list."""
    cell["pages"] += 1
    cell["results"] += results
    cell["page_token"] = token
    if token and not is_incomplete and cell["pages"] < MAX_PAGES:
        return
    cell["page_token"] = None
    if cell["results"] < cap and not is_incomplete:
        cell["state"] = "asked"
    elif is_divisible(cell) and len(cells) + 4 <= MAX_CELLS:
        cell["state"] = "split"
        cells.extend(quarters(cell))
    else:
        cell["state"] = "capped"


def reset_cells(cells: list[Cell]) -> None:
    """Begin again with every cell that is not wholly answered: its page token may be too old."""
    for cell in cells:
        if cell["state"] in {"pending", "failed"}:
            cell.update(state="pending", page_token=None, pages=0, results=0)


def cells_again(cells: list[Cell]) -> list[Cell]:
    """Return new cells for asking again where each was answered, without those found too full."""
    return [
        new_cell(tuple(cell["low"]), tuple(cell["high"]), depth=cell["depth"])
        for cell in cells
        if cell["state"] != "split"
    ]


def is_divisible(cell: Cell) -> bool:
    """Tell whether a quarter of the cell is still worth asking."""
    (south, west), (north, east) = cell["low"], cell["high"]
    height = (north - south) * METRES_PER_DEGREE
    width = (east - west) * METRES_PER_DEGREE * cos(radians((south + north) / 2))
    return bool(cell["depth"] < MAX_DEPTH and min(height, width) / 2 >= MIN_SIDE_METRES)


def quarters(cell: Cell) -> list[Cell]:
    """Return the four quarters of a cell, south-west first."""
    (south, west), (north, east) = cell["low"], cell["high"]
    middle, centre = (south + north) / 2, (west + east) / 2
    depth = cell["depth"] + 1
    return [
        new_cell((south, west), (middle, centre), depth=depth),
        new_cell((south, centre), (middle, east), depth=depth),
        new_cell((middle, west), (north, centre), depth=depth),
        new_cell((middle, centre), (north, east), depth=depth),
    ]


def contains(area: dict[str, Any], latitude: float | None, longitude: float | None) -> bool:
    """Tell whether a point lies in the area; a business without a location counts as inside."""
    if latitude is None or longitude is None:
        return True
    (south, west), (north, east) = area["low"], area["high"]
    if west <= east:
        return bool(south <= latitude <= north and west <= longitude <= east)
    return bool(south <= latitude <= north and (longitude >= west or longitude <= east))
