"""What the pages say about each kind of lookup: its words, its form, its subject."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from freshleads.templatetags.pages import bare_url
from leads.lookup_forms import FORMS, QuestionForm
from leads.models import Lookup, Place
from leads.questions import question_of


@dataclass(frozen=True, slots=True)
class LookupPage:
    """The words of one kind of lookup; `view` is the URL name of its form."""

    kind: Lookup.Kind
    view: str
    noun: str
    title: str
    lede: str
    button: str
    icon: str
    max_credits: int = 0

    @property
    def form(self) -> type[QuestionForm]:
        return FORMS[self.kind]

    @property
    def url(self) -> str:
        return reverse(self.view)

    @property
    def answer(self) -> str:
        """The template of an answer."""
        return f"lookups/_{self.kind}.html"

    def change_url(self, lookup: Lookup) -> str:
        """Return the form filled in with a lookup's question; addresses stay out of URLs."""
        if lookup.kind == Lookup.Kind.VERIFY:
            return self.url
        values = self.form.values_of(lookup.parameters)
        values.pop("page_token", None)
        kept = {name: value for name, value in values.items() if value not in ("", None)}
        return f"{self.url}?{urlencode(kept)}"


PAGES: Mapping[Lookup.Kind, LookupPage] = {
    page.kind: page
    for page in (
        LookupPage(
            Lookup.Kind.CRAWL,
            "leads:website",
            noun="Website",
            title="Read a website",
            lede="Every e-mail address, phone number and profile that up to 15 of its pages show.",
            button="Read the website",
            icon="globe",
            max_credits=15,
        ),
        LookupPage(
            Lookup.Kind.VERIFY,
            "leads:email_check",
            noun="E-mail check",
            title="Check e-mail addresses",
            lede="Whether their mail servers take mail for them. No mail is sent.",
            button="Check the addresses",
            icon="mail",
        ),
        LookupPage(
            Lookup.Kind.SEARCH,
            "leads:search_engine",
            noun="Search engine",
            title="Ask a search engine",
            lede="One page of results, with the e-mails and phones that it shows.",
            button="Search",
            icon="search",
            max_credits=10,
        ),
        LookupPage(
            Lookup.Kind.ADS,
            "leads:ads",
            noun="Ads",
            title="See who advertises",
            lede="The ads for some words: those that run now, those that ran before, and how to "
            "reach the advertisers.",
            button="Look for ads",
            icon="megaphone",
            max_credits=10,
        ),
        LookupPage(
            Lookup.Kind.PLACES,
            "leads:places",
            noun="Places",
            title="Look up places",
            lede="Twenty at a time, on a map, with all that is known of each.",
            button="Look up places",
            icon="pin",
            max_credits=200,
        ),
        LookupPage(
            Lookup.Kind.REVIEWS,
            "leads:place_reviews",
            noun="Reviews",
            title="Read a place's reviews",
            lede="What people wrote about one place.",
            button="Get the reviews",
            icon="star",
            max_credits=5,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A lookup in a list."""

    lookup: Lookup
    page: LookupPage
    subject: str


def page_of(lookup: Lookup) -> LookupPage:
    return PAGES[Lookup.Kind(lookup.kind)]


def entries_of(lookups: Iterable[Lookup]) -> list[Entry]:
    """Return lookups as a list shows them."""
    rows = list(lookups)
    names = _place_names(rows)
    return [Entry(lookup, page_of(lookup), _subject(lookup, names)) for lookup in rows]


def subject_of(lookup: Lookup) -> str:
    """Return what was asked for, in a few words."""
    return entries_of([lookup])[0].subject


def _subject(lookup: Lookup, place_names: Mapping[str, str]) -> str:
    asked = lookup.parameters
    match Lookup.Kind(lookup.kind):
        case Lookup.Kind.VERIFY if len(asked["emails"]) == 1:
            return str(asked["emails"][0])
        case Lookup.Kind.CRAWL:
            return bare_url(asked["url"])
        case Lookup.Kind.REVIEWS:
            return place_names.get(asked["place_id"]) or "Reviews of a place"
    return question_of(lookup).subject


def _place_names(lookups: Iterable[Lookup]) -> dict[str, str]:
    """Return the names of the places whose reviews were asked for, as far as they are known."""
    reviews = [lookup for lookup in lookups if lookup.kind == Lookup.Kind.REVIEWS]
    if not reviews:
        return {}
    asked = {lookup.parameters["place_id"] for lookup in reviews}
    rows = Place.objects.filter(place_id__in=asked).order_by("fetched_at")
    return {row.place_id: row.record.get("name") or "" for row in rows}
