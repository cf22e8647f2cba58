"""Postings against the local Discord: refused words, refused files, finding, deleting, age restrictions."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import discord
import pytest

from bot.client import rest_client, use_api
from bot.domain.errors import DeliveryError, Forbidden
from bot.domain.posting import Notice, Posting, PostingKind, reel_id
from bot.sandbox.server import SandboxServer
from cogs.postings import DiscordPostings
from tests.actor import Actor
from tests.e2e.conftest import hold_against_description

READ_MESSAGE_HISTORY = str(1 << 16)


class Hall:
    """A channel of the sandbox and the bot's hand that posts there, without a gateway."""

    def __init__(self, owner: Actor, postings: DiscordPostings, channel_id: str, file: Path) -> None:
        self.owner = owner
        self.postings = postings
        self.channel_id = channel_id
        self.notice = Notice(
            text=" rude words <@1>", plain=" plain", file=file, file_name="v.mp4", alt_text="rude"
        )

    def posting(self, mark: str = "🏆 **47**") -> Posting:
        return Posting(
            id=reel_id(1, mark),
            kind=PostingKind.REEL,
            guild_id=int(self.owner.world["guild_id"]),
            channel_id=int(self.channel_id),
            mark=mark,
            intent_at=discord.utils.DISCORD_EPOCH + (int(self.channel_id) >> 22),
        )

    async def refuse(self, status: int, code: int, message: str = "") -> None:
        """Let the next post be refused."""
        body = {"code": code, "message": message}
        path = f"channels/{self.channel_id}/messages"
        await self.owner.call(
            "POST", "faults", {"method": "POST", "path": path, "status": status, "body": body}
        )


@pytest.fixture
async def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    sandbox = SandboxServer(data_dir=tmp_path / "discord", record=True)
    file = tmp_path / "video.mp4"
    file.write_bytes(b"a video")
    async with sandbox, aiohttp.ClientSession() as session:
        use_api(sandbox.discord_api_url, None)
        owner = Actor(session, sandbox.describe())
        channel = await owner.call("POST", "channels", {"name": "hall"})
        async with rest_client() as rest:
            await rest.login(sandbox.token)
            yield Hall(owner, DiscordPostings(rest), channel["id"], file)
        hold_against_description(sandbox)


async def test_a_repeat_within_minutes_is_the_same_message(hall: Hall) -> None:
    posting = hall.posting()
    first = await hall.postings.send(posting, hall.notice)
    assert await hall.postings.send(posting, hall.notice) == first
    [message] = await hall.owner.messages(hall.channel_id)
    assert message["content"] == "🏆 **47** rude words <@1>"
    assert message["mentions"] == []
    [file] = message["attachments"]
    assert (file["filename"], file["description"]) == ("v.mp4", "rude")


async def test_what_is_refused_goes_out_plainer(hall: Hall) -> None:
    await hall.refuse(400, 200000)
    await hall.refuse(413, 40005)
    await hall.postings.send(hall.posting(), hall.notice)
    [message] = await hall.owner.messages(hall.channel_id)
    assert message["content"] == "🏆 **47** plain"
    assert message["attachments"] == []
    await hall.refuse(400, 200000)
    await hall.refuse(400, 200000)
    with pytest.raises(DeliveryError):
        await hall.postings.send(hall.posting("🏆 **48**"), hall.notice)
    assert len(await hall.owner.messages(hall.channel_id)) == 1


async def test_its_own_message_is_found_by_how_it_begins(hall: Hall) -> None:
    posting = hall.posting()
    assert await hall.postings.find(posting) is None
    await hall.owner.call(
        "POST", "messages", {"content": "🏆 **47** says a member", "channel_id": hall.channel_id}
    )
    await hall.postings.send(hall.posting("🏆 **48**"), hall.notice)
    assert await hall.postings.find(posting) is None
    message_id = await hall.postings.send(posting, hall.notice)
    assert await hall.postings.find(posting) == message_id
    await hall.postings.delete(posting, message_id)
    await hall.postings.delete(posting, message_id)
    assert await hall.postings.find(posting) is None


async def test_an_unreadable_history_is_no_empty_one(hall: Hall) -> None:
    channel = await hall.owner.call("POST", "channels", {"name": "deaf", "deny": READ_MESSAGE_HISTORY})
    hall.channel_id = channel["id"]
    with pytest.raises(Forbidden):
        await hall.postings.find(hall.posting())


async def test_channels_tell_for_whom_they_are_and_what_they_take(hall: Hall) -> None:
    adults = await hall.owner.call("POST", "channels", {"name": "adults", "nsfw": True})
    assert await hall.postings.is_restricted(int(adults["id"]))
    assert not await hall.postings.is_restricted(int(hall.channel_id))
    assert await hall.postings.upload_limit(hall.posting()) == 10 << 20
