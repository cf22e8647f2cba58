"""What several processes of one bot need: a database and a video API that all of them reach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import App, open_app
from bot.config import Settings
from bot.domain.errors import ConfigError
from bot.domain.shards import Shards


@asynccontextmanager
async def open_shared_app(
    settings: Settings, *, drives: bool, shards: Shards | None = None
) -> AsyncIterator[App]:
    """Build the bot for one of several processes.

    Raises:
        ConfigError: the database or the video API belongs to one process alone.
    """
    if not settings.names_video_api:
        raise ConfigError(
            "several processes need a video API that all of them reach: set VIDEO_API_BASE_URL "
            "(`reelbot preview-api` is one) or PROVIDERS_FILE, or use `reelbot run`"
        )
    if settings.database.startswith("sqlite"):
        raise ConfigError(
            "several processes need PostgreSQL: set DATABASE_URL=postgresql://..., or use `reelbot run`, "
            "which does all in one process"
        )
    async with open_app(settings, drives=drives, shards=shards) as app:
        yield app
