"""Plans and the credit ledger.

The balance of a workspace is the sum of its entries, always: `charging` writes both in one
transaction, check constraints keep the balance from going below what is held, and entries are
never changed. A hold sets credits aside before work begins; captures take from it; what is left
is released.
"""

from functools import partial
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace


class Plan(models.Model):
    """What a workspace may use in a month; editable by operators."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    monthly_credits = models.PositiveIntegerField()
    requests_per_minute = models.PositiveIntegerField(default=60)
    running_searches = models.PositiveIntegerField(
        default=2, help_text="Searches that may be queued or running at once."
    )
    api_keys = models.PositiveIntegerField(default=2, help_text="Live API keys at once.")
    position = models.PositiveSmallIntegerField(default=0)
    is_public = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """A workspace's plan and its credits: `balance` owned, of which `held` are set aside."""

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, related_name="subscription"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    balance = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_grant_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=F("held")), name="held_is_owned"),
            models.CheckConstraint(condition=Q(held__gte=0), name="held_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.balance} credits"

    @property
    def available(self) -> int:
        """Credits that may still be spent or held."""
        return self.balance - self.held


class CreditHold(models.Model):
    """Credits set aside for one piece of work; resolved once."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="holds")
    reference = models.CharField(max_length=120)
    amount = models.PositiveIntegerField()
    captured = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "reference"], name="hold_once"),
            models.CheckConstraint(
                condition=Q(captured__lte=F("amount")), name="captured_within_hold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.captured} of {self.amount}"


class EntriesAreFinal(Exception):
    """Something tried to change or remove an entry; correct it by another entry."""

    def __init__(self) -> None:
        super().__init__("Credit entries are never changed or removed: append a correction.")


class CreditEntryQuerySet(models.QuerySet["CreditEntry"]):
    """Reads and appends; the deletion of a whole workspace goes past it, and takes them along."""

    def owned_by(self, workspace: Workspace) -> "CreditEntryQuerySet":
        return self.filter(workspace=workspace)

    def update(self, **fields: Any) -> int:
        raise EntriesAreFinal

    def delete(self) -> tuple[int, dict[str, int]]:
        raise EntriesAreFinal

    delete.queryset_only = True  # type: ignore[attr-defined]


class CreditEntry(models.Model):
    """One movement of credits; appended, never changed or removed."""

    class Kind(models.TextChoices):
        GRANT = "grant"
        CHARGE = "charge"
        REFUND = "refund"
        ADJUSTMENT = "adjustment"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "cred"), editable=False
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.IntegerField(help_text="Positive adds credits, negative takes them.")
    reference = models.CharField(max_length=120)
    description = models.CharField(max_length=300)
    # RESTRICT, not PROTECT: a hold outlives its entries only when the whole workspace goes.
    hold = models.ForeignKey(
        CreditHold, on_delete=models.RESTRICT, null=True, blank=True, related_name="entries"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CreditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "credit entries"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "reference"], name="entry_once"),
        ]
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="entry_newest")]

    def __str__(self) -> str:
        return f"{self.amount:+d} {self.reference}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EntriesAreFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise EntriesAreFinal
