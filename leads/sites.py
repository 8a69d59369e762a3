"""Lookups of one website: its contacts, from up to 15 of its pages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from freshleads import outbound
from freshleads.lib.domains import registrable_domain
from freshleads.lib.errors import ProviderError
from freshleads.users.models import Workspace
from leads import contacts, registry, site_crawls
from leads.crawler.crawling import crawl_site
from leads.crawler.options import SiteRequest
from leads.crawler.results import SiteReport
from leads.found import Found, Kind
from leads.gathering import gather
from leads.lookup_leases import LookupLease, note_stage
from leads.questions import CrawlQuestion

DEADLINE_SECONDS = 90.0  # under the time that a caller of the API waits

REASONS = {
    "unreachable": "The website could not be reached.",
    "forbidden_by_robots": "The website's robots.txt does not allow to read it.",
    "refused": "The website's address leads where this program may not connect to.",
    "failed": "The website could not be read.",
}


def recall(workspace: Workspace, question: CrawlQuestion) -> Found | None:
    """Answer from a full crawl of the last 14 days."""
    report = site_crawls.fresh_reports([question.url], full=True).get(question.url)
    if report is None or report.outcome in REASONS:
        return None
    return Found(data=data_of(question.url, report), is_cached=True)


def find(lease: LookupLease, question: CrawlQuestion) -> Found:
    """Read the website; raises ProviderError where it cannot be read."""
    note_stage(lease, "Reading the website")
    report = _crawl(lease, question.url)
    if report.outcome in REASONS:
        raise ProviderError(REASONS[report.outcome], code=report.outcome)
    data = data_of(question.url, report)
    return Found(
        data=data,
        credits=price_of(data),
        store=lambda now: site_crawls.store_reports({question.url: report}, now, is_full=True),
    )


def data_of(url: str, report: SiteReport) -> dict[str, Any]:
    """Return a crawl in the words of the LeadGen API.

    `emails` are those of the website's own domain (the one it forwards to, if it does),
    `pages_crawled` counts pages that were read. Phones come in the form of the number's own
    country, `(555) 123-4567`, as in the API's examples; leads keep them as E.164.
    """
    everything = contacts.values(report.emails)
    own = {registrable_domain(url), registrable_domain(report.final_url)} - {None}
    return {
        "domain": url.removesuffix("/") if url.count("/") == 3 else url,
        "pages_crawled": sum(page.outcome == "ok" for page in report.pages),
        "metadata": contacts.metadata_of(report),
        "emails": [one for one in everything if registrable_domain(one.split("@")[1]) in own],
        "all_emails": list(everything),
        "phones": list(contacts.national_forms(report.phones)),
        "social_links": list(contacts.values(report.socials)),
    }


def price_of(data: dict[str, Any]) -> int:
    """Return 1 credit per address of the own domain, at least 1 where anything was read."""
    if not data["pages_crawled"]:
        return 0
    has_data = data["all_emails"] or data["phones"] or data["social_links"]
    return min(max(len(data["emails"]), 1), 15) if has_data else 0


def _crawl(lease: LookupLease, url: str) -> SiteReport:
    """Crawl one website on a thread of its own while this one keeps the lease."""
    # Small sites still have no certificate: without a scheme the crawler tries http after https.
    request = SiteRequest(url.removeprefix("https://"), region=contacts.region_of(url), key=url)
    options = replace(registry.crawl_options(), full=True, site_deadline=DEADLINE_SECONDS)
    reports: list[SiteReport] = []

    def produce(report: Callable[[SiteReport], None], should_stop: Callable[[], bool]) -> None:
        policy = outbound.address_policy()
        report(crawl_site(request, policy=policy, options=options, should_stop=should_stop))

    gather(
        produce,
        store=reports.extend,
        keep=lease.renew_when_due,
        name=f"crawl-{lease.row.public_id}",
    )
    return site_crawls.storable(reports[0])


KIND = Kind(recall=recall, find=find)
