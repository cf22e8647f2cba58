"""Who may do what by a reaction, as Discord's events tell it."""

import discord
import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.job import Job
from bot.domain.states import JobState
from storage.database import Database
from storage.favourites import SqlFavouriteStore
from storage.jobs import SqlJobStore
from tests.cogs.conftest import QuietEngine
from tests.factories import make_job, make_place


class Room:
    """A server with an author, a member, a moderator, another bot, and a message of the bot."""

    def __init__(self, env: Env, client: Reelbot, store: SqlJobStore) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        keeps_order = discord.Permissions(manage_messages=True)
        order = self.guild.create_role("order", permissions=keeps_order)
        self.people = {
            "author": self.guild.add_member(env.create_user("author")),
            "member": self.guild.add_member(env.create_user("member")),
            "moderator": self.guild.add_member(env.create_user("moderator"), roles=[order]),
            "machine": self.guild.add_member(env.create_user("machine", bot=True), roles=[order]),
        }
        self._client = client
        self._store = store

    async def job(self, **changes: object) -> tuple[Job, discord.Message]:
        """Keep a job of the author whose status and video stand in one message each."""
        channel = self._client.get_partial_messageable(self.channel.id, guild_id=self.guild.id)
        messages = [await channel.send(text) for text in ("status", "video")]
        place = make_place(
            guild_id=self.guild.id, channel_id=self.channel.id, status_message_id=messages[0].id
        )
        row: dict[str, object] = {"user_id": self.people["author"].id, "place": place}
        if changes.get("state") is JobState.DELIVERED:
            row |= {"result_channel_id": self.channel.id, "result_message_id": messages[1].id}
        job = await self._store.add(make_job(**(row | changes)))
        return job, messages[1 if job.result is not None else 0]


@pytest.fixture
async def room(simcord_env: Env, simcord_bot: Reelbot, store: SqlJobStore) -> Room:
    return Room(simcord_env, simcord_bot, store)


@pytest.mark.parametrize(
    ("who", "stops"), [("author", True), ("moderator", True), ("member", False), ("machine", False)]
)
async def test_a_cross_stops_the_job_of_its_author(
    room: Room, engine: QuietEngine, who: str, stops: bool
) -> None:
    job, message = await room.job()
    await room.people[who].react(message, "❌")
    assert [ended.id for ended in engine.over] == ([job.id] if stops else [])


@pytest.mark.parametrize("who", ["author", "moderator"])
async def test_a_cross_deletes_and_a_thumb_down_never_does(room: Room, store: SqlJobStore, who: str) -> None:
    job, message = await room.job(state=JobState.DELIVERED)
    await room.people[who].react(message, "👎")
    kept = await store.get(job.id)
    assert kept is not None
    assert kept.result == job.result
    assert len(room.channel.history()) == 2
    await room.people[who].react(message, "❌")
    deleted = await store.get(job.id)
    assert deleted is not None
    assert deleted.result is None
    assert room.channel.history() == []


async def test_stars_come_and_go_but_not_those_of_bots(
    room: Room, database: Database, simcord_env: Env
) -> None:
    job, message = await room.job(state=JobState.DELIVERED)
    favourites = SqlFavouriteStore(database)
    for who in room.people.values():
        await who.react(message, "⭐")
    assert await favourites.stars(job) == 2, "the author's own does not count"
    await room.people["member"].unreact(message, "⭐")
    assert await favourites.stars(job) == 1
    await message.clear_reaction("⭐")
    await simcord_env.settle()
    assert await favourites.stars(job) == 0


async def test_a_letter_goes_to_whoever_asks(room: Room) -> None:
    job, message = await room.job(state=JobState.DELIVERED)
    member = room.people["member"]
    await member.react(message, "✉️")
    [letter] = member.user.dm_channel.history()
    assert job.short_id in letter.content
    assert "it does not come along" in letter.content, "no file of it is kept"
