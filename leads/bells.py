"""Ringing for work by a task's name, so that who asks need not know who does it."""

from celery import current_app
from django.db import transaction


def ring(task: str, row_id: int) -> None:
    """Queue a task for a row once the transaction commits; a lost bell is rung by the sweeper."""

    def send() -> None:  # a partial has no name, which Django wants for its log
        current_app.send_task(task, args=[row_id])

    transaction.on_commit(send, robust=True)
