"""`/history` and `/gallery` as Discord hands them over: what is listed for whom, pages, buttons, sheets."""

from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord import Env, InteractionResult

from bot.client import Reelbot
from bot.domain.gallery import PAGE
from bot.domain.job import Job, Venue
from bot.domain.states import JobState
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.factories import NOW, make_job, make_place, make_request
from tests.fakes import FakeMedia


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


def made(place: Place, number: int, prompt: str = "", **changes: Any) -> Job:
    """Build a delivered video of alice's; higher numbers are newer."""
    changes = {"channel_id": place.channel.id, "user_id": place.alice.id, **changes}
    where = make_place(channel_id=changes.pop("channel_id"), guild_id=changes.pop("guild_id", place.guild.id))
    request = make_request(prompt=prompt or f"video {number}", style=changes.pop("style", None))
    job = make_job(
        id=str(5_000 + number),
        place=where,
        request=request,
        created_at=NOW + number,
        state=JobState.DELIVERED,
    )
    return replace(job, finished_at=NOW + number, result_message_id=7_000 + number, **changes)


def shown(result: InteractionResult) -> str:
    """Return the list of a page."""
    assert result.response is not None
    assert result.response.ephemeral
    [embed] = result.response.embeds
    return embed.description or ""


def labels(result: InteractionResult) -> list[list[str]]:
    """Return the labels of the buttons, row by row."""
    assert result.response is not None
    return [[button["label"] for button in row["components"]] for row in result.response.components]


async def test_history_lists_ones_own_videos_from_everywhere(place: Place, store: SqlJobStore) -> None:
    await store.add(made(place, 1, "a **red** fox @everyone", style="cinematic"))
    await store.add(made(place, 2, "in direct messages", guild_id=None))
    await store.add(made(place, 3, "bob's", user_id=place.bob.id))
    result = await place.alice.slash(place.channel, "history")
    first, facts, second, _ = shown(result).split("\n")
    assert first == "**1** · in direct messages"
    assert second == r"**2** · a \*\*red\*\* fox @" + "\u200beveryone"
    assert "1280×720 · 8 s" in facts
    assert f"<t:{(NOW + 2) // 1000}:R>" in facts
    assert "Cinematic" in shown(result)
    assert labels(result) == [["1", "2"]]
    nothing = await place.bob.slash(place.channel, "history", search="fox")
    assert "No video fits" in shown(nothing)


async def test_filters_reach_the_list(place: Place, store: SqlJobStore) -> None:
    await store.add(made(place, 1, "A red FOX", style="cinematic"))
    await store.add(made(place, 2, "雪中的狐狸", user_id=place.bob.id))
    for options, expected in (
        ({"search": "fox"}, ["A red FOX"]),
        ({"search": " 狐狸 "}, ["雪中的狐狸"]),
        ({"style": "Cinematic"}, ["A red FOX"]),
        ({"model": "preview"}, ["雪中的狐狸", "A red FOX"]),
        ({"model": "no such"}, []),
        ({"rating": "unrated"}, ["雪中的狐狸", "A red FOX"]),
        ({"rating": "liked"}, []),
        ({"member": place.bob.user}, ["雪中的狐狸"]),
    ):
        text = shown(await place.alice.slash(place.channel, "gallery", **options))
        found = [line.partition(" · ")[2] for line in text.split("\n") if line.startswith("**")]
        assert found == expected, options


