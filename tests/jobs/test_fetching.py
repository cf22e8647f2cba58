"""Fetching what is paid for: as long as it lives there, whatever comes instead of it."""

import random
from pathlib import Path

import pytest

from bot.domain.codes import Code
from bot.domain.errors import (
    AuthFailed,
    BadResponse,
    BotError,
    NoRoom,
    NotAVideo,
    NotReady,
    ProviderError,
    RateLimited,
    RemoteNotFound,
    Unavailable,
)
from bot.domain.job import Job
from bot.domain.remote import RemoteStatus
from bot.domain.states import JobState
from bot.jobs.attempts import Attempts
from bot.jobs.decide import LONGEST_WAIT, Advance, Outcome, Retry
from bot.jobs.fetching import ATTEMPTS, SOON, after_fetch_error
from tests.factories import NOW, make_job, make_remote
from tests.jobs.conftest import World

S = JobState
HOUR = 3_600_000


def fetching(**changes: object) -> Job:
    return make_job(**{"state": S.FETCHING, "remote_id": "video_1", "deadline_at": NOW + 9 * HOUR, **changes})


def after(error: BotError, *, in_a_row: int = 1, now: int = NOW, **job: object) -> Outcome:
    return after_fetch_error(fetching(**job), error, in_a_row, now, random.Random(1))


def code_of(outcome: Outcome) -> Code | None:
    """Return why the job failed, None while it goes on."""
    return outcome.changes["failure"].code if isinstance(outcome, Advance) else None


@pytest.mark.parametrize(
    ("error", "patience", "code"),
    [
        (NotAVideo("broken"), 8, Code.RESULT_UNREADABLE),
        (BadResponse("a page"), 40, Code.PROVIDER_NONSENSE),
        (RemoteNotFound("404"), 12, Code.RESULT_EXPIRED),
        (NotReady("soon"), 40, Code.RESULT_EXPIRED),
    ],
    ids=str,
)
def test_what_comes_again_and_again_instead_of_a_video_ends_it(
    error: BotError, patience: int, code: Code
) -> None:
    assert code_of(after(error, in_a_row=patience - 1)) is None
    assert code_of(after(error, in_a_row=patience)) is code


@pytest.mark.parametrize("error", [Unavailable("down"), RateLimited("slow"), AuthFailed("403")], ids=str)
def test_an_api_that_is_away_is_asked_for_as_long_as_the_result_lives(error: ProviderError) -> None:
    assert code_of(after(error, in_a_row=900, attempt=900)) is None
    assert code_of(after(error, now=NOW + 9 * HOUR)) is None, "the last attempt is made in the last moment"
    assert code_of(after(error, now=NOW + 9 * HOUR + 1)) is Code.RESULT_EXPIRED


def test_without_an_expiry_patience_is_counted_and_no_clock_can_end_it() -> None:
    error = Unavailable("down")
    assert code_of(after(error, deadline_at=None, attempt=ATTEMPTS - 2, now=NOW + 999 * HOUR)) is None
    assert code_of(after(error, deadline_at=None, attempt=ATTEMPTS - 1)) is Code.RESULT_UNREACHABLE


def test_a_video_over_every_limit_is_not_downloaded_again() -> None:
    error = BadResponse("huge", code=Code.RESULT_TOO_LARGE)
    assert code_of(after(error)) is Code.RESULT_UNREACHABLE


@pytest.mark.parametrize(
    "error",
    [
        RateLimited("slow", retry_after=500),
        Unavailable("503", retry_after=500),
        NotReady("425", retry_after=500),
    ],
    ids=str,
)
def test_a_wait_that_the_api_asks_for_is_kept(error: ProviderError) -> None:
    assert after(error) == Retry(500)


def test_no_wait_is_longer_than_the_result_lives_or_than_an_hour() -> None:
    error = RateLimited("slow", retry_after=80_000)
    assert after(error) == Retry(LONGEST_WAIT)
    assert after(error, deadline_at=NOW + 60_000) == Retry(60)
    assert after(error, deadline_at=None) == Retry(LONGEST_WAIT)


