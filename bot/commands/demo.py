"""One video in the sandbox, asked for as a member would: through the control API alone."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.errors import BotError
from bot.domain.job import JobId
from bot.domain.states import TERMINAL, JobState
from bot.ports import JobStore

LOOK_SECONDS = 0.1
DEMO_SECONDS = 300.0
CHUNK = 1 << 20


async def run_demo(world: Mapping[str, str], store: JobStore, prompt: str, data_dir: Path) -> Path:
    """Invoke `/video`, print each edit of its status, save the MP4 under the data folder, print its path.

    Raises:
        BotError: refused, failed, or not finished in five minutes.
    """
    started = time.monotonic()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        control = Control(session, world)
        answer = await control.invoke("video", {"prompt": prompt})
        problem = answer.get("error")
        message = answer.get("message")
        if problem or message is None:
            raise BotError(f"/video was not answered: {problem}")
        if message.get("flags", 0) & 64:
            raise BotError(message["content"])
        print(f"> /video prompt:{prompt}", flush=True)
        screen = Screen(started)
        job_id = JobId(answer["interaction_id"])
        while time.monotonic() - started < DEMO_SECONDS:
            for seen in await control.messages():
                screen.show(seen)
                if (video := _video_of(seen, message["id"])) is not None:
                    path = await control.save(video, data_dir / "demo")
                    await _show_end(control, screen, message["id"], store, job_id)
                    print(path, flush=True)
                    return path
            job = await store.get(job_id)
            if job is not None and job.state in TERMINAL and job.state is not JobState.DELIVERED:
                raise BotError(f"the video was not made: {job.failure.code if job.failure else job.state}")
            await asyncio.sleep(LOOK_SECONDS)
    raise BotError("the video was not finished in five minutes")


async def _show_end(
    control: "Control", screen: "Screen", message_id: str, store: JobStore, job_id: JobId
) -> None:
    """Wait for the status message's last edit, which follows the video."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        job = await store.get(job_id)
        for seen in await control.messages():
            if seen["id"] == message_id:
                screen.show(seen)
        if job is not None and job.status_closed:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _video_of(message: Mapping[str, Any], status_id: str) -> Mapping[str, Any] | None:
    replied = (message.get("message_reference") or {}).get("message_id")
    attachments = message.get("attachments") or []
    return attachments[0] if replied == status_id and attachments else None


class Screen:
    """Prints every text of every message once, with the seconds since the start."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._printed: dict[str, int] = {}

    def show(self, message: Mapping[str, Any]) -> None:
        """Print what is new of a message, the edits between two looks included."""
        texts = [entry["content"] for entry in message.get("history") or []] + [message["content"]]
        known = self._printed.get(message["id"], 0)
        for text in texts[known:]:
            if text:
                elapsed = time.monotonic() - self._started
                print(f"[{elapsed:5.1f} s] " + text.replace("\n", "\n          "), flush=True)
        self._printed[message["id"]] = len(texts)


class Control:
    """The part of the sandbox's control API that a demo needs."""

    def __init__(self, session: aiohttp.ClientSession, world: Mapping[str, str]) -> None:
        self._session = session
        self._world = world
        self._base = world["control_url"]

    async def invoke(self, command: str, options: Mapping[str, Any]) -> Any:
        """Use a slash command as the owner."""
        body = {"command": command, "options": options, "user_id": self._world["user_id"]}
        async with self._session.post(f"{self._base}/invoke", json=body) as response:
            return await response.json()

    async def messages(self) -> Any:
        """Return the channel's messages, oldest first."""
        parameters = {"channel_id": self._world["channel_id"]}
        async with self._session.get(f"{self._base}/messages", params=parameters) as response:
            return await response.json()

    async def save(self, attachment: Mapping[str, Any], folder: Path) -> Path:
        """Download an attachment; the name is the bot's own, cut to its last part all the same."""
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        path = folder / Path(str(attachment["filename"])).name
        async with self._session.get(f"{self._base}/files/{attachment['id']}") as response:
            response.raise_for_status()
            with path.open("wb") as file:
                async for chunk in response.content.iter_chunked(CHUNK):
                    await asyncio.to_thread(file.write, chunk)
        return path
