"""A person in the sandbox: acts and looks through the control API, over a real socket."""

import asyncio
import base64
import io
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp

PATIENCE = 200.0
Message = dict[str, Any]
T = TypeVar("T")


class Actor:
    """Uses commands, presses buttons, reacts and reads, as one member."""

    def __init__(
        self, session: aiohttp.ClientSession, world: Mapping[str, str], user_id: str | None = None
    ) -> None:
        self._session = session
        self.world = world
        self.user_id = user_id or world["user_id"]

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Call the control API and return its JSON, whatever the status."""
        url = f"{self.world['control_url']}/{path}"
        # As a file: aiohttp warns of large bodies that are given as bytes.
        data = io.BytesIO(json.dumps(body).encode()) if body is not None else None
        headers = {"Content-Type": "application/json"}
        async with self._session.request(method, url, data=data, params=query, headers=headers) as response:
            return await response.json()

    async def another(self, name: str, **wishes: Any) -> "Actor":
        """Let a new member join."""
        user = await self.call("POST", "users", {"name": name, **wishes})
        return self.known(user["id"])

    def known(self, user_id: str) -> "Actor":
        """Return somebody who is there already."""
        return Actor(self._session, self.world, user_id)

    async def in_private(self) -> "Actor":
        """Return the same person in the direct messages with the bot."""
        channel = await self.call("POST", "channels", {"user_id": self.user_id})
        return Actor(self._session, {**self.world, "channel_id": channel["id"]}, self.user_id)

    async def bot_online(self) -> None:
        """Wait until the bot's commands are there and its gateway is connected."""

        async def look() -> bool | None:
            commands = await self.call("GET", "commands")
            sessions = await self.call("GET", "gateway")
            names = {entry["name"] for entry in commands}
            return ("video" in names and any(entry["connected"] for entry in sessions)) or None

        await self.eventually(look, lambda: "the bot")

    async def invoke(self, command: str, *, channel_id: str | None = None, **options: Any) -> Any:
        """Use a slash command; options that are None are left out."""
        chosen = {name: value for name, value in options.items() if value is not None}
        place = channel_id or self.world["channel_id"]
        body = {"command": command, "options": chosen, "user_id": self.user_id, "channel_id": place}
        return await self.call("POST", "invoke", body)

    async def video(self, prompt: str = "a red fox in snow", **options: Any) -> Message:
        """Use `/video` and return its public status message once it has a text."""
        answer = await self.invoke("video", prompt=prompt, **options)
        assert answer.get("error") is None, answer
        return await self.until(str(answer["message"]["id"]), lambda message: bool(message["content"]))

    async def refused(self, command: str, **options: Any) -> str:
        """Use a command that must be refused privately, and return the sentence."""
        before = {message["id"] for message in await self.messages(options.get("channel_id"))}
        answer = await self.invoke(command, **options)
        assert answer.get("error") is None, answer

        async def look() -> str | None:
            for message in await self.messages(options.get("channel_id")):
                if message["id"] not in before and message["flags"] & 64 and message["content"]:
                    return str(message["content"])
            return None

        return await self.eventually(look)

    async def messages(self, channel_id: str | None = None) -> list[Message]:
        """Return what stands in the channel."""
        found = await self.call("GET", "messages", channel_id=channel_id or self.world["channel_id"])
        assert isinstance(found, list), found
        return found

    async def message(self, message_id: str, channel_id: str | None = None) -> Message | None:
        """Return one message."""
        return next((m for m in await self.messages(channel_id) if m["id"] == message_id), None)

    async def until(self, message_id: str, condition: Callable[[Message], bool]) -> Message:
        """Wait until the message is as wanted."""

        async def look() -> Message | None:
            message = await self.message(message_id)
            return message if message is not None and condition(message) else None

        return await self.eventually(look, lambda: f"message {message_id}")

    async def result_of(self, status: Message) -> Message:
        """Wait for the reply to the status message that carries the video."""

        async def look() -> Message | None:
            for message in await self.messages():
                reference = message.get("message_reference") or {}
                if reference.get("message_id") == status["id"] and message["attachments"]:
                    return message
            return None

        return await self.eventually(look, lambda: f"a reply to {status['id']}")

    async def eventually(
        self, look: Callable[[], Awaitable[T | None]], what: Callable[[], str] = lambda: "something"
    ) -> T:
        """Look again and again until there is something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (found := await look()) is not None:
                return found
            await asyncio.sleep(0.03)
        texts = [message["content"] for message in (await self.messages())[-3:]]
        raise AssertionError(f"{what()} did not come; the channel ends with {texts}")

    async def click(self, message: Message, label: str) -> Any:
        """Press the button of this label."""
        for row in message["components"]:
            for button in row["components"]:
                if (button.get("label") or "").endswith(label):
                    body = {
                        "message_id": message["id"],
                        "custom_id": button["custom_id"],
                        "user_id": self.user_id,
                    }
                    return await self.call("POST", "click", body)
        raise AssertionError(f"no button {label!r} on {message['components']}")

    async def press(self, message: Message, label: str) -> str:
        """Press the button of this label and return the private answer."""
        answer = await self.click(message, label)
        assert answer.get("error") is None, answer
        told = await self.until(answer["message"]["id"], lambda message: bool(message["content"]))
        assert told["flags"] & 64
        return str(told["content"])

    async def react(self, message: Message, emoji: str) -> None:
        """Add a reaction."""
        body = {"message_id": message["id"], "emoji": emoji, "user_id": self.user_id}
        await self.call("POST", "react", body)

    async def unreact(self, message: Message, emoji: str) -> None:
        """Take a reaction away."""
        body = {"message_id": message["id"], "emoji": emoji, "user_id": self.user_id}
        await self.call("DELETE", "react", body)

    async def download(self, message: Message) -> bytes:
        """Return the first attachment."""
        url = f"{self.world['control_url']}/files/{message['attachments'][0]['id']}"
        async with self._session.get(url) as response:
            assert response.status == 200
            return await response.read()


def picture_option(data: bytes, filename: str = "picture.png", content_type: str = "image/png") -> Any:
    """Write an attachment option."""
    return {
        "filename": filename,
        "content_type": content_type,
        "base64": base64.b64encode(data).decode(),
    }


def short_id_of(message: Message) -> str:
    """Read the job's id off a status or result message."""
    facts = message["content"].splitlines()[-1]
    return str(facts.rpartition("· ")[2].strip())
