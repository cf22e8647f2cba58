"""What the bot asked of Discord during a long run, and how often each status message changed."""

import re
from collections import Counter

import aiohttp

from tests.actor import Actor, Message
from tests.bench.kills_members import is_status

ID = re.compile(r"/\d{15,}")
SECRET = re.compile(r"/[^/]*…")
LIMITED = 429


class Calls:
    """Counts from the live feed: the log of the sandbox keeps only the last 10,000 calls."""

    def __init__(self) -> None:
        self.by_route: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()
        self._edits: Counter[str] = Counter()
        self._edited_at: dict[str, str | None] = {}

    @property
    def total(self) -> int:
        """Return how many calls there were."""
        return self.by_route.total()

    def edits(self) -> list[int]:
        """Return the number of edits of each status message, rising."""
        return sorted(self._edits[message_id] for message_id in self._edited_at)

    async def follow(self, session: aiohttp.ClientSession, owner: Actor) -> None:
        """Count until cancelled.

        Raises:
            ConnectionError: the feed ended.
        """
        query = {"user_id": owner.user_id, "hood": "1"}
        async with session.ws_connect(f"{owner.world['control_url']}/socket", params=query) as socket:
            async for frame in socket:
                event = frame.json()
                if event["event"] == "request":
                    self._count(event["data"])
                elif event["event"] == "message":
                    self._see(event["data"])
        raise ConnectionError("the live feed ended")

    def _count(self, call: Message) -> None:
        path = SECRET.sub("/…", ID.sub("/#", call["path"].partition("?")[0]))
        self.by_route[f"{call['method']} {path}"] += 1
        self.by_status[call["status"]] += 1

    def _see(self, message: Message) -> None:
        if not is_status(message):
            return
        edited_at, message_id = message["edited_timestamp"], message["id"]
        if message_id in self._edited_at and edited_at != self._edited_at[message_id]:
            self._edits[message_id] += 1
        self._edited_at[message_id] = edited_at