def test_what_is_not_ready_is_asked_for_often_at_first() -> None:
    for in_a_row, longest in ((SOON - 1, 10), (SOON, 120)):
        outcome = after(NotReady("soon"), in_a_row=in_a_row, attempt=20)
        assert isinstance(outcome, Retry)
        assert longest / 2 <= outcome.seconds <= longest


def test_only_errors_of_one_kind_in_a_row_are_counted() -> None:
    seen = Attempts()
    counts = [seen.failed(error) for error in (NotReady(""), NotReady(""), Unavailable(""), NotReady(""))]
    assert counts == [1, 2, 1, 1]


# --- in the machine --------------------------------------------------------------------------------


async def test_one_404_after_a_long_outage_does_not_give_up_a_paid_video(world: World) -> None:
    await world.store.add(fetching(attempt=40))
    world.provider.download_script = [Unavailable("down"), RemoteNotFound("404")]
    async with world.running():
        await world.until("1001", S.DELIVERED)


async def test_a_link_that_is_refused_is_asked_for_anew(world: World) -> None:
    await world.store.add(fetching(result_url="https://cdn.example/old"))
    later = NOW + 20 * HOUR
    world.provider.download_script = [AuthFailed("403")]
    world.provider.poll_script = [
        make_remote(status=RemoteStatus.DONE, url="https://cdn.example/new", expires_at=later)
    ]
    async with world.running():
        job = await world.until("1001", S.DELIVERED)
    assert world.provider.downloaded == ["https://cdn.example/old", "https://cdn.example/new"]
    assert job.deadline_at == later, "the new link lives longer"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (RemoteStatus.EXPIRED, Code.RESULT_EXPIRED),
        (RemoteStatus.CANCELLED, Code.PROVIDER_CANCELLED),
        (RemoteStatus.FAILED, Code.PROVIDER_FAILED),
    ],
)
async def test_an_api_that_says_that_the_result_is_gone_is_believed(
    status: RemoteStatus, code: Code, world: World
) -> None:
    await world.store.add(fetching())
    world.provider.download_script = [NotReady("404")]
    world.provider.poll_script = [make_remote(status=status)]
    async with world.running():
        job = await world.until("1001", S.FAILED)
    assert job.failure is not None
    assert job.failure.code is code


async def test_a_broken_file_is_not_gone_on_with(world: World) -> None:
    await world.store.add(fetching())
    world.media.video_script = [NotAVideo("cut short")]
    found: list[bool] = []
    part = world.workspace.part(world.workspace.new_name(fetching(), "original"))
    world.provider.before_download = lambda into: found.append(into.exists())
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert found == [False, False]
    assert not part.exists()


async def test_what_is_here_whole_is_kept_while_the_disk_refuses_its_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API may have forgotten it by the time the disk is well again."""
    refusals = [NoRoom("read-only"), NoRoom("read-only")]
    adopt = type(world.workspace).adopt

    async def refuse(self: object, part: Path, name: str) -> int:
        if refusals:
            world.provider.download_script = [RemoteNotFound("gone")] * 50
            raise refusals.pop()
        return await adopt(world.workspace, part, name)

    monkeypatch.setattr(type(world.workspace), "adopt", refuse)
    await world.store.add(fetching())
    async with world.running():
        await world.until("1001", S.DELIVERED)
    assert world.provider.downloads == 1


async def test_the_expiry_is_in_the_row_while_it_is_fetched(world: World) -> None:
    expiry = NOW + 5 * HOUR
    await world.store.add(make_job(state=S.RENDERING, remote_id="video_1", submit_intent_at=NOW))
    world.provider.poll_script = [make_remote(status=RemoteStatus.DONE, expires_at=expiry)]
    async with world.running():
        job = await world.until("1001", S.DELIVERED)
    assert job.deadline_at == expiry
