"""What is owed is posted once, whatever fails between the decision and the row."""

import asyncio
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import DatabaseUnavailable, DeliveryError, Forbidden, Gone, TooLarge, TryLater
from bot.domain.job import WorkerId
from bot.domain.posting import Notice, Posting, PostingId, PostingKind, PostingState, reel_id
from bot.jobs.postings import PostingRunner
from storage.postings import SqlPostingStore
from tests.jobs.conftest import World

ID = reel_id(100, "2026-W47")
S = PostingState
HOUR = 3600.0
ME = WorkerId("w1")


@dataclass
class Channel:
    """A channel of Discord: knows repeated nonces, remembers what stands in it, fails as it is told."""

    messages: dict[int, str] = field(default_factory=dict)
    nonces: dict[str, int] = field(default_factory=dict)
    before: list[Exception] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    history: Exception | None = None
    searches: int = 0
    deleting: list[Exception] = field(default_factory=list)

    async def send(self, posting: Posting, notice: Notice) -> int:
        if self.before:
            raise self.before.pop(0)
        number = self.nonces.setdefault(posting.nonce, 900 + len(self.nonces))
        self.messages[number] = posting.mark + notice.text
        if self.after:
            raise self.after.pop(0)
        return number

    async def find(self, posting: Posting) -> int | None:
        self.searches += 1
        if self.history is not None:
            raise self.history
        return next((key for key, text in self.messages.items() if text.startswith(posting.mark)), None)

    async def delete(self, posting: Posting, message_id: int) -> None:
        if self.deleting:
            raise self.deleting.pop(0)
        self.messages.pop(message_id, None)


class Writer:
    """Says the same for every posting, or fails as it is told."""

    def __init__(self) -> None:
        self.notice: Notice | None = Notice(text=" is being made", plain=" is being made")
        self.script: list[Exception] = []
        self.on_write: Callable[[], None] = lambda: None

    async def write(self, posting: Posting) -> Notice | None:
        self.on_write()
        if self.script:
            raise self.script.pop(0)
        return self.notice


@dataclass
class Lease:
    worker: WorkerId = ME
    good: bool = True

    def lease_is_good(self) -> bool:
        return self.good


class Outbox:
    """The runner over a real table, and everything around it."""

    def __init__(self, world: World) -> None:
        self.clock = world.clock
        self.store = SqlPostingStore(world.database)
        self.channel, self.writer, self.lease = Channel(), Writer(), Lease()
        self.database = world.database

    def runner(self) -> PostingRunner:
        """Return one as a new process has it."""
        return PostingRunner(
            store=self.store,
            announcer=self.channel,
            writers={PostingKind.REEL: self.writer},
            lease=self.lease,
            clock=self.clock,
            rng=random.Random(7),
        )

    async def owe(self, posting_id: PostingId = ID, kind: PostingKind = PostingKind.REEL) -> None:
        posting = Posting(id=posting_id, kind=kind, guild_id=100, channel_id=5, mark=f"🏆 **{posting_id}**")
        await self.store.owe(posting)

    async def round(self) -> None:
        """Let every wait be over and look once."""
        await self.database.execute("UPDATE postings SET due_at = 0")
        await self.look(self.runner())

    async def look(self, runner: PostingRunner) -> None:
        """Let the runner look once and end what it has begun; then its process is gone."""
        await runner.take_up()
        await runner.finish()
        self.lease.worker = WorkerId(uuid.uuid4().hex)

    async def row(self) -> Posting:
        posting = await self.store.get(ID)
        assert posting is not None
        return posting


@pytest.fixture
def outbox(world: World) -> Outbox:
    return Outbox(world)


async def test_what_is_owed_is_posted_without_a_search(outbox: Outbox) -> None:
    await outbox.owe()
    for _ in range(3):
        await outbox.round()
    assert outbox.channel.messages == {900: f"🏆 **{ID}** is being made"}
    assert outbox.channel.searches == 0
    row = await outbox.row()
    assert (row.state, row.message_id, row.owner) == (S.POSTED, 900, None)


