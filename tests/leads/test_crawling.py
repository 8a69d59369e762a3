"""Websites become contacts of leads: nobody's work is lost, nothing is read that is not wanted."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from freshleads.users.models import Workspace
from leads import crawling, editing, leasing, running, searching
from leads.crawler.options import SiteRequest
from leads.crawler.results import Finding, PageVisit, SiteReport
from leads.models import Lead, LeadTotal, Search, SearchLead, SiteCrawl
from leads.providers.records import PlaceRecord, PlacesPage

Start = Callable[..., Search]
MakePlace = Callable[..., PlaceRecord]
SITE = "http://bright.test/"


def report(url: str = SITE, **found: Any) -> SiteReport:
    values = {
        "pages": (PageVisit(url, 200, 100, 0.1, "ok"),),
        "emails": (Finding("info@bright.test", url, "mailto"),),
        "phones": (Finding("+13055550111", url, "tel"),),
        **found,
    }
    return SiteReport(url, url, "ok", **values)


class FakeCrawler:
    """A crawler that reports what the test put in `reports` and asks `meanwhile` before it."""

    def __init__(self) -> None:
        self.reports: dict[str, SiteReport] = {}
        self.asked: list[str] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.error: BaseException | None = None

    def crawl_sites(
        self,
        requests: Sequence[SiteRequest],
        *,
        on_report: Callable[[SiteRequest, SiteReport], None],
        should_stop: Callable[[], bool],
        **options: Any,
    ) -> None:
        for request in requests:
            self.asked.append(request.url)
            if request.url in self.reports:
                on_report(request, self.reports[request.url])
        if self.error:
            raise self.error


@pytest.fixture
def crawler(monkeypatch: pytest.MonkeyPatch) -> FakeCrawler:
    fake = FakeCrawler()
    monkeypatch.setattr(crawling, "crawl_sites", fake.crawl_sites)
    merge = crawling.lock_leads

    def lock(lead_ids: Any) -> dict[int, Lead]:
        fake.meanwhile()
        return merge(lead_ids)

    monkeypatch.setattr(crawling, "lock_leads", lock)
    return fake


@pytest.fixture
def found(places: Any, start: Start) -> Callable[..., Search]:
    """Return a function that makes a search which found these places and reads their sites next."""

    def make(*records: PlaceRecord, **asked: Any) -> Search:
        places.pages = [PlacesPage(records)]
        search = start(**asked)
        while search.stage == "discovering":
            running.advance(search.pk)
            search.refresh_from_db()
        return search

    return make


def outcomes(search: Search) -> list[tuple[str, str]]:
    return list(search.results.values_list("crawl", "crawl_outcome"))


def test_contacts_of_the_site_join_the_lead_and_the_report_is_kept(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE))
    crawler.reports[SITE] = report()
    assert running.advance(search.pk)
    lead = Lead.objects.get()
    assert (lead.email, lead.phone) == ("info@bright.test", "+13055550111")
    assert lead.search_text == "business 1\ninfo@bright.test\ntestville\nbright.test"
    assert outcomes(search) == [("done", "ok")]
    kept = SiteCrawl.objects.get()
    assert (kept.url, kept.outcome, kept.pages_crawled) == (SITE, "ok", 1)


def test_leads_without_a_site_of_their_own_are_settled_without_a_request(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1), place(2, website="https://www.facebook.com/two"))
    running.advance(search.pk)
    assert outcomes(search) == [("skipped", "no_website"), ("skipped", "social_page")]
    assert crawler.asked == []
    search.refresh_from_db()
    assert search.stage == "verifying"


def test_branches_of_a_chain_share_one_reading_of_their_site(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE), place(2, website=SITE))
    crawler.reports[SITE] = report()
    running.advance(search.pk)
    assert crawler.asked == [SITE]
    assert set(Lead.objects.values_list("email", flat=True)) == {"info@bright.test"}
    assert outcomes(search) == [("done", "ok")] * 2


def test_characters_that_no_column_takes_do_not_stop_the_crawl(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE))
    crawler.reports[SITE] = report(
        title="Nu\0ll",
        description="\ud83d" + "x" * 5000,
        business={"na\0me": float("nan"), "opening_hours": {"monday": "9\0-5"}},
    )
    running.advance(search.pk)
    lead = Lead.objects.get()
    assert lead.description == "x" * 1000
    assert lead.opening_hours == {"monday": "9-5"}
    assert SiteCrawl.objects.get().report["title"] == "Null"


# --- what people do meanwhile -----------------------------------------------------------------


def test_what_a_person_types_while_a_site_is_read_is_not_lost(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace, workspace: Workspace
) -> None:
    search = found(place(1, website=SITE))
    lead = Lead.objects.get()
    crawler.reports[SITE] = report()
    crawler.meanwhile = lambda: editing.update_lead(
        workspace,
        lead.public_id,
        changes={"email": "me@mine.test", "business_name": "Mine", "tags": ["hot"]},
    )
    running.advance(search.pk)
    lead.refresh_from_db()
    assert (lead.business_name, lead.email, lead.tags) == ("Mine", "me@mine.test", ["hot"])
    assert lead.sources["email"]["source"] == "you"
    assert [entry["email"] for entry in lead.emails] == ["me@mine.test", "info@bright.test"]
    assert lead.phone == "+13055550111"


def test_the_report_of_a_website_that_is_no_longer_the_leads_is_not_merged(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace, workspace: Workspace
) -> None:
    search = found(place(1, website=SITE))
    lead = Lead.objects.get()
    other = "http://other.test/"
    crawler.reports = {
        SITE: report(),
        other: report(other, emails=(Finding("hi@other.test", other, "mailto"),)),
    }
    crawler.meanwhile = lambda: editing.update_lead(
        workspace, lead.public_id, changes={"website": other}
    )
    running.advance(search.pk)
    lead.refresh_from_db()
    assert (lead.email, lead.crawled_at, lead.domain) == ("", None, "other.test")
    assert outcomes(search) == [("pending", "")]
    running.advance(search.pk)
    lead.refresh_from_db()
    assert lead.email == "hi@other.test"
    assert crawler.asked == [SITE, other]


def test_a_lead_deleted_while_its_site_is_read_stays_as_it_was(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace, workspace: Workspace
) -> None:
    search = found(place(1, website=SITE))
    lead = Lead.objects.get()
    crawler.reports[SITE] = report()
    crawler.meanwhile = lambda: editing.delete_leads(workspace, [lead.public_id])
    running.advance(search.pk)
    running.advance(search.pk)
    lead.refresh_from_db()
    assert (lead.email, lead.crawled_at) == ("", None)
    assert outcomes(search) == [("skipped", "deleted")]
    assert crawler.asked == [SITE]


def test_a_lead_that_is_gone_for_good_does_not_stop_the_others(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    other = "http://other.test/"
    search = found(place(1, website=SITE), place(2, website=other))
    crawler.reports = {SITE: report(), other: report(other)}
    crawler.meanwhile = lambda: Lead.objects.filter(place_id="place-1").delete()
    assert running.advance(search.pk)
    assert outcomes(search) == [("done", "ok")]
    search.refresh_from_db()
    assert search.attempts == 0


def test_a_search_cancelled_while_sites_are_read_writes_nothing_more(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace, workspace: Workspace
) -> None:
    search = found(place(1, website=SITE))
    crawler.reports[SITE] = report()
    lease = leasing.claim(search.pk)
    assert lease is not None
    sites = crawling._pending_sites(lease)
    searching.cancel_search(workspace, search.public_id)
    with pytest.raises(leasing.LeaseLost):
        crawling._crawl_and_store(lease, sites)
    assert Lead.objects.get().crawled_at is None
    assert outcomes(search) == [("skipped", "")]
    assert not SiteCrawl.objects.exists()


def test_the_crawl_is_told_to_stop_as_soon_as_the_lease_is_lost(
    found: Callable[..., Search],
    place: MakePlace,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.LEADS_LEASE_SECONDS = 0.0  # renewed, and so looked at, at every turn
    search = found(place(1, website=SITE))
    was_stopped = Event()

    def endless(requests: Any, *, should_stop: Callable[[], bool], **options: Any) -> None:
        for _ in range(200):
            if should_stop():
                was_stopped.set()
                return
            Event().wait(0.05)

    monkeypatch.setattr(crawling, "crawl_sites", endless)
    lease = leasing.claim(search.pk)
    assert lease is not None
    sites = crawling._pending_sites(lease)
    searching.cancel_search(workspace, search.public_id)
    with pytest.raises(leasing.LeaseLost):
        crawling._crawl_and_store(lease, sites)
    assert was_stopped.is_set()


# --- faults of ours ---------------------------------------------------------------------------


def test_a_crawler_that_crashes_is_tried_again_and_not_for_ever(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE), place(2, website="http://other.test/"))
    crawler.reports[SITE] = report()
    crawler.error = RuntimeError("a bug")
    assert running.advance(search.pk) is False
    search.refresh_from_db()
    assert (search.status, search.attempts) == ("running", 1)
    assert outcomes(search) == [("done", "ok"), ("pending", "")], "what was read is kept"
    for _ in range(running.MAX_ATTEMPTS + 1):
        running.advance(search.pk)
    search.refresh_from_db()
    assert (search.status, search.error_code) == ("failed", "interrupted")


def test_a_site_without_a_report_ends_all_the_same_and_is_not_kept(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE))
    assert running.advance(search.pk)
    assert outcomes(search) == [("done", "failed")]
    assert not SiteCrawl.objects.exists()


def test_a_kept_report_of_another_shape_is_made_again(
    crawler: FakeCrawler, found: Callable[..., Search], place: MakePlace
) -> None:
    search = found(place(1, website=SITE))
    SiteCrawl.objects.create(
        url=SITE, outcome="ok", report={"unheard": "of"}, fetched_at=timezone.now()
    )
    crawler.reports[SITE] = report()
    running.advance(search.pk)
    assert Lead.objects.get().email == "info@bright.test"
    assert SiteCrawl.objects.get().report["start_url"] == SITE


@pytest.mark.parametrize(
    ("outcome", "days", "is_believed"),
    [("ok", 13, True), ("ok", 15, False), ("unreachable", 0.9, True), ("unreachable", 2, False)],
)
def test_what_was_read_lately_is_believed_and_a_failure_for_a_day_only(
    crawler: FakeCrawler,
    found: Callable[..., Search],
    place: MakePlace,
    outcome: str,
    days: float,
    is_believed: bool,
) -> None:
    search = found(place(1, website=SITE))
    SiteCrawl.objects.create(
        url=SITE,
        outcome=outcome,
        report=report().to_dict(),
        fetched_at=timezone.now() - timedelta(days=days),
    )
    crawler.reports[SITE] = report()
    running.advance(search.pk)
    assert crawler.asked == ([] if is_believed else [SITE])
    assert Lead.objects.get().email == "info@bright.test"
    assert outcomes(search)[0][0] == SearchLead.Work.DONE


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_edits_and_reports_that_meet_in_one_lead_are_both_kept(
    crawler: FakeCrawler,
    found: Callable[..., Search],
    place: MakePlace,
    workspace: Workspace,
    in_parallel: Callable[..., list[Any]],
) -> None:
    sites = [f"http://site{number}.test/" for number in range(20)]
    search = found(*[place(number, website=site) for number, site in enumerate(sites)])
    crawler.reports = {site: report(site) for site in sites}
    ids = list(Lead.objects.order_by("-pk").values_list("public_id", flat=True))

    def edit() -> None:
        for lead_id in ids:
            editing.update_lead(workspace, lead_id, changes={"job_title": "Owner"})

    def delete_and_restore() -> None:
        for _ in range(5):
            editing.delete_leads(workspace, ids)
            editing.restore_leads(workspace, ids)

    def work() -> None:
        for _ in range(3):
            running.advance(search.pk)

    in_parallel(edit, work)
    leads = list(Lead.objects.all())
    assert [lead.job_title for lead in leads] == ["Owner"] * 20
    assert {lead.email for lead in leads} == {"info@bright.test"}
    SearchLead.objects.update(crawl=SearchLead.Work.PENDING)
    Search.objects.update(stage="crawling", attempts=0, status="running")
    in_parallel(delete_and_restore, work, delete_and_restore)
    assert Search.objects.get().attempts == 0, "nobody was thrown out by a deadlock"
    assert LeadTotal.objects.get().leads == Lead.objects.owned_by(workspace).count() == 20
