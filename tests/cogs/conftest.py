"""The real client and cogs in simcord's Discord, without sockets and without a running engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.client import Reelbot
from bot.domain.job import Job, JobId
from bot.jobs.decisions import Decisions
from bot.jobs.ratings import RatingService
from bot.jobs.service import (
    VideoService,
)
from cogs import EXTENSIONS
from cogs.buttons.views import result_view, status_view
from cogs.delivery import DiscordAnnouncer
from cogs.services import Services
from cogs.texts import load_library
from storage.database import Database, open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from storage.ratings import SqlRatingStore
from storage.settings import SqlSettingsStore
from storage.workspace import FileWorkspace
from tests.fakes import FakeCatalog, FakeClock, FakeMedia, FakeProvider


class QuietEngine:
    """Remembers what it was told and runs nothing."""

    def __init__(self) -> None:
        self.woken = 0
        self.cancelled: list[JobId] = []
        self.over: list[Job] = []

    def wake(self) -> None:
        self.woken += 1

    def cancel(self, job_id: JobId) -> None:
        self.cancelled.append(job_id)

    def ended(self, job: Job) -> None:
        self.over.append(job)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(f"sqlite:///{tmp_path / 'reelbot.db'}")
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlJobStore:
    return SqlJobStore(database)


@pytest.fixture
def engine() -> QuietEngine:
    return QuietEngine()


@pytest.fixture
def simcord_bot(database: Database, store: SqlJobStore, engine: QuietEngine, tmp_path: Path) -> Reelbot:
    settings, ratings, clock = SqlSettingsStore(database), SqlRatingStore(database), FakeClock()
    library = load_library()
    client = Reelbot(extensions=EXTENSIONS, notes=settings)
    videos = VideoService(
        store=store,
        settings=settings,
        ratings=ratings,
        catalog=FakeCatalog(FakeProvider()),
        media=FakeMedia(),
        workspace=FileWorkspace(tmp_path / "data"),
        engine=engine,
        clock=clock,
    )
    client.services = Services(
        videos=videos,
        decisions=Decisions(
            store=store,
            catalog=FakeCatalog(FakeProvider()),
            workspace=FileWorkspace(tmp_path / "data"),
            engine=engine,
            clock=clock,
        ),
        ratings=RatingService(store=ratings, jobs=store, clock=clock),
        library=library,
        announcer=DiscordAnnouncer(
            client=client, library=library, clock=clock, status_view=status_view, result_view=result_view
        ),
    )
    return client