@pytest.mark.parametrize("minutes", [0, 60], ids=["while the nonce is known", "long after"])
async def test_one_whose_answer_was_lost_is_found(outbox: Outbox, minutes: int) -> None:
    await outbox.owe()
    outbox.channel.after = [TryLater("no answer")]
    await outbox.round()
    assert (await outbox.row()).state is S.DUE
    outbox.clock.advance(minutes * 60)
    outbox.channel.nonces.clear()
    await outbox.round()
    assert list(outbox.channel.messages) == [900]
    assert (await outbox.row()).message_id == 900


async def test_one_that_was_claimed_by_a_process_that_is_gone_is_sent(outbox: Outbox) -> None:
    await outbox.owe()
    await outbox.store.claim(WorkerId("dead"), 5)
    await outbox.round()
    assert (await outbox.row()).state is S.POSTED
    assert outbox.channel.searches == 1


async def test_where_nobody_can_look_the_nonce_protects_for_minutes(outbox: Outbox) -> None:
    await outbox.owe()
    outbox.channel.after = [TryLater("no answer")]
    outbox.channel.history = Forbidden("no history")
    await set_clock_of(outbox)
    await outbox.round()
    await outbox.round()
    assert list(outbox.channel.messages) == [900]
    assert (await outbox.row()).state is S.POSTED


