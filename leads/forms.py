"""Forms of the leads pages: asking for a search, filtering, editing a lead, naming a project."""

from collections.abc import Mapping
from typing import Any

from django import forms

from freshleads.users.models import Workspace
from leads import editing, repeating, searching
from leads.models import Lead, Project, SavedSearch, Search

PER_PAGE = (25, 50, 100, 200)
YES_OR_NO = (("", "Any"), ("true", "Yes"), ("false", "No"))
ORDERINGS = (
    ("-created_at", "Newest first"),
    ("created_at", "Oldest first"),
    ("business_name", "Name, A to Z"),
    ("-business_name", "Name, Z to A"),
    ("city", "City, A to Z"),
    ("-rating", "Best rated first"),
    ("-reviews_count", "Most reviewed first"),
    ("-updated_at", "Last changed first"),
)
PROJECTS_TO_CHOOSE = 200
RHYTHMS = [
    (SavedSearch.Every.WEEK.value, "Save it and run it every week"),
    (SavedSearch.Every.DAY.value, "Save it and run it every day"),
    (SavedSearch.Every.MONTH.value, "Save it and run it every month"),
    (SavedSearch.Every.NEVER.value, "Save it and run it only when asked"),
]
REPEATING = (
    "Each run brings businesses that are new to you, one credit each, and tells what changed about "
    "those you have, free."
)
OUT_OF_RANGE = f"Choose from {searching.LOWEST_LIMIT} to {searching.HIGHEST_LIMIT}."


