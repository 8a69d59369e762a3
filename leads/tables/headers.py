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
    filled = {record.number: _filled(record.cells) for record in looked_at}
    widest = max((len(cells) for cells in filled.values()), default=0)
    best, most = 0, 0
    for record in looked_at:
        cells = filled[record.number]
        if record.problem or not _looks_like_names(cells) or len(cells) * 2 < widest:
            continue
        known = sum(is_field_name(cell) for cell in cells)
        if known > most:
            best, most = record.number, known
    if best:
        return best
    first = next((r for r in looked_at if len(filled[r.number]) * 3 >= widest * 2), None)
    if first is None or first.problem or not _looks_like_names(filled[first.number]):
        return 0
    return first.number if _differs_below(looked_at, first, filled) else 0


def column_names(header: Sequence[str], above: Sequence[str], *, width: int) -> tuple[str, ...]:
    """Return a name for each column; none is empty and no two are the same.

    A cell without a name takes the one above it, as where a header spans two lines and some of
    its cells are merged.
    """
    names: list[str] = []
    taken: set[str] = set()
    for column in range(width):
        own = " ".join(header[column].split()) if column < len(header) else ""
        over = " ".join(above[column].split()) if column < len(above) else ""
        name = (own or over or f"Column {letters(column)}")[:LONGEST_NAME]
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


def _filled(cells: Sequence[str]) -> list[str]:
    return [stripped for cell in cells if (stripped := cell.strip())]


def _looks_like_names(cells: Sequence[str]) -> bool:
    """Tell whether cells could be names of columns: short words, each once, none a value."""
    return bool(cells) and all(
        len(cell) <= LONGEST_HEADER_WORD and not shape_of(cell) for cell in cells
    )


def _differs_below(records: Sequence[Record], first: Record, filled: dict[int, list[str]]) -> bool:
    """Tell whether the rows below hold values where the first holds words.

    Where all rows are words there is no telling; then the first names the columns, as it mostly
    does.
    """
    below = [filled[r.number] for r in records if r.number > first.number and filled[r.number]]
    shaped = sum(any(shape_of(cell) for cell in cells) for cells in below)
    return not below or shaped > 0 or len(set(filled[first.number])) == len(filled[first.number])
