"""The Celery application: a doorbell only; every job's state is a row in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "freshleads.settings")


def make_app(*, set_as_current: bool) -> Celery:
    """Return an application that knows every task; what a worker listens to is a property of it."""
    made = Celery("freshleads", set_as_current=set_as_current)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks()
    return made


app = make_app(set_as_current=True)
