"""A gateway session: numbered events, kept for a resume, and the socket that carries them just now."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

GUILDS, GUILD_MESSAGES, GUILD_REACTIONS = 1 << 0, 1 << 9, 1 << 10
DIRECT_MESSAGES, DIRECT_REACTIONS = 1 << 12, 1 << 13
REPLAY_KEPT = 2000
UNREAD_LIMIT = 10_000  # a client that does not read any more loses its socket, not our memory
GUILD_ID_SHIFT = 22
Note = Callable[[str, int | None, str | None, int, str], None]


class Session:
    """Number events for one identified client and replay what it missed."""

    def __init__(self, *, id: str, intents: int, shard: tuple[int, int], note: Note) -> None:  # noqa: A002 (Discord's word)
        """Begin without a socket; `note` hears of every frame that is sent (see Traffic.note)."""
        self.id = id
        self._note = note
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=REPLAY_KEPT)
        self._socket: web.WebSocketResponse | None = None
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self._transport: asyncio.WriteTransport | None = None

    @property
    def connected(self) -> bool:
        """Tell whether a socket carries this session now."""
        return self._socket is not None and not self._socket.closed

    def has_guild(self, guild_id: str) -> bool:
        """Tell whether a guild falls into this session's shard."""
        return (int(guild_id) >> GUILD_ID_SHIFT) % self.shard[1] == self.shard[0]

    def hears(self, name: str, *, dm: bool, guild_id: str) -> bool:
        """Tell whether an event is for this session, by shard and intents."""
        if not (self.shard[0] == 0 if dm else self.has_guild(guild_id)):
            return False
        if name == "INTERACTION_CREATE":
            return True
        if name.startswith("MESSAGE_REACTION_"):
            needed = DIRECT_REACTIONS if dm else GUILD_REACTIONS
        elif name.startswith("MESSAGE_"):
            needed = DIRECT_MESSAGES if dm else GUILD_MESSAGES
        else:
            needed = GUILDS
        return bool(self.intents & needed)

    def send(self, name: str, data: dict[str, Any]) -> None:
        """Number an event, keep it, and send it when a socket is there."""
        self.sequence += 1
        text = json.dumps({"op": 0, "t": name, "s": self.sequence, "d": data})
        self._kept.append((self.sequence, text))
        if self._socket is not None:
            self._note("out", 0, name, len(text), self.id)
            self._outbox.put_nowait(text)
            if self._outbox.qsize() > UNREAD_LIMIT:
                self.cut()

    def send_raw(self, message: dict[str, Any]) -> None:
        """Send what has no number, such as a request to reconnect."""
        if self._socket is not None:
            text = json.dumps(message)
            self._note("out", message["op"], None, len(text), self.id)
            self._outbox.put_nowait(text)

    def remembers(self, sequence: int) -> bool:
        """Tell whether everything after a sequence number can still be replayed."""
        if not 0 <= sequence <= self.sequence:
            return False
        return sequence == self.sequence or bool(self._kept and self._kept[0][0] <= sequence + 1)

    def attach(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.WriteTransport | None,
        *,
        after: int | None = None,
    ) -> None:
        """Carry on over a socket, first with the events after a number."""
        self._stop_writer()
        self._socket = socket
        self._transport = transport
        self._outbox = asyncio.Queue()
        if after is not None:
            for number, text in self._kept:
                if number > after:
                    self._note("out", 0, None, len(text), self.id)
                    self._outbox.put_nowait(text)
        self._writer = asyncio.create_task(self._write(socket, self._outbox))

    def detach(self, socket: web.WebSocketResponse) -> bool:
        """Let go of a socket that closed; return False when another one has taken over."""
        if self._socket is not socket:
            return False
        self._stop_writer()
        self._socket = self._transport = None
        return True

    def cut(self) -> bool:
        """Cut the connection without a closing handshake; return whether there was one."""
        transport, self._transport = self._transport, None
        self._socket = None
        self._stop_writer()
        if transport is None or transport.is_closing():
            return False
        transport.abort()
        return True

    def end_after_sending(self) -> None:
        """Stop writing once everything queued so far is sent."""
        self._outbox.put_nowait(None)

    def _stop_writer(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

    async def _write(self, socket: web.WebSocketResponse, outbox: "asyncio.Queue[str | None]") -> None:
        try:
            while (text := await outbox.get()) is not None:
                await socket.send_str(text)
        except ConnectionError:
            return  # the reader sees the same end and detaches; unsent events stay for the resume
