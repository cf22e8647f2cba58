"""Acting as a person: commands, buttons, selects and modals, checked as Discord's client checks them."""

import asyncio
import time
from typing import Any

from bot.sandbox import interactions as kinds
from bot.sandbox.access import channel_permissions
from bot.sandbox.command_form import CHAT_INPUT, MESSAGE_COMMAND, USER_COMMAND
from bot.sandbox.components import (
    BUTTON,
    CHANNEL_SELECT,
    LINK_STYLE,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    USER_SELECT,
    find,
)
from bot.sandbox.control import options
from bot.sandbox.control.attachments import received
from bot.sandbox.control.errors import ControlError
from bot.sandbox.control.resolved import Resolved
from bot.sandbox.control.usable import obstacle, offered
from bot.sandbox.events import Event
from bot.sandbox.interaction_payloads import interaction_event
from bot.sandbox.interactions import ACK_S, Interaction
from bot.sandbox.messages import Message
from bot.sandbox.modal import FILE_UPLOAD, check_answer, fields, submission
from bot.sandbox.permissions import VIEW_CHANNEL
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.world import Channel

NO_ANSWER = "The application did not respond"


class Acting:
    """Turn what a person does into interactions and wait for the bot's first answer."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def invoke(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Use a slash command: {command, options?, user_id?, channel_id?}."""
        user_id, channel = self._who_and_where(wish)
        command, path = self._command(str(wish.get("command") or ""), CHAT_INPUT, user_id, channel)
        definitions, shells = options.pick(command, path)
        resolved = Resolved(self._sandbox, channel)
        given = _mapping(wish, "options")
        async with received(given, self._sandbox.files.directory) as with_files:
            values = options.fill(definitions, with_files, resolved)
        data = self._command_data(command, resolved) | {"options": options.wrap(shells, values)}
        return await self._ask(kinds.COMMAND, user_id, channel, data)

    async def autocomplete(self, wish: dict[str, Any]) -> list[dict[str, Any]]:
        """Ask for suggestions: {command, option, value, options?, user_id?, channel_id?}."""
        user_id, channel = self._who_and_where(wish)
        command, path = self._command(str(wish.get("command") or ""), CHAT_INPUT, user_id, channel)
        definitions, shells = options.pick(command, path)
        name = wish.get("option")
        focused = next((o for o in definitions if o["name"] == name), None)
        if focused is None or not focused.get("autocomplete"):
            raise ControlError(f"option {name!r} has no autocomplete")
        resolved = Resolved(self._sandbox, channel)
        given = _mapping(wish, "options")
        values = [
            {
                "name": o["name"],
                "type": o["type"],
                "value": options.check(o, given[o["name"]], resolved),
            }
            for o in definitions
            if o["name"] in given and o is not focused
        ]
        values.append(
            {"name": name, "type": focused["type"], "value": wish.get("value", ""), "focused": True}
        )
        data = self._command_data(command, resolved) | {"options": options.wrap(shells, values)}
        interaction = self._open(kinds.AUTOCOMPLETE, user_id, channel, data)
        await self._wait(interaction)
        if interaction.choices is None:
            raise ControlError(NO_ANSWER, 504)
        return interaction.choices

    async def context(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Use a context-menu command: {command, message_id | target_user_id, user_id?, channel_id?}."""
        resolved_message = None
        if wish.get("message_id") is not None:
            resolved_message = self._message(str(wish["message_id"]))
            wish = {"channel_id": resolved_message.channel_id} | wish
        user_id, channel = self._who_and_where(wish)
        kind = USER_COMMAND if resolved_message is None else MESSAGE_COMMAND
        command, _ = self._command(str(wish.get("command") or ""), kind, user_id, channel)
        resolved = Resolved(self._sandbox, channel)
        if resolved_message is not None:
            self._check_sees(user_id, resolved_message, channel)
            target = resolved.message(resolved_message)
        else:
            target = resolved.user(str(wish.get("target_user_id")))
        data = self._command_data(command, resolved) | {"target_id": target}
        return await self._ask(kinds.COMMAND, user_id, channel, data)

    async def click(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Use a button or a select: {message_id, custom_id, values?, user_id?}."""
        message = self._message(str(wish.get("message_id")))
        user_id, channel = self._who_and_where({"channel_id": message.channel_id, **wish})
        self._check_sees(user_id, message, channel)
        component = find(message.components, str(wish.get("custom_id")))
        if component is None:
            raise ControlError(f"the message has no component {wish.get('custom_id')!r}", 404)
        if component.get("disabled"):
            raise ControlError(f"the component {wish.get('custom_id')!r} is disabled")
        data: dict[str, Any] = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            "id": component.get("id") or 1,
        }
        if component["type"] in SELECTS:
            resolved = Resolved(self._sandbox, channel)
            data["values"] = _selected(component, wish.get("values") or [], resolved)
            if resolved.payload:
                data["resolved"] = resolved.payload
        elif component["type"] != BUTTON or component.get("style") == LINK_STYLE:
            raise ControlError("the component cannot be clicked")
        return await self._ask(kinds.COMPONENT, user_id, channel, data, source_id=message.id)

    async def submit(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Send a modal that an interaction opened: {interaction_id, values}."""
        parent = self._sandbox.interactions.find(str(wish.get("interaction_id")))
        if parent is None or parent.modal is None:
            raise ControlError("the interaction opened no modal", 404)
        if parent.submitted:
            raise ControlError("the modal was submitted already")
        channel = self._sandbox.world.channel(parent.channel_id)
        given = _mapping(wish, "values")
        known = fields(parent.modal)
        for name in given:
            if name not in known:
                raise ControlError(f"the modal has no field {name!r}; known are {', '.join(known)}")
        resolved = Resolved(self._sandbox, channel)
        async with received(given, self._sandbox.files.directory) as with_files:
            try:
                answers = {n: self._answer(field, with_files.get(n), resolved) for n, field in known.items()}
            except ValueError as exc:
                raise ControlError(str(exc)) from exc
        parent.submitted = True
        data = {
            "custom_id": parent.modal["custom_id"],
            "components": submission(parent.modal, answers),
            "resolved": resolved.payload,
        }
        return await self._ask(
            kinds.MODAL_SUBMIT, parent.user_id, channel, data, source_id=parent.source_id, parent=parent
        )

    def _answer(self, field: dict[str, Any], value: Any, resolved: Resolved) -> dict[str, Any]:
        if field["type"] == FILE_UPLOAD and isinstance(value, list):
            value = [resolved.attachment(field["custom_id"], file) for file in value]
        return check_answer(field, value)

    async def _ask(
        self, kind: int, user_id: str, channel: Channel, data: dict[str, Any], **facts: Any
    ) -> dict[str, Any]:
        interaction = self._open(kind, user_id, channel, data, **facts)
        ms = await self._wait(interaction)
        answer: dict[str, Any] = {
            "interaction_id": interaction.id,
            "ack_ms": ms,
            "ack_type": interaction.ack_type,
        }
        if interaction.ack_type is None:
            answer["error"] = NO_ANSWER
        message = self._sandbox.messages.find(interaction.response_id or "")
        if message is not None:
            answer["message"] = self._sandbox.payloads.told(message)
        if interaction.modal is not None:
            answer["modal"] = interaction.modal
        return answer

    def _open(
        self, kind: int, user_id: str, channel: Channel, data: dict[str, Any], **facts: Any
    ) -> Interaction:
        interaction = self._sandbox.interactions.open(
            kind=kind, user_id=user_id, channel_id=channel.id, data=data, **facts
        )
        payload = interaction_event(
            self._sandbox.world, self._sandbox.messages, self._sandbox.payloads, interaction
        )
        self._sandbox.events.publish(Event(name="INTERACTION_CREATE", data=payload, channel=channel))
        return interaction

    async def _wait(self, interaction: Interaction) -> float | None:
        """Wait for the first answer; return the milliseconds it took, or None when it did not come."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(ACK_S):
                await interaction.answered.wait()
        except TimeoutError:
            return None
        return round((time.perf_counter() - started) * 1000, 3)

    def _who_and_where(self, wish: dict[str, Any]) -> tuple[str, Channel]:
        world = self._sandbox.world
        user_id = str(wish.get("user_id") or world.default_user.id)
        channel_id = str(wish.get("channel_id") or world.default_channel.id)
        if user_id not in world.users or world.users[user_id].bot:
            raise ControlError(f"there is no user {user_id}", 404)
        if channel_id not in world.channels:
            raise ControlError(f"there is no channel {channel_id}", 404)
        channel = world.channels[channel_id]
        if not channel_permissions(world, user_id, channel) & VIEW_CHANNEL:
            raise ControlError("the user cannot see this channel", 403)
        return user_id, channel

    def _command(
        self, words: str, kind: int, user_id: str, channel: Channel
    ) -> tuple[dict[str, Any], list[str]]:
        """Return a command that the user may use here, and the sub-command names."""
        name, *path = words.removeprefix("/").split() if kind == CHAT_INPUT else [words]
        visible = offered(self._sandbox, channel)
        command = next((c for c in visible if c["name"] == name and c["type"] == kind), None)
        if command is None:
            known = ", ".join(c["name"] for c in visible if c["type"] == kind)
            raise ControlError(f"there is no command {name!r}; known are {known or 'none'}", 404)
        problem = obstacle(self._sandbox, command, user_id, channel)
        if problem is not None:
            raise ControlError(problem, 403)
        return command, path

    def _command_data(self, command: dict[str, Any], resolved: Resolved) -> dict[str, Any]:
        data = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved.payload} if resolved.payload else {})

    def _message(self, message_id: str) -> Message:
        message = self._sandbox.messages.find(message_id)
        if message is None:
            raise ControlError(f"there is no message {message_id}", 404)
        return message

    def _check_sees(self, user_id: str, message: Message, channel: Channel) -> None:
        if message.channel_id != channel.id:
            raise ControlError("the message is in another channel")
        if message.ephemeral and message.ephemeral_to != user_id:
            raise ControlError("the user cannot see this message", 403)


def _mapping(wish: dict[str, Any], key: str) -> dict[str, Any]:
    value = wish.get(key) or {}
    if not isinstance(value, dict):
        raise ControlError(f"{key} is an object of name and value")
    return value


def _selected(select: dict[str, Any], values: list[Any], resolved: Resolved) -> list[str]:
    chosen = [str(value) for value in values]
    least, most = select.get("min_values"), select.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if not least <= len(chosen) <= most:
        raise ControlError(f"the select takes {least} to {most} values")
    if select["type"] == STRING_SELECT:
        known = [option["value"] for option in select["options"]]
        for value in chosen:
            if value not in known:
                raise ControlError(f"the select has no option {value!r}; known are {', '.join(known)}")
        return chosen
    resolve = {
        USER_SELECT: resolved.user,
        ROLE_SELECT: resolved.role,
        MENTIONABLE_SELECT: resolved.mentionable,
        CHANNEL_SELECT: resolved.channel,
    }[select["type"]]
    return [resolve(value) for value in chosen]
