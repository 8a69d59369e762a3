"""Leads as this dialect shows them."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from freshleads.api.leadgen.answers import stamp
from freshleads.api.leadgen.openapi import Envelope
from leads.adding import AddedLeads, RefusedRow
from leads.models import Lead

# What this dialect calls a lead's fields, and what the domain calls them.
FIELDS = {
    "email": "email",
    "firstname": "first_name",
    "lastname": "last_name",
    "company": "business_name",
    "website": "website",
    "phones": "phones",
    "description": "description",
}
NAMES = {field: name for name, field in FIELDS.items()}
VERIFIED = {"valid": 1, "invalid": -1}


class LeadOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.CharField(help_text="Empty where none is known.")
    firstname = serializers.CharField()
    lastname = serializers.CharField()
    company = serializers.CharField()
    website = serializers.CharField()
    phones = serializers.CharField(help_text="All numbers, with a comma between them.")
    description = serializers.CharField()
    verified = serializers.ChoiceField(
        [1, 0, -1], help_text="1: it takes mail. -1: it does not. 0: not known."
    )
    created_at = serializers.CharField(help_text="As `2026-02-15 14:30:00`, in UTC.")


class LeadListOutput(serializers.Serializer[Any]):
    project_id = serializers.IntegerField()
    leads_count = serializers.IntegerField(help_text="How many are in this answer.")
    total = serializers.IntegerField(help_text="How many the project has.")
    limit = serializers.IntegerField()
    offset = serializers.IntegerField()
    leads = LeadOutput(many=True)


class LeadsAnswer(Envelope):
    data = LeadListOutput()  # type: ignore[assignment]


class RefusedOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="Its place in `leads`, from 0.")
    email = serializers.CharField()
    reason = serializers.CharField()


class AddedOutput(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    duplicates = serializers.IntegerField(help_text="The project had them already: skipped.")
    invalid = serializers.IntegerField(help_text="Not added, for the reasons in `errors`.")
    errors = RefusedOutput(many=True)  # type: ignore[assignment]
    lead_ids = serializers.ListField(
        child=serializers.IntegerField(), help_text="The leads added, in the order they came."
    )


class AddedAnswer(Envelope):
    data = AddedOutput()  # type: ignore[assignment]


def show_lead(lead: Lead) -> dict[str, Any]:
    """Return a lead as JSON values."""
    values = {name: getattr(lead, field) for name, field in FIELDS.items()}
    numbers = [entry["phone"] for entry in lead.phones] or [lead.phone]
    return {
        "id": lead.pk,
        **values,
        "phones": ", ".join(filter(None, numbers)),
        "verified": VERIFIED.get(lead.email_status, 0),
        "created_at": stamp(lead.created_at),
    }


def show_added(
    added: AddedLeads, indexes: Sequence[int], refused: Sequence[RefusedRow]
) -> dict[str, Any]:
    """Return what became of the entries of a request.

    `refused` were no rows to begin with; `indexes` are the places of those that were.
    """
    errors = {row.index: row for row in refused}
    errors |= {indexes[row.index]: row for row in added.refused}
    return {
        "added": len(added.lead_ids),
        "duplicates": added.duplicates,
        "invalid": len(errors),
        "errors": [
            {
                "index": index,
                "email": row.email,
                "reason": f"{NAMES.get(row.field, row.field)} {row.reason}",
            }
            for index, row in sorted(errors.items())
        ],
        "lead_ids": added.lead_ids,
    }
