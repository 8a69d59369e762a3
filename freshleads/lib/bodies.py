"""Reading a response's body to its end or to its cap, whichever comes first."""

import zlib
from collections.abc import Iterable

from freshleads.lib.http_errors import BadResponse, TooLarge

GZIP_WINDOW = 31  # zlib's code for "a gzip header and no other"
RAW_ALLOWANCE = 64 * 1024  # how much longer than its content an encoded body may honestly be


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return the decoded body; `encoding` is the Content-Encoding, gzip or none.

    Never holds more than `max_bytes` and one chunk. Raises TooLarge and BadResponse.
    """
    encoding = encoding.strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return _gunzipped(chunks, max_bytes)
    body = bytearray()
    for chunk in chunks:
        if encoding not in ("", "identity"):
            raise BadResponse("The answer is encoded in a way that was not asked for.")
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge
    return bytes(body)


def _gunzipped(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Decode gzip members one after another, never more than one byte beyond the cap."""
    body = bytearray()
    decoder = zlib.decompressobj(GZIP_WINDOW)
    raw_bytes = 0
    for chunk in chunks:
        raw_bytes += len(chunk)
        data = chunk
        while data:
            if decoder.eof:
                decoder = zlib.decompressobj(GZIP_WINDOW)
            try:
                body += decoder.decompress(data, max_bytes + 1 - len(body))
            except zlib.error:
                raise BadResponse("The answer's compression is damaged.") from None
            if len(body) > max_bytes or raw_bytes > max_bytes + RAW_ALLOWANCE:
                raise TooLarge
            data = decoder.unused_data
    if raw_bytes and not decoder.eof:
        raise BadResponse("The answer broke off.")
    return bytes(body)
