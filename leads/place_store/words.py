"""Words as the index keeps them: of names, of categories and of queries alike."""

import re
import unicodedata
from functools import lru_cache

MAX_WORDS = 24
MAX_WORD_LENGTH = 40
# What stands at the end of a category in one taxonomy and is left out in another.
OPTIONAL = frozenset("service contractor company facility business".split())
# Scripts written without blanks: each sign is a word of its own.
_SIGNS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_PLAIN_WORD = re.compile("[a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019]s\b")
_ENDS_WITHOUT_PLURAL = ("ss", "us", "is")
_ENDS_WITH_ES = ("sses", "shes", "ches", "xes", "zes")


def words_of(text: str) -> list[str]:
    """Return the words of a text: lower case, without accents, English plurals in the singular."""
    return [singular(word) for word in plain_words_of(text)]


def plain_words_of(text: str) -> list[str]:
    """Return the words of a text in lower case and without accents."""
    text = text.lower()
    if "'" in text or "\u2019" in text:
        text = _POSSESSIVE.sub("", text)
    if text.isascii():
        found = _PLAIN_WORD.findall(text)
    else:
        letters = unicodedata.normalize("NFKD", text.casefold())
        folded = "".join(letter for letter in letters if not unicodedata.combining(letter))
        found = _WORD.findall(unicodedata.normalize("NFC", folded))
    return [word[:MAX_WORD_LENGTH] for word in found[:MAX_WORDS]]


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """Return an English word without the ending of its plural."""
    if len(word) < 4 or word[-1] != "s" or word.endswith(_ENDS_WITHOUT_PLURAL):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_ENDS_WITH_ES) else word[:-1]


def phrase_of(text: str) -> str:
    """Return the words of a category, to be compared whole: "Pet Stores" and "pet shop" are one."""
    words = words_of(text)
    while len(words) > 1 and words[-1] in OPTIONAL:
        words.pop()
    return " ".join("store" if word == "shop" else word for word in words)


def area_key(kind: str, name: str) -> str:
    """Return what a city, a region, a country or a postal code is looked up by."""
    words = plain_words_of(name)
    return "".join(words) if kind == "postal" else " ".join(words)
