"""Makes a user with a workspace of their own; `billing.signing_up` adds the plan."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from freshleads.lib.errors import InvalidInput
from freshleads.users.models import Membership, User, Workspace

NAME_LENGTH = 100
EMAIL_LENGTH = 254
PASSWORD_LENGTH = 1000


def create_owner(
    email: str, password: str, *, name: str = "", workspace_name: str = ""
) -> tuple[User, Workspace]:
    """Return a new user and the new workspace they own, in the caller's transaction.

    Raises InvalidInput with `param` email, password, name or workspace_name; an address that is in
    use, in any case of letters, is the fault of `email`.
    """
    email = _checked_email(email)
    name = _checked_name(name, "name")
    workspace_name = _checked_name(workspace_name, "workspace_name")
    check_password(password, User(email=email, name=name))
    user = _create_user(email, password, name)
    workspace = Workspace.objects.create(name=workspace_name or _default_name(user))
    Membership.objects.create(workspace=workspace, user=user, role=Membership.Role.OWNER)
    return user, workspace


def check_password(password: str, user: User) -> None:
    """Raise InvalidInput with what is wrong with a new password of this user."""
    if len(password) > PASSWORD_LENGTH or not is_encodable(password):
        raise InvalidInput(
            f"A password has at most {PASSWORD_LENGTH} characters.", param="password"
        )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), param="password") from error


def is_encodable(text: str) -> bool:
    """Tell whether the text can be hashed: JSON may carry one half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _create_user(email: str, password: str, name: str) -> User:
    taken = InvalidInput("This e-mail address is in use already.", param="email")
    if User.objects.filter(email__iexact=email).exists():
        raise taken
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError as error:  # somebody signed up with it in this moment
        raise taken from error


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("Enter a valid e-mail address.", param="email") from error
    if len(email) > EMAIL_LENGTH or not email.isprintable():
        raise InvalidInput("Enter a valid e-mail address.", param="email")
    return email


def _checked_name(name: str, param: str) -> str:
    name = name.strip()
    if len(name) > NAME_LENGTH or not name.isprintable():
        raise InvalidInput(f"A name has at most {NAME_LENGTH} characters.", param=param)
    return name


def _default_name(user: User) -> str:
    owner = user.name or user.email.partition("@")[0]
    return f"{owner}'s workspace"[:NAME_LENGTH]
