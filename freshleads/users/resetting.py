"""How often a link to a new password may be asked for."""

from freshleads.users import attempts
from freshleads.users.attempts import Limit

WINDOW_SECONDS = 3600
LINKS_FOR_ACCOUNT = 3  # each is a mail in somebody's mailbox
LINKS_FROM_ADDRESS = 20


def count_request(email: str, *, address: str) -> None:
    """Count that somebody at the IP `address` asks for a link to be mailed to `email`.

    Raises LimitReached with `retry_after` in seconds, for unknown accounts as for known ones.
    """
    attempts.count(
        Limit("reset-address", attempts.origin_of(address), LINKS_FROM_ADDRESS, WINDOW_SECONDS),
        Limit("reset-account", email.strip().lower(), LINKS_FOR_ACCOUNT, WINDOW_SECONDS),
        purpose="reset a password",
    )
