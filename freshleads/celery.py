"""The Celery application: a doorbell only; every job's state is a row in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "freshleads.settings")

app = Celery("freshleads")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
