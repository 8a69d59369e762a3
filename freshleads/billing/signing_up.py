"""Makes a user with a workspace, a plan and its first credits: all of it or nothing."""

from django.db import transaction

from freshleads.billing import plans
from freshleads.users import attempts, signing_up
from freshleads.users.attempts import Limit
from freshleads.users.models import User

WINDOW_SECONDS = 3600
SIGN_UPS_FROM_ADDRESS = 20  # each costs a slow hash and gives credits away
SIGN_UPS_WITH_EMAIL = 10  # the answer tells whether there is such an account


def sign_up(
    email: str,
    password: str,
    *,
    name: str = "",
    workspace_name: str = "",
    plan: str = "free",
    address: str = "",
) -> User:
    """Return the new user, owner of a new workspace on the plan.

    `address` is the IP address of a stranger, who may try only so often; an operator gives none.
    Raises InvalidInput with `param` email, password, name, workspace_name or plan, and LimitReached
    `too_many_attempts` with `retry_after` in seconds.
    """
    if address:
        _count_attempt(email, address)
    with transaction.atomic():
        user, workspace = signing_up.create_owner(
            email, password, name=name, workspace_name=workspace_name
        )
        plans.subscribe(workspace, plan)
    return user


def _count_attempt(email: str, address: str) -> None:
    origin = attempts.origin_of(address)
    attempts.count(
        Limit("sign-up-address", origin, SIGN_UPS_FROM_ADDRESS, WINDOW_SECONDS),
        Limit("sign-up-email", email.strip().lower(), SIGN_UPS_WITH_EMAIL, WINDOW_SECONDS),
        purpose="sign up",
    )
