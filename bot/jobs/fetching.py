"""From the video API to this disk: what is paid for is fetched for as long as it lives there."""

import random
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.domain.codes import Code
from bot.domain.errors import (
    BadResponse,
    BotError,
    MediaError,
    NoRoom,
    NotAVideo,
    NotReady,
    ProviderError,
    RemoteNotFound,
)
from bot.domain.job import Job
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.attempts import Attempts
from bot.jobs.decide import LONGEST_WAIT, SECOND, Advance, Outcome, Retry, backoff, fail
from bot.jobs.drive import Drive

RESULT_LIMIT = 512 * 1024 * 1024
"""No result larger than this is fetched, bytes."""
ATTEMPTS = 1000
"""How often a result is fetched where the API names no expiry: about a day, counted, not by the clock."""
PATIENCE: Mapping[type[BotError], int] = MappingProxyType(
    {
        NotAVideo: 8,  # each of them was downloaded whole
        BadResponse: 40,  # a page or a message instead: an hour of somebody's maintenance
        RemoteNotFound: 12,  # ten minutes: soon after the end a 404 is replica lag, later it is the truth
        NotReady: 40,  # finished by its status, yet not to be had
    }
)
"""After so many of one kind in a row it will not come; anything else is tried while the result lives."""
SOON = 8
"""So many times a result that is not ready is asked for every few seconds."""
_ENDED = frozenset({RemoteStatus.FAILED, RemoteStatus.CANCELLED, RemoteStatus.EXPIRED})


async def fetch(drive: Drive) -> Outcome:
    """Bring the result to this disk and check that it is whole; a part that is here is gone on with."""
    ports, seen = drive.ports, drive.fetching
    name = drive.job.result_file or ports.workspace.new_name(drive.job, "original")
    part = ports.workspace.part(name)
    try:
        if not seen.is_here:
            if seen.kind is NoRoom:
                await ports.workspace.check_room()  # the API is not asked for what cannot be kept
            remote = await _locate(drive)
            if remote.status in _ENDED:
                return decide.after_poll(drive.job, remote, 0.0, ports.clock.now())
            await drive.provider.download(remote, into=part, limit=RESULT_LIMIT)
            seen.is_here = True
        await ports.media.check_video(part)
    except (ProviderError, MediaError) as error:
        if seen.is_here:
            await ports.workspace.discard([name])  # what is broken must not be gone on with
            seen.is_here = False
        return after_fetch_error(drive.job, error, seen.failed(error), ports.clock.now(), ports.rng)
    except NoRoom as error:
        seen.failed(error)
        raise
    length = await drive.adopt(part, name)
    drive.fetching = Attempts()
    changes = {"result_file": name, "result_bytes": length, "kept_on": ports.workspace.home.kept_on}
    return Advance(JobState.FITTING, changes, note=f"{length} bytes")


async def _locate(drive: Drive) -> RemoteVideo:
    """Return where the result is: as the row says at first, then asked anew, since links expire sooner."""
    job = drive.job
    if not drive.fetching.asked:
        drive.fetching.asked = True
        return RemoteVideo(id=job.remote_id or "", status=RemoteStatus.DONE, url=job.result_url)
    remote = await drive.provider.poll(job.remote_id or "")
    if remote.expires_at is not None and remote.expires_at != job.deadline_at:
        await drive.save(replace(job, deadline_at=remote.expires_at, result_url=remote.url))
    return remote


def after_fetch_error(job: Job, error: BotError, in_a_row: int, now: int, rng: random.Random) -> Outcome:
    """Decide about a download that failed; rendering again is never the answer.

    `deadline_at` is when the API deletes the result, None where it does not say.
    """
    if error.code is Code.RESULT_TOO_LARGE:
        return fail(ProviderError(str(error), code=Code.RESULT_UNREACHABLE))
    if error.code in {Code.JOIN_IMPOSSIBLE, Code.JOIN_SOURCE_GONE}:
        return fail(error)
    if job.deadline_at is not None and now > job.deadline_at:
        return fail(ProviderError(str(error), code=Code.RESULT_EXPIRED))
    if job.deadline_at is None and job.attempt + 1 >= ATTEMPTS:
        return fail(ProviderError(str(error), code=Code.RESULT_UNREACHABLE))
    if in_a_row >= PATIENCE.get(type(error), ATTEMPTS):
        gone = isinstance(error, RemoteNotFound | NotReady)
        return fail(ProviderError(str(error), code=Code.RESULT_EXPIRED) if gone else error)
    soon = isinstance(error, NotReady) and in_a_row < SOON
    asked = (error.retry_after or 0.0) if isinstance(error, ProviderError) else 0.0
    seconds = min(max(backoff(job.attempt, rng, longest=10 if soon else 120), asked), LONGEST_WAIT)
    if job.deadline_at is not None:  # the last attempt is made while the result still lives
        seconds = min(seconds, max((job.deadline_at - now) / SECOND, 1.0))
    return Retry(seconds)
