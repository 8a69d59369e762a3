"""Where the header of a table is, and what its columns are called."""

from collections.abc import Callable, Sequence

from leads.tables.records import Record
from leads.tables.shapes import shape_of

LOOKED_AT = 30  # records; a title and some notes may stand above the header
LONGEST_NAME = 80
LONGEST_HEADER_WORD = 60


def find_header(records: Sequence[Record], *, is_field_name: Callable[[str], bool]) -> int:
    """Return the number of the record that names the columns, 0 where none does.

    It is the one with the most names of fields; without any, the first that is about as wide as
    the table and looks like words, not like values.
    """
    looked_at = [record for record in records[:LOOKED_AT] if not record.is_blank]
    widest = max((len(_filled(record.cells)) for record in looked_at), default=0)
    best, most = 0, 0
    above: Sequence[str] = ()
    for record in looked_at:
        names = _filled(_completed(record.cells, above))
        above = record.cells
        if record.problem or not _looks_like_names(names) or len(names) * 2 < widest:
            continue
        known = sum(is_field_name(name) for name in names)
        if known > most:
            best, most = record.number, known
    if best:
        return best
    first = next((r for r in looked_at if len(_filled(r.cells)) * 3 >= widest * 2), None)
    if first is None or first.problem or not _looks_like_names(_filled(first.cells)):
        return 0
    return first.number if _differs_below(looked_at, first) else 0


def column_names(header: Sequence[str], above: Sequence[str], *, width: int) -> tuple[str, ...]:
    """Return a name for each column; none is empty and no two are the same."""
    names: list[str] = []
    taken: set[str] = set()
    cells = _completed(header, above)
    for column in range(width):
        own = " ".join(cells[column].split()) if column < len(cells) else ""
        name = (own or f"Column {letters(column)}")[:LONGEST_NAME]
        unique, again = name, 1
        while unique.casefold() in taken:
            again += 1
            unique = f"{name} ({again})"
        taken.add(unique.casefold())
        names.append(unique)
    return tuple(names)


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0: A, B, ... Z, AA."""
    name = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        name = chr(65 + letter) + name
        column -= 1
    return name


def _completed(cells: Sequence[str], above: Sequence[str]) -> list[str]:
    """Return the cells of a header, empty ones with what stands above them.

    So a header of two lines is whole, some of whose cells are merged. A title above is none.
    """
    if not _is_more_than_title(above):
        return list(cells)
    padded = [*cells, *[""] * (len(above) - len(cells))]
    return [
        own if own.strip() or column >= len(above) else above[column]
        for column, own in enumerate(padded)
    ]


def _is_more_than_title(cells: Sequence[str]) -> bool:
    """Tell whether a row could be the upper half of a header: more than a title."""
    return len(_filled(cells)) >= 2


def _filled(cells: Sequence[str]) -> list[str]:
    return [stripped for cell in cells if (stripped := cell.strip())]


def _looks_like_names(cells: Sequence[str]) -> bool:
    """Tell whether cells could be names of columns: short words, each once, none a value."""
    return bool(cells) and all(
        len(cell) <= LONGEST_HEADER_WORD and not shape_of(cell) for cell in cells
    )


def _differs_below(records: Sequence[Record], first: Record) -> bool:
    """Tell whether the rows below hold values where the first holds words.

    Where all rows are words there is no telling; then the first names the columns, as it mostly
    does, if it says nothing twice.
    """
    below = [_filled(record.cells) for record in records if record.number > first.number]
    names = _filled(first.cells)
    return (
        not below
        or any(shape_of(cell) for cells in below for cell in cells)
        or len(set(names)) == len(names)
    )
