"""`/settings` as Discord hands it over."""

from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord import Env
from simcord.results import InteractionResult

from bot.client import Reelbot
from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import STARS, RatingStyle, Scale
from cogs.settings._text import settings_text
from cogs.texts import load_library
from storage.database import Database
from storage.feedback import SqlFeedbackStore

TEXTS = load_library().texts("en-US")
CUSTOM = "<:yes:123456789012345678>"


class Place:
    """A server with a member who manages it and one who does not."""

    def __init__(self, env: Env, feedback: SqlFeedbackStore) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        self.best = self.guild.create_text_channel("best-of")
        keepers = self.guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
        self.keeper = self.guild.add_member(env.create_user("keeper"), roles=[keepers])
        self.alice = self.guild.add_member(env.create_user("alice"))
        self._feedback = feedback

    async def settings(self, command: str, **options: Any) -> str:
        return private(await self.keeper.slash(self.channel, f"settings {command}", **options))

    async def kept(self) -> FeedbackSettings:
        return await self._feedback.settings(self.guild.id)


@pytest.fixture
async def place(simcord_env: Env, database: Database) -> Place:
    return Place(simcord_env, SqlFeedbackStore(database))


def private(result: InteractionResult) -> str:
    answer = result.response or result.followups[-1]
    assert answer.ephemeral
    return answer.content


async def test_settings_are_shown_and_each_command_changes_what_is_given(place: Place) -> None:
    assert await place.settings("show") == settings_text(FeedbackSettings(), TEXTS)
    stars = Scale(style=RatingStyle.STARS, values=STARS)
    wanted = FeedbackSettings(guild_id=place.guild.id, scale=stars, author_votes=False)
    assert await place.settings("ratings", style="stars", author_votes=False) == settings_text(wanted, TEXTS)
    wanted = replace(wanted, letter=False, removal=False)
    assert await place.settings("reactions", letter=False, remove=False) == settings_text(wanted, TEXTS)
    assert await place.kept() == wanted
    assert await place.settings("show") == settings_text(wanted, TEXTS)
    assert await place.settings("ratings") == settings_text(wanted, TEXTS), "nothing given, nothing changed"


async def test_own_emoji_are_kept_in_their_order(place: Place) -> None:
    told = await place.settings("ratings", style="own", emoji=f"😴=0 {CUSTOM}=60 😍=100")
    assert f"😴 0 · {CUSTOM} 60 · 😍 100" in told
    assert list((await place.kept()).scale.values.items()) == [("😴", 0), (CUSTOM, 60), ("😍", 100)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"emoji": "good=100 bad=0"}, "`good` is no emoji."),
        ({"emoji": "😍=100"}, "2 to 10 emoji with their weights are needed"),
        ({"emoji": "😍=100 😴=101"}, "`😴=101` needs a weight from 0 to 100"),
        ({"emoji": "😍=100 😍=0"}, "😍 stands there twice"),
        ({"style": "own"}, "Say which emoji count what"),
        ({"style": "thumbs", "emoji": "😍=100 😴=0"}, "Thumbs and stars have their own emoji."),
    ],
)
async def test_a_wrong_list_is_answered_in_a_sentence_and_changes_nothing(
    options: dict[str, str], sentence: str, place: Place
) -> None:
    told = await place.settings("ratings", author_votes=False, **options)
    assert sentence in told
    assert await place.kept() == FeedbackSettings(guild_id=place.guild.id)


async def test_the_best_videos_go_where_the_bot_can_post(place: Place) -> None:
    told = await place.settings("best", channel=place.best, **{"from": 5}, reel="week")
    assert f"go to <#{place.best.id}> from 5 ⭐ on" in told
    assert f"**Reel** of the week goes to <#{place.best.id}>" in told
    kept = await place.kept()
    assert (kept.best_channel_id, kept.best_from, kept.reel_every) == (place.best.id, 5, ReelEvery.WEEK)
    assert kept.reel_since is not None
    told = await place.settings("best", **{"from": 0}, reel="off")
    assert "not copied anywhere" in told
    assert "only on demand" in told
    assert (await place.kept()).best_from == 5


async def test_a_reel_needs_a_channel(place: Place) -> None:
    assert "where the reel goes" in await place.settings("best", reel="month")


async def test_only_who_manages_the_server_may_look_and_change(place: Place, simcord_bot: Reelbot) -> None:
    """Also where the server's settings of commands let others see it."""
    [command] = [one for one in await simcord_bot.tree.fetch_commands() if one.name == "settings"]
    place.guild.set_command_permissions(command, {place.alice: True})
    result = await place.alice.slash(place.channel, "settings ratings", style="stars")
    assert "Only people who may manage this server" in private(result)
    assert await place.kept() == FeedbackSettings(guild_id=place.guild.id)


def test_an_emoji_that_is_a_vote_is_no_command() -> None:
    scale = Scale(style=RatingStyle.OWN, values={"⭐": 100, "💤": 0})
    text = settings_text(FeedbackSettings(scale=scale), TEXTS)
    assert "✉️ on · ⭐ off · ❌ on" in text
