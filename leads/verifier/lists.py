"""What the name alone tells: throw-away domains, free mail, addresses of a role not a person."""

import re

from disposable_email_domains import blocklist

from freshleads.lib.domains import registrable_domain
from leads.verifier.free_mail import FREE_MAIL_DOMAINS
from leads.verifier.role_names import ROLE_NAMES

_SEPARATORS = re.compile(r"[._-]")


def is_disposable(domain: str) -> bool:
    """Return True for a throw-away mail domain or any name below one."""
    return any(name in blocklist for name in _with_parents(domain))


def is_free_mail(domain: str) -> bool:
    """Return True for a domain where anybody can have a mailbox."""
    return any(name in FREE_MAIL_DOMAINS for name in _with_parents(domain))


def is_role(local_part: str) -> bool:
    """Return True for the mailbox of a function (info, sales, no-reply), whoever reads it."""
    name = local_part.lower().partition("+")[0]
    return _SEPARATORS.sub("", name) in ROLE_NAMES


def _with_parents(domain: str) -> list[str]:
    """Return the domain and its parents down to the one that somebody registered."""
    registered = registrable_domain(domain)
    labels = domain.split(".")
    if registered is None:
        return [domain]
    steps = len(labels) - registered.count(".") - 1
    return [".".join(labels[start:]) for start in range(steps + 1)]
