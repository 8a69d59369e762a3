"""A loop that keeps up admits more sites, one that lags fewer."""

import asyncio
from time import sleep

import pytest

from leads.crawler import pacing as pacing_module
from leads.crawler.pacing import LEAST, START, Pacing


def test_a_free_loop_admits_more_sites_up_to_the_most() -> None:
    async def run() -> int:
        pacing = Pacing(most=55)
        await asyncio.sleep(0.5)
        pacing.close()
        return pacing.limit

    assert asyncio.run(run()) == 55


def test_a_loop_that_lags_admits_fewer_but_never_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing_module, "LARGE_LAG", 0.1)

    async def run() -> list[int]:
        pacing = Pacing(most=200)
        limits = []
        for _ in range(5):
            sleep(0.25)  # what reading pages on a busy machine does to the loop
            await asyncio.sleep(0.01)
            limits.append(pacing.limit)
        pacing.close()
        return limits

    limits = asyncio.run(run())
    assert limits[0] < START
    assert limits == sorted(limits, reverse=True)
    assert limits[-1] == LEAST


def test_no_more_hold_a_place_than_the_limit_and_all_get_one() -> None:
    async def run() -> tuple[int, int]:
        pacing = Pacing(most=5)
        inside = most = done = 0

        async def visit() -> None:
            nonlocal inside, most, done
            async with pacing.place():
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.01)
                inside -= 1
                done += 1

        await asyncio.gather(*(visit() for _ in range(23)))
        pacing.close()
        return most, done

    assert asyncio.run(run()) == (5, 23)


def test_one_that_gave_up_waiting_leaves_its_turn_to_the_next() -> None:
    async def run() -> bool:
        pacing = Pacing(most=1)
        async with pacing.place():
            given_up = asyncio.create_task(_visit(pacing))
            patient = asyncio.create_task(_visit(pacing))
            await asyncio.sleep(0)
            given_up.cancel()
        await asyncio.wait_for(patient, 2)
        pacing.close()
        return patient.done()

    assert asyncio.run(run())


async def _visit(pacing: Pacing) -> None:
    async with pacing.place():
        pass
