"""`/callback`: a program of the server's own that is told how its videos ended."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.callback import URL_LIMIT, AddressFlaw
from bot.jobs.callbacks import Answer, CallbackService
from cogs.answers import actor_of, say, texts_of, think
from cogs.services import services_of


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class CallbackCommands(
    commands.GroupCog, group_name="callback", group_description=locale_str("command-callback")
):
    """Setting, trying and ending the callback of a server; every answer is for the asking member alone."""

    def __init__(self, callbacks: CallbackService) -> None:
        self._callbacks = callbacks

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let only those pass who manage the server, whatever its settings of commands say."""
        if interaction.guild_id is not None and actor_of(interaction).manager:
            return True
        await say(interaction, texts_of(interaction)("callback-not-yours"))
        return False

    @app_commands.command(name="set", description=locale_str("command-callback-set"))
    @app_commands.describe(url=locale_str("option-callback-url"))
    async def set(self, interaction: discord.Interaction, url: app_commands.Range[str, 1, URL_LIMIT]) -> None:
        """Keep the address and hand out the secret, this once."""
        await think(interaction)
        texts = texts_of(interaction)
        try:
            secret = await self._callbacks.set(_server(interaction), url)
        except ValueError as error:
            [flaw] = error.args
            await say(interaction, texts("callback-address", flaw=AddressFlaw(flaw).value))
        else:
            await say(interaction, texts("callback-set", secret=secret))

    @app_commands.command(name="off", description=locale_str("command-callback-off"))
    async def off(self, interaction: discord.Interaction) -> None:
        """Tell nobody any more."""
        await think(interaction)
        was_on = await self._callbacks.off(_server(interaction))
        await say(interaction, texts_of(interaction)("callback-off" if was_on else "callback-none"))

    @app_commands.command(name="test", description=locale_str("command-callback-test"))
    async def test(self, interaction: discord.Interaction) -> None:
        """Send a POST that tells of nothing, and say what came of it."""
        await think(interaction)
        texts = texts_of(interaction)
        outcome = await self._callbacks.test(_server(interaction))
        if outcome is None:
            await say(interaction, texts("callback-none"))
            return
        answer, status = outcome
        key = {
            Answer.TAKEN: "callback-taken",
            Answer.REFUSED: "callback-refused",
            Answer.SILENT: "callback-silent",
            Answer.FORBIDDEN: "callback-forbidden",
        }[answer]
        await say(interaction, texts(key, status=str(status)))


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TypeError("the check lets only servers pass")
    return interaction.guild_id


async def setup(bot: Reelbot) -> None:
    """Add the commands, where callbacks can be sent."""
    callbacks = services_of(bot).callbacks
    if callbacks is not None:
        await bot.add_cog(CallbackCommands(callbacks))
