"""What owners set: only what is given changes, and what makes no sense is refused."""

import asyncio
from typing import Any

import pytest

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import STARS, THUMBS, RatingStyle, Scale
from bot.jobs.feedback import FeedbackService
from storage.feedback import SqlFeedbackStore
from tests.jobs.conftest import World

GUILD = 100


@pytest.fixture
def feedback(world: World) -> FeedbackService:
    return FeedbackService(store=SqlFeedbackStore(world.database), clock=world.clock)


async def test_a_style_brings_its_emoji_and_own_ones_need_to_be_given_once(feedback: FeedbackService) -> None:
    own = {"😍": 100, "😴": 0}
    settings = await feedback.set_ratings(GUILD, style=RatingStyle.STARS)
    assert settings.scale == Scale(style=RatingStyle.STARS, values=STARS)
    settings = await feedback.set_ratings(GUILD, emoji="😍=100 😴=0", author_votes=False)
    assert settings.scale == Scale(style=RatingStyle.OWN, values=own)
    assert await feedback.set_ratings(GUILD, style=RatingStyle.OWN) == settings
    assert await feedback.set_ratings(GUILD) == settings
    assert await feedback.settings(GUILD) == settings
    settings = await feedback.set_ratings(GUILD, style=RatingStyle.THUMBS)
    assert settings == FeedbackSettings(guild_id=GUILD, author_votes=False)
    assert settings.scale.values == THUMBS
    assert await feedback.settings(GUILD + 1) == FeedbackSettings(guild_id=GUILD + 1)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"style": RatingStyle.OWN}, Code.SCALE_MISSING),
        ({"style": RatingStyle.STARS, "emoji": "😍=100 😴=0"}, Code.SCALE_NOT_OWN),
        ({"style": RatingStyle.OWN, "emoji": "good=100 bad=0"}, Code.SCALE_NO_EMOJI),
    ],
)
async def test_emoji_that_do_not_belong_to_the_style_are_refused(
    wish: dict[str, Any], code: Code, feedback: FeedbackService
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await feedback.set_ratings(GUILD, author_votes=False, **wish)
    assert caught.value.code is code
    assert await feedback.settings(GUILD) == FeedbackSettings(guild_id=GUILD)


async def test_commands_are_switched_one_by_one_also_at_the_same_moment(feedback: FeedbackService) -> None:
    await asyncio.gather(
        feedback.set_commands(GUILD, letter=False),
        feedback.set_commands(GUILD, favourite=False),
        feedback.set_commands(GUILD, removal=False),
        feedback.set_ratings(GUILD, author_votes=False),
    )
    off = FeedbackSettings(guild_id=GUILD, letter=False, favourite=False, removal=False, author_votes=False)
    assert await feedback.settings(GUILD) == off
    assert (await feedback.set_commands(GUILD, letter=True)).letter


async def test_copies_and_reels_go_where_somebody_has_said(feedback: FeedbackService, world: World) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await feedback.set_best(GUILD, reel=ReelEvery.WEEK)
    assert caught.value.code is Code.REEL_WITHOUT_CHANNEL
    await feedback.set_best(GUILD, channel_id=5, best_from=4)
    now = world.clock.now()
    both = FeedbackSettings(
        guild_id=GUILD,
        best_channel_id=5,
        best_from=4,
        reel_every=ReelEvery.WEEK,
        reel_channel_id=5,
        reel_since=now,
    )
    assert await feedback.set_best(GUILD, reel=ReelEvery.WEEK) == both, "where the copies go"
    assert await feedback.set_best(GUILD) == both
    world.clock.advance(60)
    moved = await feedback.set_best(GUILD, reel=ReelEvery.MONTH, reel_channel_id=6)
    assert (moved.reel_every, moved.reel_channel_id) == (ReelEvery.MONTH, 6)
    assert moved.reel_since == now + 60_000
    ended = await feedback.set_best(GUILD, copies=False, reels=False)
    assert (ended.best_channel_id, ended.reel_every, ended.reel_since) == (None, None, None)
    again = await feedback.set_best(GUILD, reel=ReelEvery.WEEK)
    assert again.reel_channel_id == 6, "as before"
