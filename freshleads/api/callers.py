"""Who asks: the workspace and plan behind an API key or a token."""

import re
from dataclasses import dataclass

from freshleads.billing.models import Subscription
from freshleads.lib.errors import PermissionRefused
from freshleads.users import keys, tokens, workspaces
from freshleads.users.models import ApiKey, User, Workspace

BEARER = re.compile(r"bearer +([\x21-\x7e]{1,4096})", re.IGNORECASE)
KEY_PREFIX = "fl_"


@dataclass(frozen=True, slots=True)
class Caller:
    """A request's workspace, and the key or the person that works in it."""

    workspace: Workspace
    subscription: Subscription
    api_key: ApiKey | None = None
    signed_in: User | None = None

    @property
    def user(self) -> User | None:
        """Who is behind the request: the person, or who made the key."""
        return self.api_key.created_by if self.api_key else self.signed_in


def caller_of(authorization: str) -> Caller:
    """Return who an Authorization header names.

    Raises PermissionRefused with the codes of `users.keys` and `users.tokens`,
    `missing_credentials`, or `no_workspace` for a user who works in none.
    """
    bearer = BEARER.fullmatch(authorization.strip())
    if bearer is None:
        raise PermissionRefused(
            "Send the header Authorization: Bearer YOUR_API_KEY.", code="missing_credentials"
        )
    if bearer[1].startswith(KEY_PREFIX):
        key = keys.workspace_for_key(bearer[1])
        return Caller(key.workspace, key.workspace.subscription, api_key=key)
    return caller_for_user(tokens.user_for_token(bearer[1]))


def caller_for_user(user: User) -> Caller:
    """Return the caller a user is when signed in by password; raises as `caller_of`."""
    workspace = workspaces.workspace_of(user)
    if workspace is None:
        raise PermissionRefused("You have no workspace here.", code="no_workspace")
    subscription = Subscription.objects.select_related("plan").get(workspace=workspace)
    return Caller(workspace, subscription, signed_in=user)
