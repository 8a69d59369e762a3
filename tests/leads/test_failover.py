"""Several providers: the next answers where one fails, those that rest are asked last."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from freshleads.lib.errors import InvalidInput, ProviderError
from leads.failover import CannotTell, first_answer
from leads.models import ProviderHealth

pytestmark = pytest.mark.django_db


class Source:
    """A provider that answers with its name, or fails as it is told."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name = name
        self.error = error


def down(code: str = "provider_unavailable", **more: Any) -> ProviderError:
    return ProviderError(f"{code}!", code=code, **more)


def ask_all(*sources: Source) -> tuple[str, list[str]]:
    """Return who answered and who was asked, in order."""
    asked: list[str] = []

    def ask(source: Source) -> str:
        asked.append(source.name)
        if source.error:
            raise source.error
        return source.name

    return first_answer("search", sources, ask), asked  # type: ignore[type-var]


def rest(name: str) -> None:
    ProviderHealth.objects.create(
        provider=name, ability="search", resting_until=timezone.now() + timedelta(hours=1)
    )


def test_the_first_that_can_answers_and_nobody_else_is_asked() -> None:
    assert ask_all(Source("a"), Source("b")) == ("a", ["a"])
    assert ProviderHealth.objects.get().last_success_at is not None


def test_the_next_answers_where_one_fails_and_both_are_noted() -> None:
    assert ask_all(Source("a", down()), Source("b")) == ("b", ["a", "b"])
    ill, well = ProviderHealth.objects.order_by("provider")
    assert (ill.provider, ill.failures, ill.error_code) == ("a", 1, "provider_unavailable")
    assert (well.provider, well.failures) == ("b", 0)


@pytest.mark.parametrize("code", ["invalid_key", "no_credit"])
def test_one_with_a_bad_key_or_no_credit_is_asked_last_for_an_hour(code: str) -> None:
    ask_all(Source("a", down(code, permanent=True)), Source("b"))
    assert ask_all(Source("a"), Source("b")) == ("b", ["b"])
    ProviderHealth.objects.update(resting_until=timezone.now())
    assert ask_all(Source("a"), Source("b")) == ("a", ["a"])


def test_a_throttled_one_rests_as_long_as_it_asks() -> None:
    ask_all(Source("a", down("quota_exceeded", retry_after=30)), Source("b"))
    until = ProviderHealth.objects.get(provider="a").resting_until
    assert until is not None
    assert timedelta(seconds=25) < until - timezone.now() <= timedelta(seconds=30)


def test_those_that_rest_are_asked_where_nobody_else_answers() -> None:
    rest("a")
    assert ask_all(Source("a")) == ("a", ["a"])
    rest("b")
    assert ask_all(Source("b"), Source("c", down())) == ("b", ["c", "b"])


def test_the_last_failure_is_told_where_nobody_answers() -> None:
    with pytest.raises(ProviderError, match="captcha!"):
        ask_all(Source("a", down()), Source("b", down("captcha")))


def test_a_broken_source_tells_more_than_an_ignorant_one_and_that_more_than_an_unable_one() -> None:
    unable, ignorant = down("not_supported", permanent=True), CannotTell("unknown there")
    with pytest.raises(ProviderError, match="provider_unavailable!"):
        ask_all(Source("a", down()), Source("b", ignorant), Source("c", unable))
    with pytest.raises(CannotTell, match="unknown there"):
        ask_all(Source("b", ignorant), Source("c", unable))
    with pytest.raises(ProviderError, match="not_supported!"):
        ask_all(Source("c", unable))


def test_what_a_source_does_not_know_or_cannot_do_is_no_illness() -> None:
    sources = Source("a", CannotTell("no")), Source("b", down("not_supported")), Source("c")
    assert ask_all(*sources)[1] == ["a", "b", "c"]
    assert not ProviderHealth.objects.filter(failures__gt=0).exists()
    assert not ProviderHealth.objects.filter(provider="b").exists()


def test_a_wrong_question_bothers_nobody_else() -> None:
    with pytest.raises(InvalidInput):
        ask_all(Source("a", InvalidInput("odd")), Source("b"))
    assert not ProviderHealth.objects.exists()


def test_without_any_source_the_setting_is_named() -> None:
    with pytest.raises(ProviderError, match="FRESHLEADS_SEARCH_PROVIDERS") as caught:
        ask_all()
    assert (caught.value.code, caught.value.permanent) == ("not_supported", True)
