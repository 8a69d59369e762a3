"""The environment is read strictly: nonsense is refused by its name before anything starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from freshleads import env

PROJECT = Path(__file__).resolve().parent.parent
NAME = "FRESHLEADS_TEST_VALUE"
Set = Callable[[str], None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Return a function that sets the variable the tests read."""
    monkeypatch.delenv(NAME, raising=False)
    return lambda value: monkeypatch.setenv(NAME, value)


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    return str(refused.value)


# --- the readers ------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "meaning"), [("True", True), ("1", True), ("off", False)])
def test_a_flag_is_read_in_any_usual_spelling(given: Set, value: str, meaning: bool) -> None:
    given(f" {value} ")
    assert env.boolean(NAME, not meaning) is meaning


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_or_missing_flag_is_its_default(given: Set, default: bool) -> None:
    assert env.boolean(NAME, default) is default
    given("")
    assert env.boolean(NAME, default) is default


@pytest.mark.parametrize("value", ["maybe", "2", "truee", "ja"])
def test_a_flag_that_is_neither_is_refused_by_name(given: Set, value: str) -> None:
    given(value)
    assert NAME in refusal(lambda: env.boolean(NAME, False))


@pytest.mark.parametrize("value", ["many", "1.5", "0", "11", "-1", "1e3", "0x1"])
def test_a_number_out_of_its_range_or_of_none_is_refused_by_name(given: Set, value: str) -> None:
    given(value)
    assert NAME in refusal(lambda: env.integer(NAME, 5, low=1, high=10))


@pytest.mark.parametrize("value", ["much", "nan", "inf", "-inf", "10.1"])
def test_a_decimal_out_of_its_range_or_of_none_is_refused_by_name(given: Set, value: str) -> None:
    given(value)
    assert NAME in refusal(lambda: env.decimal(NAME, 5, low=0, high=10))


def test_numbers_are_read(given: Set) -> None:
    given(" 7 ")
    assert env.integer(NAME, 5, low=1, high=10) == 7
    assert env.decimal(NAME, 5, low=1, high=10) == 7.0
    given("")
    assert env.integer(NAME, 5, low=1, high=10) == 5


def test_a_list_leaves_out_its_empty_parts(given: Set) -> None:
    given(" a, ,b,")
    assert env.words(NAME) == ["a", "b"]
    given("")
    assert env.words(NAME, ("x",)) == ["x"]


def test_one_of_few_words_is_refused_where_it_is_another(given: Set) -> None:
    given("LOUD")
    message = refusal(lambda: env.choice(NAME, "INFO", ("INFO", "DEBUG")))
    assert message == f"{NAME} must be one of INFO, DEBUG, not 'LOUD'."
    given("")
    assert env.choice(NAME, "INFO", ("INFO", "DEBUG")) == "INFO"


def test_a_value_may_come_from_a_file(
    given: Set, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    path.write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    assert env.text(NAME) == "from the file"
    given("itself")
    assert env.text(NAME) == "itself"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_refused_by_name(
    given: Set, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    assert f"{NAME}_FILE" in refusal(lambda: env.text(NAME))


@pytest.mark.parametrize(
    "value", ["https://leads.example.com", "http://127.0.0.1:8000", "http://[::1]:8000"]
)
def test_the_address_of_the_site_is_read_without_its_last_slash(given: Set, value: str) -> None:
    given(f"{value}/")
    assert env.web_url(NAME, "") == value


@pytest.mark.parametrize(
    "value",
    [
        "leads.example.com",
        "ftp://leads.example.com",
        "https://",
        "https://leads.example.com/path",
        "https://leads.example.com?x=1",
        "https://user:word@leads.example.com",
        "https://leads.example.com:port",
        "https://[broken",
    ],
)
def test_an_address_that_is_none_is_refused_by_name(given: Set, value: str) -> None:
    given(value)
    assert NAME in refusal(lambda: env.web_url(NAME, ""))


def test_a_database_url_is_taken_apart() -> None:
    read = env.database("postgresql://us%40er:p%2Fw@db.example:6543/my%20db?sslmode=require")
    assert read == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "my db",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6543",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url",
    [
        "mysql://secret@host/db",
        "sqlite:///secret.sqlite3",
        "postgresql://secret@host:port/db",
        "postgresql://secret@host",
        "postgresql://secret@host/",
        "postgresql://secret@[host/db",
    ],
)
def test_a_database_url_that_is_none_is_refused_without_its_secrets(url: str) -> None:
    message = refusal(lambda: env.database(url))
    assert "DATABASE_URL" in message
    assert "secret" not in message


def test_a_secret_is_made_once_and_kept_from_others(given: Set, tmp_path: Path) -> None:
    secret = env.kept_secret(NAME, tmp_path)
    assert len(secret) >= 50
    assert env.kept_secret(NAME, tmp_path) == secret
    files = list(tmp_path.iterdir())
    assert [path.name for path in files] == [f"{NAME.lower()}.txt"]
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_one_secret(given: Set, tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: env.kept_secret(NAME, tmp_path), range(64)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50


# --- the whole, in a fresh process ------------------------------------------------------------


def check(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` with these variables and none of this machine's."""
    environment = {
        "PATH": os.environ["PATH"],
        "FRESHLEADS_DATA": str(folder),
        "PYTHONWARNINGS": "error::DeprecationWarning",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


PRODUCTION = {
    "FRESHLEADS_PRODUCTION": "true",
    "FRESHLEADS_URL": "https://leads.example.com",
    "SECRET_KEY": "k0-Qx7" * 12,
    "GOOGLE_PLACES_KEY": "a-key",
}


def test_a_fresh_machine_needs_no_setting(tmp_path: Path) -> None:
    answer = check(tmp_path, "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "secret_key.txt").exists()


def test_production_passes_the_deployment_checks_without_a_warning(tmp_path: Path) -> None:
    answer = check(tmp_path, "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert answer.returncode == 0, answer.stderr
    assert not (tmp_path / "secret_key.txt").exists(), "production keeps no secret of its own"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"FRESHLEADS_SANDBOX": "true"}, "freshleads.E001"),
        ({"SECRET_KEY": "short"}, "freshleads.E002"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing: production needs at least 50"),
        ({"FRESHLEADS_URL": "http://leads.example.com"}, "freshleads.E003"),
        ({"REDIS_URL": "redis://127.0.0.1/0"}, "freshleads.E004"),
        ({"GOOGLE_PLACES_KEY": ""}, "freshleads.E006"),
        ({"FRESHLEADS_ALLOWED_NETWORKS": "10.0.0.0/8,everywhere"}, "freshleads.E008"),
        ({"FRESHLEADS_LOG_LEVEL": "LOUD"}, "FRESHLEADS_LOG_LEVEL"),
        ({"PORT": "0"}, "PORT"),
    ],
)
def test_production_with_a_setting_that_contradicts_does_not_start(
    tmp_path: Path, variables: dict[str, str], told: str
) -> None:
    answer = check(tmp_path, **{**PRODUCTION, **variables})
    assert answer.returncode != 0
    assert told in answer.stderr
