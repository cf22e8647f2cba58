"""Waiting in line: places and guesses that move, and `/queue` with its menu, also after a restart."""

import time
from typing import Any

import pytest

from bot.domain.states import JobState
from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage
from tests.factories import make_job


async def asked(stage: Stage, **options: Any) -> Message:
    """Use `/queue` and return its private answer."""
    answer = await stage.owner.invoke("queue", **options)
    assert answer.get("error") is None, answer
    found = await stage.owner.message(str(answer["message"]["id"]))
    assert found is not None
    assert found["flags"] & 64
    return found


def menu_of(message: Message) -> Any:
    """Return the menu of what may be cancelled."""
    parts = [part for row in message["components"] for part in row["components"]]
    return next(part for part in parts if part["type"] == 3)


async def crowd(stage: Stage, number: int) -> list[Message]:
    """Let so many members ask for a video each, one after the other."""
    statuses = []
    for n in range(number):
        member = await stage.owner.another(f"member {n}")
        statuses.append(await member.video(f"wish {n}", seconds=4))
    return statuses


async def have_made(stage: Stage, number: int, *, each_took: float) -> None:
    """Give the bot an experience: so many videos of so many seconds each."""
    assert stage.app is not None
    now = int(time.time() * 1000)
    for n in range(number):
        job = make_job(
            id=f"made{n}",
            provider=stage.app.catalog.default().name,
            state=JobState.DELIVERED,
            created_at=now - 7_200_000,
            started_at=now - 7_200_000,
            finished_at=now - 7_200_000 + int(each_took * 1000),
            status_closed=True,
        )
        await stage.app.store.add(job)


@pytest.mark.pace(6.0)
async def test_a_place_and_a_guess_are_shown_and_move(stage: Stage) -> None:
    await have_made(stage, 3, each_took=70)
    statuses = await crowd(stage, 5)
    assert "Next in line · about 1 min" in statuses[2]["content"]
    assert "Number 3 in line · about 2 min" in statuses[4]["content"]
    last = await stage.owner.until(statuses[4]["id"], lambda message: "Next in line" in message["content"])
    assert "about 1 min" in last["content"]
    assert last["edits"] <= 3, "a guess that ticks would be an edit storm"


@pytest.mark.pace(30.0)
async def test_the_list_cancels_what_one_chooses_also_after_a_restart(stage: Stage) -> None:
    statuses = await crowd(stage, 4)
    mine = await stage.owner.video("my own", seconds=4)
    await stage.owner.until(statuses[1]["id"], lambda message: "🎨" in message["content"])
    listed = await asked(stage)
    lines = listed["content"].splitlines()
    assert lines[0] == "5 videos in the works"
    assert [line.split()[0] for line in lines[1:]] == ["🎨", "🎨", "⏳", "⏳", "⏳"]
    assert "number 3" in lines[5]
    assert "my own" in lines[5]
    only_mine = await asked(stage, show="mine")
    assert only_mine["content"].splitlines()[1:] == [lines[5]]

    await stage.stop_bot()
    await stage.start_bot()
    menu = menu_of(only_mine)
    assert [option["value"] for option in menu["options"]] == [short_id_of(mine)]
    body = {"message_id": only_mine["id"], "custom_id": menu["custom_id"], "values": [short_id_of(mine)]}
    await stage.owner.call("POST", "click", body | {"user_id": stage.owner.user_id})
    ended = await stage.owner.until(mine["id"], lambda message: "🚫" in message["content"])
    assert "before anything was paid" in ended["content"]
    await stage.owner.until(only_mine["id"], lambda message: "Nothing is being made" in message["content"])


@pytest.mark.pace(30.0)
async def test_a_member_with_many_does_not_hold_up_the_next_and_reads_when_enough_is_enough(
    stage: Stage,
) -> None:
    for n in range(12):
        await stage.owner.video(f"mine {n}", seconds=4)
    refusal = await stage.owner.refused("video", prompt="one more", seconds=4)
    assert (
        refusal == "You already have 10 videos in line. Wait for one to start, or cancel one with `/cancel`."
    )
    other = await stage.owner.another("other")
    theirs = await other.video("theirs", seconds=4)
    assert "Next in line" in theirs["content"]
