"""One function a state: do the next thing outside and say what follows. Only here is the outside awaited."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.domain.errors import ProviderError, StaleJob
from bot.domain.remote import SubmitSafety
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Outcome
from bot.jobs.delivering import deliver, fit
from bot.jobs.drive import Drive
from bot.jobs.fetching import fetch
from bot.ports_provider import VideoProvider

CANCEL_ATTEMPTS = 3


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
    doubtful = drive.job.submit_intent_at is not None and safety is SubmitSafety.KEY
    # Before the intent is written: nothing is in doubt while a picture cannot be had.
    picture, last = [
        await ports.workspace.bring_picture(name) if name else None
        for name in (drive.job.request.picture, drive.job.request.last_picture)
    ]
    try:
        job = drive.job
        if job.submit_intent_at is None:
            await ports.workspace.check_room()  # what cannot be kept is not bought
        if job.submit_intent_at is None or safety is SubmitSafety.LIST:
            await drive.save(replace(job, submit_intent_at=now, tried_at=job.tried_at or now, failure=None))
            if drive.job.cancel_requested:  # it came in the last moment; nothing is there that was sent
                return Advance(JobState.CANCELLED, {"submit_intent_at": None}, note="never sent")
        if not drive.lease_is_good():
            raise StaleJob("the lease ran out before the submit")
        remote = await provider.submit(job.request, picture=picture, last_picture=last, key=job.id)
    except ProviderError as error:
        now = ports.clock.now()
        return decide.after_submit_error(drive.job, error, safety, now, ports.rng, doubtful=doubtful)
    pace = provider.pace.among(drive.under_way())
    return decide.after_submit(remote, pace, ports.clock.now(), ports.rng)


async def _look_for_earlier_submit(drive: Drive, provider: VideoProvider) -> Advance | None:
    job = drive.job
    found = await provider.find(job.request, since=job.submit_intent_at or job.created_at)
    owned = await drive.ports.store.known_remote_ids(job.provider, [video.id for video in found])
    unowned = [video for video in found if video.id not in owned]
    return decide.after_found(unowned, provider.pace, drive.ports.clock.now())


async def poll(drive: Drive) -> Outcome:
    """Ask how the render is doing."""
    ports, job, provider = drive.ports, drive.job, drive.provider
    drive.polls += 1
    pace = provider.pace.among(drive.under_way())
    try:
        remote = await provider.poll(job.remote_id or "")
    except ProviderError as error:
        delay = decide.poll_delay(drive.polls, pace, None, ports.rng)
        return decide.after_poll_error(job, error, delay, ports.clock.now())
    delay = decide.poll_delay(drive.polls, pace, remote.poll_after, ports.rng)
    return decide.after_poll(job, remote, delay, ports.clock.now())


async def cancel_render(drive: Drive) -> Outcome:
    """Tell the API to stop, then end the job; a crash in between repeats both."""
    job, ports, note = drive.job, drive.ports, ""
    if job.remote_id is None:
        return Advance(JobState.CANCELLED, note="never sent")
    for attempt in range(CANCEL_ATTEMPTS):
        try:
            return decide.cancelled(stopped=await drive.provider.cancel(job.remote_id))
        except ProviderError as error:
            note = f"not told: {error}"
            await ports.clock.sleep(decide.backoff(attempt, ports.rng))
    return decide.cancelled(stopped=False, note=note)


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
