"""The third stage of a search: whether the found addresses take mail.

Verdicts are kept per address and facts per domain, for everybody; an open verdict (greylisting,
a busy server) is looked at again when its time has come.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Queue
from threading import Event, Thread
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from leads import merging, registry
from leads.crawling import drain
from leads.leasing import Lease
from leads.models import DomainCheck, EmailCheck, Lead, SearchLead
from leads.verifier.results import DomainFacts, Verdict
from leads.verifier.syntax import InvalidAddress, parse_address

FRESH_FOR = timedelta(days=30)
UNKNOWN_FRESH_FOR = timedelta(days=1)
DOMAIN_FRESH_FOR = timedelta(days=7)
ADDRESSES_PER_LEAD = 5
LEADS_AT_ONCE = 200
MAX_RECHECKS = 4
ORIGIN_SOURCE = "verifier"

Answer = tuple[Verdict, DomainFacts]


def verify(lease: Lease) -> bool:
    """Verify the addresses of up to 200 leads; returns whether more are waiting."""
    pending = list(
        lease.search.results.filter(verify=SearchLead.Work.PENDING).select_related("lead")[
            :LEADS_AT_ONCE
        ]
    )
    if not pending:
        return False
    asked = {result.pk: _addresses(result.lead) for result in pending}
    wanted = sorted({email for emails in asked.values() for email in emails})
    known = {check.email: check for check in fresh_checks(wanted)}
    _settle(lease, pending, asked, known)
    missing = [email for email in wanted if email not in known]
    if missing:
        _verify_and_store(lease, pending, asked, known, missing)
    return True


def fresh_checks(emails: Sequence[str]) -> Iterable[EmailCheck]:
    """Return the verdicts that still hold: 30 days, or one day where they are open."""
    now = timezone.now()
    return EmailCheck.objects.filter(email__in=emails).filter(
        Q(checked_at__gt=now - UNKNOWN_FRESH_FOR)
        | (Q(checked_at__gt=now - FRESH_FOR) & ~Q(status="unknown"))
    )


def recheck_due() -> int:
    """Verify again up to 50 addresses whose open verdict asked for it; returns how many."""
    now = timezone.now()
    due = list(
        EmailCheck.objects.filter(retry_at__lte=now)
        .order_by("retry_at")
        .values_list("email", flat=True)[:50]
    )
    # Moved on before the work: a second scheduler or a crash must not ask the same servers again.
    EmailCheck.objects.filter(email__in=due).update(retry_at=now + timedelta(minutes=30))
    if not due:
        return 0
    answers: list[Answer] = []
    registry.verifier().verify_many(
        due,
        known={},
        on_verdict=lambda verdict, facts: answers.append((verdict, facts)),
        should_stop=lambda: False,
    )
    store_answers(answers)
    for verdict, _ in answers:
        _update_leads(verdict)
    return len(answers)


def store_answers(answers: Sequence[Answer]) -> None:
    """Keep verdicts and domain facts in the caches."""
    now = timezone.now()
    with transaction.atomic():
        _store_domains([facts for _, facts in answers], now)
        EmailCheck.objects.filter(email__in=[verdict.email for verdict, _ in answers]).update(
            attempts=F("attempts") + 1
        )
        EmailCheck.objects.bulk_create(
            [_check(verdict, now) for verdict, _ in answers],
            update_conflicts=True,
            unique_fields=["email"],
            update_fields=["status", "reason", "checks", "checked_at", "retry_at"],
        )
        EmailCheck.objects.filter(attempts__gt=MAX_RECHECKS).update(retry_at=None)


def _store_domains(answers: Sequence[DomainFacts], now: datetime) -> None:
    """Keep domain facts; what a failed look-up could not tell does not replace what is known."""
    told = {facts.domain: facts for facts in answers if facts.domain and not facts.error}
    older = DomainCheck.objects.filter(domain__in=told, checked_at__gt=now - DOMAIN_FRESH_FOR)
    for check in older:
        catch_all = check.facts.get("catch_all")
        if told[check.domain].catch_all is None and catch_all is not None:
            told[check.domain] = replace(told[check.domain], catch_all=catch_all)
    DomainCheck.objects.bulk_create(
        [
            DomainCheck(domain=domain, facts=facts.to_dict(), checked_at=now)
            for domain, facts in told.items()
        ],
        update_conflicts=True,
        unique_fields=["domain"],
        update_fields=["facts", "checked_at"],
    )


def _check(verdict: Verdict, now: datetime) -> EmailCheck:
    wait = verdict.retry_after
    return EmailCheck(
        email=verdict.email,
        status=verdict.status,
        reason=verdict.reason,
        checks=verdict.checks,
        checked_at=now,
        retry_at=None if wait is None else now + timedelta(seconds=wait),
    )


def _addresses(lead: Lead) -> list[str]:
    return [entry["email"] for entry in lead.emails[:ADDRESSES_PER_LEAD]]


def _verify_and_store(
    lease: Lease,
    pending: Sequence[SearchLead],
    asked: dict[int, list[str]],
    known: dict[str, EmailCheck],
    missing: Sequence[str],
) -> None:
    stop = Event()
    answers: Queue[Answer] = Queue()
    worker = Thread(
        target=registry.verifier().verify_many,
        args=(missing,),
        kwargs={
            "known": _known_domains(missing),
            "on_verdict": lambda verdict, facts: answers.put((verdict, facts)),
            "should_stop": stop.is_set,
        },
        name=f"verify-{lease.search.public_id}",
        daemon=True,
    )
    worker.start()

    def store(batch: list[Any]) -> None:
        store_answers(batch)
        now = timezone.now()
        known.update({verdict.email: _check(verdict, now) for verdict, _ in batch})
        _settle(lease, pending, asked, known)

    try:
        drain(answers, is_running=worker.is_alive, keep=lease.renew_when_due, store=store)
    finally:
        stop.set()
        worker.join(timeout=10)
    _settle(lease, pending, asked, known, give_up=True)


def _known_domains(emails: Sequence[str]) -> dict[str, DomainFacts]:
    domains: set[str] = set()
    for email in emails:
        with suppress(InvalidAddress):
            domains.add(parse_address(email, allow_test_names=True).domain)
    checks = DomainCheck.objects.filter(
        domain__in=domains, checked_at__gt=timezone.now() - DOMAIN_FRESH_FOR
    )
    return {check.domain: DomainFacts.from_dict(check.facts) for check in checks}


def _settle(
    lease: Lease,
    pending: Sequence[SearchLead],
    asked: dict[int, list[str]],
    known: dict[str, EmailCheck],
    *,
    give_up: bool = False,
) -> None:
    """Write the verdicts of every lead whose addresses are all answered."""
    ready = [
        result
        for result in pending
        if result.verify == SearchLead.Work.PENDING
        and (give_up or all(email in known for email in asked[result.pk]))
    ]
    if not ready:
        return
    now = timezone.now()
    with lease.writing() as search:
        for result in ready:
            emails = asked[result.pk]
            if emails:
                lead = Lead.objects.select_for_update().get(pk=result.lead_id)
                _note(lead, [known[email] for email in emails if email in known], now)
            result.verify = SearchLead.Work.DONE if emails else SearchLead.Work.SKIPPED
            result.changed_at = now
            result.save(update_fields=["verify", "changed_at"])
        search.attempts = 0
        search.save(update_fields=["attempts"])


def _note(lead: Lead, checks: Iterable[EmailCheck], now: datetime) -> None:
    """Write verdicts into a lead and let the best address be its e-mail."""
    for check in checks:
        merging.apply_verdict(lead, check.email, status=check.status, reason=check.reason, now=now)
    merging.choose_email(lead, origin=merging.Origin("website", "", now))
    lead.updated_at = now
    lead.save()


def _update_leads(verdict: Verdict) -> None:
    """Carry a later verdict to every lead that has the address as its e-mail."""
    now = timezone.now()
    check = _check(verdict, now)
    for lead_id in Lead.objects.filter(email=verdict.email).values_list("pk", flat=True):
        with transaction.atomic():
            _note(Lead.objects.select_for_update().get(pk=lead_id), [check], now)
