"""`/continue`, *Continue* and *Join with the part before*: forms, first answers, refusals in words."""

from dataclasses import replace
from typing import Any

import pytest
from simcord import Env, InteractionResult

from bot.domain.job import Job, Place
from bot.domain.join import Join
from bot.domain.origin import Origin, Relation
from bot.domain.states import JobState
from bot.jobs.studio import STUDIO
from cogs.buttons.views import result_view
from cogs.texts import load_library
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.cogs.test_commands import Place as Channel
from tests.factories import make_job, make_place, make_request
from tests.fakes import FakeMedia

TEXTS = load_library().texts("en-US")


@pytest.fixture
def place(simcord_env: Env) -> Channel:
    return Channel(simcord_env)


def answers(result: InteractionResult) -> str:
    return "\n".join(message.content for message in (result.response, *result.followups) if message)


def here(place: Channel) -> Place:
    return make_place(guild_id=place.guild.id, channel_id=place.channel.id)


async def made(
    store: SqlJobStore, workspace: FileWorkspace, place: Channel, number: int = 1, **changes: object
) -> Job:
    """Put a delivered video there, with its file."""
    name = f"originals/{number}-0.mp4"
    path = workspace.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"video")
    usual = {
        "id": str(number),
        "state": JobState.DELIVERED,
        "result_file": name,
        "result_message_id": 900 + number,
        "place": here(place),
    }
    return await store.add(make_job(**(usual | changes)))


def labels(view: Any) -> list[list[str]]:
    return [[button["label"] for button in row["components"]] for row in view.to_components()]


async def test_a_next_part_has_one_row_more() -> None:
    job = make_job(state=JobState.DELIVERING, result_file="originals/1-0.mp4")
    assert labels(result_view(job, TEXTS))[0][-1] == "⏩ Continue"
    part = replace(job, origin=Origin(parent="1", relation=Relation.CONTINUATION))
    assert labels(result_view(part, TEXTS))[2:] == [["🎞️ Join with the part before"]]
    assert len(labels(result_view(job, TEXTS))) == 2
    scene = replace(part, origin=replace(part.origin, board="5", clip=1))
    assert len(labels(result_view(scene, TEXTS))) == 2


async def test_without_words_the_command_asks_and_keeps_the_length(
    place: Channel, store: SqlJobStore, workspace: FileWorkspace, media: FakeMedia
) -> None:
    job = await made(store, workspace, place, request=make_request(prompt="a fox sleeps"))
    asked = await place.bob.slash(place.channel, "continue", id=f"#{job.short_id.lower()}", seconds=4)
    assert asked.modal is not None
    assert asked.modal["title"] == f"What happens after {job.short_id}"
    (field,) = asked.modal["components"]
    assert field["component"]["value"] == "a fox sleeps"
    sent = await place.bob.submit_modal(asked, {field["component"]["custom_id"]: "it wakes up"})
    assert not sent.ephemeral
    (next_part,) = await store.line()
    assert (next_part.request.prompt, next_part.request.seconds) == ("it wakes up", 4)
    assert next_part.user_id == place.bob.id
    assert next_part.origin == Origin(parent=job.id, relation=Relation.CONTINUATION)
    assert media.frames == [("1-0.mp4", None)]


async def test_with_words_the_command_orders_at_once(
    place: Channel, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await made(store, workspace, place)
    result = await place.bob.slash(place.channel, "continue", id=job.short_id, prompt="it wakes up")
    assert result.modal is None
    (next_part,) = await store.line()
    assert next_part.request.seconds == job.request.seconds
    assert result.response is not None
    assert next_part.place.status_message_id == result.response.id


async def test_what_has_no_end_yet_is_told_before_a_form(
    place: Channel, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await made(store, workspace, place, state=JobState.RENDERING, result_file=None)
    asked = await place.bob.slash(place.channel, "continue", id=job.short_id)
    assert asked.modal is None
    assert "no end yet" in answers(asked)
    assert "I know no video" in answers(await place.bob.slash(place.channel, "continue", id="ZZZZZ"))
    assert len(await store.line()) == 0


async def test_a_refusal_after_the_public_answer_is_private(
    place: Channel, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await made(store, workspace, place)
    workspace.path(job.result_file or "").unlink()
    result = await place.bob.slash(place.channel, "continue", id=job.short_id, prompt="it wakes up")
    assert "cannot be continued" in answers(result)
    assert await store.line() == []


async def test_the_button_joins_the_parts_as_a_job_of_its_own(
    place: Channel, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    first = await made(store, workspace, place)
    origin = Origin(parent=first.id, relation=Relation.CONTINUATION)
    second = await made(store, workspace, place, 2, origin=origin)
    shown = (await place.alice.slash(place.channel, "show", id=second.short_id)).response
    assert shown is not None
    for _ in range(2):
        await place.alice.click(shown.message, label="🎞️ Join with the part before")
    jobs = await store.line()
    assert [job.request.join for job in jobs] == [Join(sources=(first.id, second.id))] * 2
    assert {job.provider for job in jobs} == {STUDIO}
    assert {job.user_id for job in jobs} == {place.alice.id}
    workspace.path(first.result_file or "").unlink()
    told = await place.alice.click(shown.message, label="🎞️ Join with the part before")
    assert "cannot be joined" in answers(told)
