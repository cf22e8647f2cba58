"""`/mydata` as Discord hands it over: the ZIP that is sent, the question, and what a press deletes."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from simcord import Env

from bot.client import Reelbot
from bot.domain.states import JobState
from storage.database import Database
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place
from tests.cogs.test_gallery_command import made
from tests.storage.personal_rows import insert


@pytest.fixture
async def place(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def test_a_copy_holds_words_and_videos_and_comes_once_an_hour(
    place: Place, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    workspace.path("originals/a.mp4").write_bytes(b"a video")
    await store.add(made(place, 1, "a red fox 狐狸", result_file="originals/a.mp4"))
    await store.add(made(place, 2, "another's", user_id=place.bob.id))
    gone = made(place, 3, "gone", result_file="originals/gone.mp4")
    await store.add(gone)
    result = await place.alice.slash(place.channel, "mydata export")
    part, whole = result.followups if result.response is None else (result.response, *result.followups)
    assert part.ephemeral
    assert whole.ephemeral
    [attached] = part.attachments
    assert attached.filename == "my-data-1.zip"
    with zipfile.ZipFile(io.BytesIO(await attached.read())) as copy:
        assert copy.testzip() is None
        assert set(copy.namelist()) == {"data.json", f"videos/{made(place, 1).short_id}.mp4", "links.txt"}
        assert copy.read(f"videos/{made(place, 1).short_id}.mp4") == b"a video"
        data = json.loads(copy.read("data.json"))
        assert [job["prompt"] for job in data["jobs"]] == ["a red fox 狐狸", "gone"]
        assert copy.read("links.txt").decode().strip() == data["jobs"][1]["link"]
    assert data["jobs"][1]["link"] in whole.content
    refused = await place.alice.slash(place.channel, "mydata export")
    answers = refused.followups if refused.response is None else [refused.response, *refused.followups]
    assert any("one copy an hour" in answer.content for answer in answers)
    assert not list(workspace.path("pictures/x.jpg").parent.iterdir()), "nothing is left on disk"


async def test_a_press_deletes_what_is_kept(
    place: Place, store: SqlJobStore, workspace: FileWorkspace, database: Database
) -> None:
    video = workspace.path("originals/a.mp4")
    video.write_bytes(b"a video")
    await store.add(made(place, 1, "a red fox", result_file="originals/a.mp4"))
    asked = await place.alice.slash(place.channel, "mydata delete")
    assert asked.ephemeral
    assert asked.response is not None
    assert "1 videos with their prompts" in asked.response.content
    assert "What stays" in asked.response.content
    pressed = await place.alice.click(asked.response.message, label="🗑️ Delete my data")
    assert pressed.response is not None
    assert "Everything about you is deleted" in pressed.response.content
    assert pressed.response.components == []
    job = await store.get(made(place, 1).id)
    assert job is not None
    assert (job.user_id, job.request.prompt) == (0, "")
    assert not video.exists()
    assert await database.fetch_all("SELECT * FROM removals") == []


async def test_jobs_under_way_come_first(place: Place, store: SqlJobStore) -> None:
    asked = await place.alice.slash(place.channel, "mydata delete")
    assert asked.response is not None
    await store.add(replace(made(place, 1), state=JobState.RENDERING, result_message_id=None))
    pressed = await place.alice.click(asked.response.message, label="🗑️ Delete my data")
    answers = [*pressed.followups, *([pressed.response] if pressed.response is not None else [])]
    assert any("Nothing was deleted" in answer.content for answer in answers)
    again = await place.alice.slash(place.channel, "mydata delete")
    assert again.response is not None
    assert "still under way" in again.response.content
    assert again.response.components == []


async def test_a_video_without_its_author_can_still_be_looked_at(place: Place, store: SqlJobStore) -> None:
    """Its message may still stand, and its buttons with it."""
    await store.add(made(place, 1, "a red fox"))
    await store.add(replace(made(place, 2), state=JobState.FAILED, remote_id="video_1"))
    asked = await place.alice.slash(place.channel, "mydata delete")
    assert asked.response is not None
    await place.alice.click(asked.response.message, label="🗑️ Delete my data")
    for number in (1, 2):
        seen = await place.bob.slash(place.channel, "show", id=made(place, number).short_id)
        assert seen.response is not None
        assert "Something went wrong" not in seen.response.content
        assert str(place.alice.id) not in seen.response.content


async def test_what_an_earlier_process_left_is_done_at_the_start(
    place: Place, workspace: FileWorkspace, database: Database, simcord_bot: Reelbot
) -> None:
    picture = workspace.path("pictures/1.jpg")
    picture.write_bytes(b"a picture")
    await insert(database, "removals", id="file x", file="pictures/1.jpg")
    await insert(database, "removals", id="message 5", channel_id=place.channel.id, message_id=5)
    cog: Any = simcord_bot.get_cog("MyData")  # loading an extension makes its classes anew
    await cog.on_ready()
    await cog._work
    assert not picture.exists()
    assert await database.fetch_all("SELECT * FROM removals") == [], "a message that is gone is done"
