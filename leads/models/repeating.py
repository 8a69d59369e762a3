"""Saved searches: asked again on a schedule, delivering only what is new or changed."""

from functools import partial

from django.db import models
from django.utils import timezone

from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def owned_by(self, workspace: Workspace) -> "SavedSearchQuerySet":
        return self.filter(workspace=workspace)


class SavedSearch(models.Model):
    """A search and when to run it again; each run is an ordinary search that refers to it."""

    class Every(models.TextChoices):
        NEVER = "never", "Only when asked"
        DAY = "day", "Every day"
        WEEK = "week", "Every week"
        MONTH = "month", "Every month"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "save"), editable=False
    )
    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="saved_searches"
    )
    project = models.ForeignKey(
        "leads.Project", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    query = models.CharField(max_length=200)
    location = models.CharField(max_length=200)
    limit = models.PositiveIntegerField()
    verify_emails = models.BooleanField(default=True)
    max_credits = models.PositiveIntegerField(null=True, blank=True)
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.NEVER)
    next_run_at = models.DateTimeField(null=True, blank=True, db_index=True)
    last_problem = models.CharField(
        max_length=300, blank=True, help_text="Why the last run could not start."
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "saved searches"

    def __str__(self) -> str:
        return f"{self.query} in {self.location}"
