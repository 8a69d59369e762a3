"""Websites: all pages allowed are read, own addresses told from others, robots obeyed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import phonenumbers
import pytest
import time_machine
from django.utils import timezone

from freshleads.lib.errors import ProviderError
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.truth import site_truth
from freshleads.users.models import Workspace
from leads import site_crawls, sites
from leads.crawler.results import Finding, PageVisit, SiteReport, SocialFinding
from leads.looking_up import Answer
from leads.models import SiteCrawl
from leads.questions import CrawlQuestion, Question

Balance = Callable[[Workspace], tuple[int, int]]
Look = Callable[[Question], Answer]
URL = "https://www.shop.test/"


def a_site(sandbox: Sandbox, behaviour: str) -> Business:
    return next(
        one for one in sandbox.world.businesses if one.site and one.site.behaviour == behaviour
    )


def national(e164: str) -> str:
    form = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(phonenumbers.parse(e164), form)


def report(**found: Any) -> SiteReport:
    page = PageVisit(URL, 200, 1000, 0.1, "ok")
    return SiteReport(URL, found.pop("final_url", URL), "ok", pages=(page,), **found)


def emails(*addresses: str) -> tuple[Finding, ...]:
    return tuple(Finding(address, URL, "text") for address in addresses)


# --- reading ----------------------------------------------------------------------------------


def test_everything_that_stands_on_a_website_is_found(look: Look, bright: Business) -> None:
    truth = site_truth(bright)
    assert bright.site is not None
    answer = look(CrawlQuestion(bright.site.host))
    data = answer.data
    assert list(data) == [
        "domain", "pages_crawled", "metadata", "emails", "all_emails", "phones", "social_links",
    ]  # fmt: skip
    assert data["domain"] == f"https://{bright.site.host}"
    assert truth.emails <= set(data["all_emails"])
    assert not truth.decoys & set(data["all_emails"])
    assert {national(phone) for phone in truth.phones} <= set(data["phones"])
    assert set(truth.socials.values()) <= set(data["social_links"])
    assert data["metadata"]["title"] == truth.title
    assert data["metadata"]["description"] == truth.description
    assert list(data["metadata"]) == ["title", "description", "keywords", "image"]
    own = f"@{bright.domain}"
    assert data["emails"] == [one for one in data["all_emails"] if one.endswith(own)]
    assert answer.credits_used == len(data["emails"])
    assert 1 < data["pages_crawled"] <= 15


def test_a_full_reading_goes_on_where_a_search_has_enough(
    look: Look, sandbox: Sandbox, bright: Business
) -> None:
    assert bright.site is not None
    url = f"https://{bright.site.host}/"
    early = report(emails=emails("kept@kept.test"))
    site_crawls.store_reports({url: early}, timezone.now())
    answer = look(CrawlQuestion(url))
    assert not answer.is_cached, "what stopped early is no full reading"
    assert "kept@kept.test" not in answer.data["all_emails"]
    assert SiteCrawl.objects.get().is_full
    assert list(site_crawls.fresh_reports([url])) == [url], "a search takes a full one all the same"


def test_a_website_is_read_again_after_two_weeks(look: Look, bright: Business) -> None:
    assert bright.site is not None
    question = CrawlQuestion(bright.site.host)
    paid = look(question).credits_used
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        assert look(question).is_cached
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert look(question).credits_used == paid


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("robots_all", "forbidden_by_robots"),
        ("fail_500", "unreachable"),
        ("redirect_metadata", "refused"),
    ],
)
def test_what_cannot_or_must_not_be_read_costs_nothing_and_is_not_kept(
    look: Look,
    sandbox: Sandbox,
    workspace: Workspace,
    balance: Balance,
    behaviour: str,
    code: str,
) -> None:
    site = a_site(sandbox, behaviour).site
    assert site is not None
    before = balance(workspace)
    with pytest.raises(ProviderError) as caught:
        look(CrawlQuestion(site.host))
    assert caught.value.code == code
    assert balance(workspace) == before
    assert not SiteCrawl.objects.exists()


def test_a_website_that_shows_nothing_costs_nothing(
    look: Look, sandbox: Sandbox, workspace: Workspace, balance: Balance
) -> None:
    site = a_site(sandbox, "parked").site
    assert site is not None
    before = balance(workspace)
    answer = look(CrawlQuestion(site.host))
    assert (answer.data["emails"], answer.credits_used) == ([], 0)
    assert balance(workspace) == before


def test_a_profile_is_named_but_not_read_and_costs_nothing(
    look: Look, refused_connections: list[Any]
) -> None:
    answer = look(CrawlQuestion("facebook.com/annsbakery"))
    assert answer.data["social_links"] == ["https://www.facebook.com/annsbakery"]
    assert (answer.data["pages_crawled"], answer.credits_used) == (0, 0)
    assert refused_connections == []


def test_what_a_search_reads_later_is_not_taken_for_a_full_reading(workspace: Workspace) -> None:
    now = timezone.now()
    site_crawls.store_reports({URL: report()}, now, is_full=True)
    assert list(site_crawls.fresh_reports([URL], full=True)) == [URL]
    site_crawls.store_reports({URL: report()}, now)
    assert site_crawls.fresh_reports([URL], full=True) == {}


# --- what it says and costs -------------------------------------------------------------------


def test_own_addresses_are_those_of_the_domain_or_of_the_one_it_forwards_to() -> None:
    found = report(
        final_url="https://newshop.test/",
        emails=emails("a@shop.test", "b@mail.newshop.test", "c@gmail.com", "d@othershop.test"),
    )
    data = sites.data_of(URL, found)
    assert data["domain"] == "https://www.shop.test"
    assert data["emails"] == ["a@shop.test", "b@mail.newshop.test"]
    assert len(data["all_emails"]) == 4
    assert sites.data_of(f"{URL}a/", found)["domain"] == "https://www.shop.test/a/"


@pytest.mark.parametrize(
    ("found", "price"),
    [
        (report(), 0),
        (report(emails=emails("a@gmail.com")), 1),
        (report(phones=(Finding("+13055550111", URL, "tel"),)), 1),
        (report(socials=(SocialFinding("https://x.com/a", URL, "link", "x"),)), 1),
        (report(emails=emails("a@shop.test", "b@shop.test", "c@gmail.com")), 2),
        (report(emails=emails(*(f"a{number}@shop.test" for number in range(40)))), 15),
    ],
)
def test_the_price_is_one_for_each_own_address_and_at_least_one_for_anything(
    found: SiteReport, price: int
) -> None:
    assert sites.price_of(sites.data_of(URL, found)) == price
