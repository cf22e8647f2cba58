"""The real client and cogs in simcord's Discord, without sockets and without a running engine."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.client import Reelbot
from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.job import Job, JobId
from bot.jobs.ratings import scale_of
from bot.providers.prompt_writer import SteadyWriter
from bot.use_cases import Parts, build_services
from cogs import EXTENSIONS
from cogs.buttons.views import result_view, status_view
from cogs.delivery import DiscordAnnouncer
from cogs.reels import ReelShow
from cogs.texts import Library, load_library
from storage.database import Database, open_database
from storage.feedback import SqlFeedbackStore
from storage.jobs import SqlJobStore
from storage.migrate import migrate
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


@pytest.fixture(scope="session")
def library() -> Library:
    """Read the texts once."""
    return load_library()


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
    library: Library,
) -> Reelbot:
    settings, clock = SqlSettingsStore(database), FakeClock()
    client = Reelbot(extensions=EXTENSIONS, notes=settings)
    client.services = build_services(
        Parts(
            database=database,
            jobs=store,
            catalog=providers,
            media=media,
            workspace=workspace,
            engine=engine,
            clock=clock,
            library=library,
            announcer=DiscordAnnouncer(
                client=client,
                library=library,
                clock=clock,
                status_view=status_view,
                result_view=result_view,
                scale_of=partial(scale_of, SqlFeedbackStore(database)),
            ),
            wake=lambda: None,
            rewriter=SteadyWriter(),
            callbacks=None,
            pictures=web,
            originals_days=30,
            looks_back=looks_back,
            reel_show=ReelShow(client=client, library=library, jobs=store, media=media, workspace=workspace),
        )
    )
    return client
