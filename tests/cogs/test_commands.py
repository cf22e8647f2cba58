"""Commands as Discord hands them over: options, permissions, errors, and what is synced."""

from typing import Any

import pytest
from simcord import Env

from bot.client import INSTALL_PERMISSIONS, Reelbot, invite_link, with_default_texts
from bot.domain.states import JobState
from storage.database import Database
from storage.jobs import SqlJobStore
from tests.cogs.conftest import QuietEngine


class Place:
    """A server with a channel and two members."""

    def __init__(self, env: Env) -> None:
        guild = env.create_guild()
        self.channel = guild.create_text_channel("general")
        self.alice = guild.add_member(env.create_user("alice"))
        self.bob = guild.add_member(env.create_user("bob"))
        self.guild = guild


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def test_a_video_is_accepted_committed_and_shown(
    place: Place, store: SqlJobStore, engine: QuietEngine
) -> None:
    result = await place.alice.slash(place.channel, "video", prompt="a red fox")
    assert not result.ephemeral
    (job,) = await store.line()
    assert (job.request.prompt, job.user_id) == ("a red fox", place.alice.id)
    assert job.place.channel_id == place.channel.id
    assert result.response is not None
    assert job.place.status_message_id == result.response.id
    assert "Next in line" in result.response.content
    assert job.short_id in result.response.content
    (row,) = result.response.components
    assert row["components"][0]["custom_id"] == f"reelbot:cancel:{job.short_id}"
    assert engine.woken == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"prompt": "  "}, "prompt is empty"), ({"prompt": "x" * 5000}, "5,000 characters")],
    ids=["empty", "long"],
)
async def test_a_wrong_option_is_answered_privately_at_once(
    place: Place, store: SqlJobStore, options: dict[str, Any], sentence: str
) -> None:
    result = await place.alice.slash(place.channel, "video", **options)
    assert result.ephemeral
    assert result.response is not None
    assert sentence in result.response.content
    assert await store.line() == []


async def test_the_limit_of_waiting_jobs_is_told_privately(place: Place, store: SqlJobStore) -> None:
    for number in range(10):
        await place.alice.slash(place.channel, "video", prompt=f"fox {number}")
    result = await place.alice.slash(place.channel, "video", prompt="one too many")
    assert result.response is None, "the public thinking is gone"
    (answer,) = result.followups
    assert answer.ephemeral
    assert "10 videos in line" in answer.content
    other = await place.bob.slash(place.channel, "video", prompt="another member")
    assert other.response is not None
    assert len(await store.line()) == 11


async def test_the_queue_lists_what_waits(place: Place) -> None:
    await place.alice.slash(place.channel, "video", prompt="a **red** fox")
    result = await place.bob.slash(place.channel, "queue")
    assert result.ephemeral
    assert result.response is not None
    assert "One video in the works" in result.response.content
    assert r"a \*\*red\*\* fox" in result.response.content


async def test_cancel_is_for_the_author(place: Place, store: SqlJobStore, engine: QuietEngine) -> None:
    started = await place.alice.slash(place.channel, "video", prompt="a fox")
    (job,) = await store.line()
    refused = await place.bob.slash(place.channel, "cancel", id=job.short_id)
    assert refused.response is not None
    assert "Only the person who asked" in refused.response.content
    assert started.response is not None
    pressed = await place.alice.click(started.response.message, label="✖ Cancel")
    assert pressed.response is not None
    assert "Cancelled" in pressed.response.content
    ended = await store.get(job.id)
    assert ended is not None
    assert ended.state is JobState.CANCELLED
    assert engine.over == [ended]


async def test_cancel_suggests_only_what_one_may_cancel(place: Place, store: SqlJobStore) -> None:
    await place.alice.slash(place.channel, "video", prompt="a fox")
    (job,) = await store.line()
    own = await place.alice.autocomplete(place.channel, "cancel", "id", "")
    assert [choice["value"] for choice in own] == [job.short_id]
    assert await place.bob.autocomplete(place.channel, "cancel", "id", "") == []


async def test_an_unknown_id_is_told(place: Place) -> None:
    result = await place.alice.slash(place.channel, "show", id="zzzzz")
    assert result.response is not None
    assert result.ephemeral
    assert "no video zzzzz" in result.response.content


@pytest.mark.simcord(check_errors=False)
async def test_an_unexpected_error_shows_one_sentence_and_no_detail(
    place: Place, simcord_bot: Reelbot, database: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await database.execute("DROP TABLE jobs")
    result = await place.alice.slash(place.channel, "show", id="7F3K2")
    assert result.response is not None
    assert result.response.content == "Something went wrong on my side. It is in the owner's log."
    assert "jobs" in caplog.text


@pytest.mark.simcord(check_errors=False)
async def test_a_button_that_fails_says_one_sentence_too(place: Place, database: Database) -> None:
    started = await place.alice.slash(place.channel, "video", prompt="a fox")
    assert started.response is not None
    await database.execute("DROP TABLE jobs")
    pressed = await place.alice.click(started.response.message, label="✖ Cancel")
    assert pressed.ephemeral
    assert pressed.response is not None
    assert pressed.response.content.startswith("Something went wrong on my side.")


async def test_commands_are_synced_only_when_they_changed(simcord_env: Env, simcord_bot: Reelbot) -> None:
    assert not await simcord_bot.sync_commands()
    simcord_bot.tree.remove_command("queue")
    assert await simcord_bot.sync_commands()
    assert not await simcord_bot.sync_commands()


async def test_the_payload_speaks_english_by_default(simcord_env: Env, simcord_bot: Reelbot) -> None:
    payload = {command["name"]: command for command in await simcord_bot.command_payload()}
    assert set(payload) == {
        *("video", "animate", "Animate this picture", "show", "queue", "cancel"),
        *("variations", "styles", "style", "story", "refine", "continue", "remix", "lineage"),
        *("enhance", "build", "check", "settings", "compare", "stats"),
        *("history", "gallery", "mydata", "trends", "best"),
    }
    video = payload["video"]
    assert video["description"] == "Make a video from a description"
    names = [option["name"] for option in video["options"]]
    assert names == [
        *("prompt", "size", "seconds", "style", "image", "image_url", "last_image", "negative", "audio"),
        *("seed", "enhance"),
    ]
    assert [option["name"] for option in video["options"] if option.get("required")] == ["prompt"]
    assert [option["name"] for option in video["options"] if option.get("autocomplete")] == [
        "size",
        "seconds",
        "style",
    ]
    descriptions = [option["description"] for option in video["options"]]
    assert "A picture that the video ends with" in descriptions
    assert not [text for text in descriptions if text.startswith("option-")]


def test_default_texts_come_from_the_wanted_locale() -> None:
    payload = [{"name": "key", "name_localizations": {"en-US": "Text"}, "description": "stays"}]
    assert with_default_texts(payload)[0]["name"] == "Text"
    assert with_default_texts(payload)[0]["description"] == "stays"


def test_the_invite_link_asks_for_exactly_what_is_used() -> None:
    assert INSTALL_PERMISSIONS.value == 274878024768
    link = invite_link(42)
    assert "client_id=42" in link
    assert "permissions=274878024768" in link
    assert "applications.commands" in link


def test_no_privileged_intent_is_asked_for() -> None:
    client = Reelbot(extensions=(), notes=None)  # type: ignore[arg-type]  # never logged in
    assert client.intents.value == 9217
