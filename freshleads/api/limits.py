"""How many requests a workspace may make by its plan: one count for all its keys and both APIs.

The window moves: what counts is the last 60 seconds. The headers are those of the IETF draft
"RateLimit header fields for HTTP", version 11.
"""

import logging

from freshleads.lib.errors import LimitReached
from freshleads.users.models import Workspace
from freshleads.users.throttling import LimiterUnavailable, Window, limiter

logger = logging.getLogger(__name__)

SCOPE = "api"
POLICY = "default"
WINDOW_SECONDS = 60
PAUSE_SECONDS = 5


def count_request(workspace: Workspace, *, per_minute: int, reads_only: bool) -> Window | None:
    """Count one request and return what the window says; the caller refuses where it is full.

    Where Redis does not answer, a request that only reads passes uncounted (None) and any other
    raises LimitReached.
    """
    try:
        return limiter().hit(SCOPE, workspace.public_id, amount=per_minute, seconds=WINDOW_SECONDS)
    except LimiterUnavailable as error:
        logger.warning("requests of workspace %s cannot be counted", workspace.pk)
        if reads_only:
            return None
        raise LimitReached(
            f"Requests that change something are paused. Try again in {PAUSE_SECONDS} seconds.",
            code="requests_paused",
            retry_after=PAUSE_SECONDS,
        ) from error


def refusal(window: Window) -> LimitReached:
    """Return the error that answers a request which found the window full."""
    unit = "second" if window.reset_after == 1 else "seconds"
    return LimitReached(
        f"Rate limit exceeded. Try again in {window.reset_after} {unit}.",
        code="rate_limited",
        retry_after=window.reset_after,
    )


def headers(window: Window) -> dict[str, str]:
    """Return the header fields that tell a client the limit and what is left of it."""
    return {
        "RateLimit-Policy": f'"{POLICY}";q={window.limit};w={WINDOW_SECONDS}',
        "RateLimit": f'"{POLICY}";r={window.remaining};t={window.reset_after}',
    }
