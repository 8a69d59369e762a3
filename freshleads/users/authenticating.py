"""Sign-in by e-mail and password, with guessing made slow.

Three moving windows count attempts before the password is looked at, so that no number of parallel
guesses gets past them: one for the address and the account together, one for the account from
anywhere, one for all that an address tries (every attempt costs a slow hash). A right password
clears the first two.
"""

import ipaddress
import logging
from dataclasses import dataclass

from django.contrib import auth

from freshleads.lib.errors import LimitReached, PermissionRefused
from freshleads.users.models import User
from freshleads.users.signing_up import EMAIL_LENGTH, is_encodable
from freshleads.users.throttling import LimiterUnavailable, limiter

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 900
ATTEMPTS_FROM_ADDRESS = 200
ATTEMPTS_AT_ACCOUNT = 100
ATTEMPTS_AT_ACCOUNT_FROM_ADDRESS = 10


@dataclass(frozen=True, slots=True)
class Limit:
    scope: str
    key: str
    amount: int


def authenticate(email: str, password: str, *, address: str) -> User:
    """Return the active user with this password; `address` is the IP address of who asks.

    Raises PermissionRefused `invalid_credentials`, after the same work whether there is such a user
    or not, and LimitReached `too_many_attempts` with `retry_after` in seconds.
    """
    email = email.strip().lower()
    origin = _origin(address)
    everything = Limit("sign-in-address", origin, ATTEMPTS_FROM_ADDRESS)
    pair = Limit("sign-in-pair", f"{origin} {email}", ATTEMPTS_AT_ACCOUNT_FROM_ADDRESS)
    account = Limit("sign-in-account", email, ATTEMPTS_AT_ACCOUNT)
    try:
        _count(everything, pair, account)
        user = _user_with(email, password)
        if user is None:
            raise PermissionRefused(
                "The e-mail address or the password is wrong.", code="invalid_credentials"
            )
        _forgive(pair, account)
    except LimiterUnavailable as error:
        raise LimitReached(
            "Signing in is not possible right now. Try again in a few seconds.",
            code="sign_in_paused",
            retry_after=5,
        ) from error
    return user


def _count(*limits: Limit) -> None:
    """Count one attempt in each window, up to the first that is full."""
    for limit in limits:
        window = limiter().hit(limit.scope, limit.key, amount=limit.amount, seconds=WINDOW_SECONDS)
        if not window.allowed:
            logger.warning("%s is full", limit.scope)
            raise LimitReached(
                f"Too many attempts to sign in. Try again in {window.reset_after} seconds.",
                code="too_many_attempts",
                retry_after=window.reset_after,
            )


def _forgive(*limits: Limit) -> None:
    for limit in limits:
        limiter().clear(limit.scope, limit.key, amount=limit.amount, seconds=WINDOW_SECONDS)


def _user_with(email: str, password: str) -> User | None:
    """Return the active user; Django hashes the password for an unknown one too."""
    if len(email) > EMAIL_LENGTH or not email.isprintable():
        email = ""
    if not is_encodable(password):
        password = ""
    user = auth.authenticate(username=email, password=password)
    return user if isinstance(user, User) else None


def _origin(address: str) -> str:
    """Return what one attacker has: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)
