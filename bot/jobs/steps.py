"""One function a state: do the next thing outside and say what follows. Only here is the outside awaited."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.domain.errors import (
    CannotFit,
    Code,
    DeliveryError,
    MediaError,
    NoRoom,
    NotAVideo,
    ProviderError,
    StaleJob,
    StorageError,
)
from bot.domain.job import Job
from bot.domain.progress import Progress
from bot.domain.remote import RemoteStatus, RemoteVideo, SubmitSafety
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Outcome, fail
from bot.ports import (
    Announcer,
    Clock,
    JobStore,
    MediaTools,
    ProviderCatalog,
    VideoProvider,
    Workspace,
)

log = logging.getLogger(__name__)

RESULT_LIMIT = 512 * 1024 * 1024
"""No result larger than this is fetched, bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside that a job needs."""

    store: JobStore
    catalog: ProviderCatalog
    announcer: Announcer
    media: MediaTools
    workspace: Workspace
    clock: Clock
    rng: random.Random


@dataclass(slots=True, kw_only=True)
class Drive:
    """One job in the hands of this process: the row, and what is worth nothing after a restart."""

    job: Job
    ports: Ports
    lease_is_good: Callable[[], bool]
    polls: int = 0
    nothing_posted_yet: bool = False
    settling: asyncio.Task[None] | None = None

    @property
    def provider(self) -> VideoProvider:
        """Return the job's provider.

        Raises:
            ProviderError: its card is no longer configured.
        """
        provider = self.ports.catalog.get(self.job.provider)
        if provider is None:
            raise ProviderError("its card is gone", provider=self.job.provider, code=Code.PROVIDER_LOST)
        return provider

    async def adopt(self, part: Path, name: str) -> int:
        """Give a finished file its name; the disk makes sure of it while the job goes on."""
        length = await self.ports.workspace.adopt(part, name)
        self.settling = asyncio.create_task(self.ports.workspace.settle(name))
        return length

    async def settled(self) -> None:
        """Wait until the disk has made sure; a disk that cannot is a matter for the log."""
        if self.settling is not None:
            try:
                await self.settling
            except (NoRoom, StorageError) as error:
                log.error("job %s: its file may not outlast a power cut: %s", self.job.short_id, error)

    async def is_whole(self, name: str) -> bool:
        """Say whether a file of an earlier process is still there and not cut short."""
        if self.settling is not None:
            return True
        try:
            await self.ports.media.check_video(self.ports.workspace.path(name))
        except NotAVideo:
            return False
        return True

    async def save(self, after: Job, note: str = "") -> None:
        """Write the row and go on with what it holds now."""
        self.job = await self.ports.store.save(self.job, after, note)

    def show(self, *, percent: int | None = None, trouble: bool = False) -> None:
        """Tell the member where the job stands."""
        self.ports.announcer.progress(self.job, Progress(percent=percent, trouble=trouble))


async def submit(drive: Drive) -> Outcome:
    """Buy the render: intent first, then exactly one request, then the receipt in its own write."""
    ports, provider = drive.ports, drive.provider
    safety, now = provider.submit_safety, ports.clock.now()
    verdict = decide.before_submit(drive.job, safety, now)
    if verdict is not None:
        return verdict
    if drive.job.submit_intent_at is not None and safety is SubmitSafety.LIST:
        try:
            adopted = await _look_for_earlier_submit(drive, provider)
        except ProviderError as error:
            return decide.after_search_error(drive.job, error, now, ports.rng)
        if adopted is not None:
            return adopted
    try:
        job = drive.job
        if job.submit_intent_at is None or safety is SubmitSafety.LIST:
            await drive.save(replace(job, submit_intent_at=now, failure=None))
        if not drive.lease_is_good():
            raise StaleJob("the lease ran out before the submit")
        picture = ports.workspace.path(job.request.picture) if job.request.picture else None
        remote = await provider.submit(job.request, picture=picture, key=job.id)
    except ProviderError as error:
        return decide.after_submit_error(drive.job, error, safety, ports.clock.now(), ports.rng)
    return decide.after_submit(remote, provider.pace, ports.clock.now())


async def _look_for_earlier_submit(drive: Drive, provider: VideoProvider) -> Advance | None:
    job = drive.job
    found = await provider.find(job.request, since=job.submit_intent_at or job.created_at)
    owned = await drive.ports.store.known_remote_ids(job.provider, [video.id for video in found])
    return decide.after_found([video for video in found if video.id not in owned])


async def poll(drive: Drive) -> Outcome:
    """Ask how the render is doing."""
    ports, job, provider = drive.ports, drive.job, drive.provider
    drive.polls += 1
    try:
        remote = await provider.poll(job.remote_id or "")
    except ProviderError as error:
        delay = decide.poll_delay(drive.polls, provider.pace, None, ports.rng)
        return decide.after_poll_error(job, error, delay, ports.clock.now())
    delay = decide.poll_delay(drive.polls, provider.pace, remote.poll_after, ports.rng)
    return decide.after_poll(job, remote, delay, ports.clock.now())


async def cancel_render(drive: Drive) -> Outcome:
    """Tell the API to stop, then end the job; a crash in between repeats both."""
    job, note = drive.job, "never sent"
    if job.remote_id is not None:
        try:
            stopped = await drive.provider.cancel(job.remote_id)
            note = "stopped there" if stopped else "cannot be stopped there"
        except ProviderError as error:
            note = f"not told: {error}"[:300]
    return Advance(JobState.CANCELLED, note=note)


async def fetch(drive: Drive) -> Outcome:
    """Bring the result to this disk and check that it is whole."""
    ports, job = drive.ports, drive.job
    name = job.result_file or ports.workspace.new_name(job, "original")
    part = ports.workspace.part(name)
    try:
        # A result location may have expired meanwhile: ask anew on every attempt but the first.
        remote = (
            await drive.provider.poll(job.remote_id or "")
            if job.attempt
            else RemoteVideo(id=job.remote_id or "", status=RemoteStatus.DONE, url=job.result_url)
        )
        await drive.provider.download(remote, into=part, limit=RESULT_LIMIT)
        await ports.media.check_video(part)
    except (ProviderError, MediaError) as error:
        return decide.after_fetch_error(job, error, ports.clock.now(), ports.rng)
    length = await drive.adopt(part, name)
    return Advance(JobState.FITTING, {"result_file": name, "result_bytes": length}, note=f"{length} bytes")


async def fit(drive: Drive) -> Outcome:
    """Make sure that the place takes the file; nearly always it does."""
    ports, job = drive.ports, drive.job
    if not await drive.is_whole(job.result_file or ""):
        return _fetch_anew()
    limit = job.upload_limit or await ports.announcer.upload_limit(job)
    if (job.result_bytes or 0) <= limit:
        return _ready_to_post(drive, {"upload_limit": limit})
    source = ports.workspace.path(job.result_file or "")
    name = ports.workspace.new_name(job, "fitted")
    part = ports.workspace.part(name)
    try:
        await ports.media.shrink_video(
            source, part, limit=limit, progress=lambda percent: drive.show(percent=percent)
        )
    except CannotFit as error:
        return fail(error)
    length = await drive.adopt(part, name)
    return _ready_to_post(drive, {"upload_limit": limit, "fitted_file": name}, note=f"{length} bytes")


def _fetch_anew() -> Advance:
    """Download again what is no longer whole here; it is paid for, and nothing is rendered again."""
    changes = {"fitted_file": None, "post_intent_at": None}
    return Advance(JobState.FETCHING, changes, note="the kept file is gone or cut short")


def _ready_to_post(drive: Drive, changes: Mapping[str, Any], note: str = "") -> Advance:
    """Write the intent along with the move, so that the post needs no write of its own first."""
    drive.nothing_posted_yet = True
    return Advance(JobState.DELIVERING, {**changes, "post_intent_at": drive.ports.clock.now()}, note=note)


async def deliver(drive: Drive) -> Outcome:
    """Post the video: at least once when in doubt, and make the second a no-op."""
    ports, job = drive.ports, drive.job
    file = ports.workspace.path(job.delivery_file or "")
    try:
        if not drive.nothing_posted_yet:  # an earlier attempt, perhaps of an earlier process
            posted = await ports.announcer.find_delivery(job)
            if posted is not None:
                return _delivered(posted, "found in the channel")
        drive.nothing_posted_yet = False
        if not await drive.is_whole(job.delivery_file or ""):
            return _fetch_anew()
        if not drive.lease_is_good():
            raise StaleJob("the lease ran out before the post")
        message_id = await ports.announcer.deliver(drive.job, file)
        await drive.settled()
        return _delivered(message_id, "posted")
    except DeliveryError as error:
        size = job.result_bytes or 0
        return decide.after_delivery_error(drive.job, error, size, ports.clock.now(), ports.rng)


def _delivered(message_id: int, note: str) -> Advance:
    return Advance(JobState.DELIVERED, {"result_message_id": message_id}, note=note)


Step = Callable[[Drive], Awaitable[Outcome]]

STEPS: Mapping[JobState, Step] = MappingProxyType(
    {
        JobState.SUBMITTING: submit,
        JobState.RENDERING: poll,
        JobState.FETCHING: fetch,
        JobState.FITTING: fit,
        JobState.DELIVERING: deliver,
    }
)
