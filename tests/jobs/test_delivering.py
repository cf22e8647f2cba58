"""A finished video comes smaller, later, elsewhere or as a picture, and is never lost."""

import random

import pytest

from bot.domain.codes import Code
from bot.domain.errors import CannotFit, DeliveryError, Forbidden, Gone, TextRefused, TooLarge, TryLater
from bot.domain.job import Job, Venue
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Outcome, Retry
from tests.factories import NOW, make_job, make_place
from tests.jobs.conftest import World, eventually

S = JobState
HOUR = 3_600_000
MIB = 1 << 20


def rng() -> random.Random:
    return random.Random(1)


def after(error: DeliveryError, *, now: int = NOW, **changes: object) -> Outcome:
    return decide.after_delivery_error(make_job(state=S.DELIVERING, **changes), error, now, rng())


# --- what follows: pure ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Forbidden("50013"), Gone("10003"), TextRefused("200000")], ids=str)
@pytest.mark.parametrize(
    ("venue", "guild", "following"),
    [
        pytest.param(Venue.PLACE, 100, Venue.PARENT, id="the place: its parent, if it is a thread"),
        pytest.param(Venue.PARENT, 100, Venue.DIRECT, id="the parent: the author's direct messages"),
        pytest.param(Venue.DIRECT, 100, None, id="direct messages: nowhere"),
        pytest.param(Venue.PLACE, None, None, id="a direct message to begin with: nowhere"),
    ],
)
def test_what_takes_nothing_is_left_for_the_next(
    error: DeliveryError, venue: Venue, guild: int | None, following: Venue | None
) -> None:
    outcome = after(
        error, venue=venue, place=make_place(guild_id=guild), upload_limit=50 * MIB, post_intent_at=NOW
    )
    assert isinstance(outcome, Advance)
    if following is None:
        assert outcome.to is S.FAILED
        assert outcome.changes["failure"].code is error.code
        assert outcome.changes["failure"].facts == {"id": make_job().short_id}
    else:
        assert outcome.to is S.FITTING, "the next venue may take less"
        assert outcome.changes == {"venue": following, "upload_limit": None, "post_intent_at": None}


@pytest.mark.parametrize(("age", "expected"), [(7 * 24 * HOUR, Retry), (7 * 24 * HOUR + 1, Advance)])
def test_discord_is_waited_for_a_week(age: int, expected: type[Outcome]) -> None:
    outcome = after(TryLater("503"), created_at=NOW - age)
    assert type(outcome) is expected
    if isinstance(outcome, Advance):
        assert outcome.changes["failure"].code is Code.DELIVERY_FAILED


def test_a_rate_limit_is_waited_out() -> None:
    outcome = after(TryLater("rate limited", retry_after=900))
    assert isinstance(outcome, Retry)
    assert outcome.seconds == 900


def test_a_message_that_discord_never_takes_keeps_the_video_and_says_where() -> None:
    outcome = after(DeliveryError("50035"))
    assert isinstance(outcome, Advance)
    assert outcome.to is S.FAILED
    assert outcome.changes["failure"].code is Code.DELIVERY_FAILED


@pytest.mark.parametrize(
    ("limit", "size", "expected"),
    [
        (None, 200 * MIB, 95 * MIB),
        (100 * MIB, 99 * MIB, 95 * MIB),
        (100 * MIB, 60 * MIB, 47.5 * MIB),
        (95 * MIB, 200 * MIB, 47.5 * MIB),
        (50 * MIB, 40 * MIB, 23.75 * MIB),
        (20 * MIB, 15 * MIB, 9.5 * MIB),
        (10 * MIB, 10 * MIB, 9.5 * MIB),
        (9.5 * MIB, 60 * MIB, 7.6 * MIB),
        (10_000, 5000, 2500),
    ],
)
def test_each_refusal_by_size_steps_to_the_next_limit(
    limit: float | None, size: float, expected: float
) -> None:
    outcome = after(
        TooLarge("413"),
        upload_limit=None if limit is None else int(limit),
        result_bytes=int(size),
        post_intent_at=NOW,
    )
    assert isinstance(outcome, Advance)
    assert outcome.to is S.FITTING
    assert outcome.changes["upload_limit"] == pytest.approx(expected, abs=1)
    assert outcome.changes["post_intent_at"] is None, "it was refused, so it does not stand there"


