"""Rows that several writers want at once, locked in one order so that none waits in a circle."""

from collections.abc import Iterable

from freshleads.users.models import Workspace
from leads.models import Lead, LeadTotal


def lock_total(workspace: Workspace) -> LeadTotal:
    """Return the workspace's count of leads, locked until the transaction ends.

    All that creates, deletes or restores leads takes turns here, before it locks any lead.
    """
    total, _ = LeadTotal.objects.select_for_update().get_or_create(workspace=workspace)
    return total


def lock_leads(lead_ids: Iterable[int]) -> dict[int, Lead]:
    """Return fresh leads by primary key, locked until the transaction ends; gone ones are left out.

    What a person changes meanwhile waits, so that saving a whole row loses nothing.
    """
    # NO KEY: a search that finds a lead again may link it while it is locked.
    rows = Lead.objects.select_for_update(no_key=True).filter(pk__in=set(lead_ids)).order_by("pk")
    return {lead.pk: lead for lead in rows}
