"""Imports: leads out of a file, with a report and a way back."""

from functools import partial

from django.db import models
from django.utils import timezone

from freshleads.lib.ids import new_id
from freshleads.users.models import User, Workspace


class LeadImportQuerySet(models.QuerySet["LeadImport"]):
    def owned_by(self, workspace: Workspace) -> "LeadImportQuerySet":
        return self.filter(workspace=workspace)

    def unfinished(self) -> "LeadImportQuerySet":
        return self.filter(status__in=[LeadImport.Status.RUNNING, LeadImport.Status.UNDOING])


class LeadImport(models.Model):
    """One file of leads and how far it is.

    `mapping` says which column fills which field; `rows_done` is how far the file was stored, so
    that a killed worker's successor goes on behind it. `errors` keeps the first refused rows.
    One that is undone because it failed has an `error_message`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        UNDOING = "undoing"
        UNDONE = "undone"

    class Duplicates(models.TextChoices):
        SKIP = "skip", "Leave my lead as it is"
        FILL = "fill", "Fill only its empty fields"
        REPLACE = "replace", "Replace its fields by the file's"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "imp"), editable=False
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    project = models.ForeignKey(
        "leads.Project", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(
        max_length=200, blank=True, help_text="Name in the folder of uploads; empty once removed."
    )
    size = models.PositiveBigIntegerField(default=0)
    layout = models.JSONField(
        default=dict, help_text="Format, encoding, delimiter, sheet, header row, columns."
    )
    mapping = models.JSONField(default=dict, help_text="Column number to field.")
    country = models.CharField(
        max_length=2, blank=True, help_text="Where phone numbers without a country belong."
    )
    duplicates = models.CharField(
        max_length=10, choices=Duplicates.choices, default=Duplicates.SKIP
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    invalid_count = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    undone = models.JSONField(
        default=dict,
        blank=True,
        help_text="Leads deleted, restored and kept by undoing, by reason.",
    )

    lease_token = models.CharField(max_length=40, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = LeadImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="import_newest"),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(status__in=["running", "undoing"]),
                name="import_due",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.status in {self.Status.RUNNING, self.Status.UNDOING}

    @property
    def has_result(self) -> bool:
        """Tell whether what was counted is among the workspace's leads."""
        return self.status in {self.Status.RUNNING, self.Status.COMPLETED}


class ImportedLead(models.Model):
    """What an import did to one lead; `before` holds the fields it changed, as they were."""

    lead_import = models.ForeignKey(LeadImport, on_delete=models.CASCADE, related_name="entries")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField(help_text="Line of the file, from 1.")
    is_created = models.BooleanField()
    is_linked = models.BooleanField(default=False, help_text="Put into the project by this import.")
    before = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_import", "lead"], name="imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} by {self.lead_import_id}"