async def test_a_gallery_shows_what_the_member_may_read(
    place: Place, store: SqlJobStore, simcord_bot: Reelbot
) -> None:
    closed = discord.PermissionOverwrite(view_channel=False)
    mute = discord.PermissionOverwrite(read_message_history=False)
    secret = place.guild.create_text_channel("secret", overwrites={place.bob: closed})
    past = place.guild.create_text_channel("past", overwrites={place.bob: mute})
    adult = place.guild.create_text_channel("adult")
    known = simcord_bot.get_channel(adult.id)
    assert isinstance(known, discord.TextChannel)
    known.nsfw = True
    for number, channel_id in enumerate((place.channel.id, secret.id, past.id, adult.id, 404), start=1):
        await store.add(made(place, number, f"no {number}", channel_id=channel_id))
    await store.add(made(place, 6, "a direct message", venue=Venue.DIRECT))
    assert "no 1" in (text := shown(await place.bob.slash(place.channel, "gallery")))
    assert text.count("**") == 2, "nothing else"
    text = shown(await place.alice.slash(place.channel, "gallery"))
    assert [f"no {n}" in text for n in range(1, 6)] == [True, True, True, False, False]
    assert "no 4" in shown(await place.bob.slash(adult, "gallery")), "in its own channel"


async def test_a_thread_that_is_private_is_listed_in_itself_alone(
    place: Place, store: SqlJobStore, simcord_bot: Reelbot
) -> None:
    guild = simcord_bot.get_guild(place.guild.id)
    assert guild is not None
    for thread_id, kind in ((8_001, 11), (8_002, 12)):
        data: Any = {
            "id": str(thread_id),
            "guild_id": str(guild.id),
            "parent_id": str(place.channel.id),
            "name": "thread",
            "type": kind,
            "owner_id": str(place.alice.id),
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 60,
                "archive_timestamp": "2026-01-01T00:00:00+00:00",
                "locked": False,
            },
        }
        guild._threads[thread_id] = discord.Thread(guild=guild, state=guild._state, data=data)
    await store.add(made(place, 1, "in the open", channel_id=8_001))
    await store.add(made(place, 2, "among friends", channel_id=8_002))
    text = shown(await place.bob.slash(place.channel, "gallery"))
    assert "in the open" in text
    assert "among friends" not in text


async def test_pages_turn_and_their_buttons_show_videos(
    place: Place, store: SqlJobStore, media: FakeMedia, workspace: FileWorkspace
) -> None:
    for number in range(1, 2 * PAGE + 2):
        file = f"originals/{number}.mp4" if number % 2 else None
        if file is not None:
            workspace.path(file).write_bytes(b"video")
        await store.add(made(place, number, result_file=file))
    first = await place.alice.slash(place.channel, "history")
    assert labels(first) == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9"], ["Older ▶"]]
    assert media.filled == [[1, 3, 5, 7, 9]], "numbered as the list is, the others are empty"
    assert first.response is not None
    [sheet] = first.response.attachments
    assert sheet.filename == "videos.jpg"
    second = await place.alice.click(first.response.message, label="Older ▶")
    assert "**1** · video 10\n" in shown(second)
    assert labels(second)[2] == ["◀ Newer", "Older ▶"]
    assert second.response is not None
    third = await place.alice.click(second.response.message, label="Older ▶")
    assert "**1** · video 1\n" in shown(third)
    assert third.response is not None
    assert third.response.attachments == [], "one video makes no sheet, and the one before is gone"
    back = await place.alice.click(third.response.message, label="◀ Newer")
    assert "**1** · video 10\n" in shown(back)
    assert back.response is not None
    again = await place.alice.click(back.response.message, label="◀ Newer")
    assert "**1** · video 19\n" in shown(again)
    assert len(media.sheets) == 2, "made once"
    assert again.response is not None
    opened = await place.alice.click(again.response.message, label="2")
    assert opened.ephemeral
    assert opened.response is not None
    assert "video 18" in opened.response.content
    verbs = [
        button["custom_id"].split(":")[1]
        for row in opened.response.components
        for button in row["components"]
    ]
    assert {"again", "original", "details"} <= set(verbs)


async def test_names_of_styles_and_models_are_suggested(place: Place) -> None:
    styles = await place.alice.autocomplete(place.channel, "gallery", "style", "cinem")
    assert [choice["value"] for choice in styles] == ["cinematic"]
    models = await place.alice.autocomplete(place.channel, "history", "model", "")
    assert [choice["value"] for choice in models] == ["preview/preview"]
