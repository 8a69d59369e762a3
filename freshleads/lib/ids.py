"""Public identifiers: opaque, prefixed, never guessable."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u to misread
LENGTH = 20  # 100 bits


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `lead_7k3m...` (prefix, underscore, 20 characters)."""
    return prefix + "_" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
