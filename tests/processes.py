"""Reelbot's commands as real processes: started, read, stopped, killed."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 120.0


def environment(**settings: str) -> dict[str, str]:
    """Return an environment with these settings and none of the developer's own."""
    ours = (
        "DISCORD_",
        "VIDEO_",
        "OPENAI_",
        "AZURE_",
        "DATABASE_",
        "DATA_",
        "LOG_",
        "ORIGINALS",
        "MACHINE",
        "PROMPT_",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


@asynccontextmanager
async def command(
    *arguments: str, cwd: Path, settings: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `reelbot ARGUMENTS` in a folder; whatever still runs at the end is killed."""
    with (cwd / f"{arguments[0]}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=cwd,
            env=environment(**(settings or {})),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_line(process: asyncio.subprocess.Process) -> str:
    """Return the first line that the process prints."""
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    assert line, f"the process ended with {await process.wait()}"
    return line.decode().strip()


@asynccontextmanager
async def sandbox_process(cwd: Path) -> AsyncIterator[dict[str, str]]:
    """Run the local Discord alone and give what it prints."""
    async with command("sandbox", "--server-only", "--data", str(cwd / "sandbox"), cwd=cwd) as process:
        yield json.loads(await first_line(process))


@asynccontextmanager
async def preview_process(cwd: Path, *, pace: float = 0.0) -> AsyncIterator[str]:
    """Run the preview API alone and give its base URL."""
    arguments = ("preview-api", "--port", "0", "--pace", str(pace), "--data", str(cwd / "preview"))
    async with command(*arguments, cwd=cwd) as process:
        yield await first_line(process)


def bot_settings(world: Mapping[str, str], base_url: str, data: Path) -> dict[str, str]:
    """Return the settings of a bot in that sandbox with that video API."""
    return {
        "DISCORD_TOKEN": world["token"],
        "DISCORD_API_URL": world["discord_api_url"],
        "DISCORD_GATEWAY_URL": world["discord_gateway_url"],
        "VIDEO_API_BASE_URL": base_url,
        "VIDEO_API_PROFILE": "preview",
        "DATA_DIR": str(data),
    }


def kill(process: asyncio.subprocess.Process) -> None:
    """Kill the process as a power cut would."""
    process.send_signal(signal.SIGKILL)
