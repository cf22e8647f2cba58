"""A message as the bot submits it: what Discord checks before it accepts one.

https://discord.com/developers/docs/resources/message#create-message
"""

import re
from typing import Any

from bot.sandbox.components import check_components
from bot.sandbox.embeds import MOST_EMBEDS, check_embeds
from bot.sandbox.form import Form, Path, bad_field
from bot.sandbox.mentions import check_allowed
from bot.sandbox.messages import COMPONENTS_V2, EPHEMERAL, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS

CONTENT_LIMIT = 2000
NONCE_LIMIT = 25
DESCRIPTION_LIMIT = 1024
MOST_ATTACHMENTS = 10
KNOWN_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
FILE_FIELD = re.compile(r"files?\[(\d+)\]")
LEGACY_FIELDS = ("content", "embeds", "poll", "sticker_ids")


def check_draft(body: Any, *, flags_now: int = 0, at: Path = ()) -> dict[str, Any]:
    """Return a message payload that Discord would accept as a form; raise ApiError 50035 otherwise.

    `flags_now` are the flags of the message being edited. Emptiness, files and permissions are judged later.
    """
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise bad_field((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    form = Form()
    form.text(body, "content", at, most=CONTENT_LIMIT)
    check_embeds(form, form.objects(body, "embeds", at, most=MOST_EMBEDS), at)
    flags = form.integer(body, "flags", at) | flags_now
    layout = bool(flags & COMPONENTS_V2)
    check_components(form, form.objects(body, "components", at, most=40), at, layout=layout)
    if layout:
        _refuse_legacy(form, body, at)
    check_allowed(form, body, at)
    for index, entry in enumerate(form.objects(body, "attachments", at, most=MOST_ATTACHMENTS)):
        spot = (*at, "attachments", index)
        form.text(entry, "description", spot, most=DESCRIPTION_LIMIT)
        form.text(entry, "filename", spot, most=1024)
        if not str(entry.get("id", "")).isdecimal():
            form.fault((*spot, "id"), "NUMBER_TYPE_COERCE", f'Value "{entry.get("id")}" is not snowflake.')
    _check_nonce(form, body, at)
    form.mapping(body, "message_reference", at)
    form.close()
    return body


def _refuse_legacy(form: Form, body: dict[str, Any], at: Path) -> None:
    for key in LEGACY_FIELDS:
        if body.get(key):
            form.fault(
                (*at, key),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_nonce(form: Form, body: dict[str, Any], at: Path) -> None:
    nonce = body.get("nonce")
    if nonce is None:
        return
    if isinstance(nonce, bool) or not isinstance(nonce, str | int):
        form.fault((*at, "nonce"), "STRING_TYPE_CONVERT", f'Could not interpret "{nonce}" as string.')
    elif len(str(nonce)) > NONCE_LIMIT:
        form.fault((*at, "nonce"), "BASE_TYPE_MAX_LENGTH", f"Must be {NONCE_LIMIT} or fewer in length.")


def file_index(field: str, position: int) -> int:
    """Return the number n of a multipart field `files[n]`; other names count by their position."""
    match = FILE_FIELD.fullmatch(field)
    return int(match[1]) if match else position
