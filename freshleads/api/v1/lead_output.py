"""A lead as this dialect shows it.

Leads are turned into JSON by hand from plain rows: a page of 200 takes a fraction of what
serializers take. `LeadOutput` says the same to readers of the schema, and a test holds the two
together.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from freshleads.api.v1.answers import Moment, or_null, stamp
from leads.models import Lead, ProjectLead

DATA_FIELDS = (
    "business_name",
    "category",
    "address",
    "phone",
    "website",
    "email",
    "social_links",
    "rating",
    "reviews_count",
    "opening_hours",
    "latitude",
    "longitude",
    "google_maps_url",
    "place_id",
)
PERSON_FIELDS = ("first_name", "last_name", "job_title", "city", "region", "postal_code", "country")
COLUMNS = (
    "id",
    "public_id",
    *DATA_FIELDS,
    "email_status",
    "emails",
    "phones",
    *PERSON_FIELDS,
    "tags",
    "sources",
    "created_at",
    "updated_at",
)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Texts(serializers.DictField):
    """Names to texts."""


class EmailOutput(serializers.Serializer[Any]):
    email = serializers.CharField()
    status = serializers.ChoiceField(Lead.EmailStatus.choices)
    reason = serializers.CharField(allow_null=True, help_text="Why, in snake_case.")
    url = serializers.CharField(allow_null=True, help_text="The page it was found on.")
    method = serializers.CharField(allow_null=True, help_text="How it was found there.")
    checked_at = Moment(allow_null=True)


class PhoneOutput(serializers.Serializer[Any]):
    phone = serializers.CharField(help_text="E.164")
    url = serializers.CharField(allow_null=True)
    method = serializers.CharField(allow_null=True)


class SourceOutput(serializers.Serializer[Any]):
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    url = serializers.CharField(allow_null=True)
    method = serializers.CharField(allow_null=True)
    licence = serializers.CharField(allow_null=True)
    file = serializers.CharField(required=False, help_text="Name of the file it was imported from.")
    first_seen_at = Moment(allow_null=True)
    checked_at = Moment(allow_null=True)


class LeadOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    business_name = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True, help_text="E.164")
    website = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    social_links = Texts(allow_null=True, help_text="Network to address.")
    rating = serializers.FloatField(allow_null=True)
    reviews_count = serializers.IntegerField(allow_null=True)
    opening_hours = Texts(allow_null=True, help_text="Day to hours.")
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    google_maps_url = serializers.CharField(allow_null=True)
    place_id = serializers.CharField(allow_null=True)
    email_status = serializers.ChoiceField(Lead.EmailStatus.choices)
    emails = EmailOutput(many=True, help_text="Best first.")
    phones = PhoneOutput(many=True)
    first_name = serializers.CharField(allow_null=True)
    last_name = serializers.CharField(allow_null=True)
    job_title = serializers.CharField(allow_null=True)
    city = serializers.CharField(allow_null=True)
    region = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True, help_text="ISO 3166, two letters.")
    tags = serializers.ListField(child=serializers.CharField())
    sources = serializers.DictField(
        child=SourceOutput(), help_text="For each field, where its value came from."
    )
    project_ids = serializers.ListField(child=serializers.CharField())
    created_at = Moment()
    updated_at = Moment()


def as_rows(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Return the queryset reading plain rows of what a lead shows."""
    return cast(QuerySet[Lead], leads.values(*COLUMNS))


def show_lead(lead: Lead) -> dict[str, Any]:
    """Return one lead as JSON values."""
    row = {column: getattr(lead, column) for column in COLUMNS}
    return show_leads([row])[0]


def show_leads(rows: Collection[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of `COLUMNS` as JSON values, asking for their projects once."""
    projects = _projects_of(row["id"] for row in rows)
    return [_shown(row, projects.get(row["id"], [])) for row in rows]


def _projects_of(lead_ids: Iterable[int]) -> dict[int, list[str]]:
    entries = ProjectLead.objects.filter(lead__in=list(lead_ids)).order_by("id")
    found: dict[int, list[str]] = {}
    for lead_id, project_id in entries.values_list("lead_id", "project__public_id"):
        found.setdefault(lead_id, []).append(project_id)
    return found


def _shown(row: Mapping[str, Any], project_ids: list[str]) -> dict[str, Any]:
    shown = {"id": row["public_id"]}
    shown.update((name, row[name] or None) for name in DATA_FIELDS)
    for name in ("rating", "reviews_count", "latitude", "longitude"):
        value = row[name]  # 0 is known
        shown[name] = float(value) if name == "rating" and value is not None else value
    shown["email_status"] = row["email_status"]
    shown["emails"] = [{"checked_at": None, **or_null(entry)} for entry in row["emails"]]
    shown["phones"] = [or_null(entry) for entry in row["phones"]]
    shown.update((name, row[name] or None) for name in PERSON_FIELDS)
    shown["tags"] = row["tags"]
    shown["sources"] = {field: or_null(source) for field, source in row["sources"].items()}
    shown["project_ids"] = project_ids
    shown["created_at"] = stamp(row["created_at"])
    shown["updated_at"] = stamp(row["updated_at"])
    return shown
