"""The billing app."""

from importlib import import_module

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "freshleads.billing"
    label = "billing"

    def ready(self) -> None:
        """Connect the receivers; they need every model loaded."""
        import_module("freshleads.billing.receivers")
