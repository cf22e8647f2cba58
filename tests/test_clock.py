"""The real clock: a wait ends with its event or with its time, whichever comes first."""

import asyncio

import pytest

from bot.clock import SystemClock


async def test_a_wait_ends_with_its_event() -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(SystemClock().wait(event, 3600))
    await asyncio.sleep(0)
    event.set()
    async with asyncio.timeout(60):
        await waiting


async def test_a_wait_ends_with_its_time() -> None:
    event = asyncio.Event()
    async with asyncio.timeout(60):
        await SystemClock().wait(event, 0.01)
    assert not event.is_set()


async def test_a_wait_that_is_cancelled_says_so() -> None:
    waiting = asyncio.create_task(SystemClock().wait(asyncio.Event(), 3600))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
