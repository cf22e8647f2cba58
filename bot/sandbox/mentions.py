"""Mentions: who is named in a text, and whom `allowed_mentions` lets it ping.

https://discord.com/developers/docs/resources/message#allowed-mentions-object
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.form import Form, Path
from bot.sandbox.world import World

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")
KINDS = ("users", "roles", "everyone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The people and roles that a message mentions, as its `mentions` fields list them."""

    users: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    everyone: bool = False


def check_allowed(form: Form, data: dict[str, Any], at: Path) -> None:
    """Note an `allowed_mentions` object that contradicts itself or holds unknown kinds."""
    allowed = form.mapping(data, "allowed_mentions", at)
    path = (*at, "allowed_mentions")
    parse = allowed.get("parse") or []
    if not isinstance(parse, list):
        form.fault((*path, "parse"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    for index, kind in enumerate(parse):
        if kind not in KINDS:
            form.fault(
                (*path, "parse", index),
                "BASE_TYPE_CHOICES",
                "Value must be one of {'users', 'roles', 'everyone'}.",
            )
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if not isinstance(listed, list):
            form.fault((*path, kind), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        elif listed and kind in parse:
            form.fault(
                path,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )
        elif len(listed) > 100:
            form.fault((*path, kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")


def resolve(
    world: World,
    text: str,
    allowed: dict[str, Any] | None,
    *,
    may_mention_everyone: bool,
    replied_to: str | None = None,
) -> Mentions:
    """Return whom a text pings; without `allowed_mentions` a text pings everyone it names."""
    parse = set(KINDS) if allowed is None else set(allowed.get("parse") or ())
    only_users = {str(u) for u in (allowed or {}).get("users") or ()}
    only_roles = {str(r) for r in (allowed or {}).get("roles") or ()}
    users = [u for u in USER.findall(text) if u in world.users and ("users" in parse or u in only_users)]
    if replied_to is not None and (allowed is None or allowed.get("replied_user", False)):
        users.append(replied_to)
    roles = [
        r
        for r in ROLE.findall(text)
        if r in world.guild.roles
        and ("roles" in parse or r in only_roles)
        and (world.guild.roles[r].mentionable or may_mention_everyone)
    ]
    return Mentions(
        users=list(dict.fromkeys(users)),
        roles=list(dict.fromkeys(roles)),
        everyone=bool("everyone" in parse and may_mention_everyone and EVERYONE.search(text)),
    )
