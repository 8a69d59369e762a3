"""Forms of the pages of imports: the file, how it is read, what its columns mean."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html

from leads import importing, uploads
from leads.countries import choices as countries
from leads.forms import choosable_projects
from leads.mapping_words import LABELS, NETWORKS, TARGETS
from leads.models import LeadImport
from leads.tables.encodings import CHOICES as ENCODINGS
from leads.tables.reading import MAX_HEADER_ROW
from leads.tables.records import DELIMITERS

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm"
PLACE = ("address", "street", "city", "region", "postal_code", "country", "latitude", "longitude")
PERSON = ("full_name", "first_name", "last_name", "job_title")
MAIN = ("business_name", "email", "phones", "website", "category", "description", "tags")
GROUPS = (
    ("Business", MAIN),
    ("Person", PERSON),
    ("Place", PLACE),
    ("Profiles", tuple(field for field, _ in TARGETS if field in NETWORKS)),
    (
        "Listing",
        ("rating", "reviews_count", "opening_hours", "google_maps_url", "place_id", "lead_id"),
    ),
)
FIELDS = [
    ("", "Leave it out"),
    *((title, [(field, LABELS[field]) for field in fields]) for title, fields in GROUPS),
]


class UploadForm(forms.Form):
    """The file; what is in it is looked at by the domain."""

    file = forms.FileField(
        label="File",
        max_length=400,
        error_messages={"empty": "The file is empty.", "required": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "data-too-large": "file-too-large"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["file"].widget.attrs["data-max-bytes"] = uploads.max_bytes()
        self.fields["file"].help_text = format_html(
            "CSV or Excel (.xlsx), up to {} MB and a million rows.",
            uploads.max_bytes() // 1024 // 1024,
        )

    def clean_file(self) -> UploadedFile:
        """Refuse what was not kept whole: the upload handler stops at the limit."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > uploads.max_bytes():
            raise forms.ValidationError(uploads.too_large().message)
        if getattr(file, "storage_error", None):
            raise forms.ValidationError(uploads.STORAGE_FULL)
        return file


class LayoutForm(forms.Form):
    """How the file is read, where what was found out is wrong."""

    sheet = forms.ChoiceField(label="Sheet", required=False)
    encoding = forms.ChoiceField(label="Encoding", choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(
        label="Columns are divided by", choices=DELIMITERS, required=False
    )
    header_row = forms.IntegerField(
        label="Row with the names of the columns",
        min_value=0,
        max_value=MAX_HEADER_ROW,
        required=False,
        help_text="0 where no row names them.",
    )

    def __init__(self, lead_import: LeadImport, data: Mapping[str, Any] | None = None) -> None:
        layout = importing.layout_of(lead_import)
        super().__init__(
            data,
            initial={
                "sheet": layout.sheet,
                "encoding": layout.encoding,
                "delimiter": layout.delimiter,
                "header_row": layout.header_row,
            },
        )
        if layout.format == "csv":
            del self.fields["sheet"]
        else:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"] = forms.ChoiceField(
                label="Sheet", choices=[(name, name) for name in layout.sheets]
            )


class ImportForm(forms.Form):
    """What fills which field (`column_0` ...), and what happens to leads that are there."""

    duplicates = forms.ChoiceField(
        label="Leads you have already",
        choices=LeadImport.Duplicates.choices,
        required=False,  # the domain asks for it; so no other field needs to say "optional"
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(label="Numbers without a country code are from", required=False)
    project_id = forms.ChoiceField(label="Save to", required=False)

    def __init__(self, lead_import: LeadImport, data: Mapping[str, Any] | None = None) -> None:
        names = importing.layout_of(lead_import).columns
        mapping = importing.mapping_of(lead_import)
        chosen = {f"column_{column}": field for column, field in mapping.items()}
        stem = importing.project_name_of(lead_import)
        super().__init__(
            data,
            initial={
                "duplicates": lead_import.duplicates,
                "country": lead_import.country,
                "project_id": importing.NEW_PROJECT,
                **chosen,
            },
        )
        self.fields["country"] = forms.ChoiceField(
            label="Phone numbers without a country code are from",
            choices=[("", "Unknown: keep them as written"), *countries()],
            required=False,
        )
        self.fields["project_id"] = forms.ChoiceField(
            label="Save to",
            choices=[
                (importing.NEW_PROJECT, f"A project named “{stem}”"),
                ("", "No project"),
                *choosable_projects(lead_import.workspace),
            ],
            required=False,
        )
        for column, name in enumerate(names):
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=name,
                choices=FIELDS,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def mapping(self) -> dict[int, str]:
        """Return what was chosen for each column."""
        prefix = "column_"
        return {
            int(name.removeprefix(prefix)): field
            for name, field in self.cleaned_data.items()
            if name.startswith(prefix) and field
        }