def test_a_picture_that_is_too_large_ends_it() -> None:
    outcome = after(TooLarge("413"), still_file="fitted/x.jpg")
    assert isinstance(outcome, Advance)
    assert outcome.changes["failure"].code is Code.RESULT_TOO_LARGE


@pytest.mark.parametrize(
    ("intent_age", "twice"), [(None, False), (0, False), (120_000, False), (120_001, True), (HOUR, True)]
)
def test_within_its_minutes_the_nonce_makes_a_repeat_harmless(intent_age: int | None, twice: bool) -> None:
    job = make_job(post_intent_at=None if intent_age is None else NOW - intent_age)
    assert decide.may_be_posted_twice(job, NOW) is twice


# --- the machine on a real database -------------------------------------------------------------------


async def delivered(world: World, **changes: object) -> Job:
    """Drive a job to its end; the copies that were made for the post are gone by then."""
    await world.store.add(make_job(**changes))
    async with world.running():
        job = await world.until("1001", S.DELIVERED, S.FAILED, closed=True)

        async def copies_gone() -> bool | None:
            names = [name for name in (job.fitted_file, job.still_file) if name is not None]
            return not any(world.workspace.path(name).exists() for name in names) or None

        if job.state is S.DELIVERED:
            await eventually(copies_gone)
        return job


