"""The contract of FeedbackStore, on every database."""

from dataclasses import replace

from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import STARS, RatingStyle, Scale
from bot.ports_feedback import FeedbackStore
from storage.database import Database
from storage.feedback import SqlFeedbackStore

OWN = Scale(style=RatingStyle.OWN, values={"😴": 0, "<:yes:123456789012345678>": 100, "🙂": 60})
FULL = FeedbackSettings(
    guild_id=3,
    scale=OWN,
    author_votes=False,
    letter=False,
    favourite=False,
    removal=False,
    best_channel_id=1 << 61,
    best_from=9,
    reel_every=ReelEvery.MONTH,
    reel_channel_id=5,
    reel_since=1_700_000_000_000,
)


async def test_settings_are_kept_per_server(database: Database) -> None:
    store: FeedbackStore = SqlFeedbackStore(database)
    assert await store.settings(3) == FeedbackSettings(guild_id=3)
    assert await store.settings(None) == FeedbackSettings()
    stars = FeedbackSettings(scale=Scale(style=RatingStyle.STARS, values=dict(STARS)))
    await store.save(FULL)
    await store.save(stars)
    assert await store.settings(3) == FULL
    assert list((await store.settings(3)).scale.values) == list(OWN.values), "in the order of the buttons"
    assert await store.settings(None) == stars
    await store.save(replace(FULL, letter=True, best_channel_id=None))
    assert await store.settings(3) == replace(FULL, letter=True, best_channel_id=None)
    assert await store.settings(4) == FeedbackSettings(guild_id=4)


async def test_servers_with_reels_are_those_that_have_said_when_and_where(database: Database) -> None:
    store = SqlFeedbackStore(database)
    wants = [replace(FULL, guild_id=guild) for guild in (5, 4)]
    for settings in (*wants, replace(FULL, reel_every=None), replace(FULL, guild_id=2, reel_channel_id=None)):
        await store.save(settings)
    assert await store.with_reels() == sorted(wants, key=lambda settings: settings.guild_id or 0)
