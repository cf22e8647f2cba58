"""The disk is full or read-only in the middle: members read the truth, and it goes on by itself."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actor import Message, short_id_of
from tests.e2e.conftest import Stage
from tests.small_disk import ONLY_ROOT, SmallDisk, small_disk

pytestmark = ONLY_ROOT


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """The data folder, database included, on a disk of its own."""
    with small_disk(tmp_path / "data", megabytes=64) as mounted:
        yield mounted


@pytest.fixture
def files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """The data folder on a disk of its own, the database elsewhere."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/reelbot.db")
    with small_disk(tmp_path / "data", megabytes=64) as mounted:
        yield mounted


@pytest.fixture
def database_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """The database on a disk of its own, the data folder elsewhere."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/database/reelbot.db")
    with small_disk(tmp_path / "database", megabytes=4) as mounted:
        yield mounted


async def delivered_once(stage: Stage, status: Message) -> None:
    """Wait for the video: one, which was bought once."""
    result = await stage.owner.result_of(status)
    await stage.owner.until(status["id"], lambda message: "✅" in message["content"])
    job = await stage.job(short_id_of(result))
    assert stage.app is not None
    listed = await stage.app.catalog.default().find(job.request, since=0)
    assert [video.id for video in listed] == [job.remote_id]
    assert len([m for m in await stage.owner.messages() if m["attachments"]]) == 1


async def rendering(stage: Stage) -> Message:
    status = await stage.owner.video("a long river", seconds=4)
    return await stage.owner.until(status["id"], lambda message: "🎨" in message["content"])


def complaints(caplog: pytest.LogCaptureFixture, *loggers: str) -> list[str]:
    return [
        record.message
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name in loggers
    ]


@pytest.mark.pace(1.5)
async def test_a_disk_that_fills_up_before_the_download_only_delays_it(
    disk: SmallDisk, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    status = await rendering(stage)
    disk.fill()
    await stage.owner.until(status["id"], lambda message: "⏸️" in message["content"])
    disk.make_room()
    await delivered_once(stage, status)


@pytest.mark.pace(1.5)
async def test_a_download_without_room_tells_the_member_and_goes_on(
    files_alone: SmallDisk, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    status = await rendering(stage)
    files_alone.fill()
    held = await stage.owner.until(status["id"], lambda message: "My disk is full." in message["content"])
    assert "kept by the video service until <t:" in held["content"], "the preview names an expiry"
    refused = await stage.owner.refused("video", prompt="one more", seconds=4)
    assert "My disk is full" in refused
    assert "Nothing was paid" in refused
    files_alone.make_room()
    await delivered_once(stage, status)
    assert len(complaints(caplog, "bot.jobs.driver")) == 1


@pytest.mark.pace(1.5)
async def test_a_disk_that_becomes_read_only_is_waited_for(
    files_alone: SmallDisk, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    status = await rendering(stage)
    files_alone.set_read_only(True)
    try:
        await stage.owner.until(
            status["id"], lambda message: "I cannot write to my disk." in message["content"]
        )
        refused = await stage.owner.refused("video", prompt="one more", seconds=4)
        assert "I cannot write to my disk" in refused
    finally:
        files_alone.set_read_only(False)
    await delivered_once(stage, status)
    assert len(complaints(caplog, "bot.jobs.driver")) == 1


async def test_a_job_in_line_is_not_bought_while_there_is_no_room(
    files_alone: SmallDisk, stage: Stage
) -> None:
    await stage.stop_bot()
    files_alone.fill()
    await stage.start_bot()
    assert stage.app is not None
    provider = stage.app.catalog.default()
    status = await accept_although_full(stage)
    held = await stage.owner.until(status["id"], lambda message: "My disk is full." in message["content"])
    assert "Nothing is ordered or paid" in held["content"]
    job = await stage.job(short_id_of(held))
    assert await provider.find(job.request, since=0) == []
    files_alone.make_room()
    await delivered_once(stage, status)


async def accept_although_full(stage: Stage) -> Message:
    """Accept a job in the last moment in which there is room."""
    assert stage.app is not None
    workspace = stage.app.videos._workspace
    check, looks = workspace.check_room, 0

    async def once() -> None:
        nonlocal looks
        looks += 1
        if looks > 1:
            await check()

    workspace.check_room = once  # type: ignore[method-assign]
    return await stage.owner.video("a long river", seconds=4)


@pytest.mark.pace(1.5)
async def test_a_database_without_room_holds_what_is_done_until_it_can_be_written(
    database_alone: SmallDisk, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    status = await rendering(stage)
    with caplog.at_level(logging.DEBUG, logger="bot.jobs.driver"):
        database_alone.fill()
        await stage.owner.until(
            status["id"], lambda message: "My database does not answer." in message["content"]
        )

        async def tried_thrice() -> bool | None:
            return sum("not yet" in line for line in caplog.messages) >= 3 or None

        await stage.owner.eventually(tried_thrice)
    database_alone.make_room()
    await delivered_once(stage, status)
    assert len(complaints(caplog, "bot.jobs.driver")) == 1
