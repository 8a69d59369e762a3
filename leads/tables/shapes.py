"""What a cell looks like, whatever its column is called; linear time on any text."""

import re

_EMAIL = re.compile(r"(?:mailto:)?[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,253}\.[^\s@,;<>\".]{2,63}")
_URL = re.compile(r"https?://\S{3,2040}|www\.[^\s/]{3,253}(?:/\S{0,1800})?", re.IGNORECASE)
_DOMAIN = re.compile(
    r"[a-z0-9](?:[a-z0-9-]{0,62}\.){1,4}(?:com|net|org|io|co|eu|de|fr|es|it|nl|pl|pt|at|ch|be|se|dk|"
    r"fi|no|cz|ie|us|ca|au|nz|br|mx|jp|in|info|biz|dev|app|shop|test|uk)(?:/\S{0,200})?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+|00|\()?\d[\d \t()./\u00a0-]{5,24}\d")
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
_PLACE_ID = re.compile(r"ChIJ[\w-]{10,290}")
LONGEST = 2048


def shape_of(text: str) -> str:
    """Return `email`, `url`, `phone`, `number` or `place_id`, an empty text for anything else."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return ""
    if _EMAIL.fullmatch(text):
        return "email"
    if _PLACE_ID.fullmatch(text):
        return "place_id"
    if _URL.fullmatch(text) or _DOMAIN.fullmatch(text):
        return "url"
    if _NUMBER.fullmatch(text) and len(text) < 8:
        return "number"
    if _PHONE.fullmatch(text) and sum(sign.isdigit() for sign in text) >= 7:
        return "phone"
    return "number" if _NUMBER.fullmatch(text) else ""
