"""One question to several providers in turn: the next one where the one before it fails."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol, TypeVar

from freshleads.lib.errors import ProviderError
from leads import provider_health

NOT_SUPPORTED = "not_supported"
SETTINGS = {
    "search": "FRESHLEADS_SEARCH_PROVIDERS",
    "ads": "FRESHLEADS_ADS_PROVIDERS",
    "places": "FRESHLEADS_PLACES_PROVIDERS",
    "reviews": "FRESHLEADS_PLACES_PROVIDERS",
}


class Named(Protocol):
    """What every provider has."""

    name: ClassVar[str]


Provider = TypeVar("Provider", bound=Named)
Reply = TypeVar("Reply")


def first_answer(
    ability: str, providers: Sequence[Provider], ask: Callable[[Provider], Reply]
) -> Reply:
    """Return what the first provider says that can answer; how each did is noted.

    Those that rest (a bad key, no credit, throttled) are asked last. Raises the last ProviderError
    where none answers, the one of a provider that has the ability, if there is one; what else
    `ask` raises is about the question, so no other provider is bothered with it.
    """
    resting = provider_health.resting(ability, [provider.name for provider in providers])
    failures: list[ProviderError] = []
    for provider in sorted(providers, key=lambda one: one.name in resting):
        try:
            reply = ask(provider)
        except ProviderError as error:
            failures.append(error)
            if error.code != NOT_SUPPORTED:
                provider_health.note_failure(provider.name, ability, error)
            continue
        provider_health.note_success(provider.name, ability)
        return reply
    raise _telling(failures) or ProviderError(
        f"No source is set up that can answer this: see {SETTINGS[ability]}.",
        code=NOT_SUPPORTED,
        permanent=True,
    )


def _telling(failures: Sequence[ProviderError]) -> ProviderError | None:
    """Return the failure that says most: a broken source rather than one that never could."""
    able = [error for error in failures if error.code != NOT_SUPPORTED]
    return next(reversed(able or list(failures)), None)
