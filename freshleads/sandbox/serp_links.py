"""The click counters of the invented Google and Bing, in the forms that the real ones have."""

import base64
import hashlib
from urllib.parse import quote

from freshleads.sandbox.serp_world import Advert


def ad_counter(advert: Advert, engine: str) -> str:
    """Return the address that counts a click on an ad; a target stands in it as a rule."""
    token = _token(advert.url)
    target = "" if advert.habit == "displayed" else advert.url
    if engine == "google":
        fixed = f"sa=L&ai=DChc{token}&co=1&sig=AOD64_{token[:20]}&q=&nis=4"
        return f"https://www.google.com/aclk?{fixed}&adurl={quote(target, safe='')}"
    packed = base64.b64encode(quote(target, safe="").lower().encode()).decode().rstrip("=")
    return f"https://www.bing.com/aclick?ld=e8{token}&u={quote(packed, safe='')}&rlid={token[:32]}"


def result_counter(url: str) -> str:
    """Return the address behind which Bing puts many of its results."""
    packed = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    return f"https://www.bing.com/ck/a?!&&p={_token(url)}&ptn=3&ver=2&u=a1{packed}&ntb=1"


def _token(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
