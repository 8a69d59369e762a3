"""What stands on the pages of lookups: answers of every kind, failures, one still running."""

import json
from dataclasses import dataclass

from django.test import override_settings
from django.urls import reverse

from freshleads.billing import charging
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.sandbox.truth import site_truth
from freshleads.users.models import User, Workspace
from freshleads.users.workspaces import workspace_of
from leads import asking, looking_up, recipes
from leads.models import Lookup
from leads.questions import (
    AdsQuestion,
    CrawlQuestion,
    PlacesQuestion,
    Question,
    ReviewsQuestion,
    SearchQuestion,
    VerifyQuestion,
)
from tests.browser.conftest import Worker

LONG_WORD = "Gesellschaftszahnmedizinversorgungszentrumsverwaltung"


@dataclass(frozen=True)
class Lookups:
    """The paths of Ada's lookups."""

    website: str
    unreachable: str
    running: str
    waiting: str
    results: str
    ads: str
    no_ads: str
    places: str
    names_only: str
    nowhere: str
    reviews: str
    verdicts: str
    many_verdicts: str
    odd: str


class Teller:
    """Asks questions for a person and lets the worker answer them."""

    def __init__(self, user: User, worker: Worker) -> None:
        workspace = workspace_of(user)
        assert workspace is not None
        self.user, self.worker, self.workspace = user, worker, workspace

    def ask(self, question: Question) -> Lookup:
        return asking.look_up(self.workspace, by=self.user, question=question)

    def path(self, question: Question) -> str:
        return path_of(self.worker.answer(self.ask(question)))


def path_of(lookup: Lookup) -> str:
    return reverse("leads:lookup", args=[lookup.public_id])


def tell(ada: User, worker: Worker, sandbox: Sandbox) -> Lookups:
    """Let Ada look up everything once."""
    teller = Teller(ada, worker)
    charging.adjust(teller.workspace, 2000, reason="To look things up", by=None)
    recipes.create_recipe(
        teller.workspace,
        code="long-one",
        name=f"Everything about {LONG_WORD}",
        template='{query} ("@gmail.com" OR "@example.com") -jobs -wikipedia',
        description="Finds pages that show an address.",
    )
    places = worker.answer(teller.ask(PlacesQuestion("dentists", location="Miami, FL")))
    first = asking_data(places)["results"][0]["place_id"]
    emails = known_emails(sandbox)
    with override_settings(LEADS_ADS_PROVIDERS=[]):
        no_ads = teller.path(AdsQuestion("nobody sells this"))
    return Lookups(
        website=teller.path(CrawlQuestion(bright_host(sandbox))),
        unreachable=teller.path(CrawlQuestion("nobody-lives-here.test")),
        running=path_of(half_done(teller)),
        waiting=path_of(teller.ask(CrawlQuestion("waits-for-a-worker.test"))),
        results=teller.path(SearchQuestion("dentists Miami")),
        ads=teller.path(AdsQuestion("dentists miami")),
        no_ads=no_ads,
        places=path_of(places),
        names_only=teller.path(PlacesQuestion("plumbers", location="Bristol", details=False)),
        nowhere=teller.path(PlacesQuestion("dentists", location="Atlantis")),
        reviews=teller.path(ReviewsQuestion(first)),
        verdicts=teller.path(VerifyQuestion((*emails[:8], "not an address", "x@nowhere.test"))),
        many_verdicts=many(teller, emails),
        odd=path_of(odd(teller.workspace)),
    )


def asking_data(lookup: Lookup) -> dict[str, list[dict[str, str]]]:
    return looking_up.answer_of(lookup).data


def known_emails(sandbox: Sandbox) -> list[str]:
    """Return addresses that the websites of the sandbox show."""
    sites = [business for business in sandbox.world.businesses if business.site]
    return [email for site in sites for email in site_truth(site).emails]


def bright_host(sandbox: Sandbox) -> str:
    site = next(filter(is_bright, sandbox.world.businesses)).site
    assert site is not None
    return site.host


def is_bright(business: Business) -> bool:
    if not business.site or business.site.behaviour != "ordinary":
        return False
    truth = site_truth(business)
    return len(truth.emails) >= 3 and bool(truth.phones)


def half_done(teller: Teller) -> Lookup:
    """Return a lookup that looks as if a worker was amid it."""
    emails = tuple(f"person{number}@example.test" for number in range(20))
    lookup = teller.ask(VerifyQuestion(emails))
    Lookup.objects.filter(pk=lookup.pk).update(
        status="running", stage="Verifying addresses", done=7, total=20
    )
    return lookup


def many(teller: Teller, emails: list[str]) -> str:
    first = teller.worker.answer(teller.ask(VerifyQuestion(tuple(emails[:20]))))
    second = teller.worker.answer(teller.ask(VerifyQuestion(tuple(emails[20:40]))))
    path = reverse("leads:verdicts")
    return f"{path}?lookup={first.public_id}&lookup={second.public_id}"


def odd(workspace: Workspace) -> Lookup:
    """Return an answer as odd as the web is."""
    done = Lookup.objects.filter(workspace=workspace, kind="search", status="done").latest("pk")
    data = looking_up.answer_of(done).data
    row = data["results"][0] | {
        "title": f"<script>alert(1)</script> {LONG_WORD}{LONG_WORD}",
        "url": f"https://{LONG_WORD[:50].lower()}.test/{'very-long-path/' * 8}?q={'x' * 80}",
        "description": f"{LONG_WORD * 3} & more",
        "emails": [f"{LONG_WORD[:60].lower()}@{LONG_WORD[:50].lower()}.test"],
        "phones": ["(305) 555-0100"],
        "social_links": [f"https://facebook.com/{LONG_WORD * 2}", "javascript:alert(1)"],
    }
    answer = {"data": replace_results(data, [row]), "is_cached": False}
    return Lookup.objects.create(
        workspace=workspace,
        kind="search",
        key="odd",
        parameters=done.parameters | {"query": LONG_WORD * 3},
        status="done",
        answer=answer,
        finished_at=done.finished_at,
    )


def replace_results(data: dict[str, object], rows: list[object]) -> str:

    return json.dumps(data | {"results": rows})
