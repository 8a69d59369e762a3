"""Manners towards mail hosts."""

import pytest

from leads.verifier.pacing import HostSlots, RunMemory
from leads.verifier.replies import Meaning
from leads.verifier.smtp import Deadline, SessionFailed


def test_waits_no_longer_than_the_deadline_for_a_busy_host():
    slots = HostSlots(limit=1)

    with (
        slots.hold("mx.test", Deadline(1)),
        pytest.raises(SessionFailed) as failure,
        slots.hold("mx.test", Deadline(0.05)),
    ):
        pass

    assert failure.value.meaning == Meaning.BUSY


def test_gives_a_place_back_after_a_failure():
    slots = HostSlots(limit=1)
    with pytest.raises(RuntimeError), slots.hold("mx.test", Deadline(1)):
        raise RuntimeError

    with slots.hold("mx.test", Deadline(0)):
        pass


def test_one_busy_host_does_not_hold_up_another():
    slots = HostSlots(limit=1)

    with slots.hold("a.test", Deadline(0)), slots.hold("b.test", Deadline(0)):
        pass


def test_stops_a_provider_that_has_never_answered_at_its_first_blocklist_reply():
    memory = RunMemory()
    memory.note_blocklisted("mx1.hoster.test", "one.test")

    assert memory.is_stopped("mx2.hoster.test", "two.test")
    assert not memory.is_stopped("mx.other.test", "two.test")


def test_stops_an_answering_provider_after_three_domains_in_a_row():
    memory = RunMemory()
    memory.note_answer("mx.hoster.test")
    memory.note_blocklisted("mx.hoster.test", "one.test")
    memory.note_blocklisted("mx.hoster.test", "one.test")
    memory.note_blocklisted("mx.hoster.test", "two.test")
    assert memory.is_stopped("mx.hoster.test", "one.test")
    assert not memory.is_stopped("mx.hoster.test", "three.test")

    memory.note_blocklisted("mx.hoster.test", "three.test")
    assert memory.is_stopped("mx.hoster.test", "four.test")


def test_counts_anew_after_an_answer():
    memory = RunMemory()
    for domain in ("one.test", "two.test", "three.test", "four.test"):
        memory.note_answer("mx.hoster.test")
        memory.note_blocklisted("mx.hoster.test", domain)

    assert not memory.is_stopped("mx.hoster.test", "five.test")


def test_one_connection_proves_that_port_25_is_open():
    memory = RunMemory()
    memory.note_connection("good.test", succeeded=True)
    for number in range(20):
        memory.note_connection(f"bad{number}.test", succeeded=False)

    assert not memory.egress_is_blocked()


def test_a_host_that_stalls_now_and_then_is_still_asked():
    memory = RunMemory()
    for meaning in (Meaning.TIMEOUT, Meaning.ACCEPTED, Meaning.TIMEOUT):
        memory.note_visit("mx.test", meaning)
    assert memory.stall_of("mx.test") is None

    memory.note_visit("mx.test", Meaning.TIMEOUT)
    assert memory.stall_of("mx.test") == Meaning.TIMEOUT
