"""Which workspace a user works in."""

from freshleads.users.models import User, Workspace


def workspace_of(user: User) -> Workspace | None:
    """Return the workspace the user joined first, or None for an operator without one."""
    return Workspace.objects.filter(memberships__user=user).order_by("memberships__id").first()
