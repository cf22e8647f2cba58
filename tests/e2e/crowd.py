"""Members who react at random in the sandbox, and who holds what there in the end, in which order."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ratings import STARS, THUMBS, plain
from bot.sandbox.events import Event
from bot.sandbox.sandbox import Sandbox

GOLD = "<:gold:123456789012345678>"
OWN = {"😍": 90, GOLD: 60, "🙂": 40, "😴": 5}
SCALES: tuple[Mapping[str, int], ...] = (THUMBS, STARS, OWN)
VALUES = {plain(emoji): value for scale in SCALES for emoji, value in scale.items()}
STEADY = 5
"""So many members give one emoji to each video and keep it: all that its style has are known there."""

Holder = tuple[str, str]
"""message, member"""


@dataclass(slots=True, kw_only=True)
class Crowd:
    """`away`: the bot hears nothing, so that nobody can know in which order a member gave two emoji."""

    sandbox: Sandbox
    members: list[str]
    bots: list[str]
    rng: random.Random
    videos: list[str] = field(default_factory=list)
    away: bool = False
    scale: Mapping[str, int] = field(default_factory=lambda: THUMBS)
    given: dict[Holder, dict[str, tuple[int, int]]] = field(default_factory=dict)
    """When a member gave an emoji last, as what sorts: later ones are greater."""
    _styles: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _events: int = 0
    _touched: set[tuple[str, str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sandbox.events.subscribe(self._note)

    def leave(self) -> None:
        """From now on the bot hears nothing."""
        self.away = True
        self._events += 1
        self._touched.clear()

    def come_back(self) -> None:
        """From now on the bot hears everything."""
        self.away = False

    def rate_steadily(self, video: str) -> None:
        """Let some members each give one emoji of the scale to a new video, which they keep."""
        self.videos.append(video)
        self._styles[video] = self.scale
        emoji = list(self.scale)
        for number, member in enumerate(self.members[:STEADY]):
            self._add(video, emoji[number % len(emoji)], member)

    def rate_all(self, video: str, emoji: str, members: list[str]) -> None:
        """Let others give one emoji each."""
        for member in members:
            self._add(video, emoji, member)

    def react(self, videos: list[str], times: int) -> None:
        """Let members give and take emoji at random: some of it is no vote, some are bots."""
        for _ in range(times):
            video, member = self.rng.choice(videos), self.rng.choice(self.members[STEADY:])
            held = self._held(video).get(member, {})
            burst = self.rng.random() < 0.15
            if held and self.rng.random() < 0.35:
                emoji, kinds = self.rng.choice(sorted(held.items()))
                self._touched.add((video, member, emoji))
                for kind in (1, 2):
                    if kinds & kind and (self.away or self.rng.random() < 0.8):
                        self._remove(video, emoji, member, burst=kind == 2)
                continue
            emoji = self.rng.choice([*self.scale, *self._old(video), "❤️"])
            if self.away and not self._is_new(video, member, emoji, held):
                continue
            self._add(video, emoji, member, burst=burst)
            if self.rng.random() < 0.1:
                self._add(video, emoji, self.rng.choice(self.bots))

    def clear(self, video: str, emoji: str | None = None) -> None:
        """Let a moderator take away all reactions, or those of one emoji.

        In a later style nobody knows any more what was worth something there, so nobody gives it.
        """
        message = self.sandbox.messages.find(video)
        assert message is not None
        left = (
            {}
            if emoji is None
            else {one: value for one, value in self._styles[video].items() if one != emoji}
        )
        self._styles[video] = left
        if emoji is None:
            self.sandbox.reacting.clear(message)
        elif _named(emoji) in message.reactions:
            self.sandbox.reacting.clear_emoji(message, _named(emoji))

    def held(self) -> dict[tuple[str, str, str], int]:
        """Return who holds which vote emoji under which video, and the kinds, as the messages show it."""
        return {
            (video, member, emoji): kinds
            for video in self.videos
            for member, held in self._held(video).items()
            for emoji, kinds in held.items()
            if emoji in VALUES
        }

    def votes(self, mute: Mapping[str, str]) -> dict[Holder, tuple[str, int]]:
        """Return what counts: the emoji given last of those that are held; `mute`: video -> its author."""
        people: dict[Holder, list[str]] = {}
        for video, member, emoji in self.held():
            if mute.get(video) != member:
                people.setdefault((video, member), []).append(emoji)
        last = {
            holder: max(emoji, key=lambda one: self.given[holder][one]) for holder, emoji in people.items()
        }
        return {holder: (emoji, VALUES[emoji]) for holder, emoji in last.items()}

    def _old(self, video: str) -> list[str]:
        """Return votes of the style in which the video was posted; nobody invents new ones of those."""
        if self.away:
            return []
        return list(self._styles[video])

    def _is_new(self, video: str, member: str, emoji: str, held: Mapping[str, int]) -> bool:
        """Say whether a recount can tell that this was given: not if it was taken and given again."""
        return plain(emoji) not in held and (video, member, plain(emoji)) not in self._touched

    def _held(self, video: str) -> dict[str, dict[str, int]]:
        message = self.sandbox.messages.find(video)
        assert message is not None
        found: dict[str, dict[str, int]] = {}
        for reaction in message.reactions.values():
            name = reaction.emoji_id or plain(reaction.emoji_name)
            for kind, givers in ((1, reaction.users), (2, reaction.burst)):
                for user in givers:
                    if not self.sandbox.world.users[user].bot:
                        held = found.setdefault(user, {})
                        held[name] = held.get(name, 0) | kind
        return found

    def _add(self, video: str, emoji: str, member: str, *, burst: bool = False) -> None:
        message = self.sandbox.messages.find(video)
        assert message is not None
        self.sandbox.reacting.add(message, _named(emoji), member, burst=burst)

    def _remove(self, video: str, emoji: str, member: str, *, burst: bool) -> None:
        message = self.sandbox.messages.find(video)
        assert message is not None
        typed = next(one for one in [*VALUES_AS_TYPED, "❤️"] if plain(one) == emoji)
        self.sandbox.reacting.remove(message, _named(typed), member, burst=burst)

    def _note(self, event: Event) -> None:
        """Note when something was given; several that nobody heard are in the order of the scale."""
        if event.name != "MESSAGE_REACTION_ADD":
            return
        data: dict[str, Any] = event.data
        emoji = data["emoji"]["id"] or plain(data["emoji"]["name"])
        order = list(map(plain, self.scale))
        if not self.away:
            self._events += 1
        within = order.index(emoji) if self.away and emoji in order else 0
        holder = (data["message_id"], data["user_id"])
        self.given.setdefault(holder, {})[emoji] = (self._events, within)


VALUES_AS_TYPED = [emoji for scale in SCALES for emoji in scale]


def _named(emoji: str) -> str:
    """Write an emoji as an address of Discord's API does."""
    return emoji.strip("<>").removeprefix(":")
