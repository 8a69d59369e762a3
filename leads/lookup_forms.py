"""Forms of single questions: each makes its question, which checks itself again."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from freshleads.forms import refuse
from freshleads.lib.errors import DomainError, InvalidInput
from freshleads.users.models import Workspace
from leads import pasted_addresses, recipes
from leads.forms import choosable_projects, text
from leads.models import Lookup
from leads.parameters import ENGINES
from leads.questions import (
    LAST_PAGE,
    MAX_LOCATION,
    MAX_QUERY,
    AdsQuestion,
    CrawlQuestion,
    PlacesQuestion,
    Question,
    ReviewsQuestion,
    SearchQuestion,
    VerifyQuestion,
)

ENGINE_CHOICES = [(name, name.capitalize()) for name in ENGINES]
RESULTS = (10, 20, 50, 100)
LONGEST_RADIUS_KM = 50


def engine_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Search engine", choices=ENGINE_CHOICES, initial=ENGINES[0])


def page_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Page",
        min_value=1,
        max_value=LAST_PAGE + 1,
        initial=1,
        required=False,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), f"Choose from 1 to {LAST_PAGE + 1}."
        ),
    )


class QuestionForm(forms.Form):
    """What the forms of questions share; `NAMES` leads from a parameter of the API to its field."""

    NAMES: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, workspace: Workspace, data: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.workspace = workspace

    def question(self) -> Question:
        """Make the question of a valid form."""
        raise NotImplementedError

    @classmethod
    def values_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return what fills the form in again, from the parameters of a question."""
        return {name: parameters[name] for name in cls.base_fields if name in parameters}

    def refuse(self, error: DomainError) -> None:
        """Show a refusal beside its field, by the field's label."""
        param = error.param or ""
        field = self.fields.get(self.NAMES.get(param, param))
        if field is not None and error.message.startswith(f"{param} "):
            message = f"{field.label} {error.message.removeprefix(param).lstrip()}"
            error = InvalidInput(message, param=param)
        refuse(self, error, **self.NAMES)


class WebsiteForm(QuestionForm):
    NAMES: ClassVar[Mapping[str, str]] = {"domain": "url"}

    url = text("Website", 2048, required=True, inputmode="url")

    def question(self) -> CrawlQuestion:
        return CrawlQuestion(self.cleaned_data["url"])


class SearchEngineForm(QuestionForm):
    NAMES: ClassVar[Mapping[str, str]] = {"se": "engine", "code": "recipe"}

    query = text("Search for", MAX_QUERY, required=True)
    recipe = forms.ChoiceField(label="Recipe", required=False)
    engine = engine_field()
    results_per_page = forms.TypedChoiceField(
        label="Results", choices=[(number, number) for number in RESULTS], coerce=int, initial=10
    )
    page = page_field()

    def __init__(
        self, workspace: Workspace, data: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(workspace, data, **options)
        known = recipes.visible_recipes(workspace).values_list("code", "name")
        choices = [("", "None: search for exactly this"), *dict(known).items()]
        self.fields["recipe"] = forms.ChoiceField(label="Recipe", required=False, choices=choices)

    def question(self) -> SearchQuestion:
        values = self.cleaned_data
        return SearchQuestion(**(values | {"page": (values["page"] or 1) - 1}))

    @classmethod
    def values_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return super().values_of(parameters) | {"page": parameters["page"] + 1}


class AdsForm(QuestionForm):
    NAMES: ClassVar[Mapping[str, str]] = {"se": "engine"}

    query = text("Ads for", MAX_QUERY, required=True)
    engine = engine_field()
    page = page_field()

    def question(self) -> AdsQuestion:
        values = self.cleaned_data
        return AdsQuestion(**(values | {"page": (values["page"] or 1) - 1}))

    @classmethod
    def values_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return super().values_of(parameters) | {"page": parameters["page"] + 1}


class PlacesForm(QuestionForm):
    NAMES: ClassVar[Mapping[str, str]] = {"radius": "radius_km"}

    query = text("What", MAX_QUERY, required=True)
    location = text("Where", MAX_LOCATION)
    radius_km = forms.FloatField(
        label="Within (km)",
        min_value=0.1,
        max_value=LONGEST_RADIUS_KM,
        required=False,
        help_text="Around the middle of that place. Empty: all of it.",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), f"Choose from 0.1 to {LONGEST_RADIUS_KM}."
        ),
    )
    details = forms.BooleanField(
        label="With phone, website, rating and hours",
        required=False,
        initial=True,
        help_text="10 credits for each place not known yet. Names and positions alone are free.",
    )
    page_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def question(self) -> PlacesQuestion:
        values = dict(self.cleaned_data)
        km = values.pop("radius_km")
        return PlacesQuestion(**values, radius=km * 1000 if km else None)

    @classmethod
    def values_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        radius = parameters["radius"]
        values = super().values_of(parameters)
        return values | {"radius_km": f"{radius / 1000:g}" if radius else ""}


class ReviewsForm(QuestionForm):
    place_id = text("Place id", 300, required=True)

    def question(self) -> ReviewsQuestion:
        return ReviewsQuestion(self.cleaned_data["place_id"])


class EmailCheckForm(QuestionForm):
    """Addresses pasted or in a file; more than fit into one question become several."""

    NAMES: ClassVar[Mapping[str, str]] = {"emails": "pasted"}

    pasted = forms.CharField(
        label="Addresses",
        required=False,
        max_length=pasted_addresses.MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=f"Up to {pasted_addresses.MOST}, divided by blanks, commas or new lines.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text="CSV or text of at most 1 MB; every address in it is taken.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.emails: tuple[str, ...] = ()
        if self.errors:
            return values
        try:
            self.emails = pasted_addresses.read(values.get("pasted", ""), values.get("file"))
        except DomainError as error:
            self.refuse(error)
        return values

    def questions(self) -> list[VerifyQuestion]:
        """Make the questions of a valid form, each checked."""
        return [VerifyQuestion(part).checked() for part in pasted_addresses.parts(self.emails)]

    @classmethod
    def values_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {"pasted": "\n".join(parameters["emails"])}


class RecipeForm(forms.Form):
    """A query template; its code is how the API names it, and stays."""

    name = text("Name", recipes.MAX_NAME, required=True)
    template = text("Template", recipes.MAX_TEMPLATE, required=True)
    description = text("What it is for", recipes.MAX_DESCRIPTION)
    code = text("Code", 60, required=True)

    def __init__(self, *arguments: Any, has_code: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["template"].help_text = "{query} stands for the words that are searched for."
        self.fields["code"].help_text = "Letters, digits, - and _. The API calls it by this."
        if not has_code:
            del self.fields["code"]


class AddForm(forms.Form):
    """Where what is chosen of an answer goes."""

    business_name = text("Business name", 300)
    project_id = forms.ChoiceField(label="Add to", required=False)

    def __init__(self, workspace: Workspace, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["project_id"] = forms.ChoiceField(
            label="Add to",
            required=False,
            choices=[("", "Leads, no project"), *choosable_projects(workspace)],
        )


FORMS: Mapping[Lookup.Kind, type[QuestionForm]] = {
    Lookup.Kind.CRAWL: WebsiteForm,
    Lookup.Kind.SEARCH: SearchEngineForm,
    Lookup.Kind.ADS: AdsForm,
    Lookup.Kind.PLACES: PlacesForm,
    Lookup.Kind.REVIEWS: ReviewsForm,
    Lookup.Kind.VERIFY: EmailCheckForm,
}
