"""The first answer to an interaction: the callback.

https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox import interactions as kinds
from bot.sandbox.calls import Call, Reply, Route
from bot.sandbox.draft import check_draft
from bot.sandbox.form import Form, bad_field
from bot.sandbox.interaction_payloads import command_name, response_metadata
from bot.sandbox.interactions import Interaction
from bot.sandbox.messages import (
    CHAT_INPUT_COMMAND,
    COMPONENTS_V2,
    CONTEXT_MENU_COMMAND,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
)
from bot.sandbox.modal import check_modal
from bot.sandbox.sandbox import Sandbox

ANSWER_FLAGS = EPHEMERAL | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2


def callback(sandbox: Sandbox, call: Call) -> Reply:
    """POST the first answer; it counts only within 3 seconds and only once."""
    interaction = sandbox.interactions.to_answer(call.args["interaction_id"], call.args["token"])
    kind = call.form.get("type")
    if not isinstance(kind, int) or kind not in interaction.allowed_answers:
        known = ", ".join(map(str, interaction.allowed_answers))
        raise bad_field(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")
    data = call.form.get("data")
    if data is not None and not isinstance(data, dict):
        raise bad_field(("data",), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    ANSWERS[kind](sandbox, interaction, data or {}, call)
    interaction.ack_type = kind
    interaction.ack_at = sandbox.clock.now()
    interaction.answered.set()
    if call.query.get("with_response") not in ("1", "true", "True"):
        return Reply()
    return Reply(body=_answer(sandbox, interaction))


def _answer(sandbox: Sandbox, interaction: Interaction) -> dict[str, Any]:
    body: dict[str, Any] = {"id": interaction.id, "type": interaction.kind}
    message = sandbox.messages.find(interaction.response_id or "")
    answer: dict[str, Any] = {"interaction": body}
    if message is not None:
        body["response_message_id"] = message.id
        body["response_message_loading"] = bool(message.flags & LOADING)
        body["response_message_ephemeral"] = message.ephemeral
        if interaction.ack_type in (kinds.REPLY, kinds.UPDATE):
            rendered = sandbox.payloads.message(message)
            answer["resource"] = {"type": interaction.ack_type, "message": rendered}
    return answer


def _respond(
    sandbox: Sandbox, interaction: Interaction, draft: dict[str, Any], call: Call, extra: int
) -> Message:
    channel = sandbox.world.channel(interaction.channel_id)
    flags = (draft.get("flags") or 0) & ANSWER_FLAGS
    kind = DEFAULT
    if interaction.kind == kinds.COMMAND:
        kind = CHAT_INPUT_COMMAND if interaction.data["type"] == 1 else CONTEXT_MENU_COMMAND
    message = sandbox.posting.blank(
        channel,
        sandbox.world.bot.id,
        kind=kind,
        flags=flags | extra,
        interaction_id=interaction.id,
        interaction_metadata=response_metadata(sandbox.world, interaction),
        command_name=command_name(interaction),
        ephemeral_to=interaction.user_id if flags & EPHEMERAL else None,
    )
    sandbox.posting.post(message, draft, call.uploads)
    interaction.response_id = message.id
    return message


def _reply(sandbox: Sandbox, interaction: Interaction, data: dict[str, Any], call: Call) -> None:
    _respond(sandbox, interaction, check_draft(data, at=("data",)), call, 0)


def _defer(sandbox: Sandbox, interaction: Interaction, data: dict[str, Any], call: Call) -> None:
    form = Form()
    flags = form.integer(data, "flags", ("data",))
    form.close()
    _respond(sandbox, interaction, {"flags": flags & EPHEMERAL}, call, LOADING)


def _defer_update(_: Sandbox, interaction: Interaction, __: dict[str, Any], ___: Call) -> None:
    interaction.response_id = interaction.source_id


def _update(sandbox: Sandbox, interaction: Interaction, data: dict[str, Any], call: Call) -> None:
    message = sandbox.messages.get(interaction.channel_id, interaction.source_id or "")
    draft = check_draft(data, flags_now=message.flags, at=("data",))
    sandbox.posting.edit(message, draft, call.uploads)
    interaction.response_id = message.id


def _choices(_: Sandbox, interaction: Interaction, data: dict[str, Any], __: Call) -> None:
    form = Form()
    choices = form.objects(data, "choices", ("data",), most=25)
    for index, choice in enumerate(choices):
        path = ("data", "choices", index)
        form.text(choice, "name", path, most=100, least=1, required=True)
        value = choice.get("value")
        if isinstance(value, str):
            form.text(choice, "value", path, most=100)
        elif not isinstance(value, int | float):
            form.fault((*path, "value"), "BASE_TYPE_REQUIRED", "This field is required")
    form.close()
    interaction.choices = choices


def _modal(_: Sandbox, interaction: Interaction, data: dict[str, Any], __: Call) -> None:
    form = Form()
    check_modal(form, data, ("data",))
    form.close()
    interaction.modal = data


ANSWERS: dict[int, Callable[[Sandbox, Interaction, dict[str, Any], Call], None]] = {
    kinds.REPLY: _reply,
    kinds.DEFERRED_REPLY: _defer,
    kinds.DEFERRED_UPDATE: _defer_update,
    kinds.UPDATE: _update,
    kinds.CHOICES: _choices,
    kinds.MODAL: _modal,
}

ROUTES = [
    Route(
        method="POST",
        template="/interactions/{interaction_id}/{token}/callback",
        handler=callback,
        by_token=True,
    )
]
