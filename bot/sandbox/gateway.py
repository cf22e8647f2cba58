"""The gateway: sessions that hear events, lose their socket and come back.

https://discord.com/developers/docs/events/gateway
"""

import asyncio
import json
import logging
import secrets
from collections import OrderedDict
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.access import channel_permissions
from bot.sandbox.events import Event, Events
from bot.sandbox.gateway_session import Session
from bot.sandbox.payloads import guild_create_payload, own_user_payload
from bot.sandbox.permissions import VIEW_CHANNEL
from bot.sandbox.traffic import Traffic
from bot.sandbox.world import World

log = logging.getLogger(__name__)

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK, SOUNDBOARD = 8, 9, 10, 11, 31
HEARTBEAT_INTERVAL_MS = 41_250
ACK_S = 0.01
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4005, 4010, 4013, 4014
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
KNOWN_INTENTS = (1 << 26) - 1
SESSIONS_KEPT = 20
LARGEST_FRAME = 4096
BOT_NEWS = "SANDBOX_BOT"


class Gateway:
    """Serve sockets and pass events to the sessions that asked for them."""

    def __init__(self, world: World, events: Events, traffic: Traffic) -> None:
        self._world = world
        self._events = events
        self._traffic = traffic
        self._told_online = False
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._sockets: set[web.WebSocketResponse] = set()
        self.identified = 0
        self.url = ""

    def dispatch(self, event: Event) -> None:
        """Send an event to every session whose intents and shard include it; sleeping ones keep it."""
        if event.hidden:
            return
        dm = event.channel is not None and event.channel.is_dm
        if event.channel is not None and event.name != "INTERACTION_CREATE":
            held = channel_permissions(self._world, self._world.bot.id, event.channel)
            if event.name.startswith("MESSAGE_") and not held & VIEW_CHANNEL:
                return
        for session in self._sessions.values():
            if session.hears(event.name, dm=dm, guild_id=self._world.guild.id):
                session.send(event.name, self._redact(event))

    @property
    def online(self) -> bool:
        """Tell whether any session of the bot has a socket now."""
        return any(session.connected for session in self._sessions.values())

    def sessions(self) -> list[dict[str, Any]]:
        """Describe the sessions, oldest first."""
        return [
            {
                "session_id": s.id,
                "intents": s.intents,
                "connected": s.connected,
                "sequence": s.sequence,
                "shard": list(s.shard),
            }
            for s in self._sessions.values()
        ]

    def drop(self) -> int:
        """Cut every socket without a word; the sessions can be resumed. Return how many were cut."""
        cut = 0
        for session in self._sessions.values():
            cut += session.cut()
        self._tell_presence()
        return cut

    def ask_reconnect(self) -> int:
        """Ask every session to reconnect and resume; return how many were asked."""
        return self._tell({"op": RECONNECT, "d": None})

    def invalidate(self) -> int:
        """Declare every session invalid, so that each has to identify again; return how many there were."""
        told = self._tell({"op": INVALID_SESSION, "d": False})
        for session in self._sessions.values():
            session.end_after_sending()
        self._sessions.clear()
        self._tell_presence()
        return told

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak the gateway protocol with one client until either side closes."""
        socket = web.WebSocketResponse(max_msg_size=LARGEST_FRAME * 4, compress=False)
        await socket.prepare(request)
        self._sockets.add(socket)
        session: Session | None = None
        try:
            await self._say(socket, HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS})
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    await socket.close(code=DECODE_ERROR, message=b"Error while decoding payload.")
                    break
                session = await self._receive(request, socket, frame.data, session)
        except ConnectionError:
            log.debug("a gateway socket was cut")
        finally:
            self._sockets.discard(socket)
            if session is not None and session.detach(socket) and socket.close_code in (1000, 1001):
                self._sessions.pop(session.id, None)  # a client that says goodbye ends its session
            self._tell_presence()
        return socket

    async def close(self) -> None:
        """Close every socket."""
        for session in self._sessions.values():
            session.cut()
        for socket in tuple(self._sockets):
            await socket.close(code=1001, message=b"The sandbox closes.")

    async def _receive(
        self, request: web.Request, socket: web.WebSocketResponse, text: str, session: Session | None
    ) -> Session | None:
        try:
            message = json.loads(text)
            op, data = message["op"], message.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            await socket.close(code=DECODE_ERROR, message=b"Error while decoding payload.")
            return session
        self._traffic.note(
            "in", op if isinstance(op, int) else None, None, len(text), session.id if session else ""
        )
        if session is not None and session.id not in self._sessions:
            session = None  # declared invalid; the client may identify again on the same socket
        if op == HEARTBEAT:
            # No network is faster than this, and discord.py takes an answer that comes before it has noted
            # the time of its own question for one that took a whole interval.
            await asyncio.sleep(ACK_S)
            await self._say(socket, HEARTBEAT_ACK, None)
        elif op in (IDENTIFY, RESUME) and session is not None:
            await socket.close(code=ALREADY_AUTHENTICATED, message=b"Already authenticated.")
        elif op in (IDENTIFY, RESUME):
            if not isinstance(data, dict) or data.get("token") != self._world.token:
                await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
                return None
            start = self._identify if op == IDENTIFY else self._resume
            return await start(socket, data, request.transport)
        elif session is None:
            await socket.close(code=NOT_AUTHENTICATED, message=b"Not authenticated.")
        elif op not in (PRESENCE, VOICE_STATE, REQUEST_MEMBERS, SOUNDBOARD):
            await socket.close(code=UNKNOWN_OPCODE, message=b"Unknown opcode.")
        return session

    async def _identify(
        self, socket: web.WebSocketResponse, data: dict[str, Any], transport: asyncio.Transport | None
    ) -> Session | None:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            await socket.close(code=INVALID_INTENTS, message=b"Invalid intent(s).")
            return None
        if intents & PRIVILEGED_INTENTS:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        shard = data.get("shard", [0, 1])
        if not (isinstance(shard, list) and len(shard) == 2 and 0 <= shard[0] < shard[1]):
            await socket.close(code=INVALID_SHARD, message=b"Invalid shard.")
            return None
        session = Session(
            id=secrets.token_hex(16), intents=intents, shard=(shard[0], shard[1]), note=self._traffic.note
        )
        self._sessions[session.id] = session
        self._forget_sleeping()
        self.identified += 1
        session.attach(socket, transport)
        guild = self._world.guild
        mine = session.has_guild(guild.id)
        ready: dict[str, Any] = {
            "v": 10,
            "user": own_user_payload(self._world.bot),
            "guilds": [{"id": guild.id, "unavailable": True}] if mine else [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "private_channels": [],
            "application": {"id": self._world.application_id, "flags": 0},
        }
        if "shard" in data:
            ready["shard"] = shard
        session.send("READY", ready)
        if session.hears("GUILD_CREATE", dm=False, guild_id=guild.id):
            session.send("GUILD_CREATE", guild_create_payload(self._world))
        self._tell_presence()
        return session

    async def _resume(
        self, socket: web.WebSocketResponse, data: dict[str, Any], transport: asyncio.Transport | None
    ) -> Session | None:
        session = self._sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int) or not session.remembers(sequence):
            await self._say(socket, INVALID_SESSION, False)
            return None
        session.attach(socket, transport, after=sequence)
        session.send("RESUMED", {"_trace": []})
        self._tell_presence()
        return session

    async def _say(self, socket: web.WebSocketResponse, op: int, data: object) -> None:
        text = json.dumps({"op": op, "d": data})
        self._traffic.note("out", op, None, len(text))
        await socket.send_str(text)

    def _tell_presence(self) -> None:
        """Tell the live feed when the bot comes or goes."""
        if self.online != self._told_online:
            self._told_online = self.online
            self._events.publish(Event(name=BOT_NEWS, data={"online": self.online}, hidden=True))

    def _tell(self, message: dict[str, Any]) -> int:
        awake = [s for s in self._sessions.values() if s.connected]
        for session in awake:
            session.send_raw(message)
        return len(awake)

    def _forget_sleeping(self) -> None:
        sleeping = [s.id for s in self._sessions.values() if not s.connected]
        for session_id in sleeping[: max(0, len(sleeping) - SESSIONS_KEPT)]:
            del self._sessions[session_id]

    def _redact(self, event: Event) -> dict[str, Any]:
        """Empty what other people wrote, as for every bot without the message content intent."""
        data = event.data
        if event.name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or (event.channel and event.channel.is_dm):
            return data
        bot = self._world.bot.id
        if data["author"]["id"] == bot or any(user["id"] == bot for user in data["mentions"]):
            return data
        return data | {"content": "", "embeds": [], "attachments": [], "components": []}
