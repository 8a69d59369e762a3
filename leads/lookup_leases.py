"""Who answers which lookup."""

from leads.models import Lookup
from leads.row_leases import Lease, Leases

LookupLease = Lease[Lookup]

LEASES = Leases(Lookup, "workspace", "hold")


def claim(lookup_id: int) -> LookupLease | None:
    """Take a lookup if it is due and nobody answers it."""
    return LEASES.claim(lookup_id, status=Lookup.Status.RUNNING)


def note_stage(lease: LookupLease, stage: str, *, done: int = 0, total: int = 0) -> None:
    """Tell who watches a lookup what is being done right now."""
    lease.note(stage=stage[:60], done=done, total=total)
