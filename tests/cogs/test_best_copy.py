"""What a copy in the best-of channel says, and which video may not be copied there."""

from pathlib import Path
from typing import Any

import pytest

from bot.client import rest_client
from bot.domain.errors import DeliveryError, Forbidden
from bot.domain.job import Job
from bot.domain.posting import Posting, best_copy
from bot.domain.states import JobState
from cogs.best_copy import BestCopies, best_notice
from cogs.postings import DiscordPostings
from cogs.texts import load_library
from storage.database import Database
from storage.favourites import SqlFavouriteStore
from storage.jobs import SqlJobStore
from storage.workspace import FileWorkspace
from tests.factories import make_job, make_request

HALL, PLACE, RESULT, UNKNOWN = 700, 200, 201, 999
DELIVERED: dict[str, Any] = {
    "state": JobState.DELIVERED,
    "result_channel_id": RESULT,
    "result_message_id": 900,
    "result_file": "originals/ABCDE-1001.mp4",
}
TEXTS = load_library().texts("en-US")


class Channels(DiscordPostings):
    """Knows without asking which channels are age-restricted."""

    def __init__(self, restricted: set[int]) -> None:
        super().__init__(rest_client())
        self.restricted = restricted
        self.limit = 100

    async def is_restricted(self, channel_id: int) -> bool:
        if channel_id == UNKNOWN:
            raise Forbidden("no such channel for this bot")
        return channel_id in self.restricted

    async def upload_limit(self, posting: Posting) -> int:
        return self.limit


def copies(
    database: Database, store: SqlJobStore, workspace: FileWorkspace, channels: Channels
) -> BestCopies:
    return BestCopies(
        discord=channels,
        jobs=store,
        favourites=SqlFavouriteStore(database),
        workspace=workspace,
        library=load_library(),
    )


def posting_of(job: Job) -> Posting:
    return best_copy(job, guild_id=100, channel_id=HALL)


@pytest.mark.parametrize(
    ("restricted", "copied"),
    [
        pytest.param(set(), True, id="nothing is restricted"),
        pytest.param({HALL}, True, id="only the best-of channel"),
        pytest.param({HALL, PLACE, RESULT}, True, id="both"),
        pytest.param({PLACE}, False, id="where it was asked for"),
        pytest.param({RESULT}, False, id="where it stands"),
    ],
)
async def test_what_is_for_adults_goes_nowhere_else(
    database: Database, store: SqlJobStore, workspace: FileWorkspace, restricted: set[int], copied: bool
) -> None:
    job = await store.add(make_job(**DELIVERED))
    notice = await copies(database, store, workspace, Channels(restricted)).write(posting_of(job))
    assert (notice is not None) is copied


async def test_where_nobody_knows_nothing_is_written(
    database: Database, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await store.add(make_job(**(DELIVERED | {"result_channel_id": UNKNOWN})))
    with pytest.raises(DeliveryError):
        await copies(database, store, workspace, Channels(set())).write(posting_of(job))


async def test_a_video_that_was_deleted_meanwhile_is_not_copied(
    database: Database, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    writer = copies(database, store, workspace, Channels(set()))
    assert await writer.write(posting_of(make_job())) is None, "its row is gone"
    job = await store.add(make_job(**(DELIVERED | {"result_message_id": None})))
    assert await writer.write(posting_of(job)) is None


async def test_the_file_goes_along_where_it_fits(
    database: Database, store: SqlJobStore, workspace: FileWorkspace
) -> None:
    job = await store.add(make_job(**DELIVERED))
    await SqlFavouriteStore(database).add(job.id, 8, 10)
    path = workspace.path("originals/ABCDE-1001.mp4")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 100)
    channels = Channels(set())
    writer = copies(database, store, workspace, channels)
    notice = await writer.write(posting_of(job))
    assert notice is not None
    assert (notice.file, notice.alt_text) == (path, "a red fox in snow")
    assert "1 star ·" in notice.text
    channels.limit = 99
    smaller = await writer.write(posting_of(job))
    assert smaller is not None
    assert smaller.file is None


def test_credit_and_link_stand_also_where_the_prompt_may_not() -> None:
    prompt = "# big *words* <@1> @everyone https://x.test " + "a" * 500
    job = make_job(**(DELIVERED | {"request": make_request(prompt=prompt)}))
    notice = best_notice(job, 12, Path("x.mp4"), TEXTS)
    link = f"https://discord.com/channels/100/{RESULT}/900"
    for text in (notice.text, notice.plain):
        assert "<@42>" in text
        assert "12 stars" in text
        assert link in text
    assert "words" not in notice.plain
    assert "\\*words\\*" in notice.text
    assert "\\<@1>" in notice.text
    for unsafe in (" <@1>", "@everyone", "https://x.test"):
        assert unsafe not in notice.text
    assert len(notice.text) < 600
    assert job.short_id in notice.file_name
