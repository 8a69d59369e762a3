"""The invented world: same seed, same world; enough of everything."""

import dataclasses
import subprocess
import sys
import time
from collections import Counter

import phonenumbers
import pytest

from freshleads.sandbox.casting import NETWORKS, ORDINARY, SITE_BEHAVIOURS
from freshleads.sandbox.entities import MAIL_BEHAVIOURS, Business
from freshleads.sandbox.obfuscations import TECHNIQUES
from freshleads.sandbox.world import World, build_world


def _with_site(world: World) -> list[Business]:
    return [business for business in world.businesses if business.site]


def test_the_same_seed_gives_the_same_world_in_another_process(world: World) -> None:
    code = (
        "from freshleads.sandbox.world import build_world;import hashlib;"
        "print(hashlib.sha256(''.join(f'{b.place_id}{b.name}{b.website}{b.phone_e164}'"
        "f'{b.site}{b.mail.behaviour}{sorted(b.mail.mailboxes)}' "
        "for b in build_world(1).businesses).encode()).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
        for hash_seed in ("1", "2")
    }

    assert len(runs) == 1


def test_another_seed_gives_another_world(world: World) -> None:
    other = build_world(2)

    assert len(other.businesses) == len(world.businesses)
    assert {b.place_id for b in other.businesses}.isdisjoint(b.place_id for b in world.businesses)


def test_a_world_is_built_in_less_than_half_a_second_of_work() -> None:
    started = time.process_time()

    build_world(987)

    assert time.process_time() - started < 0.5


def test_holds_four_cities_twelve_trades_and_240_dentists_in_miami(world: World) -> None:
    counts = Counter((b.area, b.trade) for b in world.businesses)

    assert len(world.businesses) >= 600
    assert [area.key for area in world.areas] == ["miami", "bristol", "berlin", "lyon"]
    assert len(counts) == 48
    assert counts["miami", "dentist"] == 240


def test_every_place_id_domain_and_listed_number_is_unique(world: World) -> None:
    for attribute in ("place_id", "domain", "phone_e164"):
        values = [getattr(b, attribute) for b in world.businesses if getattr(b, attribute)]
        assert len(values) == len(set(values)), attribute


def test_every_business_lies_inside_its_area(world: World) -> None:
    areas = {area.key: area for area in world.areas}
    for business in world.businesses:
        area = areas[business.area]
        assert area.low[0] <= business.latitude <= area.high[0]
        assert area.low[1] <= business.longitude <= area.high[1]
        assert area.low[0] < area.center[0] < area.high[0]


def test_every_number_is_valid_for_libphonenumber_and_of_its_country(world: World) -> None:
    for business in world.businesses:
        listed = [(business.phone_e164 or "", business.phone_national or "")]
        shown = [(p.e164, p.national) for p in business.site.phones] if business.site else []
        for e164, national in (*(listed if business.phone_e164 else ()), *shown):
            parsed = phonenumbers.parse(national, business.country)
            assert phonenumbers.is_valid_number(parsed)
            assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == e164


def test_nine_in_ten_have_a_website_and_some_only_a_facebook_page(world: World) -> None:
    share = len(_with_site(world)) / len(world.businesses)
    facebook = [
        b for b in world.businesses if (b.website or "").startswith("https://www.facebook.com/")
    ]

    assert 0.86 < share < 0.94
    assert len(facebook) >= 5
    assert all(b.site is None and b.domain is None for b in facebook)


@pytest.mark.parametrize("behaviour", [key for key in SITE_BEHAVIOURS if key != ORDINARY])
def test_each_site_behaviour_is_played_by_three_sites(world: World, behaviour: str) -> None:
    assert sum(b.site.behaviour == behaviour for b in world.businesses if b.site) == 3


def test_four_in_five_sites_are_ordinary(world: World) -> None:
    sites = _with_site(world)

    assert sum(b.site.behaviour == ORDINARY for b in sites if b.site) >= 0.8 * len(sites)


def test_seven_in_ten_mail_domains_are_ordinary_and_every_behaviour_occurs(world: World) -> None:
    counts = Counter(b.mail.behaviour for b in _with_site(world))

    assert set(counts) == set(MAIL_BEHAVIOURS)
    assert min(counts.values()) >= 3
    assert 0.66 < counts["reject_unknown"] / counts.total() < 0.74


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_each_technique_is_used_on_several_sites(world: World, technique: str) -> None:
    used = [{c.technique for c in b.site.contacts} for b in world.businesses if b.site]

    assert sum(technique in techniques for techniques in used) >= 5


@pytest.mark.parametrize("network", NETWORKS)
def test_each_network_is_linked_by_several_sites(world: World, network: str) -> None:
    assert sum(network in dict(b.site.socials) for b in world.businesses if b.site) >= 5


def test_ten_languages_are_written(world: World) -> None:
    counts = Counter(b.site.language for b in world.businesses if b.site)

    assert set(counts) == {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "ja"}
    assert min(counts.values()) >= 3


def test_most_shown_addresses_have_a_mailbox_and_a_few_are_dead(world: World) -> None:
    shown = [
        mail in world.mail_domains[mail.partition("@")[2]].mailboxes
        for b in world.businesses
        if b.site
        for contact in b.site.contacts
        for mail in contact.emails
    ]

    assert 0.9 < sum(shown) / len(shown) < 0.99


def test_hosts_lead_to_their_business_with_and_without_www(world: World) -> None:
    moved = next(b for b in world.businesses if b.site and b.site.behaviour == "redirect_other")
    assert moved.domain and moved.site

    for host in (moved.domain, f"www.{moved.domain}", moved.site.host, f"www.{moved.site.host}"):
        assert world.by_host[host.replace("www.www.", "www.")] is moved
    assert moved.site.host != moved.domain
    assert all(host.endswith(".test") for host in world.by_host)


def test_a_business_cannot_be_changed(world: World) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        world.businesses[0].name = "Other"  # type: ignore[misc]
