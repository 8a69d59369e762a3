"""What of a request stands in the log: faults of ours, not what visitors type."""

import logging

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/wp-login.php", "/leads/lead_x", "/api/v1/nothing"])
def test_a_refused_request_is_no_news(caplog: pytest.LogCaptureFixture, path: str) -> None:
    assert Client().get(path).status_code in {302, 401, 404}
    assert Client().post("/login", {"email": "x"}).status_code == 422
    assert [record for record in caplog.records if record.name == "django.request"] == []


@pytest.mark.django_db
def test_a_fault_of_ours_is_news(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("freshleads.users.views.LogInForm", None)
    assert client.get("/login").status_code == 500
    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert record.levelno == logging.ERROR
