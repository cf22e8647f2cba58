"""The least that a discord.py bot can do: one command that defers and echoes."""

import os

import discord
import yarl
from discord import app_commands


class EchoBot(discord.Client):
    """Defers and edits, nothing else."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(name="video", description="echo")
        async def video(interaction: discord.Interaction, prompt: str, seconds: int = 4) -> None:
            await interaction.response.defer(thinking=True)
            await interaction.edit_original_response(content=f"{prompt} {seconds}")

    async def setup_hook(self) -> None:
        await self.tree.sync()


if __name__ == "__main__":
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    EchoBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
