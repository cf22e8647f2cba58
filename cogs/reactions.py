"""Reactions as commands: ✉️ into one's direct messages, ⭐ favourite, ❌ cancel or delete.

Stars given while the bot was away are counted along with the votes; ✉️ and ❌ of that time are not made up
for: nobody expects a letter, or a video to vanish, hours later.
"""

import logging
from collections.abc import Awaitable

import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.emoji_command import EmojiCommand, read_command
from bot.domain.errors import DeliveryError, StorageError, UserError
from bot.jobs.actor import Actor
from bot.jobs.emoji_commands import EmojiCommands
from cogs.delivery import NO_GUILD_LIMIT
from cogs.letters import send_letter
from cogs.remix import lineage_of
from cogs.services import services_of
from cogs.withdrawing import withdraw

log = logging.getLogger(__name__)


class Reactions(commands.Cog):
    """Turns raw reaction events into commands: no message cache is needed, and nothing is answered."""

    def __init__(self, bot: Reelbot, emoji_commands: EmojiCommands) -> None:
        self._bot = bot
        self._commands = emoji_commands

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Do what the emoji asks for."""
        command = read_command(str(event.emoji))
        if command is None or self._from_a_bot(event):
            return
        match command:
            case EmojiCommand.LETTER:
                await _quietly(command, self._letter(event.message_id, event.user_id))
            case EmojiCommand.FAVOURITE:
                await _quietly(command, self._commands.starred(event.message_id, event.user_id))
            case EmojiCommand.REMOVAL:
                await _quietly(command, self._remove(event.message_id, self._actor(event)))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Take a favourite back."""
        command = read_command(str(event.emoji))
        if command is EmojiCommand.FAVOURITE and not self._from_a_bot(event):
            await _quietly(command, self._commands.unstarred(event.message_id, event.user_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """Forget a message's stars."""
        await _quietly(EmojiCommand.FAVOURITE, self._commands.all_unstarred(event.message_id))

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """Forget a message's stars, if it is these."""
        command = read_command(str(event.emoji))
        if command is EmojiCommand.FAVOURITE:
            await _quietly(command, self._commands.all_unstarred(event.message_id))

    async def _letter(self, message_id: int, user_id: int) -> None:
        letter = await self._commands.letter(message_id, user_id, limit=NO_GUILD_LIMIT)
        if letter is None:
            return
        job = letter.job
        actor = Actor(user_id=user_id, guild_id=job.place.guild_id)
        details = await lineage_of(self._bot).details(job.short_id, actor)
        texts = services_of(self._bot).library.texts(job.locale)
        await send_letter(self._bot, letter, details, texts)

    async def _remove(self, message_id: int, actor: Actor) -> None:
        job = await self._commands.to_remove(message_id, actor)
        if job is None:
            return
        decisions = services_of(self._bot).decisions
        job = await decisions.to_delete(job.short_id, actor)
        await withdraw(self._bot, job)
        await decisions.deleted(job, actor)

    def _actor(self, event: discord.RawReactionActionEvent) -> Actor:
        """Return who reacts; whoever may manage messages in this channel is a moderator."""
        moderator, guild = False, self._bot.get_guild(event.guild_id or 0)
        if guild is not None and event.member is not None:
            channel = guild.get_channel_or_thread(event.channel_id)
            member = event.member
            # A thread that nobody has written to for long is not known: there the server's rights count.
            granted = member.guild_permissions if channel is None else channel.permissions_for(member)
            moderator = granted.manage_messages
        return Actor(user_id=event.user_id, guild_id=event.guild_id, moderator=moderator)

    def _from_a_bot(self, event: discord.RawReactionActionEvent) -> bool:
        own = self._bot.user is not None and event.user_id == self._bot.user.id
        return own or (event.member is not None and event.member.bot)


async def _quietly(command: EmojiCommand, work: Awaitable[None]) -> None:
    """Do it; what fails is only a line in the log, for nobody waits for an answer to a reaction."""
    try:
        await work
    except (UserError, DeliveryError, StorageError) as error:
        log.info("%s by a reaction came to nothing: %s: %s", command.name, type(error).__name__, error)


async def setup(bot: Reelbot) -> None:
    """Listen for reactions."""
    emoji_commands = services_of(bot).emoji_commands
    if emoji_commands is None:
        raise TypeError("the client was built without emoji commands")
    await bot.add_cog(Reactions(bot, emoji_commands))
