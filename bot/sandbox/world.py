"""The world of the sandbox: one guild, its roles, members and channels, and the bot's application."""

import secrets
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.errors import ApiError, unknown_channel, unknown_guild
from bot.sandbox.permissions import BOT_DEFAULT, MEMBER_DEFAULT, STRANGER_DENIED
from bot.sandbox.snowflake import Snowflakes

MIB = 1024 * 1024
DEFAULT_UPLOAD_LIMIT = 10 * MIB
TIER_UPLOAD_LIMIT = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}
TEXT_CHANNEL = 0
DM_CHANNEL = 1


@dataclass(slots=True, kw_only=True)
class User:
    """A person or the bot."""

    id: str
    name: str
    bot: bool = False
    accepts_dms: bool = True
    locale: str = "en-US"


@dataclass(slots=True, kw_only=True)
class Role:
    """A role of the guild; the role with the guild's id is @everyone."""

    id: str
    name: str
    permissions: int
    position: int
    managed: bool = False
    mentionable: bool = False


@dataclass(slots=True, kw_only=True)
class Overwrite:
    """What a channel allows or denies to a role or a member."""

    id: str
    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, kw_only=True)
class Channel:
    """A text channel of the guild, or a direct message channel."""

    id: str
    name: str
    kind: int = TEXT_CHANNEL
    nsfw: bool = False
    position: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipients: list[str] = field(default_factory=list)
    last_message_id: str | None = None

    @property
    def is_dm(self) -> bool:
        """Tell whether this is a direct message channel."""
        return self.kind == DM_CHANNEL


@dataclass(slots=True, kw_only=True)
class Member:
    """A user's place in the guild."""

    user_id: str
    roles: list[str]
    joined_at: str


@dataclass(slots=True, kw_only=True)
class Guild:
    """The sandbox's one server."""

    id: str
    name: str
    owner_id: str
    premium_tier: int = 0
    upload_limit: int | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def filesize_limit(self) -> int:
        """Return the bytes that one uploaded file may have (reference: discord, limits)."""
        return self.upload_limit if self.upload_limit is not None else TIER_UPLOAD_LIMIT[self.premium_tier]


class World:
    """Hold users, the guild and the channels, seeded with what a first visitor needs."""

    def __init__(self, *, clock: Clock, ids: Snowflakes) -> None:
        self._clock = clock
        self._ids = ids
        self.token = f"sandbox.{secrets.token_urlsafe(32)}"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.application_id = ids.next()
        self.bot = User(id=self.application_id, name="Reelbot", bot=True)
        self.users[self.bot.id] = self.bot
        owner = User(id=ids.next(), name="Olive")
        self.users[owner.id] = owner
        guild_id = ids.next()
        self.guild = Guild(id=guild_id, name="Sandbox", owner_id=owner.id)
        self.guild.roles[guild_id] = Role(
            id=guild_id, name="@everyone", permissions=MEMBER_DEFAULT, position=0
        )
        self._join(owner.id, [])
        bot_role = self.add_role("Reelbot", BOT_DEFAULT, managed=True)
        self._join(self.bot.id, [bot_role.id])
        self.stranger_role = self.add_role("Stranger", 0)
        self.default_user = self.add_user("Mara")
        self.default_channel = self.add_channel("general")
        self.add_user("Sam", roles=(self.stranger_role.id,))

    def add_user(
        self, name: str, *, roles: tuple[str, ...] = (), accepts_dms: bool = True, bot: bool = False
    ) -> User:
        """Create a user who is a member of the guild with the given role ids."""
        user = User(id=self._ids.next(), name=name, accepts_dms=accepts_dms, bot=bot)
        self.users[user.id] = user
        self._join(user.id, list(roles))
        return user

    def add_role(self, name: str, permissions: int, *, managed: bool = False) -> Role:
        """Create a role at the top of the guild's list."""
        role = Role(
            id=self._ids.next(),
            name=name,
            permissions=permissions,
            position=len(self.guild.roles),
            managed=managed,
        )
        self.guild.roles[role.id] = role
        return role

    def add_channel(self, name: str, *, nsfw: bool = False) -> Channel:
        """Create a text channel in the guild, where strangers may look but not act."""
        stranger = self.stranger_role.id
        channel = Channel(
            id=self._ids.next(),
            name=name,
            nsfw=nsfw,
            position=len(self.channels),
            overwrites={stranger: Overwrite(id=stranger, is_member=False, deny=STRANGER_DENIED)},
        )
        self.channels[channel.id] = channel
        return channel

    def dm_channel(self, user_id: str) -> Channel:
        """Return the direct message channel of the bot with a user, made at the first call."""
        if user_id not in self.users or user_id == self.bot.id:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        for channel in self.channels.values():
            if channel.is_dm and channel.recipients == [user_id]:
                return channel
        channel = Channel(id=self._ids.next(), name="", kind=DM_CHANNEL, recipients=[user_id])
        self.channels[channel.id] = channel
        return channel

    def channel(self, channel_id: str) -> Channel:
        """Return a channel; raise ApiError 10003."""
        if channel_id not in self.channels:
            raise unknown_channel()
        return self.channels[channel_id]

    def require_guild(self, guild_id: str) -> Guild:
        """Return the guild; raise ApiError 10004 for any other id."""
        if guild_id != self.guild.id:
            raise unknown_guild()
        return self.guild

    def filesize_limit(self, channel: Channel) -> int:
        """Return the bytes that one file in this channel may have; a DM knows no boosts."""
        return DEFAULT_UPLOAD_LIMIT if channel.is_dm else self.guild.filesize_limit

    def _join(self, user_id: str, roles: list[str]) -> None:
        self.guild.members[user_id] = Member(user_id=user_id, roles=roles, joined_at=self._clock.iso())