def text(label: str, length: int, *, required: bool = False, **attributes: str) -> forms.CharField:
    """Return a text field without the browser's own memory, which knows nothing of leads."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"} | attributes),
    )


def choosable_projects(
    workspace: Workspace, *, also: Project | None = None
) -> list[tuple[str, str]]:
    """Return the newest projects, and the one that is chosen already."""
    projects = Project.objects.owned_by(workspace).values_list("public_id", "name")
    choices = dict(projects[:PROJECTS_TO_CHOOSE])
    if also is not None:
        choices.setdefault(also.public_id, also.name)
    return list(choices.items())


class RunForm(forms.Form):
    """How a search runs: how many, checked or not, saved where, for how much."""

    project: Project | None = None  # the one that is chosen already

    limit = forms.IntegerField(
        label="How many",
        min_value=searching.LOWEST_LIMIT,
        max_value=searching.HIGHEST_LIMIT,
        initial=searching.DEFAULT_LIMIT,
        help_text=f"From {searching.LOWEST_LIMIT} to {searching.HIGHEST_LIMIT} businesses.",
        error_messages={"min_value": OUT_OF_RANGE, "max_value": OUT_OF_RANGE},
    )
    verify_emails = forms.BooleanField(
        label="Check whether the e-mail addresses work",
        required=False,
        initial=True,
        help_text="Asks their mail servers, without sending anything. Free.",
    )
    project_id = forms.ChoiceField(label="Save to", required=False)
    max_credits = forms.IntegerField(
        label="Spend at most",
        min_value=0,
        max_value=searching.HIGHEST_LIMIT,
        required=False,
        help_text="Credits. Stops finding new leads there, even if there are more.",
    )

    def __init__(
        self, workspace: Workspace, data: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.workspace = workspace
        self.fields["project_id"] = forms.ChoiceField(
            label="Save to",
            required=False,
            choices=[
                ("", "A project named after the search"),
                *choosable_projects(workspace, also=self.project),
            ],
        )

    def asked(self) -> dict[str, Any]:
        """Return the cleaned values as the domain takes them."""
        return self.cleaned_data | {"project_id": self.cleaned_data["project_id"] or None}


class SearchForm(RunForm):
    """What, where, how many and how often; the domain checks it again."""

    query = text("What", 200, required=True, placeholder="dentists")
    location = text("Where", 200, required=True, placeholder="Miami, FL")
    every = forms.ChoiceField(
        label="Repeat",
        required=False,
        choices=[("", "Run it once"), *RHYTHMS],
        help_text=REPEATING,
    )
    field_order = ("query", "location")

    def __init__(
        self, workspace: Workspace, data: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(workspace, data, **options)
        self.fields["location"].help_text = "A city, a postal code, or “latitude,longitude”."

    def estimate(self) -> searching.Estimate | None:
        """Return what the search may cost as far as the form is right; None for a bad limit."""
        values = self.cleaned_data
        if values.get("limit") is None or "max_credits" in self.errors:
            return None
        # The price depends on the limit alone, so that it shows before the words are typed.
        return searching.estimate_search(
            self.workspace,
            query=values.get("query") or "anything",
            location=values.get("location") or "anywhere",
            limit=values["limit"],
            max_credits=values.get("max_credits"),
        )


class SavedSearchForm(RunForm):
    """How often a saved search runs, and how each of its runs does."""

    every = forms.ChoiceField(
        label="Repeat",
        choices=SavedSearch.Every.choices,
        initial=SavedSearch.Every.WEEK,
        help_text=REPEATING,
    )
    field_order = ("every", "limit", "max_credits")

    def __init__(self, source: Search | SavedSearch, data: Mapping[str, Any] | None = None) -> None:
        """Begin with the settings of a saved search, or of one that is to be saved."""
        self.project = source.project
        initial = repeating.settings_of(source)
        if isinstance(source, SavedSearch):
            initial["every"] = source.every
        super().__init__(source.workspace, data, initial=initial)
        self.fields["limit"].label = "New businesses per run, at most"
        self.fields["max_credits"].label = "Spend at most, per run"


class FilterForm(forms.Form):
    """The filters of the leads table; `leads.filters` decides what they mean."""

    search = text("Search name, e-mail or city", 200)
    email_status = forms.MultipleChoiceField(
        label="E-mail verdict",
        choices=Lead.EmailStatus.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_email = forms.ChoiceField(label="Has an e-mail", choices=YES_OR_NO, required=False)
    has_phone = forms.ChoiceField(label="Has a phone", choices=YES_OR_NO, required=False)
    has_website = forms.ChoiceField(label="Has a website", choices=YES_OR_NO, required=False)
    project_id = forms.ChoiceField(label="Project", required=False)
    category = text("Category", 120)
    city = text("City", 120)
    country = text("Country (two letters)", 2)
    min_rating = text("Rated at least", 4, inputmode="decimal")
    tag = text("Tag", 50)
    created_after = forms.CharField(
        label="Added since", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    created_before = forms.CharField(
        label="Added before", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, workspace: Workspace, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["project_id"] = forms.ChoiceField(
            label="Project",
            required=False,
            choices=[("", "Any"), *choosable_projects(workspace)],
        )


class LeadForm(forms.Form):
    """The editable fields of a lead, with tags as a list in one line."""

    LABELS = {
        "business_name": "Business name",
        "category": "Category",
        "email": "E-mail",
        "phone": "Phone",
        "website": "Website",
        "first_name": "First name",
        "last_name": "Last name",
        "job_title": "Job title",
        "address": "Address",
        "city": "City",
        "region": "Region",
        "postal_code": "Postal code",
        "country": "Country (two letters)",
        "tags": "Tags",
    }

    def __init__(self, lead: Lead, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=self.values_of(lead))
        for name in self.LABELS:
            column = Lead._meta.get_field(name)
            self.fields[name] = text(self.LABELS[name], getattr(column, "max_length", None) or 2600)
        self.fields["tags"].help_text = "With commas between them."

    @staticmethod
    def values_of(lead: Lead) -> dict[str, str]:
        values = {name: getattr(lead, name) for name in editing.EDITABLE}
        return values | {"tags": ", ".join(lead.tags)}

    def changes(self) -> dict[str, Any]:
        """Return only what differs, so that what was not touched keeps its source."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if "tags" in changed:
            changed["tags"] = [tag.strip() for tag in changed["tags"].split(",") if tag.strip()]
        return changed


class ProjectForm(forms.Form):
    name = text("Project name", 200, required=True)
