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


class CannotTell(ProviderError):
    """A provider works, but does not know what is asked for; another one may."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="unknown", permanent=True)


class Named(Protocol):
    """What every provider has."""

    name: ClassVar[str]


Provider = TypeVar("Provider", bound=Named)
Reply = TypeVar("Reply")


def first_answer(
    ability: str, providers: Sequence[Provider], ask: Callable[[Provider], Reply]
) -> Reply:
    """Return what the first provider says that can answer; how each did is noted.

    Those that rest (a bad key, no credit, throttled) are asked last. Where none answers, the last
    failure is raised, else CannotTell, else that nobody has the ability. What else `ask` raises is
    about the question, so no other provider is bothered with it.
    """
    resting = provider_health.resting(ability, [provider.name for provider in providers])
    failures: list[ProviderError] = []
    for provider in sorted(providers, key=lambda one: one.name in resting):
        try:
            reply = ask(provider)
        except ProviderError as error:
            failures.append(error)
            _note(provider.name, ability, error)
            continue
        provider_health.note_success(provider.name, ability)
        return reply
    message = f"No source is set up that can answer this: see {SETTINGS[ability]}."
    nobody = ProviderError(message, code=NOT_SUPPORTED, permanent=True)
    raise min(reversed(failures), key=_rank, default=nobody)


def _note(provider: str, ability: str, error: ProviderError) -> None:
    if isinstance(error, CannotTell):
        provider_health.note_success(provider, ability)
    elif error.code != NOT_SUPPORTED:
        provider_health.note_failure(provider, ability, error)


def _rank(error: ProviderError) -> int:
    """Rank failures by how much they tell: a broken source, an ignorant one, an unable one."""
    if error.code == NOT_SUPPORTED:
        return 2
    return 1 if isinstance(error, CannotTell) else 0
