"""Leads: one business or person, once per workspace."""

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils import timezone

from freshleads.lib.ids import new_id
from freshleads.users.models import Workspace


class LeadQuerySet(models.QuerySet["Lead"]):
    def owned_by(self, workspace: Workspace) -> "LeadQuerySet":
        """Return the workspace's leads, without those it deleted."""
        return self.filter(workspace=workspace, deleted_at=None)

    def ever_owned_by(self, workspace: Workspace) -> "LeadQuerySet":
        """Return the workspace's leads with the deleted ones, so that none is paid twice."""
        return self.filter(workspace=workspace)


class Lead(models.Model):
    """A business or person the workspace paid for or imported.

    `identity` is what makes it the same lead again: the place id, else the e-mail address, else
    the website's domain and phone (`merging.identity`). `sources` says for each field where its
    value came from: `{field: {source, url, method, licence, first_seen_at, checked_at}}`.
    """

    class EmailStatus(models.TextChoices):
        VALID = "valid"
        RISKY = "risky"
        INVALID = "invalid"
        UNKNOWN = "unknown"
        UNVERIFIED = "unverified"

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "lead"), editable=False
    )
    workspace = models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        related_name="leads",
        db_index=False,  # every index below begins with it; one of its own misleads the planner
    )
    identity = models.CharField(max_length=300)

    business_name = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    website = models.CharField(max_length=2048, blank=True)
    email = models.CharField(max_length=254, blank=True)
    social_links = models.JSONField(default=dict, blank=True)
    rating = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)
    reviews_count = models.PositiveIntegerField(null=True, blank=True)
    opening_hours = models.JSONField(null=True, blank=True, help_text="Day to text")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    google_maps_url = models.CharField(max_length=2048, blank=True)
    place_id = models.CharField(max_length=300, blank=True)

    email_status = models.CharField(
        max_length=10, choices=EmailStatus.choices, default=EmailStatus.UNVERIFIED
    )
    email_reason = models.CharField(max_length=40, blank=True)
    emails = models.JSONField(default=list, blank=True)
    phones = models.JSONField(default=list, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    job_title = models.CharField(max_length=150, blank=True)
    description = models.CharField(max_length=1000, blank=True)
    street = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166 alpha-2")
    domain = models.CharField(max_length=253, blank=True, help_text="Registrable domain")
    tags = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(
        default="", blank=True, help_text="Name, e-mail and city in lower case, for searching"
    )

    content_expires_at = models.DateTimeField(
        null=True, blank=True, help_text="When the first value must go that its source only lends."
    )

    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    crawled_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    projects = models.ManyToManyField(
        "leads.Project", through="leads.ProjectLead", related_name="leads"
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "identity"], name="lead_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "-created_at", "-id"],
                condition=Q(deleted_at=None),
                name="lead_newest",
            ),
            models.Index(fields=["email", "workspace"], name="lead_by_email"),
            models.Index(
                fields=["workspace", "phone"], condition=~Q(phone=""), name="lead_by_phone"
            ),
            models.Index(
                fields=["workspace", "domain"], condition=~Q(domain=""), name="lead_by_domain"
            ),
            models.Index(
                fields=["workspace", "latitude", "longitude"],
                condition=Q(latitude__isnull=False),
                name="lead_by_position",
            ),
            models.Index(
                fields=["content_expires_at"],
                condition=Q(content_expires_at__isnull=False),
                name="lead_content_expiry",
            ),
        ]

    def __str__(self) -> str:
        if self.place_id and not self.business_name:  # its source lent the name for some days
            return self.domain or self.email or "Name no longer kept"
        return self.business_name or self.email or self.public_id


class LeadIdentity(models.Model):
    """Another identity under which a lead is known: the same business in a second source."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    identity = models.CharField(max_length=300)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="other_identities")
    provider = models.CharField(max_length=30)
    place_id = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2048, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "lead identities"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "identity"], name="lead_identity_once")
        ]

    def __str__(self) -> str:
        return self.identity


class LeadTotal(models.Model):
    """How many leads a workspace has: counting a million rows for every page is too slow."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="lead_total")
    leads = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.workspace_id}: {self.leads}"
