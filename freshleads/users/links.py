"""Links that sign a user in once, without a password: for the first start of an installation."""

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from freshleads.lib.errors import PermissionRefused
from freshleads.users.models import User

LIFETIME_SECONDS = 3600
SALT = "freshleads.users.links"


def make_link(user: User) -> str:
    """Return the path of a link that works once within an hour.

    Signing in by any way, or a new password, ends it as well.
    """
    token = signing.dumps({"user": user.pk, "state": _state(user)}, salt=SALT)
    return reverse("users:use_link", args=[_uid(user), token])


def use_link(uid: str, token: str) -> User:
    """Return the active user of a link and use it up: of parallel attempts one succeeds.

    Raises PermissionRefused `expired_link` or `invalid_link`.
    """
    invalid = PermissionRefused("The link is not valid or was used before.", code="invalid_link")
    try:
        payload = signing.loads(token, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.SignatureExpired as error:
        raise PermissionRefused("The link has expired.", code="expired_link") from error
    except signing.BadSignature as error:
        raise invalid from error
    user = User.objects.filter(pk=payload["user"], is_active=True).first()
    if user is None or uid != _uid(user) or payload["state"] != _state(user):
        raise invalid
    now = timezone.now()
    unused = User.objects.filter(pk=user.pk, last_login=user.last_login, password=user.password)
    if not unused.update(last_login=now):
        raise invalid
    user.last_login = now
    return user


def _uid(user: User) -> str:
    return urlsafe_base64_encode(str(user.pk).encode())


def _state(user: User) -> str:
    """Return what changes with every sign-in and every new password."""
    moment = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(SALT, f"{user.password} {moment}", algorithm="sha256").hexdigest()[:32]
