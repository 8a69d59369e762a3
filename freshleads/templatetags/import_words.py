"""What the states of imports mean, in words for people."""

from typing import Any

from django import template

register = template.Library()

STATES = {
    "draft": "Not started",
    "running": "Running",
    "completed": "Done",
    "failed": "Failed",
    "undoing": "Taking back",
    "undone": "Undone",
}


@register.filter
def import_state(status: Any) -> str:
    return STATES.get(str(status), str(status))
