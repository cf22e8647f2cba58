"""The live feed: everything that happens, or what one person's client would show of it."""

import asyncio
from collections.abc import Iterator
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.access import channel_permissions
from bot.sandbox.control.errors import ControlError
from bot.sandbox.events import Event
from bot.sandbox.gateway import BOT_NEWS
from bot.sandbox.permissions import VIEW_CHANNEL
from bot.sandbox.requests import REQUEST_NEWS
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.traffic import GATEWAY_NEWS

BACKLOG = 10_000
LARGEST_FRAME = 4096
BEHIND_THE_SCENES = {REQUEST_NEWS: "request", GATEWAY_NEWS: "gateway"}
NEWS = {BOT_NEWS: "bot", "SANDBOX_COMMANDS": "commands", "SANDBOX_CLOCK": "clock"}
WORLD_PREFIXES = ("CHANNEL_", "GUILD_", "SANDBOX_USER")


class Feed:
    """Serve the WebSocket /control/socket.

    Without a query it streams {"event", "data", "hidden"}: Discord's own events, ephemeral messages included.
    With ?user_id= it streams {"event", "data"} as this person's client would use it: "message" (new or
    changed, as GET messages shows it), "message_deleted", "world" (load GET world again), "commands", "bot",
    "clock"; with &hood=1 also "request" and "gateway". A reader that falls behind is cut off and starts anew.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._sockets: set[web.WebSocketResponse] = set()

    async def close(self) -> None:
        """Close every socket."""
        for socket in tuple(self._sockets):
            await socket.close(code=1001, message=b"The sandbox closes.")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Stream until either side closes."""
        user_id = request.query.get("user_id")
        if user_id is not None and user_id not in self._sandbox.world.users:
            raise ControlError(f"there is no user {user_id}", 404)
        hood = request.query.get("hood") == "1"
        backlog: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        overrun = asyncio.Event()

        def hear(event: Event) -> None:
            if overrun.is_set():
                return
            for frame in self._raw(event) if user_id is None else self._seen(event, user_id, hood=hood):
                try:
                    backlog.put_nowait(frame)
                except asyncio.QueueFull:
                    overrun.set()

        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=LARGEST_FRAME)
        # Listening begins before the handshake ends: what happens after the client's "open" is in the feed.
        unsubscribe = self._sandbox.events.subscribe(hear)
        writer = None
        try:
            await socket.prepare(request)
            self._sockets.add(socket)
            writer = asyncio.create_task(_write(socket, backlog, overrun))
            async for frame in socket:
                if frame.type is WSMsgType.ERROR:
                    break
        finally:
            unsubscribe()
            self._sockets.discard(socket)
            if writer is not None:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)
        return socket

    def _raw(self, event: Event) -> Iterator[dict[str, Any]]:
        if event.name not in BEHIND_THE_SCENES:
            yield {"event": event.name, "data": event.data, "hidden": event.hidden}

    def _seen(self, event: Event, user_id: str, *, hood: bool) -> Iterator[dict[str, Any]]:
        """Render an event as the person's client needs it; nothing for what the person does not see."""
        if event.name in BEHIND_THE_SCENES:
            if hood:
                yield {"event": BEHIND_THE_SCENES[event.name], "data": event.data}
        elif event.name in NEWS:
            yield {"event": NEWS[event.name], "data": event.data}
        elif event.name.startswith(WORLD_PREFIXES):
            yield {"event": "world", "data": {}}
        elif event.name.startswith("MESSAGE_") and self._sees(event, user_id):
            yield from self._message(event, user_id)

    def _message(self, event: Event, user_id: str) -> Iterator[dict[str, Any]]:
        if event.name == "MESSAGE_DELETE":
            place = {key: event.data[key] for key in ("id", "channel_id")}
            yield {"event": "message_deleted", "data": place}
            return
        message = self._sandbox.messages.find(event.data.get("message_id") or event.data["id"])
        if message is not None and (not message.ephemeral or message.ephemeral_to == user_id):
            told = self._sandbox.payloads.told(message, viewer=user_id, history=False)
            yield {"event": "message", "data": told}

    def _sees(self, event: Event, user_id: str) -> bool:
        if event.channel is None:
            return False
        return bool(channel_permissions(self._sandbox.world, user_id, event.channel) & VIEW_CHANNEL)


async def _write(
    socket: web.WebSocketResponse, backlog: "asyncio.Queue[dict[str, Any]]", overrun: asyncio.Event
) -> None:
    while not overrun.is_set():
        frame = await backlog.get()
        try:
            await socket.send_json(frame)
        except ConnectionError:
            return
    await socket.close(code=1013, message=b"The reader fell behind.")
