"""Single parameters of a question: each is read, or refused with InvalidInput that names it."""

from math import isfinite

from freshleads import outbound
from freshleads.lib.addresses import UNRESOLVED_SUFFIXES, WEB_PORTS
from freshleads.lib.domains import read_website, registrable_domain
from freshleads.lib.errors import InvalidInput
from freshleads.lib.urls import WebUrl
from leads.cleaning import clean

ENGINES = ("google", "bing")
MAX_URL = 2048

_OPERATORS = frozenset({"OR", "AND", "NOT"})  # search engines know them in capitals only


def folded(query: str) -> str:
    """Return a query in lower case but for the operators that search engines know."""
    return " ".join(word if word in _OPERATORS else word.lower() for word in query.split())


def read_line(name: str, text: str, longest: int) -> str:
    """Return a text in one line without spare blanks; InvalidInput where it is none."""
    line = " ".join(text.split())
    if not line:
        raise InvalidInput(f"{name} is empty.", param=name)
    if len(line) > longest:
        raise InvalidInput(f"{name} may have at most {longest} characters.", param=name)
    if clean(line) != line:
        raise InvalidInput(f"{name} holds a character that no text can hold.", param=name)
    return line


def read_engine(name: str) -> str:
    """Return the name of a search engine in lower case."""
    engine = name.strip().lower()
    if engine not in ENGINES:
        raise InvalidInput("se must be google or bing.", param="se")
    return engine


def read_whole(name: str, value: int, low: int, high: int) -> int:
    """Return a whole number that lies within its bounds."""
    if not low <= value <= high:
        raise InvalidInput(f"{name} must be from {low} to {high}, not {value}.", param=name)
    return value


def read_number(name: str, value: float | None, low: float, high: float) -> float | None:
    """Return a number within its bounds with six decimals, None where there is none."""
    if value is None:
        return None
    if not (isfinite(value) and low <= value <= high):
        raise InvalidInput(f"{name} must be from {low:g} to {high:g}.", param=name)
    return round(float(value), 6)


def read_public_site(text: str) -> str:
    """Return a website's address in canonical form, `https://` where no scheme is given.

    Addresses that cannot be on the public internet are refused before anything is connected to.
    """
    try:
        website = read_website(read_line("domain", text, MAX_URL))
    except InvalidInput as error:
        raise InvalidInput(error.message, param="domain") from None
    _check_public(website)
    if len(str(website)) > MAX_URL:
        message = f"domain may have at most {MAX_URL} characters."
        raise InvalidInput(message, param="domain")
    return str(website)


def _check_public(website: WebUrl) -> None:
    if registrable_domain(website.host) is None:
        message = "domain must be a website's name, such as example.com, not an IP address."
        raise InvalidInput(message, param="domain")
    is_special = f".{website.host}".endswith(UNRESOLVED_SUFFIXES)
    routes = outbound.sandbox_routes()
    if is_special and not any(route.matches(website.host, 80) for route in routes):
        message = "domain must be a website's public name, such as example.com."
        raise InvalidInput(message, param="domain")
    if website.port not in WEB_PORTS:
        raise InvalidInput("domain may name no other port than 80 or 443.", param="domain")
