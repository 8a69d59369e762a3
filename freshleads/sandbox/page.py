"""One answer of an invented website."""

from dataclasses import dataclass

HTML = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Page:
    """Status, headers and body of one answer, and how the server misbehaves over it.

    The body is kept in parts because sites of one kind share their bulk. `slow` asks for
    WebServer.slow_seconds before the answer. `ending` is complete, truncated (connection closed
    half-way), reset (no answer at all), endless (body repeated for ever) or drip (endless, slowly).
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = HTML
    parts: tuple[bytes, ...] = ()
    slow: bool = False
    ending: str = "complete"

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)


def redirect(location: str, status: int = 301) -> Page:
    """Return a redirect to an absolute or relative address."""
    return Page(status=status, headers=(("Location", location), *HTML), parts=(b"<p>Moved</p>",))


def plain_text(text: str, status: int = 200) -> Page:
    """Return a text/plain answer, as robots.txt is."""
    return Page(status, (("Content-Type", "text/plain; charset=utf-8"),), (text.encode(),))


def not_found() -> Page:
    """Return the page for a path or host that does not exist."""
    return Page(status=404, parts=(b"<!doctype html><title>Not found</title><h1>Not found</h1>",))
