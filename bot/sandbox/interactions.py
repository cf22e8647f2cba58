"""Interactions: tokens that live 15 minutes and want their first answer within 3 seconds.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.errors import ApiError, unknown_interaction
from bot.sandbox.snowflake import Snowflakes

ACK_S = 3.0
TOKEN_S = 15 * 60.0
KEPT_S = 3600.0

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
REPLY, DEFERRED_REPLY, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One act of a user that the bot has to answer.

    `source_id` is the message whose component was used; `response_id` the message that answers.
    """

    id: str
    token: str
    kind: int
    user_id: str
    channel_id: str
    created_at: float
    data: dict[str, Any]
    source_id: str | None = None
    parent: "Interaction | None" = None
    ack_type: int | None = None
    ack_at: float | None = None
    response_id: str | None = None
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    submitted: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def allowed_answers(self) -> tuple[int, ...]:
        """Return the callback types that this kind of interaction takes."""
        if self.kind == AUTOCOMPLETE:
            return (CHOICES,)
        answers = [REPLY, DEFERRED_REPLY]
        if self.source_id is not None:
            answers += [DEFERRED_UPDATE, UPDATE]
        if self.kind != MODAL_SUBMIT:
            answers.append(MODAL)
        return tuple(answers)


class Interactions:
    """Keep the interactions of the last hour by id and by token."""

    def __init__(self, *, clock: Clock, ids: Snowflakes) -> None:
        self._clock = clock
        self._ids = ids
        self._by_id: OrderedDict[str, Interaction] = OrderedDict()
        self._by_token: dict[str, Interaction] = {}

    def open(
        self,
        *,
        kind: int,
        user_id: str,
        channel_id: str,
        data: dict[str, Any],
        source_id: str | None = None,
        parent: Interaction | None = None,
    ) -> Interaction:
        """Start an interaction with a fresh id and token."""
        self._forget_old()
        interaction = Interaction(
            id=self._ids.next(),
            token=secrets.token_urlsafe(64),
            kind=kind,
            user_id=user_id,
            channel_id=channel_id,
            created_at=self._clock.now(),
            data=data,
            source_id=source_id,
            parent=parent,
        )
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        return interaction

    def find(self, interaction_id: str) -> Interaction | None:
        """Return an interaction of the last hour, or None."""
        return self._by_id.get(interaction_id)

    def to_answer(self, interaction_id: str, token: str) -> Interaction:
        """Return an interaction that still wants its first answer.

        Raises ApiError 404/10062 when it is unknown or older than 3 s, 400/40060 when it has one.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or not secrets.compare_digest(interaction.token.encode(), token.encode()):
            raise unknown_interaction()
        if interaction.ack_type is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if self._clock.now() - interaction.created_at > ACK_S:
            raise unknown_interaction()
        return interaction

    def to_follow_up(self, token: str) -> Interaction:
        """Return an answered interaction by its webhook token.

        Raises ApiError 401/50027 when the token is unknown or older than 15 min, 404/10015 when there was no
        first answer.
        """
        interaction = self._by_token.get(token)
        if interaction is None or self._clock.now() - interaction.created_at > TOKEN_S:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.ack_type is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return interaction

    def _forget_old(self) -> None:
        horizon = self._clock.now() - KEPT_S
        while self._by_id and next(iter(self._by_id.values())).created_at < horizon:
            _, old = self._by_id.popitem(last=False)
            del self._by_token[old.token]
