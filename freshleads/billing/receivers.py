"""Fills the table of plans when the database is made."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from freshleads.billing import plans


@receiver(post_migrate)
def create_default_plans(
    sender: AppConfig, using: str, apps: Any = installed_apps, **kwargs: Any
) -> None:
    """Fill an empty table of plans; what operators changed or removed stays so.

    A data migration would not do: `flush`, and with it every transactional test, empties the table.
    """
    if sender.label != "billing":
        return
    try:
        plan_model = apps.get_model("billing", "Plan")
    except LookupError:  # the app was migrated back to nothing
        return
    rows = plan_model.objects.using(using)
    if not rows.exists():
        rows.bulk_create(
            plan_model(position=position, **fields)
            for position, fields in enumerate(plans.DEFAULT_PLANS)
        )
