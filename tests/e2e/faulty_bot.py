"""The bot of the fault tests: on an API of the test, with time limits that end while a test looks on."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest

from bot.config import Settings
from bot.domain.remote import PollPace, SubmitSafety
from bot.providers.http import ProviderHttp
from bot.providers.profile import Profile, load_profile
from bot.providers.retries import Retries
from bot.providers.time_limits import TimeLimits
from tests.e2e.conftest import Stage

HURRY = 60
PROFILES = {SubmitSafety.KEY: "preview", SubmitSafety.LIST: "vllm-omni", SubmitSafety.NONE: "openai"}


class HurriedClock:
    """The bot's clock, which runs `HURRY` times too fast; it begins so early that it never is ahead."""

    def __init__(self) -> None:
        self._began = time.time()

    def now(self) -> int:
        """Return milliseconds since 1970 UTC."""
        return int((self._began - 3600 * 24 + (time.time() - self._began) * HURRY) * 1000)

    async def sleep(self, seconds: float) -> None:
        """Wait, but not for long."""
        await asyncio.sleep(seconds / HURRY)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for the event, but not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds / HURRY):
                await event.wait()


def roomy_profile(name: str) -> Profile:
    """Return a shipped profile that lets every row render at once and asks often."""
    pace = PollPace(first=0.3, longest=1.0, deadline=1800)
    return replace(load_profile(name), slots=100, pace=pace)


@asynccontextmanager
async def bot_with(
    stage: Stage, safety: SubmitSafety, monkeypatch: pytest.MonkeyPatch, **addresses: str
) -> AsyncIterator[None]:
    """Start the bot anew with these settings of addresses."""
    limits = TimeLimits(read=5, order_read=8, get=8, order=10)
    monkeypatch.setattr(
        "bot.providers.card_provider.ProviderHttp",
        partial(ProviderHttp, limits=limits, retries=Retries(base=0.05, count=1)),
    )
    monkeypatch.setattr("bot.providers.card_provider.load_profile", roomy_profile)
    monkeypatch.setattr("bot.jobs.decide.IN_FLIGHT", 2000)
    monkeypatch.setattr("cogs.delivery.EDIT_SECONDS", 6.0)
    monkeypatch.setattr("cogs.delivery.UPLOAD_SECONDS", 8.0)
    stage.sandbox.sandbox.limits.enabled = False  # many jobs at once would hit limits that no test is about
    usual = stage.settings

    def settings() -> Settings:
        return usual().model_copy(update={"video_api_profile": PROFILES[safety], **addresses})

    monkeypatch.setattr(stage, "settings", settings)
    await stage.stop_bot()
    await stage.start_bot()
    try:
        yield
    finally:
        await stage.stop_bot()
