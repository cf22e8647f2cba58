"""`/variations` in the local Discord with real renders: proposed, counted, compared, gone on with."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.actor import Actor, Message, short_id_of
from tests.e2e.comparing import (
    clips_of,
    distance,
    ended,
    labels,
    looks_of,
    looks_of_four,
    nearest,
    private,
    proposed,
    sheet_of,
    started,
)
from tests.e2e.conftest import Stage
from tests.e2e.test_processes import creates_of
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

SEED = re.compile(r"`(\d)` \S+ seed (\d+)")


async def test_four_takes_are_compared_on_a_sheet(stage: Stage) -> None:
    owner = stage.owner
    proposal = await proposed(owner, "variations", prompt="a red fox in snow", count=4, seconds=4)
    seeds = dict(SEED.findall(proposal["content"]))
    assert len(set(seeds.values())) == 4, proposal["content"]
    assert "4 clips, 16 s" in proposal["content"]
    assert await stage.bought() == 0
    board = await started(owner, proposal, "🎲")
    shown = await ended(owner, board)
    assert dict(SEED.findall(shown["content"])) == seeds
    assert shown["content"].count("✅") == 5
    assert labels(shown)[:4] == ["1", "2", "3", "4"]
    sheet = await sheet_of(owner, shown)
    assert sheet.width == 1600
    clips = await clips_of(owner)
    assert len(clips) == 4
    assert await stage.bought() == 4
    videos = {
        re.findall(r"Variation (\d)", clip["content"])[0]: looks_of(await owner.download(clip))
        for clip in clips
    }
    for number, look in zip("1234", looks_of_four(sheet), strict=True):
        assert nearest(look, videos) == number
        assert distance(look, videos[number]) < 3, number


async def test_a_pick_has_the_buttons_of_that_video_also_after_a_restart(stage: Stage) -> None:
    owner = stage.owner
    proposal = await proposed(owner, "variations", prompt="a lighthouse", count=2, seconds=4)
    shown = await ended(owner, await started(owner, proposal, "🎲"))
    seeds = dict(SEED.findall(shown["content"]))
    await stage.stop_bot()
    await stage.start_bot()
    bob = await owner.another("bob")
    for member in (owner, bob):
        picked = await private(member, await member.click(shown, "2"))
        assert f"`2` seed {seeds['2']}" in picked["content"]
        [link] = re.findall(r"https://\S+", picked["content"])
        assert link in shown["content"]
        assert {"🔁 Again", "🎲 Variations", "📋 Details"} <= set(labels(picked)), labels(picked)
    again = await bob.click(picked, "Again")
    status = await owner.until(str(again["message"]["id"]), lambda message: "✅" in message["content"])
    assert "a lighthouse" in status["content"]
    assert await stage.bought() == 3
    after = await owner.message(shown["id"])
    assert after is not None
    assert after["content"] == shown["content"], "the board stays as it was"
    assert labels(after) == labels(shown)


async def test_the_button_proposes_variations_and_the_count_can_change(stage: Stage) -> None:
    owner = stage.owner
    result = await owner.result_of(await owner.video("a paper boat", seconds=4))
    proposal = await private(owner, await owner.click(result, "Variations"))
    assert "3 clips, 12 s" in proposal["content"]
    assert "a paper boat" in proposal["content"]
    before = dict(SEED.findall(proposal["content"]))
    await stage.stop_bot()
    await stage.start_bot()
    for count in (4, 2):
        await owner.click(proposal, f"{count}×")
        proposal = await owner.until(proposal["id"], partial(counts, count))
        now = dict(SEED.findall(proposal["content"]))
        assert len(now) == count
        assert now.items() >= {key: value for key, value in before.items() if int(key) <= count}.items()
    shown = await ended(owner, await started(owner, proposal, "🎲"))
    assert await stage.bought() == 3
    family = await stage.job(short_id_of(result))
    picked = await private(owner, await owner.click(shown, "1"))
    child = await stage.job(
        re.findall(r"-([0-9A-Z]{5})\.", (await clips_of(owner))[0]["attachments"][0]["filename"])[0]
    )
    assert child.origin.parent == family.id
    assert "Remix" in " ".join(labels(picked))


def counts(count: int, message: Message) -> bool:
    return f"{count} clips" in message["content"]


async def test_a_take_that_is_made_anew_gets_another_seed_and_the_sheet_follows(stage: Stage) -> None:
    owner = stage.owner
    proposal = await proposed(owner, "variations", prompt="a lighthouse", count=2, seconds=4)
    shown = await ended(owner, await started(owner, proposal, "🎲"))
    before, sheet = dict(SEED.findall(shown["content"])), shown["attachments"]
    asked = await private(owner, await owner.click(shown, "Redo"))
    body = {
        "message_id": asked["id"],
        "custom_id": asked["components"][0]["components"][0]["custom_id"],
        "values": ["2"],
        "user_id": owner.user_id,
    }
    assert (await owner.call("POST", "click", body)).get("error") is None
    mended = await owner.until(
        shown["id"],
        lambda message: (
            message["attachments"] not in ([], sheet)
            and "✅ Done" in message["content"]
            and dict(SEED.findall(message["content"])).get("2") != before["2"]
        ),
    )
    assert dict(SEED.findall(mended["content"]))["1"] == before["1"]
    assert len(mended["attachments"]) == 1
    assert await stage.bought() == 3


async def test_a_kill_in_the_middle_orders_no_finished_take_again(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=0.6) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            proposal = await proposed(owner, "variations", prompt="a bridge in fog", count=4, seconds=4)
            board = await started(owner, proposal, "🎲")
            await owner.until(board["id"], lambda message: "✅" in message["content"])
            kill(bot)
            await bot.wait()
        assert 1 <= len(await creates_of(session, base_url)) <= 4
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            shown = await ended(owner, board)
            sheet = await sheet_of(owner, shown)
            picked = await private(owner, await owner.click(shown, "4"))
            assert "`4` seed" in picked["content"]
        assert sheet.width == 1600
        assert len(await creates_of(session, base_url)) == 4
        assert len(await clips_of(owner)) == 4
        boards = [m for m in await owner.messages() if "🎲" in m["content"]]
        assert len(boards) == 1


async def test_a_kill_while_the_end_is_shown_leaves_one_sheet(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            proposal = await proposed(owner, "variations", prompt="a bridge in fog", count=2, seconds=4)
            board = await started(owner, proposal, "🎲")

            async def both() -> bool | None:
                return len(await clips_of(owner)) == 2 or None

            await owner.eventually(both)
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings):
            shown = await ended(owner, board)
            await sheet_of(owner, shown)
            # The board is settled: nothing is edited any more.
            await asyncio.sleep(2)
            after = await owner.message(board["id"])
            assert after is not None
            assert after["edited_timestamp"] == shown["edited_timestamp"]
            assert [a["id"] for a in after["attachments"]] == [a["id"] for a in shown["attachments"]]
        assert len(await creates_of(session, base_url)) == 2


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