async def test_a_file_that_is_too_large_is_made_smaller(world: World) -> None:
    world.announcer.deliver_script = [TooLarge("413")]
    job = await delivered(world)
    assert world.media.shrunk == [len(world.provider.content) // 2]
    assert job.fitted_file is not None
    assert job.still_file is None
    assert world.announcer.posted_files[-1].name == job.fitted_file.rpartition("/")[2]
    assert world.workspace.path(job.result_file or "").exists(), "the original stays"


async def test_a_video_that_not_everybody_can_play_is_made_one_that_they_can(world: World) -> None:
    world.media.foreign = True
    job = await delivered(world)
    assert world.media.shrunk == [world.announcer.limit]
    assert job.fitted_file is not None
    assert world.announcer.posted_files == [world.workspace.path(job.fitted_file)]


async def test_a_video_that_cannot_be_made_playable_comes_as_it_is(world: World) -> None:
    world.media.foreign = True
    world.media.shrink_script = [CannotFit("no decoder")]
    job = await delivered(world)
    assert job.state is S.DELIVERED
    assert (job.fitted_file, job.still_file) == (None, None)
    assert world.announcer.posted_files == [world.workspace.path(job.result_file or "")]


async def test_a_video_that_fits_nowhere_comes_as_a_picture(world: World) -> None:
    world.announcer.limit = 5
    world.media.shrink_script = [CannotFit("unwatchable")]
    job = await delivered(world)
    assert job.state is S.DELIVERED
    assert job.still_file is not None
    assert job.fitted_file is None
    assert world.announcer.posted_files[-1].suffix == ".jpg"
    assert world.workspace.path(job.result_file or "").exists(), "the original stays"


async def test_a_video_without_even_a_picture_is_kept_and_told(world: World) -> None:
    world.announcer.limit = 5
    world.media.shrink_script = [CannotFit("unwatchable")]
    world.media.still_script = [CannotFit("no frame")]
    job = await delivered(world)
    assert job.state is S.FAILED
    assert job.failure is not None
    assert (job.failure.code, job.failure.facts["id"]) == (Code.RESULT_TOO_LARGE, job.short_id)
    assert world.workspace.path(job.result_file or "").exists()


async def test_the_video_goes_where_it_is_taken(world: World) -> None:
    world.announcer.deliver_script = [Forbidden("50013"), Forbidden("50013")]
    job = await delivered(world)
    assert world.announcer.venues == [Venue.PLACE, Venue.PARENT, Venue.DIRECT]
    assert job.venue is Venue.DIRECT
    assert job.result is not None
    assert job.result.channel_id == world.announcer.channels[Venue.DIRECT]


async def test_a_place_without_a_parent_is_skipped_and_the_next_limit_counts(world: World) -> None:
    world.announcer.deliver_script = [Gone("10003")]
    world.announcer.limits = {Venue.PARENT: Gone("no thread"), Venue.DIRECT: 10}
    job = await delivered(world)
    assert world.announcer.venues == [Venue.PLACE, Venue.DIRECT]
    assert world.media.shrunk == [10]
    assert job.upload_limit == 10


async def test_nowhere_to_post_keeps_the_file(world: World) -> None:
    world.announcer.deliver_script = [Gone("10003"), Gone("no thread"), Forbidden("50007")]
    job = await delivered(world)
    assert job.state is S.FAILED
    assert job.failure is not None
    assert job.failure.code is Code.DELIVERY_FORBIDDEN
    assert world.workspace.path(job.result_file or "").exists()
    assert world.announcer.rated == []


async def test_an_upload_limit_that_is_not_told_now_is_asked_for_again(world: World) -> None:
    world.announcer.limits = {Venue.PLACE: TryLater("503")}
    await world.store.add(make_job())
    async with world.running():
        while not any(state is S.FITTING and p.trouble for state, p in world.announcer.shown):
            await world.until("1001", S.FITTING)
        world.announcer.limits = {}
        job = await world.until("1001", S.DELIVERED, closed=True)
    assert world.media.shrunk == []
    assert job.upload_limit == world.announcer.limit


@pytest.mark.parametrize(
    ("seconds", "doubt"), [(1, False), (600, True)], ids=["the nonce still counts", "after its minutes"]
)
async def test_a_repeat_that_nobody_can_check_says_so(world: World, seconds: float, doubt: bool) -> None:
    world.announcer.history_refused = Forbidden("no history")
    world.announcer.deliver_script = [TryLater("reply lost", retry_after=seconds)]
    await delivered(world)
    assert world.announcer.doubts == [doubt]


async def test_a_repeat_that_was_looked_for_is_in_no_doubt(world: World) -> None:
    world.announcer.deliver_script = [TryLater("503", retry_after=600)]
    await delivered(world)
    assert world.announcer.doubts == [False]


@pytest.mark.parametrize("kind", ["fitted", "still"])
async def test_a_smaller_copy_that_is_lost_is_made_again_in_doubt_or_not(world: World, kind: str) -> None:
    """A process died after the post; its smaller copy is gone, the history cannot be read."""
    original = world.workspace.new_name(make_job(), "original")
    world.workspace.path(original).write_bytes(b"a whole original")
    world.announcer.history_refused = Forbidden("no history")
    if kind == "still":
        world.media.shrink_script = [CannotFit("unwatchable")]
    job = await delivered(
        world,
        state=S.DELIVERING,
        remote_id="video_1",
        result_file=original,
        result_bytes=16,
        upload_limit=8,
        post_intent_at=NOW - HOUR,
        **{f"{kind}_file": world.workspace.new_name(make_job(), kind)},
    )
    assert job.state is S.DELIVERED
    assert world.provider.downloads == 0
    assert world.announcer.doubts == [True], "the doubt outlives the new copy"


async def test_a_kill_while_posting_elsewhere_goes_on_there(world: World) -> None:
    original = world.workspace.new_name(make_job(), "original")
    world.workspace.path(original).write_bytes(b"a whole original")
    await delivered(
        world,
        state=S.DELIVERING,
        remote_id="video_1",
        result_file=original,
        result_bytes=16,
        venue=Venue.DIRECT,
        post_intent_at=NOW,
    )
    assert world.announcer.venues == [Venue.DIRECT]
