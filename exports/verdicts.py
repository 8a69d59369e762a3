"""The verdicts on checked addresses as a CSV file."""

from collections.abc import Iterator, Sequence

from exports.columns import Column, Kind
from exports.csvfiles import csv_lines
from freshleads.lib.errors import NotFound
from freshleads.templatetags.words import email_reason
from freshleads.users.models import Workspace
from leads import asking, looking_up
from leads.models import Lookup

COLUMNS = (
    Column("email", "Email", Kind.EMAIL),
    Column("status", "Verdict"),
    Column("reason", "Reason"),
    Column("words", "In words"),
)


def verdict_lines(workspace: Workspace, public_ids: Sequence[str]) -> Iterator[bytes]:
    """Return the file of some lookups of addresses in chunks; those without an answer add nothing.

    Raises NotFound for a lookup that is not the workspace's, or not one of addresses.
    """
    lookups = asking.find_lookups(workspace, public_ids)
    if not lookups or any(lookup.kind != Lookup.Kind.VERIFY for lookup in lookups):
        raise NotFound("There are no such checks.")
    rows = [
        {**row, "words": email_reason(row["reason"])}
        for lookup in lookups
        if lookup.status == Lookup.Status.DONE
        for row in looking_up.answer_of(lookup).data["results"]
    ]
    return csv_lines(rows, columns=COLUMNS)
