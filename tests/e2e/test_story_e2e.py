"""`/story` in the local Discord with real renders: told, changed, started, watched, joined, mended."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import av
import numpy as np
import pytest

from tests.actor import Actor, Message, short_id_of
from tests.e2e.conftest import Stage
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

TOLD = """a lighthouse at dawn, waves against the rocks 8s
a keeper climbs the spiral stairs with a lantern 12s
the lamp begins to turn above the foggy sea 8s
a ship finds its way into the harbour 12s"""
SHORT = "a lighthouse at dawn 4s\na keeper climbs the stairs 4s\nthe lamp turns 4s"


async def fill(owner: Actor, answer: dict[str, Any], *values: str) -> dict[str, Any]:
    """Send the form that an interaction opened, its fields in order."""
    assert answer.get("modal"), answer
    names = [part["component"]["custom_id"] for part in answer["modal"]["components"]]
    given = dict(zip(names, values, strict=True))
    sent = await owner.call("POST", "submit", {"interaction_id": answer["interaction_id"], "values": given})
    assert sent.get("error") is None, sent
    assert isinstance(sent, dict)
    return sent


async def proposed(owner: Actor, scenes: str, title: str = "", **options: Any) -> Message:
    """Type a story and return its private proposal."""
    sent = await fill(owner, await owner.invoke("story", **options), scenes, title)
    shown = await owner.until(sent["message"]["id"], lambda message: bool(message["content"]))
    assert shown["flags"] & 64
    return shown


async def started(owner: Actor, proposal: Message) -> Message:
    """Start a proposal and return the board's message."""
    answer = await owner.click(proposal, "Start")
    assert answer.get("error") is None, answer
    return await owner.until(str(answer["message"]["id"]), lambda message: "🎞️" in message["content"])


async def choose(owner: Actor, board: Message, label: str, position: int) -> dict[str, Any]:
    """Press a button of the board and choose a clip from its menu."""
    asked = await owner.click(board, label)
    menu = await owner.until(asked["message"]["id"], lambda message: bool(message["components"]))
    body = {
        "message_id": menu["id"],
        "custom_id": menu["components"][0]["components"][0]["custom_id"],
        "values": [str(position)],
        "user_id": owner.user_id,
    }
    answer = await owner.call("POST", "click", body)
    assert answer.get("error") is None, answer
    assert isinstance(answer, dict)
    return answer


async def whole(owner: Actor, *, count: int = 1) -> Message:
    """Wait for the joined video, the `count`th one."""

    async def look() -> Message | None:
        found = [m for m in await owner.messages() if "in one piece" in m["content"] and m["attachments"]]
        return found[count - 1] if len(found) >= count else None

    return await owner.eventually(look, lambda: "the whole video")


async def ended(owner: Actor, board: Message) -> Message:
    return await owner.until(board["id"], lambda message: "✅ Done" in message["content"])


async def test_four_scenes_become_one_video(stage: Stage) -> None:
    proposal = await proposed(stage.owner, TOLD)
    assert "`2` **12 s** · a keeper climbs" in proposal["content"]
    assert "4 clips, 40 s" in proposal["content"]
    board = await started(stage.owner, proposal)
    result = await whole(stage.owner)
    shown = await ended(stage.owner, board)
    assert shown["content"].count("✅") == 6, shown["content"]
    clips = [m for m in await stage.owner.messages() if "Scene" in m["content"] and m["attachments"]]
    assert len(clips) == 4
    assert await stage.bought() == 4
    path = stage.tmp_path / "whole.mp4"
    path.write_bytes(await stage.owner.download(result))
    look_at(path, 40.0)


def look_at(path: Path, seconds: float) -> None:
    """Check that the video plays for so long, that nothing stands still or is black, and that it sounds."""
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert abs(container.duration / av.time_base - seconds) < 0.1
        still, before, at = 0, None, -1.0
        for frame in container.decode(video=0):
            assert frame.time is not None
            assert 0 < frame.time - at < 0.1 or at < 0, f"a gap before {frame.time}"
            picture = frame.reformat(width=160, height=90, format="gray").to_ndarray().astype(np.int16)
            assert picture.mean() > 12, f"black at {frame.time}"
            still = still + 1 if before is not None and np.abs(picture - before).max() == 0 else 0
            assert still < 4, f"nothing moves at {frame.time}"
            before, at = picture, frame.time
        assert abs(at - seconds) < 0.1
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
        times = [
            (frame.time or 0.0, frame.samples / frame.sample_rate) for frame in container.decode(audio=0)
        ]
        for (start, length), (following, _) in itertools.pairwise(times):
            assert abs(start + length - following) < 0.03, f"the sound breaks at {following}"
        assert abs(times[-1][0] + times[-1][1] - seconds) < 0.1


