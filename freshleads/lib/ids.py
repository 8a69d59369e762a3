"""Public identifiers: opaque, prefixed, never guessable."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u to misread
LENGTH = 20  # 100 bits


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `lead_7k3m...` (prefix, underscore, 20 characters)."""
    # The alphabet has 32 signs, so five bits of a random byte choose each as often.
    return prefix + "_" + "".join([ALPHABET[byte & 31] for byte in secrets.token_bytes(LENGTH)])
