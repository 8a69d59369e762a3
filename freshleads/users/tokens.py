"""API tokens: JSON Web Tokens that name a user and end with the password they were issued under."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken

from freshleads.lib.errors import PermissionRefused
from freshleads.users.models import User

AUDIENCE = "freshleads-api"
SALT = "freshleads.users.tokens"


class ApiToken(AccessToken):
    """An access token signed by a key of its own, for this installation and its API alone."""

    lifetime = timedelta(seconds=settings.TOKEN_LIFETIME_SECONDS)

    def get_token_backend(self) -> TokenBackend:
        key = salted_hmac(f"{SALT}.signing", "key", algorithm="sha256").hexdigest()
        return TokenBackend("HS256", key, audience=AUDIENCE, issuer=settings.SITE_URL)


def issue_token(user: User) -> tuple[str, int]:
    """Return a token and the seconds it lives."""
    token = ApiToken()
    token["sub"] = str(user.pk)
    token["pwd"] = _fingerprint(user)
    return str(token), settings.TOKEN_LIFETIME_SECONDS


def user_for_token(token: str) -> User:
    """Return the active user a token names.

    Raises PermissionRefused `expired_token`, or `invalid_token` for a forged or foreign one, one
    from before a change of the password and one of a user who may not come in any more.
    """
    invalid = PermissionRefused("The token is not valid.", code="invalid_token")
    try:
        payload: dict[str, Any] = ApiToken(token).payload  # type: ignore[arg-type]
    except ExpiredTokenError as error:
        raise PermissionRefused("The token has expired.", code="expired_token") from error
    except TokenError as error:
        raise invalid from error
    user = User.objects.filter(pk=payload["sub"], is_active=True).first()
    if user is None or not secrets.compare_digest(_fingerprint(user), payload["pwd"]):
        raise invalid
    return user


def _fingerprint(user: User) -> str:
    """Return what changes with the password and tells nothing of it."""
    return salted_hmac(f"{SALT}.password", user.password, algorithm="sha256").hexdigest()[:32]
