"""The Discord client: no privileged intent, no message cache, mentions off, sync only on change."""

import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import ConfigError, StorageError
from bot.domain.shards import Shards
from bot.ports import SettingsStore

log = logging.getLogger(__name__)

INSTALL_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
)
"""What the invite link asks for."""


class Reelbot(commands.Bot):
    """The bot. `services` is set before `start` and belongs to the extensions alone.

    `syncs` says that this process sends the commands to Discord where they have changed.
    """

    services: object = None
    syncs = True

    def __init__(
        self, *, extensions: Sequence[str], notes: SettingsStore, guild_ids: Sequence[int] = ()
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents.none()
        intents.guilds = intents.guild_reactions = intents.dm_reactions = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.5,  # nothing waits for the last guild; the default costs 2 s a start
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=60.0,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
        )
        self._extensions_to_load = tuple(extensions)
        self._guild_ids = tuple(guild_ids)
        self._notes = notes

    async def setup_hook(self) -> None:
        """Load the cogs and sync the commands; runs once, before the gateway."""
        for extension in self._extensions_to_load:
            await self.load_extension(extension)
        if not self.syncs:
            return
        try:
            await self.sync_commands()
        except (discord.HTTPException, StorageError):
            log.exception("the commands could not be synced; members see the earlier ones")

    async def sync_commands(self, *, force: bool = False) -> bool:
        """Send the commands to Discord if they differ from what was sent last; say whether they did."""
        if self.application_id is None:
            raise RuntimeError("log in first")
        payload = await self.command_payload()
        target = ",".join(map(str, self._guild_ids)) or "global"
        note = f"commands:{self.application_id}:{target}"
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        if not force and await self._notes.note(note) == digest:
            return False
        if self._guild_ids:
            for guild_id in self._guild_ids:
                await self.http.bulk_upsert_guild_commands(self.application_id, guild_id, payload)
        else:
            await self.http.bulk_upsert_global_commands(self.application_id, payload)
        await self._notes.save_note(note, digest)
        log.info("commands synced: %s", target)
        return True

    async def command_payload(self) -> list[dict[str, Any]]:
        """Return the commands as Discord takes them, with every text from the language files."""
        translator = self.tree.translator
        if translator is None:
            raise RuntimeError("no translator is set")
        return [
            with_default_texts(await command.get_translated_payload(self.tree, translator))
            for command in self.tree.get_commands()
        ]

    async def on_ready(self) -> None:
        """Print how to invite the bot."""
        if self.user is not None:
            log.info("logged in as %s, on %d servers", self.user, len(self.guilds))
            log.info("invite link: %s", invite_link(self.user.id))


class ShardedReelbot(Reelbot, commands.AutoShardedBot):
    """The bot as one of several processes that share Discord's servers; direct messages come to shard 0."""

    def __init__(
        self,
        *,
        shards: Shards,
        extensions: Sequence[str],
        notes: SettingsStore,
        guild_ids: Sequence[int] = (),
    ) -> None:
        super().__init__(extensions=extensions, notes=notes, guild_ids=guild_ids)
        self.shard_ids = list(shards.ids)
        self.shard_count = shards.count
        self.syncs = 0 in shards.ids


def rest_client() -> discord.Client:
    """Return a client that only calls REST, from any process: no gateway, no identify."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    return discord.Client(
        intents=discord.Intents(guilds=True),  # never identified with; the library warns without it
        max_messages=None,
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=60.0,
    )


def invite_link(application_id: int) -> str:
    """Return the address at which an owner adds the bot to a server, with exactly the permissions it uses."""
    return discord.utils.oauth_url(
        application_id, permissions=INSTALL_PERMISSIONS, scopes=("bot", "applications.commands")
    )


def with_default_texts(payload: Any, locale: str = "en-US") -> Any:
    """Put the translations of one locale in the place of the keys that stand as default texts."""
    if isinstance(payload, list):
        return [with_default_texts(entry, locale) for entry in payload]
    if not isinstance(payload, dict):
        return payload
    filled = {key: with_default_texts(value, locale) for key, value in payload.items()}
    for name in ("name", "description"):
        translations = filled.get(f"{name}_localizations") or {}
        if locale in translations:
            filled[name] = translations[locale]
    return filled


def use_api(rest: str | None, gateway: str | None) -> None:
    """Point discord.py to another Discord: a REST proxy or a local server (reference: discord, switches)."""
    if rest is not None:
        discord.http.Route.BASE = rest.rstrip("/")
    if gateway is not None:
        try:
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
        except ValueError as error:
            raise ConfigError(f"DISCORD_GATEWAY_URL is not a URL: {error}") from error
