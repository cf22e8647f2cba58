"""Renders and jobs that have lost each other."""

from typing import Any

import pytest

from bot.domain.errors import BotError, Unavailable
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.domain.states import JobState
from bot.jobs.reconciliation import Reconciliation
from storage.renders import SqlRenderStore
from tests.factories import NOW, WIDE, make_job, make_place, make_remote
from tests.fakes import FakeProvider
from tests.jobs.conftest import World

S = JobState


class Listing(FakeProvider):
    """A fake API with a list, or with a reason why there is none."""

    def __init__(self, listed: list[RemoteVideo] | Exception | None, **facts: Any) -> None:
        super().__init__(**facts)
        self._listed = listed

    async def recent(self, limit: int) -> list[RemoteVideo] | None:
        if isinstance(self._listed, Exception):
            raise self._listed
        return self._listed


def reconciliation_of(world: World, *providers: Listing) -> Reconciliation:
    return Reconciliation(
        store=world.store, renders=SqlRenderStore(world.database), providers=providers, clock=world.clock
    )


async def test_every_api_is_asked_and_one_that_is_silent_says_why(world: World) -> None:
    owner = await world.store.add(make_job(state=S.DELIVERED, remote_id="a", provider="one"))
    lost = await world.store.add(make_job(id="2", state=S.UNSURE, submit_intent_at=NOW))
    overview = await reconciliation_of(
        world,
        Listing([make_remote(id="a"), make_remote(id="b")], name="one"),
        Listing(None, name="two"),
        Listing(Unavailable("it is down"), name="three"),
    ).overview()
    assert [(render.video.id, render.job) for render in overview.renders] == [("a", owner), ("b", None)]
    assert overview.jobs == [lost]
    assert dict(overview.silent) == {"two": "it has no list of videos", "three": "it is down"}


@pytest.mark.parametrize(
    ("state", "row", "sentence"),
    [
        (S.UNSURE, {}, None),
        (S.FAILED, {}, None),
        (S.FAILED, {"remote_id": "old"}, "needs no video"),
        (S.RENDERING, {"remote_id": "old"}, "needs no video"),
        (S.QUEUED, {}, "needs no video"),
    ],
)
async def test_which_job_takes_a_video(
    world: World, state: JobState, row: dict[str, object], sentence: str | None
) -> None:
    job = await world.store.add(make_job(state=state, **row))
    reconciliation = reconciliation_of(world, Listing([]))
    if sentence is not None:
        with pytest.raises(BotError, match=sentence):
            await reconciliation.attach(job.short_id, "video_1")
        assert await world.store.get(job.id) == job
        return
    attached = await reconciliation.attach(job.short_id, "video_1")
    assert (attached.state, attached.remote_id) == (S.RENDERING, "video_1")
    other = await world.store.add(make_job(id="2", state=S.UNSURE))
    with pytest.raises(BotError, match=f"belongs to job {job.short_id}"):
        await reconciliation.attach(other.short_id, "video_1")


async def test_a_render_becomes_one_job_however_often_it_is_posted(world: World) -> None:
    reconciliation = reconciliation_of(world, Listing([]))
    video = make_remote(id="x" * 3000, prompt=None, size=None, seconds=None)
    jobs = [reconciliation.job_for(video, make_place(status_message_id=n), 42) for n in (1, 2)]
    kept = [await reconciliation.keep(job) for job in jobs]
    assert kept[0] == kept[1]
    assert (kept[0].request.prompt, kept[0].request.size) == ("", WIDE)
    async with world.running():
        await world.until(kept[0].id, S.DELIVERED, closed=True)
    assert world.provider.submits == []


@pytest.mark.parametrize("status", [RemoteStatus.FAILED, RemoteStatus.EXPIRED, RemoteStatus.CANCELLED])
async def test_a_render_without_a_video_is_not_posted(world: World, status: RemoteStatus) -> None:
    provider = Listing([])
    provider.poll_script = [make_remote(status=status)]
    with pytest.raises(BotError, match="nothing to post"):
        await reconciliation_of(world, provider).found("video_1")


async def test_an_unknown_api_is_named(world: World) -> None:
    with pytest.raises(BotError, match="called nope; there are: preview"):
        await reconciliation_of(world, Listing([])).found("video_1", "nope")
