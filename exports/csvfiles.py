"""Write leads as the CSV that spreadsheet programs open by double-click.

UTF-8 with a byte order mark (Excel takes a file without one for the local code page), CRLF, comma
and quotes by RFC 4180, text cells disarmed against formulas.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from exports.columns import Column
from exports.neutralising import clean, neutralise

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
CHUNK_CHARACTERS = 64 * 1024


def csv_lines(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[Column]) -> Iterator[bytes]:
    """Yield the file in chunks of whole lines, the header at once and alone, rows as they come.

    A chunk holds about 64 KiB. A key missing from a row is an empty cell; keys that are no column
    are left out.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([column.header for column in columns])
    yield _drain(buffer)
    keys = [column.key for column in columns]
    for row in rows:
        writer.writerow([_cell(row.get(key)) for key in keys])
        if buffer.tell() >= CHUNK_CHARACTERS:
            yield _drain(buffer)
    if buffer.tell():
        yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    """Return what the buffer holds as UTF-8 and empty it."""
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def _cell(value: Any) -> str:
    """Return one value as CSV text: numbers bare (no exponent), times in UTC, all else disarmed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(clean(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, Decimal)):
        return format(Decimal(str(value)), "f") if math.isfinite(value) else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return neutralise(clean(str(value)))
