"""The crawler against every website of the invented world, over real sockets, beside the truth."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from freshleads.lib.addresses import AddressPolicy, NameserverResolver, Route
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.truth import SiteTruth, site_truth
from leads.crawler.crawling import CrawlOptions, SiteRequest, crawl_sites
from leads.crawler.results import SiteReport


@dataclass(frozen=True)
class Case:
    """One website: what the crawl reported and what is true."""

    business: Business
    report: SiteReport
    truth: SiteTruth

    @property
    def emails(self) -> set[str]:
        return {finding.value for finding in self.report.emails}

    @property
    def phones(self) -> set[str]:
        return {finding.value for finding in self.report.phones}

    @property
    def socials(self) -> dict[str, str]:
        """The best profile of each network."""
        return {one.network: one.value for one in reversed(self.report.socials)}


@pytest.fixture(scope="module")
def cases() -> Iterator[list[Case]]:
    """Crawl all websites of the world once, as the product does but without waiting."""
    with Sandbox(seed=1) as sandbox:
        routes = [Route(name, port, ("127.0.0.1", to)) for name, port, to in sandbox.routes()]
        policy = AddressPolicy(NameserverResolver(("127.0.0.1", sandbox.ports.dns)), routes)
        sites = {one.place_id: one for one in sandbox.world.businesses if one.site and one.website}
        reports: dict[str, SiteReport] = {}
        crawl_sites(
            [SiteRequest(one.website or "", one.country, key) for key, one in sites.items()],
            policy=policy,
            options=CrawlOptions(user_agent="FreshLeadsBot/1.0", delay=0.0),
            on_report=lambda request, report: reports.update({request.key: report}),
        )
        assert reports.keys() == sites.keys()
        yield [Case(one, reports[key], site_truth(one)) for key, one in sites.items()]


def test_finds_the_addresses_that_can_be_found(cases: list[Case]) -> None:
    findable = sum(len(case.truth.emails) for case in cases)
    missed = [(case.business.domain, case.truth.emails - case.emails) for case in cases]
    lost = [(domain, emails) for domain, emails in missed if emails]
    assert findable > 1000
    assert sum(len(emails) for _, emails in lost) <= findable * 0.01, lost


def test_invents_no_address(cases: list[Case]) -> None:
    invented = [
        (case.business.domain, extra)
        for case in cases
        if (extra := case.emails - case.truth.emails - case.truth.unfindable_emails)
    ]
    assert invented == []


def test_reports_no_decoy(cases: list[Case]) -> None:
    caught = [case.emails & case.truth.decoys for case in cases]
    assert not any(caught)
    assert sum(len(case.truth.decoys) for case in cases) > 500


def test_phones_are_right_and_faxes_are_none(cases: list[Case]) -> None:
    wrong = [
        (case.business.domain, case.phones ^ case.truth.phones)
        for case in cases
        if case.phones != case.truth.phones
    ]
    assert wrong == []
    assert sum(len(case.truth.phones) for case in cases) > 700


def test_every_profile_is_found_in_its_canonical_form(cases: list[Case]) -> None:
    wrong = [case.business.domain for case in cases if case.socials != dict(case.truth.socials)]
    assert wrong == []


def test_titles_and_descriptions_are_those_of_the_home_page(cases: list[Case]) -> None:
    wrong = [
        case.business.domain
        for case in cases
        if case.truth.reachable
        and (case.report.title, case.report.description)
        != (case.truth.title or "", case.truth.description or "")
    ]
    assert wrong == []


def test_says_of_each_site_whether_it_could_be_read(cases: list[Case]) -> None:
    wrong = [
        (case.business.domain, case.report.outcome, case.report.error)
        for case in cases
        if case.truth.reachable != (case.report.outcome == "ok")
    ]
    assert wrong == []


def test_stays_within_the_limits_of_a_site(cases: list[Case]) -> None:
    assert max(len(case.report.pages) for case in cases) <= 15
    assert max(page.size for case in cases for page in case.report.pages) <= 2 * 1024 * 1024
