"""The real client and cogs in simcord's Discord, without sockets and without a running engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.job import Job, JobId
from bot.jobs.decisions import Decisions
from bot.jobs.drafts import Drafts
from bot.jobs.earlier import EarlierVideos
from bot.jobs.ratings import RatingService
from bot.jobs.service import VideoService
from cogs import EXTENSIONS
from cogs.buttons.views import result_view, status_view
from cogs.delivery import DiscordAnnouncer
from cogs.services import Services
from cogs.texts import load_library
from storage.database import Database, open_database
from storage.drafts import SqlDraftStore
from storage.earlier import SqlEarlierStore
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
def media() -> FakeMedia:
    return FakeMedia()


class Web:
    """Pictures by address; what is not there cannot be reached."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}

    async def fetch(self, url: str, *, limit: int) -> bytes:
        if url not in self.pictures:
            raise InvalidRequest(code=Code.PICTURE_UNREACHABLE)
        return self.pictures[url]


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def providers(request: pytest.FixtureRequest) -> FakeCatalog:
    """Give one provider, or what an indirect parameter makes."""
    make = getattr(request, "param", lambda: [FakeProvider()])
    return FakeCatalog(*make())


@pytest.fixture
def workspace(tmp_path: Path) -> FileWorkspace:
    return FileWorkspace(tmp_path / "data")


@pytest.fixture
def looks_back(request: pytest.FixtureRequest) -> bool:
    """Say whether earlier videos are offered; an indirect parameter switches it on."""
    return bool(getattr(request, "param", False))


@pytest.fixture
def simcord_bot(
    database: Database,
    store: SqlJobStore,
    engine: QuietEngine,
    media: FakeMedia,
    web: Web,
    providers: FakeCatalog,
    workspace: FileWorkspace,
    looks_back: bool,
) -> Reelbot:
    settings, ratings, clock = SqlSettingsStore(database), SqlRatingStore(database), FakeClock()
    library = load_library()
    client = Reelbot(extensions=EXTENSIONS, notes=settings)
    videos = VideoService(
        store=store,
        settings=settings,
        ratings=ratings,
        catalog=providers,
        media=media,
        workspace=workspace,
        engine=engine,
        clock=clock,
    )
    client.services = Services(
        videos=videos,
        decisions=Decisions(
            store=store,
            catalog=providers,
            workspace=workspace,
            engine=engine,
            clock=clock,
        ),
        ratings=RatingService(store=ratings, jobs=store, clock=clock),
        drafts=Drafts(
            store=SqlDraftStore(database), videos=videos, media=media, workspace=workspace, clock=clock
        ),
        pictures=web,
        earlier=EarlierVideos(
            store=SqlEarlierStore(database), videos=videos, media=media, workspace=workspace, clock=clock
        )
        if looks_back
        else None,
        library=library,
        announcer=DiscordAnnouncer(
            client=client, library=library, clock=clock, status_view=status_view, result_view=result_view
        ),
    )
    return client
