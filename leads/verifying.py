"""The third stage of a search: whether the found addresses take mail.

Verdicts are kept per address and facts per domain, for everybody (`verdicts`). A lead is settled
when all of its addresses are answered.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from freshleads.users.models import Workspace
from leads import merging, registry, verdicts
from leads.gathering import gather
from leads.leasing import Lease
from leads.locking import lock_leads
from leads.models import EmailCheck, Lead, SearchLead
from leads.verdicts import Answer

ADDRESSES_PER_LEAD = 5
LEADS_AT_ONCE = 200
RECHECKED_AT_ONCE = 50
SERIES_LASTS = timedelta(days=2)  # from the first open verdict to the last recheck


class Round:
    """The leads of one slice: which addresses each waits for, and the verdicts known so far."""

    def __init__(self, lease: Lease, pending: Sequence[SearchLead]) -> None:
        self.lease = lease
        self.waiting = {result.pk: result for result in pending}
        self.asked = {result.pk: _addresses(result.lead) for result in pending}
        wanted = sorted({email for emails in self.asked.values() for email in emails})
        self.known = {check.email: check for check in verdicts.fresh_checks(wanted)}
        self.missing = [email for email in wanted if email not in self.known]

    def hear(self, answers: Sequence[Answer]) -> None:
        """Keep answers and settle the leads that waited for them alone."""
        for check in verdicts.store_answers(answers):
            self.known[check.email] = check
        self.settle()

    def settle(self, *, give_up: bool = False) -> None:
        """Write the verdicts of every lead whose addresses are all answered."""
        ready = [
            self.waiting[pk]
            for pk in self.waiting
            if give_up or all(email in self.known for email in self.asked[pk])
        ]
        if not ready:
            return
        now = timezone.now()
        with self.lease.writing() as search:
            leads = lock_leads(result.lead_id for result in ready)
            for result in ready:
                self._note(result, leads.get(result.lead_id), now)
            search.attempts = 0
            search.save(update_fields=["attempts"])
        for result in ready:
            del self.waiting[result.pk]

    def _note(self, result: SearchLead, lead: Lead | None, now: datetime) -> None:
        emails = self.asked[result.pk]
        if lead is not None and not lead.deleted_at and emails:
            note_verdicts(lead, [self.known[email] for email in emails if email in self.known], now)
        SearchLead.objects.filter(pk=result.pk).update(
            verify=SearchLead.Work.DONE if emails else SearchLead.Work.SKIPPED, changed_at=now
        )


def verify(lease: Lease) -> bool:
    """Verify the addresses of up to 200 leads; returns whether more are waiting."""
    pending = lease.search.results.filter(verify=SearchLead.Work.PENDING).select_related("lead")
    results = list(pending[:LEADS_AT_ONCE])
    if not results:
        return False
    this_round = Round(lease, results)
    this_round.settle()
    if this_round.missing:
        gather(
            _producer(this_round.missing),
            store=this_round.hear,
            keep=lease.renew_when_due,
            name=f"verify-{lease.search.public_id}",
        )
        this_round.settle(give_up=True)
    return True


def recheck_due() -> int:
    """Verify again up to 50 addresses whose open verdict asked for it; returns how many."""
    due = verdicts.take_due(limit=RECHECKED_AT_ONCE)
    if not due:
        return 0
    answers: list[Answer] = []
    _producer(due)(answers.append, lambda: False)
    _update_leads(verdicts.store_answers(answers))
    return len(answers)


def note_verdicts(lead: Lead, checks: Iterable[EmailCheck], now: datetime) -> None:
    """Write verdicts into a locked lead and let the best address be its e-mail."""
    noted = [
        merging.apply_verdict(lead, check.email, status=check.status, reason=check.reason, now=now)
        for check in checks
    ]
    if any(noted):
        merging.choose_email(lead, now=now)
        lead.updated_at = now
        lead.save()


def _producer(
    emails: Sequence[str],
) -> Callable[[Callable[[Answer], None], Callable[[], bool]], None]:
    """Return the work of asking about these addresses, for a thread of its own."""
    known = verdicts.known_domains(emails)
    verifier = registry.verifier()

    def produce(report: Callable[[Answer], None], should_stop: Callable[[], bool]) -> None:
        verifier.verify_many(
            emails,
            known=known,
            on_verdict=lambda verdict, facts: report((verdict, facts)),
            should_stop=should_stop,
        )

    return produce


def _addresses(lead: Lead) -> list[str]:
    return [entry["email"] for entry in lead.emails[:ADDRESSES_PER_LEAD]]


def _update_leads(checks: Iterable[EmailCheck]) -> None:
    """Carry later verdicts to the leads that have the addresses."""
    by_email = {check.email: check for check in checks}
    for lead_id in sorted(_holders(by_email)):
        with transaction.atomic():
            for lead in lock_leads([lead_id]).values():
                held = [
                    by_email[entry["email"]] for entry in lead.emails if entry["email"] in by_email
                ]
                note_verdicts(lead, held, timezone.now())


def _holders(emails: Iterable[str]) -> set[int]:
    """Return the leads with one of the addresses as e-mail, or verified lately with its domain.

    Each part is asked so that an index answers: rechecks run every minute, beside a million leads.
    """
    kept = Lead.objects.filter(deleted_at=None)
    lately = kept.filter(
        workspace__in=list(Workspace.objects.values_list("pk", flat=True)),
        updated_at__gte=timezone.now() - SERIES_LASTS,
        domain__in={email.rpartition("@")[2] for email in emails},
    )
    shown = kept.filter(email__in=list(emails))
    return {*shown.values_list("pk", flat=True), *lately.values_list("pk", flat=True)}
