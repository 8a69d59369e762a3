"""API keys: made, shown once, looked up, revoked.

A key reads `fl_live_<8 characters>_<32 characters>`. The first part finds the row; of the whole
only a SHA-256 digest is kept, which is enough for 160 random bits.
"""

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, LimitReached, NotFound, PermissionRefused
from freshleads.lib.ids import ALPHABET
from freshleads.users.models import ApiKey, ApiKeyQuerySet, User, Workspace

logger = logging.getLogger(__name__)

KEY_FORM = re.compile(r"(fl_live_[0-9a-z]{8})_[0-9a-z]{32}")
NAME_LENGTH = 100
LAST_USE_RESOLUTION = timedelta(minutes=1)
NO_DIGEST = "0" * 64  # compared where there is no such key, so that both cases do the same work


def create_key(
    workspace: Workspace,
    *,
    created_by: User | None,
    name: str,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return its row and the clear key, which nothing can show again.

    Raises InvalidInput, and LimitReached where the plan allows no further live key.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise InvalidInput(f"A key has a name of 1 to {NAME_LENGTH} characters.", param="name")
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("A key must expire in the future.", param="expires_at")
    prefix = f"fl_live_{_random(8)}"
    clear = f"{prefix}_{_random(32)}"
    with transaction.atomic():
        # Requests for keys of one workspace take turns, so that the limit is exact.
        Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        _check_limit(workspace)
        key = ApiKey.objects.create(
            workspace=workspace,
            created_by=created_by,
            name=name,
            prefix=prefix,
            digest=_digest(clear),
            expires_at=expires_at,
        )
    logger.info("workspace %s: key %s made", workspace.pk, key.public_id)
    return key, clear


def revoke_key(workspace: Workspace, public_id: str) -> ApiKey:
    """End a key at once; a key revoked before keeps its time. Raises NotFound."""
    keys = ApiKey.objects.owned_by(workspace).filter(public_id=public_id)
    keys.filter(revoked_at=None).update(revoked_at=timezone.now())
    key = keys.first()
    if key is None:
        raise NotFound("There is no such key.")
    logger.info("workspace %s: key %s revoked", workspace.pk, key.public_id)
    return key


def workspace_for_key(clear: str) -> ApiKey:
    """Return the live key with its workspace, subscription and plan.

    Raises PermissionRefused with the code `invalid_key`, `revoked_key` or `expired_key`; the last
    two are told only to who has the whole key.
    """
    form = KEY_FORM.fullmatch(clear)
    rows = ApiKey.objects.select_related("workspace__subscription__plan")
    key = rows.filter(prefix=form[1]).first() if form else None
    matches = secrets.compare_digest(_digest(clear), key.digest if key else NO_DIGEST)
    if key is None or not matches:
        raise PermissionRefused("The API key is not valid.", code="invalid_key")
    now = timezone.now()
    if key.revoked_at is not None:
        raise PermissionRefused("The API key was revoked.", code="revoked_key")
    if key.expires_at is not None and key.expires_at <= now:
        raise PermissionRefused("The API key has expired.", code="expired_key")
    _note_use(key, now)
    return key


def live_keys(workspace: Workspace) -> ApiKeyQuerySet:
    """Return the keys that are neither revoked nor expired."""
    expired = Q(expires_at__lte=timezone.now())
    return ApiKey.objects.owned_by(workspace).filter(revoked_at=None).exclude(expired)


def _check_limit(workspace: Workspace) -> None:
    allowed = workspace.subscription.plan.api_keys
    if live_keys(workspace).count() >= allowed:
        raise LimitReached(
            f"The plan allows {allowed} live API keys: revoke one first.", code="api_key_limit"
        )


def _note_use(key: ApiKey, now: datetime) -> None:
    """Keep the time of the last use, at most once a minute whatever the traffic."""
    if key.last_used_at is not None and now - key.last_used_at < LAST_USE_RESOLUTION:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - LAST_USE_RESOLUTION)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    key.last_used_at = now


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(clear: str) -> str:
    return hashlib.sha256(clear.encode(errors="replace")).hexdigest()
