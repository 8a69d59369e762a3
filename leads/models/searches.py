"""Searches: jobs whose whole state is the row, so that any process may die at any time."""

from functools import partial
from typing import Any

from django.db import models
from django.utils import timezone

from freshleads.billing.models import CreditHold
from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace


class SearchQuerySet(models.QuerySet["Search"]):
    def owned_by(self, workspace: Workspace) -> "SearchQuerySet":
        return self.filter(workspace=workspace)

    def unfinished(self) -> "SearchQuerySet":
        return self.filter(status__in=[Search.Status.QUEUED, Search.Status.RUNNING])


class Search(models.Model):
    """One search and its state.

    `cells` is the work list of the discovery: one entry a rectangle that was or will be asked,
    `{low, high, depth, state, pages, results, page_token}`. `provider` is the source that is
    asked, `passed_over` lists those that did not answer, `{source, code, message, asked, requests,
    results}`. A worker holds the row by a lease (`lease_token` until `lease_expires_at`), renews
    it while it works and gives it back after each slice; `next_attempt_at` says when the row
    wants a worker again.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Stage(models.TextChoices):
        DISCOVERING = "discovering"
        CRAWLING = "crawling"
        VERIFYING = "verifying"
        DONE = "done"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "srch"), editable=False
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="searches")
    project = models.ForeignKey(
        "leads.Project", on_delete=models.SET_NULL, null=True, related_name="searches"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)

    saved_search = models.ForeignKey(
        "leads.SavedSearch",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
    )

    query = models.CharField(max_length=200)
    location = models.CharField(max_length=200)
    limit = models.PositiveIntegerField()
    verify_emails = models.BooleanField(default=True)
    max_credits = models.PositiveIntegerField(null=True, blank=True)
    hold = models.OneToOneField(CreditHold, on_delete=models.RESTRICT, null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DISCOVERING)
    provider = models.CharField(max_length=30, blank=True)
    area = models.JSONField(null=True, blank=True)
    cells = models.JSONField(default=list, blank=True)
    passed_over = models.JSONField(
        default=list, blank=True, help_text="Sources that did not answer, and why."
    )
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)

    lease_token = models.CharField(max_length=40, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(
        default=0, help_text="Failed or lost attempts in a row since the last progress."
    )
    retries = models.PositiveSmallIntegerField(default=0, help_text="Asked for by an operator.")
    next_attempt_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(
        null=True, blank=True, help_text="When the sweeper last queued it; empty once claimed."
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "searches"
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="search_newest"),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(status__in=["queued", "running"]),
                name="search_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query} in {self.location}"

    @property
    def is_finished(self) -> bool:
        return self.status not in {self.Status.QUEUED, self.Status.RUNNING}

    @property
    def is_repeated(self) -> bool:
        """Whether a saved search started it; one that was saved later is an ordinary search."""
        return self.saved_search is not None and self.saved_search.created_at <= self.created_at

    @property
    def error(self) -> dict[str, Any] | None:
        """Why the search failed, or why it found nothing."""
        if not self.error_code:
            return None
        return {"type": self.error_code, "message": self.error_message}


class SearchLead(models.Model):
    """One lead that a search found, and how far the work on it is."""

    class Work(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        SKIPPED = "skipped"

    class FreeReason(models.TextChoices):
        ALREADY_YOURS = "already_yours"
        DELETED_BY_YOU = "deleted_by_you"

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="results")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField()
    is_new = models.BooleanField()
    free_reason = models.CharField(max_length=20, choices=FreeReason.choices, blank=True)
    crawl = models.CharField(max_length=10, choices=Work.choices, default=Work.PENDING)
    crawl_outcome = models.CharField(max_length=40, blank=True)
    verify = models.CharField(max_length=10, choices=Work.choices, default=Work.PENDING)
    changes = models.JSONField(
        default=dict, blank=True, help_text="Field to [before, after], of a lead known before."
    )
    changes_expire_at = models.DateTimeField(
        null=True, blank=True, help_text="When values among them must go that a source only lends."
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["search", "lead"], name="result_once")]
        indexes = [
            models.Index(fields=["search", "position"], name="result_order"),
            models.Index(
                fields=["changes_expire_at"],
                condition=models.Q(changes_expire_at__isnull=False),
                name="result_changes_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} by {self.search_id}"
