"""The unmodified discord.py lives in the sandbox."""

import asyncio
import base64
import io
from collections.abc import Awaitable, Callable

import discord
import pytest
from discord import app_commands

from bot.sandbox.server import SandboxServer
from tests.sandbox.rawbot import Person

MIB = 1024 * 1024
Start = Callable[[discord.Client], Awaitable[discord.Client]]


class Question(discord.ui.Modal, title="A question"):
    mood: discord.ui.TextInput["Question"] = discord.ui.TextInput(
        label="Mood", custom_id="mood", max_length=20
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"mood: {self.mood.value}", ephemeral=True)


class Panel(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Panel"]) -> None:
        await interaction.response.edit_message(content="pressed")

    @discord.ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, _: discord.ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(Question())

    @discord.ui.select(
        custom_id="size", options=[discord.SelectOption(label="Small"), discord.SelectOption(label="Large")]
    )
    async def size(self, interaction: discord.Interaction, select: discord.ui.Select["Panel"]) -> None:
        await interaction.response.send_message(f"chose {select.values[0]}")


class VideoBot(discord.Client):
    """A small video bot: one command of each kind."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_reactions = True
        super().__init__(
            intents=intents,
            max_messages=None,
            guild_ready_timeout=0.05,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.reactions: asyncio.Queue[discord.RawReactionActionEvent] = asyncio.Queue()
        self.deferred: asyncio.Queue[discord.Interaction] = asyncio.Queue()
        self.resumed = asyncio.Event()
        self._add_commands()

    def _add_commands(self) -> None:
        @self.tree.command(description="Make a video")
        async def video(
            interaction: discord.Interaction,
            prompt: app_commands.Range[str, 1, 1500],
            seconds: app_commands.Range[int, 4, 12] = 4,
            picture: discord.Attachment | None = None,
        ) -> None:
            await interaction.response.defer(thinking=True)
            size = len(await picture.read()) if picture is not None else 0
            await interaction.edit_original_response(content=f"{prompt} {seconds} {size}")
            self.deferred.put_nowait(interaction)

        @self.tree.command(description="Show the buttons")
        async def panel(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("panel", view=Panel())

        story = app_commands.Group(name="story", description="Stories")

        @story.command(name="add", description="Add a scene")
        async def add(interaction: discord.Interaction, style: str) -> None:
            await interaction.response.send_message(f"added {style}", ephemeral=True)

        @add.autocomplete("style")
        async def styles(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
            known = ["noir", "neon", "pastel"]
            return [app_commands.Choice(name=s, value=s) for s in known if s.startswith(current)]

        @self.tree.context_menu(name="Remix")
        async def remix(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"remix of {message.content}")

        self.tree.add_command(story)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        self.reactions.put_nowait(payload)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        self.reactions.put_nowait(payload)

    async def on_resumed(self) -> None:
        self.resumed.set()


@pytest.fixture
async def video_bot(start: Start) -> VideoBot:
    """Give a bot that is online."""
    client = VideoBot()
    await start(client)
    return client


async def test_the_client_logs_in_and_sees_the_guild(video_bot: VideoBot, server: SandboxServer) -> None:
    guild = video_bot.get_guild(int(server.guild_id))
    assert guild is not None
    assert guild.filesize_limit == 10 * MIB
    channel = guild.get_channel(int(server.channel_id))
    assert isinstance(channel, discord.TextChannel)
    assert channel.permissions_for(guild.me).send_messages
    assert guild.me.guild_permissions.value & 274878024768 == 274878024768


async def test_a_deferred_command_is_filled_and_then_edited_by_bot_token(
    video_bot: VideoBot, person: Person
) -> None:
    picture = {
        "filename": "a b.png",
        "content_type": "image/png",
        "base64": base64.b64encode(b"12345").decode(),
    }
    options = {"prompt": "a red fox", "seconds": 8, "picture": picture}
    answer = await person.do("POST", "invoke", {"command": "video", "options": options})
    assert answer["ack_type"] == 5
    assert answer["message"]["flags"] == 128
    interaction = await asyncio.wait_for(video_bot.deferred.get(), 60)
    assert interaction.filesize_limit == 10 * MIB
    assert not interaction.is_expired()
    assert interaction.app_permissions.attach_files
    channel = video_bot.get_partial_messageable(int(answer["message"]["channel_id"]))
    await channel.get_partial_message(int(answer["message"]["id"])).edit(content="done")
    [shown] = await person.messages()
    assert shown["content"] == "done"
    assert shown["edits"] == 2
    assert [version["content"] for version in shown["history"]] == ["", "a red fox 8 5"]


async def test_a_token_dies_after_15_minutes_but_the_bot_token_still_edits(
    video_bot: VideoBot, person: Person
) -> None:
    await person.do("POST", "invoke", {"command": "video", "options": {"prompt": "x"}})
    interaction = await asyncio.wait_for(video_bot.deferred.get(), 60)
    original = await interaction.original_response()
    await person.do("POST", "clock", {"advance_s": 901})
    with pytest.raises(discord.HTTPException) as refusal:
        await interaction.edit_original_response(content="late")
    assert (refusal.value.status, refusal.value.code) == (401, 50027)
    channel = video_bot.get_partial_messageable(original.channel.id)
    edited = await channel.get_partial_message(original.id).edit(content="by bot token")
    assert edited.content == "by bot token"


async def test_nine_mebibytes_arrive_as_a_reply_and_are_posted_once_per_nonce(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    channel = video_bot.get_partial_messageable(int(server.channel_id))
    status = await channel.send("working")

    async def deliver() -> discord.Message:
        return await channel.send(
            "here",
            file=discord.File(io.BytesIO(b"v" * 9 * MIB), "fox video.mp4", description="a fox"),
            nonce="job-1",
            reference=status.to_reference(fail_if_not_exists=False),
        )

    first, second = await deliver(), await deliver()
    assert first.id == second.id
    assert len(await person.messages()) == 2
    assert first.type is discord.MessageType.reply
    assert first.reference is not None
    assert first.reference.message_id == status.id
    [attachment] = first.attachments
    assert (attachment.filename, attachment.size) == ("fox_video.mp4", 9 * MIB)
    assert attachment.content_type == "video/mp4"
    assert attachment.description == "a fox"
    assert await attachment.read() == b"v" * 9 * MIB


async def test_a_file_over_the_limit_of_the_place_is_refused_until_the_guild_is_boosted(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    channel = video_bot.get_partial_messageable(int(server.channel_id))
    with pytest.raises(discord.HTTPException) as refusal:
        await channel.send(file=discord.File(io.BytesIO(bytes(10 * MIB + 1)), "v.mp4"))
    assert (refusal.value.status, refusal.value.code) == (413, 40005)
    await person.do("POST", "guild", {"premium_tier": 2})
    message = await channel.send(file=discord.File(io.BytesIO(bytes(10 * MIB + 1)), "v.mp4"))
    assert message.attachments[0].size == 10 * MIB + 1
    guild = video_bot.get_guild(int(server.guild_id))
    assert guild is not None
    assert guild.filesize_limit == 50 * MIB


async def test_reactions_go_both_ways(video_bot: VideoBot, person: Person, server: SandboxServer) -> None:
    message = await video_bot.get_partial_messageable(int(server.channel_id)).send("rate me")
    await message.add_reaction("👍")
    own = await asyncio.wait_for(video_bot.reactions.get(), 60)
    assert own.user_id == int(server.application_id)
    await person.do("POST", "react", {"message_id": str(message.id), "emoji": "👍"})
    added = await asyncio.wait_for(video_bot.reactions.get(), 60)
    assert (added.user_id, str(added.emoji), added.event_type) == (int(server.user_id), "👍", "REACTION_ADD")
    assert added.member is not None
    assert not added.member.bot
    fetched = await message.channel.fetch_message(message.id)
    users = [user.id async for user in fetched.reactions[0].users()]
    assert sorted(users) == sorted([int(server.user_id), int(server.application_id)])
    await person.do("DELETE", "react", {"message_id": str(message.id), "emoji": "👍"})
    removed = await asyncio.wait_for(video_bot.reactions.get(), 60)
    assert (removed.user_id, removed.event_type) == (int(server.user_id), "REACTION_REMOVE")


async def test_buttons_selects_and_a_modal_reach_their_callbacks(video_bot: VideoBot, person: Person) -> None:
    panel = (await person.do("POST", "invoke", {"command": "panel"}))["message"]
    chosen = {"message_id": panel["id"], "custom_id": "size", "values": ["Large"]}
    assert (await person.do("POST", "click", chosen))["message"]["content"] == "chose Large"
    opened = await person.do("POST", "click", {"message_id": panel["id"], "custom_id": "ask"})
    assert opened["ack_type"] == 9
    assert opened["modal"]["title"] == "A question"
    values = {"interaction_id": opened["interaction_id"], "values": {"mood": "calm"}}
    answered = await person.do("POST", "submit", values)
    assert answered["message"]["content"] == "mood: calm"
    assert answered["message"]["flags"] & 64
    pressed = await person.do("POST", "click", {"message_id": panel["id"], "custom_id": "again"})
    assert (pressed["ack_type"], pressed["message"]["content"]) == (7, "pressed")


async def test_a_sub_command_completes_its_option(video_bot: VideoBot, person: Person) -> None:
    asked = {"command": "story add", "option": "style", "value": "n"}
    choices = await person.do("POST", "autocomplete", asked)
    assert [choice["value"] for choice in choices] == ["noir", "neon"]
    answer = await person.do("POST", "invoke", {"command": "story add", "options": {"style": "noir"}})
    assert answer["message"]["content"] == "added noir"
    assert answer["message"]["visible_to"] == person.server.user_id


async def test_a_message_command_gets_the_message(video_bot: VideoBot, person: Person) -> None:
    written = await person.do("POST", "messages", {"content": "a fox"})
    answer = await person.do("POST", "context", {"command": "Remix", "message_id": written["id"]})
    assert answer["message"]["content"] == "remix of a fox"
    assert answer["message"]["type"] == 23


async def test_a_direct_message_reaches_a_user_and_closed_ones_are_refused(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    user = await video_bot.fetch_user(int(server.user_id))
    sent = await user.send("psst")
    assert [m["content"] for m in await person.messages(channel_id=str(sent.channel.id))] == ["psst"]
    closed = await person.do("POST", "users", {"name": "Hermit", "dms": False})
    hermit = await video_bot.fetch_user(int(closed["id"]))
    with pytest.raises(discord.Forbidden) as refusal:
        await hermit.send("psst")
    assert refusal.value.code == 50007


async def test_a_dropped_gateway_resumes_and_replays_what_was_missed(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    message = await video_bot.get_partial_messageable(int(server.channel_id)).send("rate me")
    assert await person.do("POST", "gateway", {"action": "drop"}) == {"sessions": 1}
    await person.do("POST", "react", {"message_id": str(message.id), "emoji": "🔥"})
    missed = await asyncio.wait_for(video_bot.reactions.get(), 60)
    assert str(missed.emoji) == "🔥"
    await asyncio.wait_for(video_bot.resumed.wait(), 60)
    assert server.sandbox.gateway.identified == 1


@pytest.mark.parametrize(("action", "identified"), [("reconnect", 1), ("invalid_session", 2)])
async def test_a_session_survives_a_reconnect_and_ends_when_invalid(
    video_bot: VideoBot,
    person: Person,
    server: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    identified: int,
) -> None:
    again = asyncio.Event()

    async def online() -> None:
        again.set()

    for name in ("on_ready", "on_resumed"):
        monkeypatch.setattr(video_bot, name, online, raising=False)
    await person.do("POST", "gateway", {"action": action})
    await asyncio.wait_for(again.wait(), 60)
    assert server.sandbox.gateway.identified == identified
    answer = await person.do("POST", "invoke", {"command": "panel"})
    assert answer["ack_type"] == 4


async def test_a_429_is_waited_out_by_the_library(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    fault = {"method": "POST", "path": "/messages$", "status": 429, "times": 2}
    await person.do("POST", "faults", fault)
    message = await video_bot.get_partial_messageable(int(server.channel_id)).send("patient")
    assert message.content == "patient"
    posts = [
        call["status"] for call in await person.do("GET", "requests") if call["path"].endswith("/messages")
    ]
    assert posts == [429, 429, 200]


async def test_a_429_without_via_is_an_error(
    video_bot: VideoBot, person: Person, server: SandboxServer
) -> None:
    fault = {"path": "/messages$", "status": 429, "body": "<html>banned</html>", "headers": {"Via": ""}}
    await person.do("POST", "faults", fault)
    with pytest.raises(discord.HTTPException) as refusal:
        await video_bot.get_partial_messageable(int(server.channel_id)).send("x")
    assert refusal.value.status == 429


async def test_a_wrong_token_is_refused_at_login(server: SandboxServer, redirected: None) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("wrong")


async def test_privileged_intents_are_refused(server: SandboxServer, redirected: None) -> None:
    async with discord.Client(intents=discord.Intents(guilds=True, members=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await asyncio.wait_for(client.start(server.token), 60)
