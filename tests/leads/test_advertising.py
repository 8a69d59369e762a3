"""Ads: looked at anew each time, remembered for ever, their landing pages read for contacts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.billing import charging
from freshleads.lib.errors import ProviderError
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.vendors import VendorsServer
from freshleads.users.models import Workspace
from leads import registry
from leads.crawler.results import Finding, SiteReport
from leads.looking_up import Answer
from leads.models import Ad, SiteCrawl
from leads.providers.records import AdRecord
from leads.questions import AdsQuestion, Question

Balance = Callable[[Workspace], tuple[int, int]]
Look = Callable[[Question], Answer]

DENTISTS = AdsQuestion("Dentist Miami")


class FakeAds:
    """A source of ads that shows what the test put in."""

    name, call_seconds = "fake", 1.0
    ad_engines = frozenset({"google", "bing"})

    def __init__(self) -> None:
        self.shown: list[AdRecord] = []

    def show(self, *ads: tuple[str, str, str]) -> None:
        self.shown = [
            AdRecord(number, title, url, text)
            for number, (title, url, text) in enumerate(ads, start=1)
        ]

    def ads(self, query: str, **asked: Any) -> tuple[AdRecord, ...]:
        return tuple(self.shown)


@pytest.fixture
def board(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> FakeAds:
    fake = FakeAds()
    monkeypatch.setattr(registry, "ad_sources", lambda: [fake])
    return fake


def titles(answer: Answer, *, active: bool) -> list[str]:
    return [row["title"] for row in answer.data["results"] if row["is_active"] is active]


# --- one look ---------------------------------------------------------------------------------


def test_running_ads_come_with_the_contacts_of_their_landing_pages(
    look: Look, vendors: VendorsServer, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    answer = look(DENTISTS)
    data = answer.data
    assert list(data) == [
        "query", "search_engine", "page", "fresh_count", "historical_count", "results_count",
        "results",
    ]  # fmt: skip
    assert (data["query"], data["fresh_count"], data["historical_count"]) == (
        "Dentist Miami",
        18,
        0,
    )
    assert answer.credits_used == 10
    assert balance(workspace) == (before - 10, 0)
    row = next(row for row in data["results"] if row["contact_data"]["emails"])
    assert list(row) == [
        "position", "title", "url", "ad_text", "search_engine", "first_seen", "last_seen",
        "is_active", "contact_data",
    ]  # fmt: skip
    assert list(row["contact_data"]) == ["emails", "phones", "social_links", "metadata"]
    assert list(row["contact_data"]["metadata"]) == ["title", "description", "keywords", "image"]
    assert datetime.strptime(row["last_seen"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    assert "/aclk" not in str(data), "no click counter is given away or followed"
    charging.verify_ledger(workspace)


def test_at_most_fifteen_landing_pages_are_read_and_the_others_at_the_next_look(
    look: Look, vendors: VendorsServer
) -> None:
    read = []
    for _ in range(2):
        look(DENTISTS)
        read.append(SiteCrawl.objects.count())
    assert read == [15, 18]


def test_every_look_is_a_fresh_one_and_paid(
    look: Look, vendors: VendorsServer, workspace: Workspace, balance: Balance
) -> None:
    before, _ = balance(workspace)
    asked = len(vendors.requests)
    first, second = look(DENTISTS), look(DENTISTS)
    assert (first.is_cached, second.is_cached, len(vendors.requests) - asked) == (False, False, 2)
    assert balance(workspace) == (before - 20, 0)
    assert Ad.objects.count() == 18


# --- history ----------------------------------------------------------------------------------


def test_ads_that_no_longer_run_stay_known_and_come_after_those_that_do(
    look: Look, board: FakeAds
) -> None:
    start = timezone.now().replace(microsecond=0)
    board.show(("Old", "http://old.test/?gclid=1", ""), ("Both", "http://both.test/", "first"))
    with time_machine.travel(start, tick=False):
        look(DENTISTS)
    board.show(("New", "http://new.test/", ""), ("Both", "http://both.test/?gclid=2", "second"))
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        answer = look(AdsQuestion("dentist  MIAMI"))
    data = answer.data
    assert (data["fresh_count"], data["historical_count"], data["results_count"]) == (2, 1, 3)
    assert [row["title"] for row in data["results"]] == ["New", "Both", "Old"]
    new, both, old = data["results"]
    assert (new["is_active"], both["is_active"], old["is_active"]) == (True, True, False)
    earlier, later = (
        moment.strftime("%Y-%m-%d %H:%M:%S") for moment in (start, start + timedelta(hours=1))
    )
    assert (both["first_seen"], both["last_seen"], both["ad_text"]) == (earlier, later, "second")
    assert (old["first_seen"], old["last_seen"]) == (earlier, earlier)
    assert (new["first_seen"], new["last_seen"]) == (later, later)
    assert Ad.objects.count() == 3


def test_history_belongs_to_query_and_engine_and_is_left_out_on_request(
    look: Look, board: FakeAds
) -> None:
    board.show(("Old", "http://old.test/", ""))
    look(DENTISTS)
    board.show()
    assert titles(look(DENTISTS), active=False) == ["Old"]
    for other in (
        AdsQuestion("dentist miami", engine="bing"),
        AdsQuestion("dentist tampa"),
        AdsQuestion("dentist miami", include_history=False),
    ):
        data = look(other).data
        assert (data["historical_count"], data["results"]) == (0, [])


# --- what it costs ----------------------------------------------------------------------------


def test_up_to_seven_ads_cost_one_credit_for_each_that_leads_to_an_address(
    look: Look, board: FakeAds
) -> None:
    keep_report("http://site.test/", "info@site.test")
    board.show(
        ("By its text", "http://nowhere-1.test/", "Write to sales (at) shop.com"),
        ("By its landing page", "http://site.test/", ""),
        ("Neither", "http://nowhere-2.test/", ""),
    )
    assert look(AdsQuestion("three")).credits_used == 2


def test_without_running_ads_history_is_free(look: Look, board: FakeAds) -> None:
    keep_report("http://old.test/", "info@old.test")
    board.show(("Old", "http://old.test/", ""))
    assert look(DENTISTS).credits_used == 1
    board.show()
    answer = look(DENTISTS)
    assert (answer.credits_used, answer.data["fresh_count"]) == (0, 0)
    assert answer.data["results"][0]["contact_data"]["emails"] == ["info@old.test"]


def test_without_a_source_that_answers_nothing_is_charged(
    look: Look,
    vendors: VendorsServer,
    settings: Settings,
    workspace: Workspace,
    balance: Balance,
) -> None:
    before = balance(workspace)
    vendors.conditions.weather["serpapi"] = "down"
    with pytest.raises(ProviderError):
        look(DENTISTS)
    settings.LEADS_ADS_PROVIDERS = ()
    with pytest.raises(ProviderError, match="FRESHLEADS_ADS_PROVIDERS"):
        look(DENTISTS)
    assert balance(workspace) == before
    assert not Ad.objects.exists()


# --- landing pages ----------------------------------------------------------------------------


def keep_report(url: str, email: str, *, days: float = 0, outcome: Any = "ok") -> None:
    finding = Finding(email, url, "text")
    report = SiteReport(url, url, outcome, emails=(finding,), title="Kept")
    SiteCrawl.objects.update_or_create(
        url=url,
        defaults={
            "outcome": outcome,
            "report": report.to_dict(),
            "fetched_at": timezone.now() - timedelta(days=days),
        },
    )


def reads(sandbox: Sandbox, host: str) -> int:
    return sum(seen_host == host for _, seen_host, _ in sandbox.web.seen)


@pytest.mark.parametrize(("days", "is_read"), [(6, False), (8, True)])
def test_a_landing_page_is_read_again_after_a_week(
    look: Look, sandbox: Sandbox, board: FakeAds, bright: Any, days: int, is_read: bool
) -> None:
    host, url = bright.site.host, f"http://{bright.site.host}/"
    keep_report(url, "kept@kept.test", days=days)
    board.show(("Ad", url, ""))
    before = reads(sandbox, host)
    data = look(DENTISTS).data["results"][0]["contact_data"]
    assert (reads(sandbox, host) > before) is is_read
    assert (data["emails"] == ["kept@kept.test"]) is not is_read


def test_a_page_that_cannot_be_read_any_more_keeps_what_it_said(look: Look, board: FakeAds) -> None:
    url = "http://gone-for-good.test/"
    keep_report(url, "kept@kept.test", days=30)
    board.show(("Ad", url, ""))
    assert look(DENTISTS).data["results"][0]["contact_data"]["emails"] == ["kept@kept.test"]
    assert SiteCrawl.objects.get().outcome == "ok"


def test_an_ad_that_leads_inside_is_shown_without_a_connection(
    look: Look, board: FakeAds, refused_connections: list[Any]
) -> None:
    board.show(("Inside", "http://169.254.169.254/latest/", ""), ("Odd", "http://10.0.0.1/", ""))
    rows = look(DENTISTS).data["results"]
    assert [row["contact_data"]["emails"] for row in rows] == [[], []]
    assert {crawl.outcome for crawl in SiteCrawl.objects.all()} == {"refused"}
    assert refused_connections == []