async def test_a_proposal_is_changed_in_place_and_outlives_a_restart(stage: Stage) -> None:
    owner = stage.owner
    proposal = await proposed(owner, "a fox wakes 5s\na fox runs", title="The fox")
    assert "🎞️ Story: The fox" in proposal["content"]
    assert "scene 1 is 4 s instead of 5" in proposal["content"]
    assert "This model makes 4, 8, 12 s" in proposal["content"]
    assert "2 clips, 12 s" in proposal["content"]
    await stage.stop_bot()
    await stage.start_bot()
    await owner.click(proposal, "Each scene continues the one before: off")
    changed = await owner.until(proposal["id"], lambda m: "one before: on" in str(m["components"]))
    assert "instead of 5" in changed["content"], "a change of another kind says it still"
    await owner.click(changed, "Cut")
    changed = await owner.until(proposal["id"], lambda m: "Cross-fade" in str(m["components"]))
    answer = await owner.click(changed, "Add a scene")
    assert answer["modal"]["title"] == "Scene 3"
    await fill(owner, answer, "a fox sleeps, curled up in the den 12 s")
    changed = await owner.until(proposal["id"], lambda m: "`3` **12 s**" in m["content"])
    answer = await owner.click(changed, "Edit")
    scenes, title = (part["component"]["value"] for part in answer["modal"]["components"])
    assert scenes.splitlines() == [
        "a fox wakes 4s",
        "a fox runs 8s",
        "a fox sleeps, curled up in the den 12s",
    ]
    assert title == "The fox"
    await fill(owner, answer, "a fox wakes 8s\n2. a fox sleeps 4s", "")
    changed = await owner.until(proposal["id"], lambda m: "A story in 2 scenes" in m["content"])
    assert "2 clips, 12 s" in changed["content"]
    assert "instead of" not in changed["content"]
    assert short_id_of(changed) == short_id_of(proposal)
    board = await started(owner, changed)
    await whole(owner)
    await ended(owner, board)
    assert await stage.bought() == 2
    gone = [m for m in await owner.messages() if m["id"] == proposal["id"]]
    assert not gone, "the question is taken away"


async def test_what_is_refused_names_the_scene_and_gives_back_what_was_typed(stage: Stage) -> None:
    owner = stage.owner
    for scenes, sentence in (
        ("a fox\na hare 0s", "The length of scene 2 must be"),
        ("a fox\n8s", "Scene 2 says how long it is"),
        ("\n".join(["a fox"] * 11), "11 scenes are too many: 10 at most."),
    ):
        sent = await fill(owner, await owner.invoke("story"), scenes, "")
        told = await owner.until(sent["message"]["id"], lambda message: bool(message["content"]))
        assert sentence in told["content"]
        assert f"```\n{scenes}\n```" in told["content"]
    long = "\n".join(["a fox runs through the snow, again and again and again " * 7] * 9) + "\na hare 0s"
    sent = await fill(owner, await owner.invoke("story"), long, "")
    told = await owner.until(sent["message"]["id"], lambda message: bool(message["attachments"]))
    assert (await owner.download(told)).decode() == long
    assert await stage.bought() == 0


async def test_an_idea_is_split_and_can_be_dropped(stage: Stage) -> None:
    answer = await stage.owner.invoke("story", idea="a seed falls, then it sprouts, then it blooms", scenes=3)
    proposal = await stage.owner.until(answer["message"]["id"], lambda message: bool(message["content"]))
    assert "Your idea in scenes" in proposal["content"]
    assert "built-in rules" in proposal["content"]
    assert "`3` **8 s** · The same seed blooms" in proposal["content"]
    await stage.owner.click(proposal, "Cancel")
    await stage.owner.until(proposal["id"], lambda message: "nothing was ordered" in message["content"])
    assert await stage.bought() == 0


