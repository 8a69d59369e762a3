"""Projects: named lists of leads."""

from functools import partial

from django.db import models
from django.utils import timezone

from freshleads.lib.ids import new_id
from freshleads.users.models import Workspace


class ProjectQuerySet(models.QuerySet["Project"]):
    def owned_by(self, workspace: Workspace) -> "ProjectQuerySet":
        return self.filter(workspace=workspace)


class Project(models.Model):
    """A named list of leads; a lead may be in any number of them."""

    public_id = models.CharField(
        max_length=30, unique=True, default=partial(new_id, "proj"), editable=False
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="projects")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="project_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProjectLead(models.Model):
    """A lead's place in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="entries")
    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="entries")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "lead"], name="lead_in_project")]

    def __str__(self) -> str:
        return f"{self.lead_id} in {self.project_id}"
