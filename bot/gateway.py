"""The bot's presence on Discord: a client that fails is replaced by a new one, with back-off."""

import asyncio
import logging
import random
import time
from collections.abc import Callable

import aiohttp
import discord
from discord.ext import commands

from bot.client import Reelbot
from bot.domain.errors import BotError, ConfigError

log = logging.getLogger(__name__)

LOGIN_SECONDS = 60.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
"""Discord allows 1,000 identifies a day (reference: discord, gateway)."""
HEALTHY_SECONDS = 600.0
"""A client that lived so long was well; the next pause is a short one again."""
FINAL_CLOSES = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Token, shards or intents are wrong: trying again cannot help."""


class Gateway:
    """Keeps the bot online.

    `build` makes a new client each time: the library's cannot be used again after a failed start, and an
    event that it cannot read ends the client (reference: discord, library behaviour).
    """

    def __init__(self, build: Callable[[], Reelbot]) -> None:
        self._build = build
        self.online = asyncio.Event()
        self.runs = False
        """Whether this process talks with the gateway at all."""

    async def run(self, token: str) -> None:
        """Stay connected until cancelled.

        Raises:
            ConfigError: Discord refuses the token.
            BotError: Discord closed the gateway for good.
        """
        failures, self.runs = 0, True
        while True:
            began = time.monotonic()
            await self._live(token)
            self.online.clear()
            if time.monotonic() - began > HEALTHY_SECONDS:
                failures = 0
            await asyncio.sleep(pause(failures))
            failures += 1

    async def _live(self, token: str) -> None:
        """Run one client to its end; only what trying again cannot mend is raised."""
        client = self._build()
        client.add_listener(self._came_online, "on_ready")
        try:
            async with client:
                await log_in(client, token)
                await client.connect()
        except (ConfigError, commands.ExtensionError):
            raise
        except discord.PrivilegedIntentsRequired as error:
            raise BotError(
                "Discord closed the gateway for good: it wants privileged intents to be granted"
            ) from error
        except discord.ConnectionClosed as error:
            if error.code in FINAL_CLOSES:
                raise BotError(
                    f"Discord closed the gateway for good (code {error.code}): {error.reason}"
                ) from error
            log.warning("Discord closed the gateway (code %s); connecting again", error.code)
        except (BotError, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
            log.warning("not connected to Discord: %s; trying again", error)
        except Exception as error:  # an event that the library cannot read raises whatever it likes
            # So does its very first connection when it fails (Rapptz/discord.py issue 10520).
            if isinstance(error.__context__, aiohttp.ClientError | OSError):
                log.warning("not connected to Discord: %s; trying again", error.__context__)
            else:
                log.exception("the connection to Discord failed unexpectedly; connecting again")

    async def _came_online(self) -> None:
        self.online.set()


def pause(failures: int) -> float:
    """Return seconds to wait before the next client: doubling, half of it jitter."""
    span = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 20))
    return span / 2 + random.uniform(0, span / 2)


async def log_in(client: discord.Client, token: str) -> None:
    """Log in, which for the bot also loads the cogs and syncs the commands.

    Raises:
        ConfigError: the token is wrong.
        BotError: Discord cannot be reached.
    """
    try:
        async with asyncio.timeout(LOGIN_SECONDS):
            await client.login(token)
    except discord.LoginFailure as error:
        await _close_session(client)
        raise ConfigError(
            "Discord refuses DISCORD_TOKEN. Copy the token anew from "
            "https://discord.com/developers/applications (Bot, Reset Token); it is not the client secret."
        ) from error
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        await _close_session(client)
        raise BotError(f"Discord cannot be reached at {discord.http.Route.BASE}: {error}") from error


async def _close_session(client: discord.Client) -> None:
    """Close what a failed login leaves open; the library makes both anew at the next one."""
    await client.http.close()
    client.http.connector = discord.utils.MISSING


async def log_in_patiently(client: discord.Client, token: str) -> None:
    """Log in as soon as Discord answers.

    Raises:
        ConfigError: the token is wrong.
    """
    failures = 0
    while True:
        try:
            return await log_in(client, token)
        except ConfigError:
            raise
        except BotError as error:
            log.warning("%s; trying again", error)
        await asyncio.sleep(pause(failures))
        failures += 1
