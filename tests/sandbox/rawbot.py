"""A bot without a library, and a person: plain HTTP and plain frames against the sandbox."""

import asyncio
import io
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from bot.sandbox.server import SandboxServer

PATIENCE_S = 60.0
GUILDS, GUILD_MESSAGES, GUILD_REACTIONS = 1 << 0, 1 << 9, 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call came back with."""

    status: int
    body: Any
    headers: CIMultiDictProxy[str]

    @property
    def code(self) -> int:
        """Return Discord's error code."""
        return int(self.body["code"])


class RawBot:
    """Call REST with the bot's token and answer interactions by hand."""

    def __init__(self, server: SandboxServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session

    async def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, data: Any = None
    ) -> Answer:
        """Make one REST call; `data` is a form for multipart."""
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        url = f"{self.server.discord_api_url}{path}"
        async with self.session.request(method, url, data=data, headers=headers) as response:
            text = await response.text()
            return Answer(
                status=response.status, body=json.loads(text) if text else None, headers=response.headers
            )

    async def send(self, channel_id: str | None = None, **body: Any) -> Answer:
        """Create a message."""
        return await self.call("POST", f"/channels/{channel_id or self.server.channel_id}/messages", body)

    async def send_file(self, size: int, filename: str = "clip.mp4", **body: Any) -> Answer:
        """Create a message with one file of so many zero bytes."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body), content_type="application/json")
        content = io.BytesIO(bytes(size))
        form.add_field("files[0]", content, filename=filename, content_type="application/octet-stream")
        return await self.call("POST", f"/channels/{self.server.channel_id}/messages", data=form)

    async def register(self, *commands: dict[str, Any]) -> Answer:
        """Register global commands, with a description where one is missing."""
        full = [
            command if command.get("type", 1) != 1 else {"description": "does it", **command}
            for command in commands
        ]
        return await self.call("PUT", f"/applications/{self.server.application_id}/commands", full)

    async def answer(self, event: dict[str, Any], kind: int, data: Any = None) -> Answer:
        """Send the first answer to an interaction."""
        path = f"/interactions/{event['id']}/{event['token']}/callback?with_response=1"
        return await self.call("POST", path, {"type": kind} if data is None else {"type": kind, "data": data})

    async def webhook(self, event: dict[str, Any], method: str, tail: str = "", body: Any = None) -> Answer:
        """Use an interaction's token."""
        return await self.call(method, f"/webhooks/{self.server.application_id}/{event['token']}{tail}", body)


class RawGateway:
    """A gateway connection that keeps what it hears."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.sequence = 0
        self.session_id = ""

    @classmethod
    async def connect(cls, session: aiohttp.ClientSession, url: str) -> "RawGateway":
        """Open a socket and take HELLO."""
        gateway = cls(await session.ws_connect(url))
        hello = await gateway.frame()
        assert hello["op"] == 10
        assert hello["d"]["heartbeat_interval"] > 1000
        return gateway

    async def frame(self) -> dict[str, Any]:
        """Return the next frame."""
        frame = await asyncio.wait_for(self.socket.receive(), PATIENCE_S)
        assert frame.type is aiohttp.WSMsgType.TEXT, frame
        message: dict[str, Any] = json.loads(frame.data)
        if message.get("s"):
            self.sequence = message["s"]
        return message

    async def event(self, name: str) -> dict[str, Any]:
        """Return the data of the next event, which must have this name."""
        message = await self.frame()
        assert message.get("t") == name, message
        data: dict[str, Any] = message["d"]
        return data

    async def identify(self, token: str, intents: int, **more: Any) -> dict[str, Any]:
        """Identify and return READY."""
        await self.send(2, {"token": token, "intents": intents, "properties": {}, **more})
        ready = await self.event("READY")
        self.session_id = ready["session_id"]
        return ready

    async def send(self, op: int, data: Any) -> None:
        """Send one frame."""
        await self.socket.send_json({"op": op, "d": data})

    async def silence(self) -> None:
        """Prove that nothing is waiting: the next frame is the answer to our heartbeat."""
        await self.send(1, self.sequence)
        message = await self.frame()
        assert message["op"] == 11, message

    async def close_code(self) -> int:
        """Wait for the server to close, and return the code."""
        frame = await asyncio.wait_for(self.socket.receive(), PATIENCE_S)
        assert frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), frame
        return self.socket.close_code or 0


class Person:
    """Act through the control API."""

    def __init__(self, server: SandboxServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """Make one control call; return status and JSON."""
        url = f"{self.server.control_url}/{path}"
        async with self.session.request(method, url, json=body, params=query) as response:
            return response.status, await response.json()

    async def do(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Make a control call that must succeed."""
        status, answer = await self.call(method, path, body, **query)
        assert status == 200, answer
        return answer

    async def refused(self, method: str, path: str, body: Any = None) -> str:
        """Make a control call that must be refused; return the sentence."""
        status, answer = await self.call(method, path, body)
        assert 400 <= status < 500, (status, answer)
        return str(answer["error"])

    async def messages(self, **query: str) -> list[dict[str, Any]]:
        """Return what stands in a channel."""
        found: list[dict[str, Any]] = await self.do("GET", "messages", **query)
        return found
