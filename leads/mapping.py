"""Which column of a list fills which field of a lead, told by its name and by its values.

Pure functions. A mapping is `{column, counted from 0: field of mapping_words.TARGETS}`.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from freshleads.lib.domains import host_of
from freshleads.lib.errors import InvalidInput
from leads.countries import country_code, plain_words
from leads.crawler.socials import canonical_profile
from leads.mapping_words import (
    FIELD_OF,
    FILLERS,
    LABELS,
    NETWORKS,
    PLAIN_NAMES,
    PLAIN_TITLES,
    SEVERAL,
)
from leads.tables.shapes import shape_of

BY_NAME, BY_MEANING, BY_VALUES = 3, 2, 1
ENOUGH = 0.6  # of a column's values have to look alike to tell what it holds
DISTINCT_KEYS = ("email", "phones", "website", "place_id", "lead_id")

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER = re.compile(r"\b\d{1,2}\b")


def suggest_mapping(names: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return what the columns most likely hold; `samples` are values of each, empty ones left out.

    Each field is given to one column, to the first of the surest; e-mails, phones and tags may be
    given to several.
    """
    found: dict[int, tuple[int, str]] = {}
    for column, name in enumerate(names):
        field, certainty = _by_name(name)
        by_values = _by_values(samples[column])
        if field == "website" and by_values in {"google_maps_url", *NETWORKS}:
            field = ""  # many a list calls any link "url"
        if field and _fits(field, samples[column]):
            found[column] = (certainty, field)
        elif by_values:
            found[column] = (BY_VALUES, by_values)
    _settle_plain_names(names, found)
    taken: set[str] = set()
    mapping: dict[int, str] = {}
    for column, (_, field) in sorted(found.items(), key=lambda item: (-item[1][0], item[0])):
        if field not in taken or field in SEVERAL:
            taken.add(field)
            mapping[column] = field
    return dict(sorted(mapping.items()))


def check_mapping(mapping: Mapping[int, str], *, columns: Sequence[str]) -> dict[int, str]:
    """Return a person's mapping without what is left out; InvalidInput says what is wrong in it."""
    checked: dict[int, str] = {}
    for column, field in sorted(mapping.items()):
        if not field:
            continue
        if field not in LABELS or not 0 <= column < len(columns):
            raise InvalidInput("Choose a field from the list.", param=f"column_{column}")
        other = next((c for c, f in checked.items() if f == field), None)
        if other is not None and field not in SEVERAL:
            raise InvalidInput(
                f"“{columns[other]}” already fills {LABELS[field]}.", param=f"column_{column}"
            )
        checked[column] = field
    if not set(checked.values()) & set(DISTINCT_KEYS):
        raise InvalidInput(
            "Say which column holds the e-mail, the website or the phone: they identify a lead.",
            param="mapping",
        )
    return checked


def suggest_country(mapping: Mapping[int, str], samples: Sequence[Sequence[str]]) -> str:
    """Return the country most rows are from, by their country, else by their domains, else ""."""
    written: Counter[str] = Counter()
    domains: Counter[str] = Counter()
    for column, field in mapping.items():
        if field == "country":
            written.update(code for text in samples[column] if (code := country_code(text)))
        elif field in {"email", "website"}:
            domains.update(filter(None, map(_country_of_domain, samples[column])))
    for codes, enough in ((written, 1), (domains, 3)):
        if codes and codes.most_common(1)[0][1] >= max(enough, ENOUGH * codes.total()):
            return codes.most_common(1)[0][0]
    return ""


def _country_of_domain(text: str) -> str:
    """Return the country a domain of an address belongs to, an empty text for .com and the like."""
    host = (host_of(text if "://" in text else f"https://{text.rpartition('@')[2]}")) or ""
    ending = host.rpartition(".")[2].upper()
    return country_code({"UK": "GB"}.get(ending, ending)) or "" if len(ending) == 2 else ""


def is_field_name(text: str) -> bool:
    """Tell whether a cell reads like the name of a field."""
    return bool(_by_name(text)[0]) or plain_words(text) in PLAIN_NAMES | PLAIN_TITLES


def _by_name(name: str) -> tuple[str, int]:
    """Return the field a column's name stands for and how sure that is; no field: ("", 0)."""
    for plain in _spellings(name):
        if field := FIELD_OF.get(plain):
            return field, BY_NAME
    for plain in _spellings(name):
        numbers = _NUMBER.findall(plain)
        words = _NUMBER.sub(" ", plain).split()
        field = FIELD_OF.get(" ".join(words)) or FIELD_OF.get(
            " ".join(word for word in words if word not in FILLERS)
        )
        is_another = any(int(number) > 1 for number in numbers)  # "address 2" is no address
        if field and (field in SEVERAL or not is_another):
            return field, BY_MEANING
    return "", 0


def _spellings(name: str) -> tuple[str, str]:
    """Return a name in plain words, as written and with `linkedinUrl` taken for two words."""
    return plain_words(name), plain_words(_HUMP.sub(" ", name))


def _settle_plain_names(names: Sequence[str], found: dict[int, tuple[int, str]]) -> None:
    """Decide what "name" and "title" mean by what else there is."""
    fields = {field for certainty, field in found.values() if certainty >= BY_MEANING}
    for column, name in enumerate(names):
        plain = plain_words(name)
        if plain in PLAIN_NAMES:
            if "last_name" in fields and "first_name" not in fields:
                field = "first_name"
            elif "first_name" in fields and "last_name" not in fields:
                field = "last_name"
            else:
                field = "full_name" if "business_name" in fields else "business_name"
        elif plain in PLAIN_TITLES:
            about_people = fields & {"business_name", "first_name", "last_name", "full_name"}
            field = "job_title" if about_people else "business_name"
        else:
            continue
        found[column] = (BY_NAME, field)
        fields.add(field)


def _fits(field: str, sample: Sequence[str]) -> bool:
    """Tell whether the values do not contradict the name: "Email" may hold yes and no."""
    tests = {
        "email": lambda text: "@" in text,
        "phones": lambda text: sum(sign.isdigit() for sign in text) >= 5,
        "website": lambda text: "." in text and " " not in text.strip(),
        "latitude": lambda text: shape_of(text) in {"number", "phone"},
        "longitude": lambda text: shape_of(text) in {"number", "phone"},
        "lead_id": lambda text: text.startswith("lead_"),
    }
    test = tests.get(field)
    return test is None or not sample or any(test(text) for text in sample)


def _by_values(sample: Sequence[str]) -> str:
    """Return the field that most values of a column look like."""
    if not sample:
        return ""
    shapes = [shape_of(text) for text in sample]
    for shape, field in (("email", "email"), ("phone", "phones"), ("place_id", "place_id")):
        if shapes.count(shape) >= ENOUGH * len(sample):
            return field
    if shapes.count("url") < ENOUGH * len(sample):
        return ""
    kinds = [
        _kind_of_url(text) for text, shape in zip(sample, shapes, strict=True) if shape == "url"
    ]
    best = max(set(kinds), key=kinds.count)
    return best if kinds.count(best) >= ENOUGH * len(kinds) else ""


def _kind_of_url(text: str) -> str:
    url = text.strip() if "://" in text else f"https://{text.strip()}"
    profile = canonical_profile(url)
    if profile is not None and profile[0] in NETWORKS:
        return profile[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "website"
    host = parts.hostname or ""
    is_map = host.startswith("maps.google.") or (".google." in host and "/maps" in parts.path)
    return "google_maps_url" if is_map else "website"
