"""What is known of addresses and their domains: kept for everybody, asked again when it is old.

An open verdict (greylisting, a busy server) has a `retry_at`; `attempts` counts its series.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from leads.cleaning import clean
from leads.models import DomainCheck, EmailCheck
from leads.verifier.results import DomainFacts, Verdict
from leads.verifier.syntax import InvalidAddress, parse_address

FRESH_FOR = timedelta(days=30)
UNKNOWN_FRESH_FOR = timedelta(days=1)
DOMAIN_FRESH_FOR = timedelta(days=7)
# How long a worker may take for what it took; afterwards it counts as dead.
RECHECK_TIME = timedelta(minutes=30)
MAX_ATTEMPTS = 4

Answer = tuple[Verdict, DomainFacts]


def fresh_checks(emails: Sequence[str]) -> Iterable[EmailCheck]:
    """Return the verdicts that still hold: 30 days, or one day where they are open."""
    now = timezone.now()
    return EmailCheck.objects.filter(email__in=emails).filter(
        Q(checked_at__gt=now - UNKNOWN_FRESH_FOR)
        | (Q(checked_at__gt=now - FRESH_FOR) & ~Q(status="unknown"))
    )


def known_domains(emails: Sequence[str]) -> dict[str, DomainFacts]:
    """Return the facts that still hold of the domains of some addresses."""
    domains: set[str] = set()
    for email in emails:
        with suppress(InvalidAddress):
            domains.add(parse_address(email, allow_test_names=True).domain)
    known: dict[str, DomainFacts] = {}
    for check in DomainCheck.objects.filter(
        domain__in=domains, checked_at__gt=timezone.now() - DOMAIN_FRESH_FOR
    ):
        # Facts of another version may have another shape: they are looked up again.
        with suppress(TypeError, ValueError, KeyError):
            known[check.domain] = DomainFacts.from_dict(check.facts)
    return known


@transaction.atomic
def take_due(*, limit: int) -> list[str]:
    """Return addresses to ask again, for this caller alone: they are not due for a while."""
    now = timezone.now()
    due = EmailCheck.objects.select_for_update(skip_locked=True, no_key=True).filter(
        retry_at__lte=now
    )
    emails = list(due.order_by("retry_at").values_list("email", flat=True)[:limit])
    EmailCheck.objects.filter(email__in=emails).update(retry_at=now + RECHECK_TIME)
    return emails


@transaction.atomic
def store_answers(answers: Sequence[Answer]) -> list[EmailCheck]:
    """Keep verdicts and domain facts; returns the rows of the verdicts."""
    now = timezone.now()
    _store_domains([facts for _, facts in answers], now)
    latest = {verdict.email: verdict for verdict, _ in answers}
    # Sorted, like every upsert of shared rows: writers that meet wait in line, never in a circle.
    emails = sorted(latest)
    series = dict(
        EmailCheck.objects.select_for_update(no_key=True)
        .filter(email__in=emails, retry_at__isnull=False)
        .order_by("email")
        .values_list("email", "attempts")
    )
    checks = [_check(latest[email], now, attempts=series.get(email, 0) + 1) for email in emails]
    EmailCheck.objects.bulk_create(
        checks,
        update_conflicts=True,
        unique_fields=["email"],
        update_fields=["status", "reason", "checks", "checked_at", "attempts", "retry_at"],
    )
    return checks


def _check(verdict: Verdict, now: datetime, *, attempts: int) -> EmailCheck:
    wait = verdict.retry_after if attempts <= MAX_ATTEMPTS else None
    return EmailCheck(
        email=verdict.email,
        status=verdict.status,
        reason=verdict.reason[:40],
        checks=clean(verdict.checks),
        checked_at=now,
        attempts=attempts,
        retry_at=None if wait is None else now + timedelta(seconds=wait),
    )


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
            DomainCheck(domain=domain, facts=clean(told[domain].to_dict()), checked_at=now)
            for domain in sorted(told)
        ],
        update_conflicts=True,
        unique_fields=["domain"],
        update_fields=["facts", "checked_at"],
    )
