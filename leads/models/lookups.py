"""Lookups: single questions (a website, a result page, places) that a worker answers once."""

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils import timezone

from freshleads.billing.models import CreditHold
from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace


class LookupQuerySet(models.QuerySet["Lookup"]):
    def owned_by(self, workspace: Workspace) -> "LookupQuerySet":
        return self.filter(workspace=workspace)

    def unfinished(self) -> "LookupQuerySet":
        return self.filter(status__in=[Lookup.Status.QUEUED, Lookup.Status.RUNNING])


class Lookup(models.Model):
    """One question of a workspace to the outside world, and its state.

    `key` is the digest of kind and parameters: while a question is open, asking it again joins it.
    What was found stands in the caches, for everybody; `answer` keeps what only this lookup knows.
    The row is worked on by lease, like a search.
    """

    class Kind(models.TextChoices):
        SEARCH = "search"
        CRAWL = "crawl"
        ADS = "ads"
        PLACES = "places"
        REVIEWS = "reviews"
        VERIFY = "verify"

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "look"), editable=False
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="lookups")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=64)
    parameters = models.JSONField()
    endpoint = models.CharField(max_length=60, blank=True, help_text="Where it was asked.")
    request_id = models.CharField(max_length=64, blank=True)
    hold = models.OneToOneField(CreditHold, on_delete=models.RESTRICT, null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=60, blank=True, help_text="What is being done right now.")
    done = models.PositiveIntegerField(default=0, help_text="Units of this stage that are done.")
    total = models.PositiveIntegerField(default=0, help_text="Units of this stage, 0 if unknown.")
    credits_used = models.PositiveIntegerField(default=0)
    answer = models.JSONField(default=dict, blank=True)
    is_unclaimed = models.BooleanField(
        default=False,
        help_text="Who asked stopped waiting: who asks next gets the answer for free.",
    )
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.CharField(max_length=500, blank=True)

    lease_token = models.CharField(max_length=40, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = LookupQuerySet.as_manager()

    is_joined = False  # no column: set for who asks what another call is asking already

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=Q(status__in=["queued", "running"]),
                name="lookup_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "kind", "-created_at"], name="lookup_newest"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status__in=["queued", "running"]),
                name="lookup_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_finished(self) -> bool:
        return self.status not in {self.Status.QUEUED, self.Status.RUNNING}


class Recipe(models.Model):
    """A named query template with `{query}` inside; shared by all where it has no workspace."""

    code = models.SlugField(max_length=60)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, null=True, blank=True, related_name="recipes"
    )
    name = models.CharField(max_length=120)
    template = models.CharField(max_length=400)
    description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="recipe_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(workspace=None), name="shared_recipe_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