@pytest.mark.pace(1.0)
async def test_a_planned_scene_is_changed_and_one_is_left_out(stage: Stage) -> None:
    owner = stage.owner
    board = await started(owner, await proposed(owner, SHORT + "\na gull 4s", chained=True))
    board = await owner.until(board["id"], lambda message: "`1` ⏳" in message["content"])
    form = await choose(owner, board, "Change", 3)
    assert form["modal"]["title"] == "Clip 3"
    await fill(owner, form, "a storm gathers over the sea")
    await choose(owner, board, "Skip", 2)
    board = await owner.until(board["id"], lambda message: "left out" in message["content"])
    await whole(owner)
    board = await ended(owner, board)
    assert "`2` ⏭️" in board["content"]
    assert "`3` ✅ a storm gathers" in board["content"]
    assert await stage.bought() == 3
    assert "12 s in all" in board["content"]


async def test_a_finished_scene_made_anew_is_joined_anew(stage: Stage) -> None:
    owner = stage.owner
    board = await started(owner, await proposed(owner, SHORT))
    first = await whole(owner)
    board = await ended(owner, board)
    await choose(owner, board, "Redo", 2)
    second = await whole(owner, count=2)
    board = await ended(owner, board)
    assert await stage.bought() == 4
    assert await owner.download(first) != await owner.download(second)
    assert str(second["id"]) in board["content"], "the board points to the newest"
    form = await choose(owner, board, "Change", 3)
    await fill(owner, form, "the lamp goes out")
    await whole(owner, count=3)
    await ended(owner, board)
    assert await stage.bought() == 5


@pytest.mark.pace(1.0)
async def test_a_story_that_is_stopped_is_joined_of_what_there_is(stage: Stage) -> None:
    owner = stage.owner
    board = await started(owner, await proposed(owner, SHORT + "\na gull 4s", chained=True))
    board = await owner.until(board["id"], lambda message: "`2` ⏳" in message["content"])
    assert "joined with the rest" in await owner.press(board, "Stop here and join")
    result = await whole(owner)
    board = await ended(owner, board)
    assert "`3` ⏭️" in board["content"]
    assert await stage.bought() == 2
    path = stage.tmp_path / "whole.mp4"
    path.write_bytes(await owner.download(result))
    look_at(path, 8.0)


@pytest.mark.pace(1.0)
async def test_a_refused_scene_waits_for_other_words(stage: Stage) -> None:
    owner = stage.owner
    board = await started(owner, await proposed(owner, "a fox 4s\na hare [[moderated]] 4s\na gull 4s"))
    board = await owner.until(board["id"], lambda message: "It waits for you" in message["content"])
    assert "`2` ❌" in board["content"]
    form = await owner.click(board, "Change")
    await fill(owner, form, "a hare in a field")
    await whole(owner)
    await ended(owner, board)
    assert await stage.bought() == 4


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def bought_of(session: aiohttp.ClientSession, base_url: str) -> int:
    async with session.get(f"{base_url}/videos", params={"limit": "100"}) as response:
        return len((await response.json())["data"])


async def test_a_bot_killed_in_its_third_scene_orders_nothing_twice(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=1.5) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            proposal = await proposed(owner, SHORT + "\na gull 4s", chained=True)
            board = await started(owner, proposal)
            await owner.until(board["id"], lambda m: re.search("`3` ⏳.*%", m["content"]) is not None)
            kill(bot)
            await bot.wait()
        assert await bought_of(session, base_url) == 3
        async with command("run", cwd=tmp_path, settings=settings):
            result = await whole(owner)
            await ended(owner, board)
        assert await bought_of(session, base_url) == 4
        assert len([m for m in await owner.messages() if m["attachments"]]) == 5
        path = tmp_path / "whole.mp4"
        path.write_bytes(await owner.download(result))
        look_at(path, 16.0)


async def test_a_bot_killed_while_it_joins_joins_once_more(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            board = await started(owner, await proposed(owner, TOLD, title="The lighthouse", fade=True))
            async with asyncio.timeout(60):
                while not list((tmp_path / "data" / "originals").glob("*.part.mp4.part")):
                    await asyncio.sleep(0.02)
            kill(bot)
            await bot.wait()
        assert not [m for m in await owner.messages() if "in one piece" in m["content"]]
        async with command("run", cwd=tmp_path, settings=settings):
            result = await whole(owner)
            await ended(owner, board)
        assert await bought_of(session, base_url) == 4
        assert len([m for m in await owner.messages() if "in one piece" in m["content"]]) == 1
        path = tmp_path / "whole.mp4"
        path.write_bytes(await owner.download(result))
        with av.open(str(path)) as container:
            assert container.duration is not None
            assert 38 < container.duration / av.time_base < 43, "four scenes and a title, less the fades"
