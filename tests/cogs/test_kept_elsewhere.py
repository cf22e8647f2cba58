"""`/show` of a video that only another machine has."""

from pathlib import Path

import pytest
from simcord import Env

from bot.domain.codes import Code
from bot.domain.home import Home
from bot.domain.job import Failure
from bot.domain.states import JobState
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.factories import NOW, make_job, make_place

NAME = "originals/X-1.mp4"


@pytest.fixture
def workspace(tmp_path: Path) -> FileWorkspace:
    return FileWorkspace(tmp_path / "data", home=Home(machine="gate", shared=False))


@pytest.mark.parametrize(
    ("machine", "member", "file_is_here", "told"),
    [
        ("mill-2.example", "alice", False, True),
        ("mill-2.example", "alice", True, True),
        ("mill-2.example", "bob", False, False),
        ("gate", "alice", True, False),
        (None, "alice", False, False),
    ],
    ids=["elsewhere", "another file of its name is here", "somebody else's", "here", "nobody knows"],
)
async def test_a_video_of_another_machine_is_told_to_its_author(
    simcord_env: Env,
    store: SqlJobStore,
    workspace: FileWorkspace,
    machine: str | None,
    member: str,
    file_is_here: bool,
    told: bool,
) -> None:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("general")
    members = {name: guild.add_member(simcord_env.create_user(name)) for name in ("alice", "bob")}
    job = make_job(
        user_id=members["alice"].id,
        place=make_place(guild_id=guild.id, channel_id=channel.id),
        state=JobState.FAILED,
        failure=Failure(code=Code.DELIVERY_FAILED),
        finished_at=NOW,
        status_closed=True,
        result_file=NAME,
        kept_on=machine,
    )
    job = await store.add(job)
    if file_is_here:
        workspace.path(NAME).write_bytes(b"a video of that name")
    shown = await members[member].slash(channel, "show", id=job.short_id)
    answers = [message for message in (shown.response, *shown.followups) if message is not None]
    text = "\n".join(message.content for message in answers)
    assert (f"The video is kept on machine {machine}" in text) is told
    files = [file for message in answers for file in message.attachments]
    assert bool(files) is (machine == "gate")
