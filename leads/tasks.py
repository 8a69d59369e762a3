"""Celery's doorbell: a task gets an id, does one slice of a search or an import, or one lookup.

A task may run twice, late or never: the row decides what is to do, `sweep` rings what was lost.
"""

from celery import shared_task

from leads import (
    answering,
    import_files,
    leasing,
    lookup_history,
    repeating,
    retaining,
    running,
    storing_imports,
    verifying,
)
from leads.import_leases import LEASES as IMPORT_LEASES
from leads.lookup_leases import LEASES as LOOKUP_LEASES


@shared_task(name="leads.run_search")
def run_search(search_id: int) -> None:
    """Do one slice of the search whose turn it is and ring for the next."""
    turn = leasing.in_turn(search_id)
    if running.advance(turn):
        run_search.delay(turn)


@shared_task(name="leads.sweep_searches")
def sweep_searches() -> None:
    """Ring for every search that is due and that nobody works on."""
    for search_id in leasing.due_searches():
        run_search.delay(search_id)


@shared_task(name="leads.recheck_addresses")
def recheck_addresses() -> None:
    """Verify again the addresses whose servers asked for patience."""
    verifying.recheck_due()


@shared_task(name="leads.answer_lookup")
def answer_lookup(lookup_id: int) -> None:
    """Answer the lookup whose turn it is."""
    answering.answer(LOOKUP_LEASES.in_turn(lookup_id))


@shared_task(name="leads.sweep_lookups")
def sweep_lookups() -> None:
    """Ring for every lookup that is due and that nobody works on."""
    for lookup_id in LOOKUP_LEASES.due():
        answer_lookup.delay(lookup_id)


@shared_task(name="leads.store_import")
def store_import(import_id: int) -> None:
    """Do one slice of the import whose turn it is and ring for the next."""
    turn = IMPORT_LEASES.in_turn(import_id)
    if storing_imports.advance(turn):
        store_import.delay(turn)


@shared_task(name="leads.sweep_imports")
def sweep_imports() -> None:
    """Ring for every import that is due and that nobody works on."""
    for import_id in IMPORT_LEASES.due():
        store_import.delay(import_id)


@shared_task(name="leads.clear_uploads")
def clear_uploads() -> None:
    """Remove uploaded files that nobody needs any more."""
    import_files.clear_old()


@shared_task(name="leads.forget_lent_content")
def forget_lent_content() -> None:
    """Let go of what sources only lend, once its days are over."""
    if retaining.forget_lent_content():
        forget_lent_content.delay()


@shared_task(name="leads.forget_lookups")
def forget_lookups() -> None:
    """Let go of old lookups."""
    if lookup_history.forget_old_lookups():
        forget_lookups.delay()


@shared_task(name="leads.start_saved_searches")
def start_saved_searches() -> None:
    """Start the runs of saved searches whose time has come."""
    repeating.start_due()
