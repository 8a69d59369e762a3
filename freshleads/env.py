"""Typed readers of the environment; a value that makes no sense stops the start with its name."""

import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that NAME_FILE points to, stripped."""
    value = os.environ.get(name)
    if value is None and (path := os.environ.get(f"{name}_FILE")):
        try:
            value = Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE must name a readable text file, not {path!r}."
            ) from error
    return default if value is None else value.strip()


def required(name: str, why: str) -> str:
    """Return a variable that has no default; `why` says when it is needed."""
    if value := text(name):
        return value
    raise ImproperlyConfigured(f"{name} is missing: {why}")


def kept_secret(name: str, folder: Path) -> str:
    """Return the secret from the environment, else one made once and kept in the folder."""
    if value := text(name):
        return value
    path = folder / f"{name.lower()}.txt"
    if not path.exists():
        _keep(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _keep(path: Path, value: str) -> None:
    """Write the file whole or not at all, and never over another's: processes start together."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    value = text(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def web_url(name: str, default: str) -> str:
    """Return an http(s) address without a path, a query or a slash at its end."""
    value = (text(name) or default).rstrip("/")
    parts = _http_address(value)
    if parts is None or value != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(
            f"{name} must be an address like https://leads.example.com, not {value!r}."
        )
    return value


def endpoint(name: str, default: str) -> str:
    """Return the http(s) address of a service, which may have a path; empty where none is set."""
    value = (text(name) or default).rstrip("/")
    parts = _http_address(value)
    if value and (parts is None or parts.query or parts.fragment):
        raise ImproperlyConfigured(
            f"{name} must be an address like https://search.example.com, not {value!r}."
        )
    return value


def _http_address(value: str) -> SplitResult | None:
    """Return the parts of an http(s) address without a user, None for anything else."""
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if is_right and "@" not in parts.netloc else None


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def integer(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name)
    try:
        number = int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if not low <= number <= high:
        raise ImproperlyConfigured(f"{name} must be from {low} to {high}, not {number}.")
    return number


def decimal(name: str, default: float, *, low: float, high: float) -> float:
    value = text(name)
    try:
        number = float(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from error
    if not low <= number <= high:
        raise ImproperlyConfigured(f"{name} must be from {low} to {high}, not {number}.")
    return number


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list without its empty parts."""
    value = text(name)
    if not value:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """Return Django's database entry for `postgresql://user:password@host:port/name?option=x`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL has no port that is one.") from error
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql://; leave it unset for SQLite."
        )
    if not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must end with the name of a database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
