"""`/settings`: each command shows everything, and changes first what is given."""

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str
from discord.ext import commands

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.feedback import FeedbackSettings, ReelEvery
from bot.domain.ratings import RatingStyle
from bot.jobs.feedback import FeedbackService
from cogs.answers import actor_of, say, texts_of, think
from cogs.places import NEEDED
from cogs.settings._text import settings_text

LONGEST_SCALE = 500
"""Characters: ten emoji of a server with their names and weights fit."""
MOST_STARS = 100
OFF = "off"

SCALE = app_commands.Range[str, 1, LONGEST_SCALE]
STARS = app_commands.Range[int, 0, MOST_STARS]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SettingsCommands(
    commands.GroupCog, group_name="settings", group_description=locale_str("command-settings")
):
    """Settings of a server; every answer is for the asking member alone."""

    def __init__(self, feedback: FeedbackService) -> None:
        self._feedback = feedback

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let only those pass who manage the server, whatever its settings of commands say."""
        if interaction.guild_id is not None and actor_of(interaction).manager:
            return True
        await say(interaction, texts_of(interaction)("settings-not-yours"))
        return False

    @app_commands.command(name="show", description=locale_str("command-settings-show"))
    async def show(self, interaction: discord.Interaction) -> None:
        """Show what is set."""
        await think(interaction)
        await _show(interaction, await self._feedback.settings(interaction.guild_id))

    @app_commands.command(name="ratings", description=locale_str("command-settings-ratings"))
    @app_commands.describe(
        style=locale_str("option-settings-style"),
        emoji=locale_str("option-settings-emoji"),
        author_votes=locale_str("option-settings-author-votes"),
    )
    @app_commands.choices(
        style=[Choice(name=locale_str(f"choice-rating-{style}"), value=style.value) for style in RatingStyle]
    )
    async def ratings(
        self,
        interaction: discord.Interaction,
        style: str | None = None,
        emoji: SCALE | None = None,
        author_votes: bool | None = None,
    ) -> None:
        """Set how members vote."""
        await think(interaction)
        settings = await self._feedback.set_ratings(
            _server(interaction),
            style=None if style is None else RatingStyle(style),
            emoji=emoji,
            author_votes=author_votes,
        )
        await _show(interaction, settings)

    @app_commands.command(name="reactions", description=locale_str("command-settings-reactions"))
    @app_commands.describe(
        letter=locale_str("option-settings-letter"),
        favourite=locale_str("option-settings-favourite"),
        remove=locale_str("option-settings-remove"),
    )
    async def reactions(
        self,
        interaction: discord.Interaction,
        letter: bool | None = None,
        favourite: bool | None = None,
        remove: bool | None = None,
    ) -> None:
        """Switch the reactions that do something on or off."""
        await think(interaction)
        settings = await self._feedback.set_commands(
            _server(interaction), letter=letter, favourite=favourite, removal=remove
        )
        await _show(interaction, settings)

    @app_commands.command(name="best", description=locale_str("command-settings-best"))
    @app_commands.rename(stars="from")
    @app_commands.describe(
        channel=locale_str("option-settings-best-channel"),
        stars=locale_str("option-settings-best-from"),
        reel=locale_str("option-settings-reel"),
        reel_channel=locale_str("option-settings-reel-channel"),
    )
    @app_commands.choices(
        reel=[
            Choice(name=locale_str(f"choice-reel-{every}"), value=every)
            for every in (OFF, *(every.value for every in ReelEvery))
        ]
    )
    async def best(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | None = None,
        stars: STARS | None = None,
        reel: str | None = None,
        reel_channel: discord.TextChannel | None = None,
    ) -> None:
        """Set where the best videos and their reel go."""
        await think(interaction)
        for chosen in (channel, reel_channel):
            _check_channel(interaction, chosen)
        settings = await self._feedback.set_best(
            _server(interaction),
            channel_id=None if channel is None else channel.id,
            best_from=stars,
            copies=stars != 0,
            reel=None if reel in {None, OFF} else ReelEvery(reel),
            reels=reel != OFF,
            reel_channel_id=None if reel_channel is None else reel_channel.id,
        )
        await _show(interaction, settings)


async def _show(interaction: discord.Interaction, settings: FeedbackSettings) -> None:
    await say(interaction, settings_text(settings, texts_of(interaction)))


def _check_channel(interaction: discord.Interaction, channel: discord.TextChannel | None) -> None:
    """Refuse a channel that the bot cannot post videos in.

    Raises:
        InvalidRequest: names the missing permissions as Discord does.
    """
    if channel is None:
        return
    granted, texts = channel.permissions_for(channel.guild.me), texts_of(interaction)
    missing = [texts(f"permission-{name}") for name in NEEDED if not getattr(granted, name)]
    if missing:
        permissions = ", ".join(missing)
        raise InvalidRequest(code=Code.CHANNEL_UNUSABLE, channel=channel.mention, permissions=permissions)


def _server(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise TypeError("the check lets only servers pass")
    return interaction.guild_id
