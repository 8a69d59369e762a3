"""How providers do is one row each: written when it changes, read by whoever chooses one."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from freshleads.lib.errors import ProviderError
from leads import provider_health
from leads.models import ProviderHealth

pytestmark = pytest.mark.django_db


def health() -> ProviderHealth:
    return ProviderHealth.objects.get(provider="google", ability="places")


def fail(code: str = "provider_unavailable", retry_after: float | None = None) -> None:
    error = ProviderError("No\0pe", code=code, retry_after=retry_after)
    provider_health.note_failure("google", "places", error)


def rests() -> bool:
    return "google" in provider_health.resting("places", ["google", "local"])


def test_a_first_success_and_a_first_failure_make_the_row() -> None:
    provider_health.note_success("google", "places")
    assert (health().failures, health().last_failure_at) == (0, None)
    assert health().last_success_at is not None
    provider_health.note_failure("google", "search", ProviderError("down"))
    assert ProviderHealth.objects.count() == 2


def test_failures_in_a_row_are_counted_with_the_last_reason_until_a_success() -> None:
    fail()
    fail("bad_answer")
    assert (health().failures, health().error_code, health().error_message) == (
        2,
        "bad_answer",
        "Nope",
    )
    provider_health.note_success("google", "places")
    assert (health().failures, health().error_code, health().error_message) == (0, "", "")
    assert health().last_failure_at is not None, "when it last failed stays known"


@pytest.mark.parametrize("code", ["invalid_key", "access_denied", "no_credit"])
def test_a_provider_with_a_bad_key_or_no_credit_rests_for_an_hour(code: str) -> None:
    fail(code)
    assert rests()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert not rests()


def test_a_throttled_provider_rests_as_long_as_it_asks_and_a_broken_one_not_at_all() -> None:
    fail("quota_exceeded", retry_after=30)
    assert rests()
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert not rests()
    fail("provider_unavailable")
    assert not rests()


def test_who_answers_rests_no_more() -> None:
    fail("no_credit")
    provider_health.note_success("google", "places")
    assert not rests()


def test_successes_in_a_row_are_written_once_in_ten_seconds() -> None:
    provider_health.note_success("google", "places")
    first = health().last_success_at
    provider_health.note_success("google", "places")
    assert health().last_success_at == first
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        provider_health.note_success("google", "places")
    assert first is not None
    assert health().last_success_at > first  # type: ignore[operator]
