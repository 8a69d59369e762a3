"""Settings that contradict each other are errors with a number; the rest say nothing."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from freshleads import checks, outbound


def numbers(messages: Any) -> list[str]:
    return [message.id for message in messages]


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.PRODUCTION = True
    settings.SANDBOX = False
    settings.DEBUG = False
    settings.SECRET_KEY = "k" * 50
    settings.SITE_URL = "https://leads.example.com"
    return settings


def test_a_right_production_says_nothing(production: Settings) -> None:
    assert checks.check_production(None) == []


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("SANDBOX", True, "freshleads.E001"),
        ("SECRET_KEY", "k" * 49, "freshleads.E002"),
        ("SITE_URL", "http://leads.example.com", "freshleads.E003"),
        ("DEBUG", True, "freshleads.E007"),
    ],
)
def test_production_is_refused_for_one_wrong_setting(
    production: Settings, name: str, value: object, number: str
) -> None:
    setattr(production, name, value)
    assert numbers(checks.check_production(None)) == [number]


def test_every_mistake_is_named_at_once(production: Settings) -> None:
    production.SANDBOX, production.SECRET_KEY = True, "short"
    assert numbers(checks.check_production(None)) == ["freshleads.E001", "freshleads.E002"]


def test_a_machine_of_ones_own_may_have_the_sandbox(settings: Settings) -> None:
    settings.PRODUCTION, settings.SANDBOX, settings.SECRET_KEY = False, True, "short"
    assert checks.check_production(None) == []


@pytest.mark.parametrize(
    ("redis", "database", "found"),
    [
        ("", "", []),
        ("redis://x", "postgresql://x/y", []),
        ("", "postgresql://x/y", []),
        ("redis://x", "", ["freshleads.E004"]),
    ],
)
def test_many_processes_need_a_database_they_can_share(
    settings: Settings, redis: str, database: str, found: list[str]
) -> None:
    settings.DEBUG, settings.REDIS_URL, settings.DATABASE_URL = False, redis, database
    assert numbers(checks.check_processes(None)) == found


@pytest.mark.parametrize(
    ("provider", "key", "found"),
    [
        ("google", "a-key", []),
        ("google", "", ["freshleads.E006"]),
        ("goggle", "a-key", ["freshleads.E005"]),
    ],
)
def test_the_chosen_source_must_be_known_and_have_its_key(
    settings: Settings, provider: str, key: str, found: list[str]
) -> None:
    settings.LEADS_PLACES_PROVIDERS, settings.GOOGLE_PLACES_KEY = [provider], key
    assert numbers(checks.check_providers(None)) == found


def test_every_allowed_network_that_is_none_is_named(settings: Settings) -> None:
    settings.NETWORK_ALLOWED = ["10.1.0.0/16", "10.1.0.1/16", "fd00::/8", "all"]
    found = checks.check_networks(None)
    assert numbers(found) == ["freshleads.E008"] * 2
    assert "'10.1.0.1/16'" in found[0].msg
    settings.NETWORK_ALLOWED = ["10.1.0.0/16"]
    assert checks.check_networks(None) == []
    assert outbound.address_policy()
