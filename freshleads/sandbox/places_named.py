"""Places that are not businesses: the cities of the world and their postal codes."""

import base64
import hashlib
from dataclasses import dataclass

from freshleads.sandbox.entities import Area


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """An area that a query named: a whole city, or one postal code of it in lower case."""

    area: Area
    postal_code: str = ""

    @property
    def place_id(self) -> str:
        """A place id that stays the same for the same area."""
        digest = hashlib.sha256(f"{self.area.key}/{self.postal_code}".encode()).digest()
        return "ChIJ" + base64.urlsafe_b64encode(digest).decode()[:23]
