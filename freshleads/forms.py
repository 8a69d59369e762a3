"""What the forms of every page share: where a refusal of the domain is shown."""

from typing import Any

from django import forms

from freshleads.lib.errors import DomainError

REFUSED = 422  # the status of a page that shows a form again with what is wrong in it


def refuse(form: forms.BaseForm, error: DomainError, **fields: str) -> None:
    """Show a domain error beside the field it names (`fields`: parameter to field), else on top."""
    name = fields.get(error.param or "", error.param or "")
    form.add_error(name if name in form.fields else None, error.message)


class RefusingFormMixin:
    """Answers an invalid form with 422 where Django's own views would say 200."""

    def form_invalid(self, form: forms.BaseForm) -> Any:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = REFUSED
        return response
