"""The composition root: the only file that imports every layer and joins the ports."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import discord

from bot.client import Reelbot, Services, use_api
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.errors import ConfigError
from bot.jobs.ratings import RatingService
from bot.jobs.runner import Runner
from bot.jobs.service import VideoService
from bot.jobs.steps import Ports
from cogs import EXTENSIONS
from cogs.delivery import DiscordAnnouncer
from cogs.texts import load_library
from cogs.translation import CommandTranslator

log = logging.getLogger(__name__)
