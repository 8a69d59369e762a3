"""Addresses looked up: free, from mail servers or from what is known, for the leads they are of."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from freshleads.billing.models import CreditHold
from freshleads.lib.errors import InvalidInput, NotFound
from freshleads.sandbox.entities import Business
from freshleads.sandbox.server import Sandbox
from freshleads.users.models import User, Workspace
from leads import answering, looking_up
from leads.looking_up import Answer
from leads.models import EmailCheck, Lead, Lookup
from leads.questions import Question, VerifyQuestion

Balance = Callable[[Workspace], tuple[int, int]]
Look = Callable[[Question], Answer]
MakeLead = Callable[..., Lead]


@pytest.fixture
def alive(sandbox: Sandbox) -> str:
    """Return an address that takes mail, of a person on an ordinary server."""
    return next(
        mailbox
        for mailbox in mailboxes(sandbox.world.businesses)
        if "." in mailbox.partition("@")[0]
    )


@pytest.fixture
def dead(alive: str) -> str:
    """Return an address without a mailbox at the same domain."""
    return f"nobody.at.all@{alive.partition('@')[2]}"


def mailboxes(businesses: Sequence[Business]) -> list[str]:
    return [
        mailbox
        for business in businesses
        if business.mail and business.mail.behaviour == "reject_unknown"
        for mailbox in sorted(business.mail.mailboxes)
    ]


@pytest.fixture
def lead(workspace: Workspace) -> MakeLead:
    """Return a function that makes a lead with an address."""

    def make(email: str, owner: Workspace = workspace) -> Lead:
        entry = {"email": email, "status": "unverified", "reason": "", "url": "", "method": ""}
        return Lead.objects.create(
            workspace=owner, identity=f"email:{email}", email=email, emails=[entry]
        )

    return make


def statuses(answer: Answer) -> list[tuple[str, str]]:
    return [(row["email"], row["status"]) for row in answer.data["results"]]


def test_addresses_are_asked_about_in_the_order_given_and_cost_nothing(
    look: Look, workspace: Workspace, balance: Balance, alive: str, dead: str
) -> None:
    before = balance(workspace)
    answer = look(VerifyQuestion((dead, f" {alive.upper()} ", "no address", alive)))
    assert statuses(answer) == [
        (dead, "invalid"),
        (alive, "valid"),
        ("no address", "invalid"),
        (alive, "valid"),
    ]
    assert answer.data["verified_count"] == 4
    assert (answer.credits_used, balance(workspace)) == (0, before)
    assert not CreditHold.objects.exists()
    row = answer.data["results"][1]
    assert list(row) == ["email", "status", "reason", "checks", "lead_id", "lead_verified"]
    assert list(row["checks"]) == [
        "syntax", "domain", "mx", "spf", "dkim", "dmarc", "disposable", "role", "free",
        "catch_all", "smtp",
    ]  # fmt: skip
    assert row["reason"] == "accepted"
    assert (row["checks"]["syntax"], row["checks"]["smtp"]["code"]) == (True, 250)
    assert (row["lead_id"], row["lead_verified"]) == (None, None)
    assert answer.data["results"][2]["reason"] == "syntax"


def test_it_needs_no_credits(look: Look, set_credits: Callable[[int], None], alive: str) -> None:
    set_credits(0)
    assert statuses(look(VerifyQuestion((alive,)))) == [(alive, "valid")]


def test_what_is_known_is_answered_at_once_and_only_the_rest_is_asked(
    look: Look, sandbox: Sandbox, alive: str, dead: str
) -> None:
    look(VerifyQuestion((alive,)))
    asked = len(sandbox.smtp.recipients)
    again = look(VerifyQuestion((alive,)))
    assert (again.is_cached, again.lookup, len(sandbox.smtp.recipients)) == (True, None, asked)
    look(VerifyQuestion((alive, dead)))
    newly = [recipient.address for recipient in list(sandbox.smtp.recipients)[asked:]]
    assert dead in newly
    assert alive not in newly


def test_the_leads_that_are_named_learn_their_verdicts(
    look: Look, lead: MakeLead, alive: str, dead: str
) -> None:
    good, bad, other = lead(alive), lead(dead), lead("third@elsewhere.test")
    answer = look(VerifyQuestion((alive, dead, alive), (good.pk, bad.pk, other.pk)))
    shown = [(row["lead_id"], row["lead_verified"]) for row in answer.data["results"]]
    assert shown == [(good.pk, 1), (bad.pk, -1), (other.pk, 0)]
    for one in (good, bad, other):
        one.refresh_from_db()
    assert (good.email_status, good.email_reason) == ("valid", "accepted")
    assert (bad.email_status, bad.email_reason) == ("invalid", "mailbox_not_found")
    assert other.email_status == "unverified", "the verdict is about an address it does not have"


def test_leads_learn_of_known_verdicts_too(look: Look, lead: MakeLead, alive: str) -> None:
    look(VerifyQuestion((alive,)))
    late = lead(alive)
    answer = look(VerifyQuestion((alive,), (late.pk,)))
    assert answer.is_cached
    assert answer.data["results"][0]["lead_verified"] == 1
    late.refresh_from_db()
    assert late.email_status == "valid"


def test_a_strangers_lead_is_not_found_before_any_work(
    look: Look, lead: MakeLead, stranger: Workspace, sandbox: Sandbox, alive: str
) -> None:
    theirs, asked = lead(alive, stranger), len(sandbox.smtp.recipients)
    with pytest.raises(NotFound):
        look(VerifyQuestion((alive,), (theirs.pk,)))
    theirs.refresh_from_db()
    assert theirs.email_status == "unverified"
    assert (Lookup.objects.count(), EmailCheck.objects.count()) == (0, 0)
    assert len(sandbox.smtp.recipients) == asked


def test_a_lead_that_was_deleted_meanwhile_is_left_alone(
    workspace: Workspace, alice: User, sandbox: Sandbox, lead: MakeLead, alive: str
) -> None:
    gone = lead(alive)
    question = VerifyQuestion((alive,), (gone.pk,))
    lookup = looking_up.ask(workspace, by=alice, question=question)
    assert isinstance(lookup, Lookup)
    Lead.objects.update(deleted_at=lookup.created_at)
    answering.answer(lookup.pk)
    answer = looking_up.wait(lookup, seconds=0)
    assert answer is not None
    row = answer.data["results"][0]
    assert (row["status"], row["lead_id"], row["lead_verified"]) == ("valid", None, None)
    gone.refresh_from_db()
    assert gone.email_status == "unverified"


@pytest.mark.parametrize(
    ("emails", "lead_ids", "param"),
    [
        ((), (), "emails"),
        (("a@b.test",) * 21, (), "emails"),
        (("  ",), (), "emails"),
        (("a" * 250 + "@b.test",), (), "emails"),
        (("a@b.test",), (1, 2), "lead_ids"),
    ],
)
def test_too_many_or_none_are_refused(
    look: Look, emails: tuple[str, ...], lead_ids: tuple[int, ...], param: str, db: Any
) -> None:
    with pytest.raises(InvalidInput) as caught:
        look(VerifyQuestion(emails, lead_ids))
    assert caught.value.param == param
    assert not Lookup.objects.exists()
