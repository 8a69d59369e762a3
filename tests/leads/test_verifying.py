"""Addresses get verdicts: kept for all, rechecked while open, never against a person's word."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import editing, registry, running, searching, verdicts, verifying
from leads.models import DomainCheck, EmailCheck, Lead, Search
from leads.providers.records import PlaceRecord, PlacesPage
from leads.verifier.results import DomainFacts, Verdict

MakePlace = Callable[..., PlaceRecord]
Found = Callable[..., Search]
VALID = Verdict("", "valid", "accepted", {"smtp": {"code": 250, "message": "ok"}})
INVALID = Verdict("", "invalid", "mailbox_not_found", {})
GREY = Verdict("", "unknown", "greylisted", {}, retry_after=60.0)


def known(address: str) -> dict[str, Any]:
    url = "http://bright.test/"
    values = {"email": address, "status": "unverified", "reason": "", "url": url}
    return {**values, "method": "text"}


class FakeVerifier:
    """A verifier that answers what the test says of an address, and nothing of any other."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self.asked: list[str] = []
        self.known: dict[str, DomainFacts] = {}
        self.error: BaseException | None = None

    def verify_many(
        self,
        emails: Iterable[str],
        *,
        known: dict[str, DomainFacts],
        on_verdict: Callable[[Verdict, DomainFacts], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.known = dict(known)
        for email in emails:
            self.asked.append(email)
            answer = self.verdicts.get(email)
            if answer is not None:
                verdict = Verdict(
                    email, answer.status, answer.reason, answer.checks, answer.retry_after
                )
                on_verdict(verdict, DomainFacts(email.rpartition("@")[2], exists=True))
        if self.error:
            raise self.error


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> FakeVerifier:
    fake = FakeVerifier()
    monkeypatch.setattr(registry, "verifier", lambda: fake)
    return fake


@pytest.fixture
def found(places: Any, place: MakePlace, start: Callable[..., Search]) -> Found:
    """Return a function that makes a search whose leads have these addresses, verified next."""

    def make(*addresses: list[str], **asked: Any) -> Search:
        places.pages = [PlacesPage(tuple(place(n) for n in range(len(addresses))))]
        search = start(**asked)
        while search.stage != "verifying":
            running.advance(search.pk)
            search.refresh_from_db()
        for lead, emails in zip(Lead.objects.order_by("place_id"), addresses, strict=True):
            lead.emails = [known(email) for email in emails]
            lead.email = emails[0] if emails else ""
            lead.domain = "bright.test"
            lead.save()
        return search

    return make


def work(search: Search) -> list[str]:
    return list(search.results.values_list("verify", flat=True))


def make_due() -> None:
    EmailCheck.objects.update(retry_at=timezone.now())


def test_verdicts_reach_the_leads_and_the_best_address_becomes_the_email(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test", "b@bright.test"], [])
    verifier.verdicts = {"a@bright.test": INVALID, "b@bright.test": VALID}
    assert running.advance(search.pk)
    lead = Lead.objects.get(place_id="place-0")
    assert (lead.email, lead.email_status, lead.email_reason) == (
        "b@bright.test",
        "valid",
        "accepted",
    )
    assert lead.sources["email"]["source"] == "website"
    assert lead.sources["email"]["licence"]
    assert lead.search_text == "business 0\nb@bright.test\ntestville\nbright.test"
    assert work(search) == ["done", "skipped"]
    assert EmailCheck.objects.get(email="b@bright.test").checks == VALID.checks
    assert DomainCheck.objects.get().domain == "bright.test"


def test_an_address_that_many_leads_have_is_asked_once(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"], ["a@bright.test"])
    verifier.verdicts = {"a@bright.test": VALID}
    running.advance(search.pk)
    assert verifier.asked == ["a@bright.test"]
    assert set(Lead.objects.values_list("email_status", flat=True)) == {"valid"}


@pytest.mark.parametrize(
    ("status", "age", "is_believed"),
    [
        ("valid", timedelta(days=29), True),
        ("valid", timedelta(days=31), False),
        ("unknown", timedelta(hours=23), True),
        ("unknown", timedelta(hours=25), False),
    ],
)
def test_a_kept_verdict_is_believed_for_its_time(
    verifier: FakeVerifier, found: Found, status: str, age: timedelta, is_believed: bool
) -> None:
    search = found(["a@bright.test"])
    verifier.verdicts = {"a@bright.test": INVALID}
    EmailCheck.objects.create(
        email="a@bright.test",
        status=status,
        reason="kept",
        checks={},
        checked_at=timezone.now() - age,
    )
    running.advance(search.pk)
    assert verifier.asked == ([] if is_believed else ["a@bright.test"])
    assert Lead.objects.get().email_reason == ("kept" if is_believed else "mailbox_not_found")


def test_an_address_without_an_answer_does_not_hold_up_the_search(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test", "b@bright.test"])
    verifier.verdicts = {"b@bright.test": VALID}
    assert running.advance(search.pk)
    assert work(search) == ["done"]
    assert Lead.objects.get().email == "b@bright.test"


def test_a_verifier_that_crashes_leaves_the_leads_waiting_and_is_tried_again(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"], ["c@bright.test"])
    verifier.verdicts = {"a@bright.test": VALID}
    verifier.error = RuntimeError("a bug")
    assert running.advance(search.pk) is False
    assert work(search) == ["done", "pending"]
    search.refresh_from_db()
    assert search.attempts == 1
    verifier.error, verifier.verdicts = None, {"c@bright.test": VALID}
    running.advance(search.pk)
    assert work(search) == ["done", "done"]
    assert verifier.asked.count("a@bright.test") == 1


def test_the_characters_of_a_mail_server_do_not_stop_the_search(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"])
    nasty = {"smtp": {"code": 250, "message": "o\0k\ud83d"}}
    verifier.verdicts = {"a@bright.test": Verdict("", "valid", "accepted", nasty)}
    assert running.advance(search.pk)
    assert EmailCheck.objects.get().checks == {"smtp": {"code": 250, "message": "ok"}}


def test_kept_facts_spare_questions_and_facts_of_another_shape_are_asked_again(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test", "a@other.test"])
    now = timezone.now()
    facts = DomainFacts("bright.test", exists=True, catch_all=True)
    DomainCheck.objects.create(domain="bright.test", facts=facts.to_dict(), checked_at=now)
    DomainCheck.objects.create(domain="other.test", facts={"odd": 1}, checked_at=now)
    verifier.verdicts = {"a@bright.test": VALID}
    running.advance(search.pk)
    assert verifier.known == {"bright.test": facts}
    kept = DomainCheck.objects.get(domain="bright.test").facts
    assert kept["catch_all"] is True, "an answer that could not tell does not replace it"


# --- what people do meanwhile -----------------------------------------------------------------


def test_an_address_typed_while_others_are_verified_stays_the_email(
    verifier: FakeVerifier, found: Found, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = found(["a@bright.test"])
    lead = Lead.objects.get()
    verifier.verdicts = {"a@bright.test": VALID}
    lock = verifying.lock_leads

    def edit_first(lead_ids: Any) -> dict[int, Lead]:
        editing.update_lead(workspace, lead.public_id, changes={"email": "me@mine.test"})
        return lock(lead_ids)

    monkeypatch.setattr(verifying, "lock_leads", edit_first)
    running.advance(search.pk)
    lead.refresh_from_db()
    assert (lead.email, lead.email_status) == ("me@mine.test", "unverified")
    assert {entry["email"]: entry["status"] for entry in lead.emails} == {
        "me@mine.test": "unverified",
        "a@bright.test": "valid",
    }


def test_a_deleted_lead_stays_as_it_was(
    verifier: FakeVerifier, found: Found, workspace: Workspace
) -> None:
    search = found(["a@bright.test"])
    editing.delete_leads(workspace, [Lead.objects.get().public_id])
    verifier.verdicts = {"a@bright.test": VALID}
    running.advance(search.pk)
    assert Lead.objects.get().verified_at is None
    assert work(search) == ["done"]


def test_a_search_cancelled_meanwhile_writes_no_verdict_into_its_leads(
    verifier: FakeVerifier, found: Found, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = found(["a@bright.test"])
    verifier.verdicts = {"a@bright.test": VALID}
    store = verdicts.store_answers

    def cancel_first(answers: Any) -> list[EmailCheck]:
        searching.cancel_search(workspace, search.public_id)
        return store(answers)

    monkeypatch.setattr(verdicts, "store_answers", cancel_first)
    assert running.advance(search.pk) is False
    assert Lead.objects.get().verified_at is None
    assert EmailCheck.objects.get().status == "valid", "what was asked is known to all"


# --- open verdicts ----------------------------------------------------------------------------


def test_an_open_verdict_is_asked_again_when_its_time_has_come(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"])
    verifier.verdicts = {"a@bright.test": GREY}
    running.advance(search.pk)
    assert Lead.objects.get().email_reason == "greylisted"
    assert verifying.recheck_due() == 0, "not yet"
    make_due()
    verifier.verdicts = {"a@bright.test": VALID}
    assert verifying.recheck_due() == 1
    lead = Lead.objects.get()
    assert (lead.email_status, lead.email_reason) == ("valid", "accepted")
    assert EmailCheck.objects.get().retry_at is None
    make_due()
    EmailCheck.objects.update(retry_at=None)
    assert verifying.recheck_due() == 0


def test_a_later_verdict_reaches_leads_that_show_another_address(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test", "b@bright.test"])
    risky = Verdict("", "risky", "catch_all", {})
    verifier.verdicts = {"a@bright.test": risky, "b@bright.test": GREY}
    running.advance(search.pk)
    assert Lead.objects.get().email == "a@bright.test"
    make_due()
    verifier.verdicts = {"b@bright.test": VALID}
    verifying.recheck_due()
    lead = Lead.objects.get()
    assert (lead.email, lead.email_status) == ("b@bright.test", "valid")


def test_a_server_that_never_answers_is_asked_four_times_in_a_series(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"])
    verifier.verdicts = {"a@bright.test": GREY}
    running.advance(search.pk)
    rechecks = 0
    for _ in range(10):
        EmailCheck.objects.exclude(retry_at=None).update(retry_at=timezone.now())
        rechecks += verifying.recheck_due()
    assert rechecks == verdicts.MAX_ATTEMPTS
    assert EmailCheck.objects.get().retry_at is None


def test_verdicts_of_many_months_do_not_use_up_the_rechecks_of_an_address(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"])
    EmailCheck.objects.create(
        email="a@bright.test",
        status="valid",
        reason="accepted",
        checks={},
        attempts=5,
        checked_at=timezone.now() - timedelta(days=31),
    )
    verifier.verdicts = {"a@bright.test": GREY}
    running.advance(search.pk)
    check = EmailCheck.objects.get()
    assert check.attempts == 1
    assert check.retry_at is not None


def test_an_address_taken_for_a_recheck_is_not_taken_again_while_it_is_asked(
    verifier: FakeVerifier, found: Found
) -> None:
    search = found(["a@bright.test"])
    verifier.verdicts = {"a@bright.test": GREY}
    running.advance(search.pk)
    make_due()
    assert verdicts.take_due(limit=10) == ["a@bright.test"]
    assert verdicts.take_due(limit=10) == []


def test_a_recheck_changes_neither_deleted_leads_nor_a_typed_email(
    verifier: FakeVerifier, found: Found, workspace: Workspace
) -> None:
    search = found(["a@bright.test"], ["a@bright.test"])
    verifier.verdicts = {"a@bright.test": GREY}
    running.advance(search.pk)
    gone, mine = Lead.objects.order_by("place_id")
    editing.delete_leads(workspace, [gone.public_id])
    editing.update_lead(workspace, mine.public_id, changes={"email": "me@mine.test"})
    make_due()
    verifier.verdicts = {"a@bright.test": VALID}
    verifying.recheck_due()
    gone.refresh_from_db()
    mine.refresh_from_db()
    assert gone.email_status == "unknown"
    assert (mine.email, mine.email_status) == ("me@mine.test", "unverified")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_schedulers_that_run_at_once_take_each_address_once(
    in_parallel: Callable[..., list[Any]],
) -> None:
    now = timezone.now()
    EmailCheck.objects.bulk_create(
        EmailCheck(
            email=f"{n}@b.test",
            status="unknown",
            reason="",
            checks={},
            checked_at=now,
            retry_at=now,
        )
        for n in range(40)
    )
    taken = in_parallel(*[lambda: verdicts.take_due(limit=10)] * 4)
    everything = [email for emails in taken for email in emails]
    assert len(everything) == len(set(everything)) > 9


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_that_store_the_same_verdicts_in_other_orders_do_not_wait_in_a_circle(
    in_parallel: Callable[..., list[Any]],
) -> None:
    answers = [
        (Verdict(f"{n}@b{n}.test", "valid", "accepted", {}), DomainFacts(f"b{n}.test", exists=True))
        for n in range(1500)
    ]
    for _ in range(2):
        in_parallel(
            lambda: verdicts.store_answers(answers), lambda: verdicts.store_answers(answers[::-1])
        )
    assert EmailCheck.objects.count() == DomainCheck.objects.count() == 1500
