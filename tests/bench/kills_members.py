"""Members who ask for one video after the other, the owner who decides, what they see; Discord's bad days."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import aiohttp

from tests.actor import Actor, Message

COMMAND_ANSWER, LOADING = 20, 1 << 7
ENDINGS = ("✅", "❌", "⚠️", "🚫")
SLOW_SHARE, SLOW_S = 0.2, (0.02, 0.15)
UNSURE, GIVE_UP = "⚠️", "Give up"
THOUGHT_S = 3.0
"""So long an owner thinks about a doubtful job: until then the render has ended, if there is one."""
PATIENCE = 8.0
"""So long a member waits for an end before asking for the next video, seconds."""


class Channels:
    """The messages as they stand now, fed by the live feed, and whether the bot has come online."""

    def __init__(self) -> None:
        self.online = asyncio.Event()
        self._messages: dict[str, Message] = {}
        self._doubtful_since: dict[str, float] = {}
        self._changed = asyncio.Event()

    def see(self, message: Message) -> None:
        """Take a new or changed message."""
        self._messages[message["id"]] = message
        if is_doubtful(message):
            self._doubtful_since.setdefault(message["id"], time.monotonic())
        else:
            self._doubtful_since.pop(message["id"], None)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def open_jobs(self) -> int:
        """Count the status messages that show no end yet."""
        return sum(is_status(m) and not has_ended(m) for m in self._messages.values())

    def doubtful_for(self, seconds: float) -> list[Message]:
        """Return the status messages that ask for a decision, since so long."""
        latest = time.monotonic() - seconds
        return [self._messages[number] for number, since in self._doubtful_since.items() if since <= latest]

    async def until_ended(self, message_id: str, seconds: float) -> None:
        """Wait until this status message shows an end, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                while not has_ended(self._messages.get(message_id, {})):
                    await self._changed.wait()
        except TimeoutError:
            return

    async def until_fewer(self, jobs: int) -> None:
        """Wait until fewer than so many are open."""
        while self.open_jobs() >= jobs:
            await self._changed.wait()


def is_status(message: Message) -> bool:
    """Say whether this is the answer to a command that became more than "thinking…"."""
    return message.get("type") == COMMAND_ANSWER and not message["flags"] & LOADING


def has_ended(message: Message) -> bool:
    """Say whether a status message shows how the job ended."""
    return any(line.startswith(ENDINGS) for line in message.get("content", "").splitlines())


def is_doubtful(message: Message) -> bool:
    """Say whether a status message asks for a decision."""
    return is_status(message) and any(line.startswith(UNSURE) for line in message["content"].splitlines())


class BadDays:
    """Faults of Discord: for each call that it answered the dice say what happens to the next one."""

    def __init__(self, owner: Actor, rng: random.Random, *, share: float) -> None:
        self._owner = owner
        self._rng = rng
        self._share = share
        self.calm = False
        self.faults: Counter[str] = Counter()

    async def after_call(self) -> None:
        """Throw the dice."""
        dice = self._rng.random()
        slow = {"delay_s": self._rng.uniform(*SLOW_S)}
        if self.calm or dice >= 2 * self._share + SLOW_SHARE:
            return
        if dice < self._share:
            await self._order("lost", slow | {"drop": "after"})
        elif dice < 2 * self._share:
            await self._order("503", {"status": 503})
        else:
            await self._order("slow", slow)

    async def end(self) -> None:
        """Let nothing fail any more."""
        self.calm = True
        await self._owner.call("DELETE", "faults")

    async def _order(self, kind: str, fault: dict[str, Any]) -> None:
        self.faults[kind] += 1
        await self._owner.call("POST", "faults", {"method": "*", "path": "", **fault})


class Crowd:
    """People in some channels; together they keep at most `most_open` jobs open."""

    def __init__(
        self, owner: Actor, channels: Channels, *, name: str, people: int, most_open: int, rng: random.Random
    ) -> None:
        self._owner = owner
        self._channels = channels
        self._name = name
        self._people = people
        self._most_open = most_open
        self._rng = rng
        self._numbers: Iterator[int] = itertools.count(1)
        self._asking = True
        self.channel_ids: list[str] = []

    async def ask(self) -> None:
        """Ask for videos until `stop`."""
        for number in range(max(1, self._people // 2)):
            channel = await self._owner.call("POST", "channels", {"name": f"videos-{number}"})
            self.channel_ids.append(channel["id"])
        async with asyncio.TaskGroup() as group:
            for number in range(self._people):
                member = await self._owner.another(f"member {number}")
                seed = self._rng.random()
                group.create_task(
                    self._one(member, self.channel_ids[number % len(self.channel_ids)], random.Random(seed))
                )

    def stop(self) -> None:
        """Let everybody end with the video they wait for."""
        self._asking = False

    async def _one(self, member: Actor, channel_id: str, rng: random.Random) -> None:
        while self._asking:
            await asyncio.sleep(rng.uniform(0.0, 0.4))
            await self._channels.until_fewer(self._most_open)
            prompt = f"{self._name} job {next(self._numbers)}"
            answer = await member.invoke("video", channel_id=channel_id, prompt=prompt, seconds=4)
            if answer.get("error") is None:
                await self._channels.until_ended(str(answer["message"]["id"]), PATIENCE)


async def give_up(owner: Actor, channels: Channels) -> None:
    """Press "Give up" on whatever may have been charged, for ever: else its slot stays taken.

    Where the bot is away or the press is lost, the message goes on asking, and so the press is repeated.
    """
    while True:
        await asyncio.sleep(1.0)
        for message in channels.doubtful_for(THOUGHT_S):
            await owner.click(message, GIVE_UP)


async def follow(session: aiohttp.ClientSession, owner: Actor, channels: Channels, bad_days: BadDays) -> None:
    """Read the live feed for ever: messages for the channels, calls for the dice."""
    query = {"user_id": owner.user_id, "hood": "1"}
    async with session.ws_connect(f"{owner.world['control_url']}/socket", params=query) as socket:
        async for frame in socket:
            event = frame.json()
            if event["event"] == "message":
                channels.see(event["data"])
            elif event["event"] == "request":
                await bad_days.after_call()
            elif event["event"] == "bot" and event["data"]["online"]:
                channels.online.set()
    raise ConnectionError("the live feed ended")
