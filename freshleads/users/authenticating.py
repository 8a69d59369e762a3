"""Sign-in by e-mail and password, with guessing made slow.

Three moving windows count attempts before the password is looked at, so that no number of parallel
guesses gets past them: one for the address and the account together, one for the account from
anywhere, one for all that an address tries (every attempt costs a slow hash). A right password
clears the first two.
"""

from django.contrib import auth

from freshleads.lib.errors import PermissionRefused
from freshleads.users import attempts
from freshleads.users.attempts import Limit
from freshleads.users.models import User
from freshleads.users.signing_up import EMAIL_LENGTH, is_encodable

WINDOW_SECONDS = 900
ATTEMPTS_FROM_ADDRESS = 200
ATTEMPTS_AT_ACCOUNT = 100
ATTEMPTS_AT_ACCOUNT_FROM_ADDRESS = 10


def authenticate(email: str, password: str, *, address: str) -> User:
    """Return the active user with this password; `address` is the IP address of who asks.

    Raises PermissionRefused `invalid_credentials`, after the same work whether there is such a user
    or not, and LimitReached `too_many_attempts` with `retry_after` in seconds.
    """
    email = email.strip().lower()
    origin = attempts.origin_of(address)
    pair = _limit("sign-in-pair", f"{origin} {email}", ATTEMPTS_AT_ACCOUNT_FROM_ADDRESS)
    account = _limit("sign-in-account", email, ATTEMPTS_AT_ACCOUNT)
    everything = _limit("sign-in-address", origin, ATTEMPTS_FROM_ADDRESS)
    attempts.count(everything, pair, account, purpose="sign in")
    user = _user_with(email, password)
    if user is None:
        raise PermissionRefused(
            "The e-mail address or the password is wrong.", code="invalid_credentials"
        )
    attempts.forgive(pair, account, purpose="sign in")
    return user


def _limit(scope: str, key: str, amount: int) -> Limit:
    return Limit(scope, key, amount, WINDOW_SECONDS)


def _user_with(email: str, password: str) -> User | None:
    """Return the active user; Django hashes the password for an unknown one too."""
    if len(email) > EMAIL_LENGTH or not email.isprintable():
        email = ""
    if not is_encodable(password):
        password = ""
    user = auth.authenticate(username=email, password=password)
    return user if isinstance(user, User) else None
