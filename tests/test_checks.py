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


@pytest.fixture
def public_map(settings: Settings) -> Settings:
    """An installation that asks the public servers of OpenStreetMap."""
    settings.LEADS_PLACES_PROVIDERS = ["openstreetmap"]
    settings.NOMINATIM_URL = "https://nominatim.openstreetmap.org"
    settings.OVERPASS_URL = "https://overpass-api.de"
    settings.BOT_CONTACT = "http://127.0.0.1:8000"
    return settings


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "nobody",
        "@acme.com",
        "me@localhost",
        "me@example.com",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://[::1]:8000",
        "http://192.168.1.4/",
        "https://leads",
        "https://leads.test/",
        "https://[broken",
    ],
)
def test_volunteers_are_not_asked_without_somebody_to_write_to(
    public_map: Settings, contact: str
) -> None:
    public_map.BOT_CONTACT = contact
    [error] = checks.check_contact(None)
    assert error.id == "freshleads.E009"
    assert "FRESHLEADS_BOT_CONTACT" in error.msg
    assert "NOMINATIM_URL and OVERPASS_URL to servers of your own" in str(error.hint)


@pytest.mark.parametrize(
    "contact", ["me@acme.com", "https://leads.acme.com", "http://acme.com/bot", "http://8.8.8.8/"]
)
def test_a_contact_that_reaches_somebody_is_enough(public_map: Settings, contact: str) -> None:
    public_map.BOT_CONTACT = contact
    assert checks.check_contact(None) == []


def test_servers_of_ones_own_need_no_contact(public_map: Settings) -> None:
    public_map.NOMINATIM_URL = "http://10.0.0.5:8080"
    [error] = checks.check_contact(None)
    assert "or OVERPASS_URL to servers" in str(error.hint)
    public_map.OVERPASS_URL = "http://10.0.0.5:12345"
    assert checks.check_contact(None) == []


def test_who_does_not_ask_openstreetmap_needs_no_contact(public_map: Settings) -> None:
    public_map.LEADS_PLACES_PROVIDERS = ["google"]
    assert checks.check_contact(None) == []
