"""Makes a user with a workspace, a plan and its first credits: all of it or nothing."""

from django.db import transaction

from freshleads.billing import plans
from freshleads.users import signing_up
from freshleads.users.models import User


def sign_up(
    email: str, password: str, *, name: str = "", workspace_name: str = "", plan: str = "free"
) -> User:
    """Return the new user, owner of a new workspace on the plan.

    Raises InvalidInput with `param` email, password, name, workspace_name or plan.
    """
    with transaction.atomic():
        user, workspace = signing_up.create_owner(
            email, password, name=name, workspace_name=workspace_name
        )
        plans.subscribe(workspace, plan)
    return user
