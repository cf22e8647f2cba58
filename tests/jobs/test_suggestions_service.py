"""Suggestions from memory: one count a server and some minutes, and nobody waits for a slow one."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from bot.domain.errors import DatabaseUnavailable
from bot.domain.suggestions import NONE, Standing, Standings, Voted
from bot.jobs.suggestions import DAYS, KEPT, SERVERS, Suggestions
from tests.fakes import FakeClock

KNOWN = Standings(
    styles={"anime": Standing(votes=5, total=500)},
    models={"a/b": Standing(votes=5, total=500)},
    seconds={4: Standing(votes=5, total=500)},
)


class Store:
    """Says what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self.error: Exception | None = None

    async def voted(self, guild_id: int, *, since: int) -> list[Voted]:
        self.asked.append((guild_id, since))
        await self.answers.wait()
        if self.error is not None:
            raise self.error
        return [Voted(style="anime", model="a/b", seconds=4, votes=5, total=500)]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def suggestions(store: Store, clock: FakeClock) -> Suggestions:
    return Suggestions(store=store, clock=clock)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0)


async def test_a_server_is_counted_once_in_some_minutes(
    suggestions: Suggestions, store: Store, clock: FakeClock
) -> None:
    for _ in range(3):
        assert await suggestions.standings(1, patience=60) == KNOWN
    assert store.asked == [(1, clock.now() - DAYS * 86_400_000)]
    assert await suggestions.standings(2, patience=60) == KNOWN
    clock.advance(KEPT / 1000 - 1)
    await suggestions.standings(1, patience=60)
    assert [server for server, _ in store.asked] == [1, 2]


async def test_direct_messages_have_none(suggestions: Suggestions, store: Store) -> None:
    assert await suggestions.standings(None) == NONE
    assert store.asked == []


async def test_nobody_waits_for_a_slow_count_and_it_is_there_later(
    suggestions: Suggestions, store: Store
) -> None:
    store.answers.clear()
    answers = await asyncio.gather(*(suggestions.standings(1, patience=0) for _ in range(5)))
    assert answers == [NONE] * 5
    await until(lambda: len(store.asked) == 1)
    store.answers.set()
    assert await suggestions.standings(1, patience=60) == KNOWN
    assert len(store.asked) == 1, "everybody waits for the same count"


async def test_an_old_answer_is_given_while_a_new_one_is_counted(
    suggestions: Suggestions, store: Store, clock: FakeClock
) -> None:
    await suggestions.standings(1, patience=60)
    store.answers.clear()
    clock.advance(KEPT / 1000)
    assert await suggestions.standings(1, patience=60) == KNOWN
    await until(lambda: len(store.asked) == 2)
    store.answers.set()


async def test_a_clock_set_back_makes_an_answer_old(
    suggestions: Suggestions, store: Store, clock: FakeClock
) -> None:
    await suggestions.standings(1, patience=60)
    clock.advance(-3600)
    await suggestions.standings(1, patience=60)
    await until(lambda: len(store.asked) == 2)


async def test_where_the_count_fails_there_are_no_suggestions_and_the_next_one_is_tried(
    suggestions: Suggestions, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.error = DatabaseUnavailable("gone")
    with caplog.at_level(logging.WARNING):
        assert await suggestions.standings(1, patience=60) == NONE
    assert "votes of server 1" in caplog.text
    store.error = None
    assert await suggestions.standings(1, patience=60) == KNOWN


async def test_only_so_many_servers_are_kept(suggestions: Suggestions, store: Store) -> None:
    for server in range(1, SERVERS + 2):
        await suggestions.standings(server, patience=60)
    await suggestions.standings(SERVERS + 1, patience=60)
    assert len(store.asked) == SERVERS + 1
    await suggestions.standings(1, patience=60)
    assert len(store.asked) == SERVERS + 2, "the oldest one was forgotten"
