"""Lookups of addresses: whether up to twenty take mail, and what that says of their leads."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from freshleads.lib.errors import NotFound
from freshleads.users.models import Workspace
from leads import merging, registry, verdicts
from leads.found import Found, Kind, store_nothing
from leads.gathering import gather
from leads.locking import lock_leads
from leads.lookup_leases import LookupLease, note_stage
from leads.models import EmailCheck, Lead
from leads.questions import VerifyQuestion
from leads.verdicts import Answer
from leads.verifying import note_verdicts

CHECKS = (
    "syntax",
    "domain",
    "mx",
    "spf",
    "dkim",
    "dmarc",
    "disposable",
    "role",
    "free",
    "catch_all",
    "smtp",
)
VERIFIED = {Lead.EmailStatus.VALID: 1, Lead.EmailStatus.INVALID: -1}

Known = Mapping[str, EmailCheck]


def check(workspace: Workspace, question: VerifyQuestion) -> None:
    """Refuse a lead that is not the workspace's; raises NotFound."""
    asked = set(question.lead_ids)
    if asked and Lead.objects.owned_by(workspace).filter(pk__in=asked).count() < len(asked):
        raise NotFound("There is no such lead in your workspace.", param="lead_ids")


def recall(workspace: Workspace, question: VerifyQuestion) -> Found | None:
    """Answer from verdicts that still hold, where all of them do."""
    known = _known(question)
    if not known.keys() >= set(question.emails):
        return None
    return _found(workspace, question, known, is_cached=True)


def find(lease: LookupLease, question: VerifyQuestion) -> Found:
    """Ask name servers and mail servers about what is not known."""
    known = dict(_known(question))
    missing = [email for email in dict.fromkeys(question.emails) if email not in known]
    note_stage(lease, "Verifying addresses", done=len(known), total=len(known) + len(missing))
    domains = verdicts.known_domains(missing)
    verifier = registry.verifier()

    def produce(report: Callable[[Answer], None], should_stop: Callable[[], bool]) -> None:
        verifier.verify_many(
            missing,
            known=domains,
            on_verdict=lambda verdict, facts: report((verdict, facts)),
            should_stop=should_stop,
        )

    def store(answers: list[Answer]) -> None:
        known.update((row.email, row) for row in verdicts.store_answers(answers))
        note_stage(lease, "Verifying addresses", done=len(known), total=len(set(question.emails)))

    if missing:
        name = f"verify-{lease.row.public_id}"
        gather(produce, store=store, keep=lease.renew_when_due, name=name)
    return _found(lease.row.workspace, question, known, is_cached=False)


def _known(question: VerifyQuestion) -> dict[str, EmailCheck]:
    return {row.email: row for row in verdicts.fresh_checks(question.emails)}


def _found(
    workspace: Workspace, question: VerifyQuestion, known: Known, *, is_cached: bool
) -> Found:
    leads = Lead.objects.owned_by(workspace).in_bulk(set(question.lead_ids))
    verdicts_by_lead = [
        (leads[pk], known[email])
        for pk, email in zip(question.lead_ids, question.emails, strict=False)
        if pk in leads
    ]
    for lead, verdict in verdicts_by_lead:  # not saved: it shows what the leads will say
        merging.apply_verdict(
            lead,
            verdict.email,
            status=verdict.status,
            reason=verdict.reason,
            now=verdict.checked_at,
        )
        merging.choose_email(lead, now=verdict.checked_at)
    padded = [leads.get(pk) for pk in question.lead_ids]
    padded += [None] * (len(question.emails) - len(padded))
    rows = [_row(known[email], lead) for email, lead in zip(question.emails, padded, strict=True)]

    def store(now: datetime) -> None:
        _update_leads([(lead.pk, verdict) for lead, verdict in verdicts_by_lead], now)

    return Found(
        data={"verified_count": len(rows), "results": rows},
        store=store if verdicts_by_lead else store_nothing,
        is_cached=is_cached,
    )


def _row(verdict: EmailCheck, lead: Lead | None) -> dict[str, Any]:
    """Return one verdict in the words of the LeadGen API.

    `lead_verified` is what the lead says of its own address, which may be another one.
    """
    return {
        "email": verdict.email,
        "status": verdict.status,
        "reason": verdict.reason,
        "checks": _checks(verdict.checks),
        "lead_id": lead.pk if lead else None,
        "lead_verified": VERIFIED.get(Lead.EmailStatus(lead.email_status), 0) if lead else None,
    }


def _checks(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return all checks in one shape: a list of hosts and a reply even where nobody was asked."""
    checks = {name: known.get(name) for name in CHECKS}
    checks["mx"] = checks["mx"] or []
    checks["smtp"] = checks["smtp"] or {"code": None, "message": None}
    return checks


def _update_leads(verdicts_by_lead: Sequence[tuple[int, EmailCheck]], now: datetime) -> None:
    """Carry verdicts to leads, unless those were deleted meanwhile."""
    locked = lock_leads(pk for pk, _ in verdicts_by_lead)
    for pk, verdict in verdicts_by_lead:
        lead = locked.get(pk)
        if lead is not None and not lead.deleted_at:
            note_verdicts(lead, [verdict], now)


KIND = Kind(recall=recall, find=find, check=check)
