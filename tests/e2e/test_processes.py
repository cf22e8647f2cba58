"""Everything as processes of its own, the way it runs in earnest: two terminals, kill -9, wrong settings."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.actor import Actor
from tests.processes import bot_settings, command, first_line, kill, preview_process, sandbox_process


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def creates_of(session: aiohttp.ClientSession, base_url: str) -> list[str]:
    async with session.get(f"{base_url}/videos", params={"limit": "100"}) as response:
        return [video["id"] for video in (await response.json())["data"]]


async def test_a_bot_killed_while_rendering_delivers_once_after_the_next_start(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path, pace=1.0) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        owner = Actor(session, world)
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.bot_online()
            status = await owner.video("a bridge in fog", seconds=4)
            await owner.until(status["id"], lambda message: "🎨" in message["content"])
            kill(bot)
            await bot.wait()
        async with command("run", cwd=tmp_path, settings=settings) as bot:
            await owner.result_of(status)
            await owner.until(status["id"], lambda message: "✅" in message["content"])
            bot.terminate()
            started = time.monotonic()
            assert await asyncio.wait_for(bot.wait(), 60) == 0
            assert time.monotonic() - started < 30, "SIGTERM ends it, also with a video in the works"
        assert len(await creates_of(session, base_url)) == 1
        assert len([m for m in await owner.messages() if m["attachments"]]) == 1


async def test_the_demo_prints_the_edits_and_saves_the_video(tmp_path: Path) -> None:
    async with command("sandbox", "--demo", "a red fox in snow", cwd=tmp_path) as process:
        assert process.stdout is not None
        output = (await asyncio.wait_for(process.stdout.read(), 60)).decode()
        assert await process.wait() == 0
    lines = output.strip().splitlines()
    path = tmp_path / lines[-1]
    assert path.suffix == ".mp4"
    assert path.read_bytes()[4:8] == b"ftyp"
    assert any("🎨" in line for line in lines)
    assert any("✅" in line for line in lines)


async def failing(tmp_path: Path, *arguments: str, **settings: str) -> str:
    """Run a command that must fail, and return the one sentence that it says."""
    async with command(*arguments, cwd=tmp_path, settings=settings) as process:
        code = await asyncio.wait_for(process.wait(), 30)
    said = (tmp_path / f"{arguments[0]}.log").read_text()
    assert code == 2, said
    assert "Traceback" not in said
    return said


async def test_without_a_token_it_says_what_to_do(tmp_path: Path) -> None:
    assert "DISCORD_TOKEN is not set" in await failing(tmp_path, "run")


async def test_a_wrong_token_is_told(tmp_path: Path) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data") | {"DISCORD_TOKEN": "wrong.token.here"}
        said = await failing(tmp_path, "run", **settings)
    assert "Discord refuses DISCORD_TOKEN" in said
    assert "wrong.token.here" not in said


async def test_a_discord_out_of_reach_is_told_and_waited_for(tmp_path: Path) -> None:
    settings = {"DISCORD_TOKEN": "a.b.c", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}
    log = tmp_path / "run.log"
    async with command("run", cwd=tmp_path, settings=settings) as process:
        async with asyncio.timeout(60):
            while log.read_text().count("Discord cannot be reached") < 2:
                await asyncio.sleep(0.05)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("name", ["gateway", "worker"])
async def test_half_a_bot_says_what_it_needs(tmp_path: Path, name: str) -> None:
    token = {"DISCORD_TOKEN": "a.b.c"}
    assert "need a video API" in await failing(tmp_path, name, **token)
    api = {"VIDEO_API_BASE_URL": "http://127.0.0.1:9/v1"}
    assert "need PostgreSQL" in await failing(tmp_path, name, **token, **api)


@pytest.mark.parametrize(
    ("shards", "sentence"),
    [("two of four", "must look like 0-3/16"), ("4/4", "they count from 0"), ("3-1/4", "they count from 0")],
)
async def test_shards_that_there_are_not_are_told(tmp_path: Path, shards: str, sentence: str) -> None:
    said = await failing(tmp_path, "gateway", "--shards", shards, DISCORD_TOKEN="a.b.c")
    assert sentence in said
    assert len(said.splitlines()) == 1


async def test_another_machines_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "machine.txt").write_text("mill")
    own = {"DISCORD_TOKEN": "a.b.c", "ORIGINALS": "own", "MACHINE": "other"}
    said = await failing(tmp_path, "run", **own)
    assert "MACHINE=mill" in said


@pytest.mark.parametrize("arguments", [("preview-api",), ("sandbox", "--server-only")], ids=lambda a: a[0])
async def test_a_port_that_is_taken_or_none_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    async with preview_process(tmp_path) as base_url:
        taken = base_url.split(":")[2].removesuffix("/v1")
        (tmp_path / "other").mkdir()
        for port in (taken, "70000"):
            assert f"port {port} cannot be used" in await failing(
                tmp_path / "other", *arguments, "--port", port
            )


async def test_a_second_bot_on_the_same_file_is_refused(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    async with sandbox_process(tmp_path) as world, preview_process(tmp_path) as base_url:
        settings = bot_settings(world, base_url, tmp_path / "data")
        async with command("run", cwd=tmp_path, settings=settings):
            await Actor(session, world).bot_online()
            said = await failing(tmp_path, "migrate", **settings)
    assert "already uses" in said


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"VIDEO_API_BASE_URL": "ftp://x"}, "VIDEO_API_BASE_URL is wrong"),
        ({"VIDEO_API_BASE_URL": "http://h/v1", "VIDEO_API_PROFILE": "nope"}, "nope"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is wrong"),
        ({"DISCORD_GUILD_IDS": "abc"}, "DISCORD_GUILD_IDS is wrong"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
async def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    assert sentence in await failing(tmp_path, "run", **({"DISCORD_TOKEN": "a.b.c"} | settings))


@pytest.mark.parametrize(
    "answer", ["<html>hello</html>", '{"hello": "world"}'], ids=["a web page", "other JSON"]
)
async def test_a_base_url_that_is_no_video_api_is_told_and_costs_nothing(
    tmp_path: Path, session: aiohttp.ClientSession, answer: str
) -> None:
    from aiohttp import web

    posts: list[str] = []

    async def page(request: web.Request) -> web.Response:
        if request.method == "POST":
            posts.append(request.path)
            return web.Response(text=answer, status=404, content_type="text/html")
        return web.Response(text=answer, content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with sandbox_process(tmp_path) as world:
            settings = bot_settings(world, base_url, tmp_path / "data")
            async with command("run", cwd=tmp_path, settings=settings):
                owner = Actor(session, world)
                await owner.bot_online()
                status = await owner.video("a fox", seconds=4)
                ended = await owner.until(status["id"], lambda message: "❌" in message["content"])
        assert "video service" in ended["content"]
        assert len(posts) == 1
        assert "does not work yet" in (tmp_path / "run.log").read_text()
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "name", ["run", "gateway", "worker", "sandbox", "preview-api", "migrate", "reconcile", "sync"]
)
async def test_every_command_explains_itself(tmp_path: Path, name: str) -> None:
    async with command(name, "--help", cwd=tmp_path) as process:
        assert process.stdout is not None
        assert name in (await process.stdout.read()).decode()
        assert await process.wait() == 0


async def test_the_sandbox_alone_prints_one_json_line(tmp_path: Path) -> None:
    async with command("sandbox", "--server-only", cwd=tmp_path) as process:
        world = json.loads(await first_line(process))
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert set(world) == {
        "discord_api_url",
        "discord_gateway_url",
        "control_url",
        "token",
        "application_id",
        "guild_id",
        "channel_id",
        "user_id",
    }
