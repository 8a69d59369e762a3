"""The project as a Django app: loads Celery and the boot checks."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from freshleads import celery, checks


class FreshLeadsConfig(AppConfig):
    name = "freshleads"
    celery_app = celery.app

    def ready(self) -> None:
        register(checks.check_production, Tags.security)
        register(checks.check_processes, Tags.database)
        register(checks.check_providers)
        register(checks.check_contact)
        register(checks.check_networks, Tags.security)