async def test_where_nobody_can_look_for_long_none_is_better_than_two(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox.owe()
    outbox.channel.after = [TryLater("no answer")]
    await set_clock_of(outbox)
    await outbox.round()
    outbox.channel.history = Forbidden("no history")
    outbox.channel.nonces.clear()
    outbox.clock.advance(HOUR)
    await outbox.round()
    assert list(outbox.channel.messages) == [900]
    assert (await outbox.row()).state is S.GIVEN_UP
    assert "given up" in caplog.text


async def set_clock_of(outbox: Outbox) -> None:
    """Let the service's clock and the database's agree, as they do on one machine."""
    async with outbox.database.transaction() as transaction:
        now = await transaction.now_ms()
    outbox.clock.advance((now - outbox.clock.now()) / 1000)


@pytest.mark.parametrize("error", [Forbidden("x"), Gone("x"), TooLarge("x"), DeliveryError("x")], ids=repr)
async def test_what_discord_takes_never_is_given_up(
    outbox: Outbox, error: DeliveryError, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox.owe()
    outbox.channel.before = [error]
    for _ in range(2):
        await outbox.round()
    assert outbox.channel.messages == {}
    assert (await outbox.row()).state is S.GIVEN_UP
    assert f"posting {ID} is given up" in caplog.text


async def test_what_discord_does_not_take_now_waits_for_as_long_as_it_says(outbox: Outbox) -> None:
    await outbox.owe()
    await set_clock_of(outbox)
    outbox.channel.before = [TryLater("busy", retry_after=500)]
    await outbox.round()
    row = await outbox.row()
    assert row.state is S.DUE
    assert row.owner is None
    assert row.due_at > outbox.clock.now() + 400_000
    await outbox.look(outbox.runner())
    assert outbox.channel.messages == {}
    await outbox.round()
    assert (await outbox.row()).state is S.POSTED


async def test_after_a_week_nobody_waits_any_more(outbox: Outbox) -> None:
    await outbox.owe()
    await set_clock_of(outbox)
    outbox.clock.advance(8 * 24 * HOUR)
    outbox.channel.before = [TryLater("busy")]
    await outbox.round()
    assert (await outbox.row()).state is S.GIVEN_UP


@pytest.mark.parametrize("kind", list(PostingKind))
async def test_with_nothing_to_say_nothing_is_sent(outbox: Outbox, kind: PostingKind) -> None:
    await outbox.owe(kind=kind)
    outbox.writer.notice = None
    await outbox.round()
    assert outbox.channel.messages == {}
    assert (await outbox.row()).state is S.GIVEN_UP


async def test_without_a_lease_nothing_is_claimed_and_nothing_sent(outbox: Outbox) -> None:
    await outbox.owe()
    outbox.lease.good = False
    await outbox.round()
    assert (await outbox.row()).attempt == 0

    outbox.lease.good = True
    outbox.writer.on_write = lambda: setattr(outbox.lease, "good", False)
    await outbox.round()
    assert outbox.channel.messages == {}, "the lease ran out while the file was looked for"
    outbox.writer.on_write = lambda: None
    outbox.lease.good = True
    await outbox.round()
    assert (await outbox.row()).state is S.POSTED


async def test_one_that_fails_unexpectedly_does_not_hold_up_the_others(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox.owe()
    await outbox.owe(reel_id(100, "2026-W48"))
    outbox.writer.script = [ValueError("a bug")]
    await outbox.round()
    assert len(outbox.channel.messages) == 1
    assert "a bug" in caplog.text
    await outbox.round()
    assert len(outbox.channel.messages) == 2


async def test_a_database_that_fails_after_the_post_costs_a_search(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.owe()

    async def fail(posting: Posting, message_id: int) -> Posting:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(outbox.store, "posted", fail)
        await outbox.round()
    assert list(outbox.channel.messages) == [900]
    outbox.channel.nonces.clear()
    await outbox.round()
    assert list(outbox.channel.messages) == [900]
    assert (await outbox.row()).message_id == 900


async def test_what_is_taken_back_is_deleted_and_never_comes_again(outbox: Outbox) -> None:
    await outbox.owe()
    await outbox.round()
    await outbox.store.take_back(ID)
    outbox.channel.deleting = [TryLater("busy")]
    await outbox.round()
    assert list(outbox.channel.messages) == [900]
    await outbox.round()
    assert outbox.channel.messages == {}
    assert (await outbox.row()).state is S.GONE
    await outbox.owe()
    await outbox.round()
    assert outbox.channel.messages == {}


async def test_what_is_taken_back_in_doubt_is_looked_for(outbox: Outbox) -> None:
    await outbox.owe()
    outbox.channel.after = [TryLater("no answer")]
    await outbox.round()
    await outbox.store.take_back(ID)
    await outbox.round()
    assert outbox.channel.messages == {}
    assert (await outbox.row()).state is S.GONE


async def test_what_may_not_be_deleted_stays_and_is_told(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    await outbox.owe()
    await outbox.round()
    await outbox.store.take_back(ID)
    outbox.channel.deleting = [Forbidden("archived")]
    await outbox.round()
    assert (await outbox.row()).state is S.GONE
    assert "given up" in caplog.text


async def test_one_that_hangs_holds_up_no_other(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    await outbox.owe()
    runner, send, hangs = outbox.runner(), outbox.channel.send, asyncio.Event()

    async def hang(posting: Posting, notice: Notice) -> int:
        if posting.id == ID:
            await hangs.wait()
        return await send(posting, notice)

    monkeypatch.setattr(outbox.channel, "send", hang)
    await runner.take_up()
    other = reel_id(100, "2026-W48")
    await outbox.owe(other)
    await runner.take_up()
    async with asyncio.timeout(20):
        while not outbox.channel.messages:
            await asyncio.sleep(0)
    assert list(outbox.channel.messages.values()) == [f"🏆 **{other}** is being made"]
    hangs.set()
    await runner.finish()
    assert len(outbox.channel.messages) == 2


async def test_what_could_not_be_noted_is_taken_up_again_by_the_same_process(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.owe()
    runner = outbox.runner()

    async def fail(posting: Posting, message_id: int) -> Posting:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(outbox.store, "posted", fail)
        await runner.take_up()
        await runner.finish()
    await runner.take_up()
    await runner.finish()
    assert list(outbox.channel.messages) == [900]
    assert (await outbox.row()).state is S.POSTED


async def test_it_runs_until_it_is_cancelled_and_leaves_nothing_in_hand(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await outbox.owe()
    begun = asyncio.Event()

    async def hang(posting: Posting, notice: Notice) -> int:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(outbox.channel, "send", hang)
    running = asyncio.create_task(outbox.runner().run())
    async with asyncio.timeout(20):
        await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("posting ")]
    row = await outbox.row()
    assert (row.state, row.owner) == (S.DUE, ME)
