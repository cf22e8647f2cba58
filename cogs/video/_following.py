"""The commands follow the models: cards may change while the bot runs."""

import logging
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.client import Reelbot
from bot.domain.capabilities import Option
from bot.domain.errors import StorageError
from cogs.services import Services
from cogs.video._animate import build_animate, build_menu
from cogs.video._command import VideoCommand

LOOK_SECONDS = 5.0

log = logging.getLogger(__name__)

BuiltCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu
Build = Callable[[], BuiltCommand]


class VideoCommands(commands.Cog):
    """Has `/video` and what belongs to it offer what some configured model takes now."""

    def __init__(self, bot: Reelbot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._others: list[Build] = []
        self._shown: list[BuiltCommand] = []
        self._shape: object = None
        self._synced = True

    async def cog_load(self) -> None:
        """Add the commands; whoever loads the extensions sends them to Discord."""
        self._put()
        self._follow.start()

    def follow_with(self, build: Build) -> None:
        """Have another command follow the models too."""
        self._others.append(build)
        self._put()

    async def cog_unload(self) -> None:
        """Follow no longer."""
        self._follow.cancel()

    @tasks.loop(seconds=LOOK_SECONDS)
    async def _follow(self) -> None:
        if self._now() != self._shape:
            self._put()
            self._synced = not self._bot.syncs
        if not self._synced:
            try:
                await self._bot.sync_commands()
            except (discord.HTTPException, StorageError, OSError) as error:
                log.warning("the changed commands could not be synced, trying again: %s", error)
            else:
                self._synced = True

    @_follow.before_loop
    async def _begin_online(self) -> None:
        await self._bot.wait_until_ready()

    def _now(self) -> object:
        models = self._services.videos.models
        return models.offered(), len(models.open()) > 1

    def _put(self) -> None:
        tree = self._bot.tree
        for old in self._shown:
            kind = (
                old.type if isinstance(old, app_commands.ContextMenu) else discord.AppCommandType.chat_input
            )
            tree.remove_command(old.name, type=kind)
        self._shape = self._now()
        self._shown = [VideoCommand(self._services).build()]
        if Option.PICTURE in self._services.videos.models.offered():
            self._shown += [build_animate(), build_menu(self._services)]
        self._shown += [build() for build in self._others]
        for command in self._shown:
            tree.add_command(command)


def follow_with(bot: Reelbot, build: Build) -> None:
    """Add a command that follows the models; `cogs.video` is loaded before those that do so."""
    following = bot.get_cog(VideoCommands.__cog_name__)
    if not isinstance(following, VideoCommands):
        raise TypeError("cogs.video is not loaded")
    following.follow_with(build)
