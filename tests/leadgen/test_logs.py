"""A key is written down nowhere: in no log record at any level, whatever goes wrong."""

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from django.test import Client
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from freshleads.lib.redacting import RedactingFormatter, take_key, without_keys
from tests.leadgen.clients import Api

PATH = "/projects.php"


class Everything(logging.Handler):
    """Writes down all that a record, and a request in it, can tell of itself."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told += [record.getMessage(), str(vars(record))]
        if record.exc_info and record.exc_info[0]:
            self.told.append("".join(traceback.format_exception(*record.exc_info)))
        request = vars(record).get("request")
        if request is not None:
            shown = {name: value for name, value in request.META.items() if "AUTH" not in name}
            self.told += [repr(request), request.get_full_path(), str(shown), str(request.GET)]
            self.told.append(ExceptionReporter(request, None, None, None).get_traceback_text())


@contextmanager
def all_logs() -> Iterator[Everything]:
    """Take down every record of every logger at every level."""
    handler, root = Everything(), logging.getLogger()
    names = ("django", "django.request", "django.server", "django.security", "waitress", "celery")
    loggers = [root, *(logging.getLogger(name) for name in names)]
    levels = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def crash(*arguments: Any, **options: Any) -> None:
    raise RuntimeError("broken")


def away(*arguments: Any, **options: Any) -> None:
    raise OperationalError("gone")


WEATHERS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "fine": lambda patch: None,
    "a crash in the view": lambda patch: patch.setattr("leads.projects.list_projects", crash),
    "a database away": lambda patch: patch.setattr("leads.projects.list_projects", away),
    "a key check away": lambda patch: patch.setattr(
        "freshleads.users.keys.workspace_for_key", away
    ),
    "a crash in the key check": lambda patch: patch.setattr(
        "freshleads.users.keys.workspace_for_key", crash
    ),
    "a crash before the view": lambda patch: patch.setattr(
        "freshleads.middleware.WorkspaceMiddleware.__call__", crash
    ),
}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("weather", WEATHERS)
def test_no_record_at_any_level_holds_the_key(
    alices_api: Api,
    alices_key: str,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    weather: str,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    WEATHERS[weather](monkeypatch)
    client = Client(raise_request_exception=False)
    with all_logs() as logs:
        for method, path, host in (
            ("GET", PATH, "testserver"),
            ("GET", "/nothing.php", "testserver"),
            ("GET", "/%0a", "testserver"),
            ("DELETE", PATH, "testserver"),
            ("GET", PATH, "evil.example"),
        ):
            for query in (
                f"api_key={alices_key}",
                f"apikey={alices_key}",
                f"api%5Fkey={alices_key}",
            ):
                response = client.generic(
                    method,
                    f"/v2/api/v1{path}",
                    headers={"Host": host, "Referer": f"http://testserver/x?{query}"},
                    QUERY_STRING=query,
                    REQUEST_URI=f"{path}?{query}",
                )
                assert alices_key[-20:] not in response.content.decode()
    assert len(logs.told) >= 2
    assert not sum(alices_key[-20:] in told for told in logs.told)


def test_a_page_that_is_no_api_keeps_keys_out_of_its_logs_too(
    alices_key: str, client: Client
) -> None:
    with all_logs() as logs:
        client.get("/nothing", {"api_key": alices_key})
        client.get("/api/v1/leads", {"api_key": alices_key})
    assert logs.told
    assert not sum(alices_key[-20:] in told for told in logs.told)


def test_the_freshleads_api_takes_no_key_from_an_address(alices_key: str, client: Client) -> None:
    response = client.get("/api/v1/projects", {"api_key": alices_key})
    assert response.status_code == 401


def test_what_is_written_is_searched_for_keys_once_more(alices_key: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter("{levelname} {message}", style="{"))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"GET https://vendor.example/?q=1&api_key=secret-of-ours&x={alices_key}")
    except ValueError:
        logger.exception("asked with %s", alices_key)
    written = stream.getvalue()
    assert alices_key[-20:] not in written
    assert "secret-of-ours" not in written
    assert "asked with hidden" in written
    assert "api_key=hidden&x=hidden" in written


def test_every_handler_of_the_installation_writes_without_keys() -> None:
    logs: dict[str, Any] = configured.LOGGING
    assert logs["formatters"]["line"]["()"] == "freshleads.lib.redacting.RedactingFormatter"
    assert {handler["formatter"] for handler in logs["handlers"].values()} == {"line"}
    assert logs["loggers"]["django.server"]["handlers"] == ["stderr"]


@pytest.mark.parametrize(
    ("query", "left", "key"),
    [
        ("", "", ""),
        ("a=1&b=2", "a=1&b=2", ""),
        ("api_key=", "api_key=", ""),
        ("api_key", "api_key", ""),
        ("api_key=x%2By+z&a=1", "api_key=hidden&a=1", "x+y z"),
        ("a=1&%61pi_key=x", "a=1&api_key=hidden", "x"),
        ("api_key=x&api_key=y", "api_key=hidden&api_key=hidden", "x"),
        ("API_KEY=x", "API_KEY=hidden", ""),
    ],
)
def test_a_key_is_taken_out_of_a_query_string(query: str, left: str, key: str) -> None:
    assert take_key(query) == (left, key)


def test_hiding_keys_takes_no_time_on_long_texts() -> None:
    assert without_keys("api_key=" * 100_000).count("hidden") > 0
    assert without_keys("fl_live_" * 100_000) == "fl_live_" * 100_000
