"""`/styles` and `/style` in the local Discord with real renders."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain.prompts.styles import presets
from tests.actor import Actor, short_id_of
from tests.e2e.comparing import choose, clips_of, ended, labels, private, proposed, sheet_of, started
from tests.e2e.conftest import Stage
from tests.e2e.test_processes import creates_of
from tests.processes import bot_settings, command, kill, preview_process, sandbox_process

MANAGE_SERVER = str(1 << 5)


async def test_looks_are_chosen_from_a_menu_and_compared(stage: Stage) -> None:
    owner = stage.owner
    asked = await proposed(owner, "styles", prompt="a red fox in snow", seconds=4)
    assert "Choose 2 to 6 looks" in asked["content"]
    assert labels(asked) == ["", "✖ Cancel"], "nothing can be started before something is chosen"
    assert len(asked["components"][0]["components"][0]["options"]) == len(presets())
    await stage.stop_bot()
    await stage.start_bot()
    await choose(owner, asked, "anime", "film-noir", "watercolor")
    proposal = await owner.until(asked["id"], lambda message: "3 clips, 12 s" in message["content"])
    assert [len(row["components"]) for row in proposal["components"]] == [1, 2], "a menu has its own row"
    assert "`2` ▫️ Film noir" in proposal["content"] or "`3` ▫️ Film noir" in proposal["content"]
    await choose(owner, proposal, "anime", "film-noir")
    proposal = await owner.until(asked["id"], lambda message: "2 clips, 8 s" in message["content"])
    shown = await ended(owner, await started(owner, proposal, "🎨 Styles"))
    assert "🎨 Styles: a red fox in snow\n" in shown["content"]
    assert await stage.bought() == 2
    assert (await sheet_of(owner, shown)).width == 1600
    picked = await private(owner, await owner.click(shown, "2"))
    assert "`2` Film noir" in picked["content"]
    details = await owner.press(picked, "Details")
    assert "film-noir" in details or "Film noir" in details
    assert "Classic film noir style" in details


async def test_six_looks_are_named_in_the_command(stage: Stage) -> None:
    owner = stage.owner
    names = "anime, Film Noir，watercolor; claymation, pixel-art, cinematic"
    proposal = await proposed(owner, "styles", prompt="一只红狐在雪中", seconds=4, styles=names)
    assert "6 clips, 24 s" in proposal["content"]
    shown = await ended(owner, await started(owner, proposal, "🎨 Styles"))
    assert labels(shown)[:6] == ["1", "2", "3", "4", "5", "6"]
    assert [len(row["components"]) for row in shown["components"]][:2] == [3, 3]
    assert await stage.bought() == 6
    assert (await sheet_of(owner, shown)).width == 1600


async def test_a_server_has_looks_of_its_own(stage: Stage) -> None:
    owner = await stage.owner.another("manager", permissions=MANAGE_SERVER)
    text = "Under the sea: everything floats, caustic light."
    told = await proposed(owner, "style add", name="Deep  Sea!", prompt=text, negative="dry land")
    assert "**deep-sea**" in told["content"]
    assert "deep-sea" in (await proposed(owner, "style list"))["content"]
    status = await owner.video("a red fox", seconds=4, style="Deep Sea")
    result = await owner.result_of(status)
    job = await stage.job(short_id_of(result))
    assert job.request.prompt == f"a red fox. {text}"
    assert (job.request.style, job.request.typed) == ("deep-sea", "a red fox")
    assert "**deep-sea**" in (await proposed(owner, "style remove", name="deep-sea"))["content"]
    assert "no look “deep-sea”" in await owner.refused("video", prompt="a fox", style="deep-sea")
    assert "no looks of its own" in (await proposed(owner, "style list"))["content"]
    assert await stage.bought() == 1


async def test_a_kill_in_the_middle_orders_no_finished_look_again(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=0.6) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            looks = "anime, film-noir, claymation, time-lapse"
            proposal = await proposed(owner, "styles", prompt="a bridge in fog", styles=looks, seconds=4)
            board = await started(owner, proposal, "🎨 Styles")
            await owner.until(board["id"], lambda message: "✅" in message["content"])
            finished = len(await creates_of(session, base_url))
            kill(bot)
            await bot.wait()
        assert 1 <= finished <= 4
        async with command("run", cwd=tmp_path, settings=settings):
            shown = await ended(owner, board)
            assert (await sheet_of(owner, shown)).width == 1600
            picked = await private(owner, await owner.click(shown, "3"))
            assert "`3` Claymation" in picked["content"]
        assert len(await creates_of(session, base_url)) == 4
        assert len(await clips_of(owner)) == 4


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
