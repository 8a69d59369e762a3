"""One address about to be shown on a page, as the obfuscations see it."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """The addresses to show, the words around them and the dice for variants."""

    emails: tuple[str, ...]
    label: str
    name: str
    language: str
    rng: random.Random

    @property
    def email(self) -> str:
        return self.emails[0]

    @property
    def parts(self) -> tuple[str, str]:
        """Return local part and domain."""
        local, _, domain = self.email.partition("@")
        return local, domain
