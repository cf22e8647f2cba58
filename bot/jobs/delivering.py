"""From the file on this disk to a message: small enough for the venue, posted once, or kept and told."""

import logging
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import CannotFit, DeliveryError, Forbidden, Gone, StaleJob
from bot.domain.job import Posted
from bot.domain.states import JobState
from bot.jobs import decide
from bot.jobs.decide import Advance, Outcome
from bot.jobs.drive import Drive

log = logging.getLogger(__name__)


async def fit(drive: Drive) -> Outcome:
    """Make sure that the venue takes the file; nearly always it does.

    The original if it fits and plays everywhere, else a copy that does, else a picture of it.
    """
    ports, job = drive.ports, drive.job
    if not await drive.is_whole(job.result_file or ""):
        return _fetch_anew(drive)
    await ports.workspace.discard([job.fitted_file, job.still_file])
    try:
        limit = job.upload_limit or await ports.announcer.upload_limit(job)
    except DeliveryError as error:
        return _after_error(drive, error)
    changes = {
        "upload_limit": limit,
        "fitted_file": None,
        "still_file": None,
        "kept_on": ports.workspace.home.kept_on,  # also where the row did not name the machine yet
    }
    small = (job.result_bytes or 0) <= limit
    if small and not await ports.media.needs_conversion(ports.workspace.path(job.result_file or "")):
        return _ready_to_post(drive, changes)
    try:
        name = await _smaller_copy(drive, limit)
        kind = "fitted_file"
    except CannotFit as error:
        await ports.workspace.check_room()  # without room that says nothing about the video
        if small:
            log.warning("job %s is posted as it came: %s", job.short_id, error)
            return _ready_to_post(drive, changes)
        log.warning("job %s does not fit into %d bytes: %s", job.short_id, limit, error)
        try:
            name = await _still(drive, limit)
            kind = "still_file"
        except CannotFit as no_still:
            return decide.fail_kept(job, no_still)
    return _ready_to_post(drive, {**changes, kind: name}, note=f"{kind} for {limit} bytes")


async def _smaller_copy(drive: Drive, limit: int) -> str:
    ports, job = drive.ports, drive.job
    name = ports.workspace.new_name(job, "fitted")
    part = ports.workspace.part(name)
    await ports.media.shrink_video(
        ports.workspace.path(job.result_file or ""),
        part,
        limit=limit,
        progress=lambda percent: drive.show(percent=percent),
    )
    await drive.adopt(part, name)
    return name


async def _still(drive: Drive, limit: int) -> str:
    ports, job = drive.ports, drive.job
    name = ports.workspace.new_name(job, "still")
    part = ports.workspace.part(name)
    await ports.media.take_still(ports.workspace.path(job.result_file or ""), part, limit=limit)
    await drive.adopt(part, name)
    return name


def _fetch_anew(drive: Drive) -> Advance:
    """Download again what is no longer whole here; it is paid for, and nothing is rendered again."""
    changes = {"fitted_file": None, "still_file": None}
    elsewhere = not drive.ports.workspace.home.may_have(drive.job)
    note = f"the file is on {drive.job.kept_on}" if elsewhere else "the kept file is gone or cut short"
    return Advance(JobState.FETCHING, changes, note=note)


def _ready_to_post(drive: Drive, changes: Mapping[str, Any], note: str = "") -> Advance:
    """Write the intent along with the move, so that the post needs no write of its own first.

    An intent that stands already means that an earlier post may have gone through.
    """
    intent = drive.job.post_intent_at
    drive.nothing_posted_yet = intent is None
    changes = {**changes, "post_intent_at": intent or drive.ports.clock.now()}
    return Advance(JobState.DELIVERING, changes, note=note)


async def deliver(drive: Drive) -> Outcome:
    """Post the file: at least once when in doubt, and make the second a no-op or say that it is one."""
    ports, job = drive.ports, drive.job
    try:
        in_doubt = False
        if not drive.nothing_posted_yet:  # an earlier attempt, perhaps of an earlier process
            try:
                posted = await ports.announcer.find_delivery(job)
            except (Forbidden, Gone):
                in_doubt = decide.may_be_posted_twice(job, ports.clock.now())
            else:
                if posted is not None:
                    return _delivered(posted, "found in the channel")
        drive.nothing_posted_yet = False
        if not await drive.is_whole(job.delivery_file or ""):
            return _fit_anew() if job.delivery_file != job.result_file else _fetch_anew(drive)
        if not drive.lease_is_good():
            raise StaleJob("the lease ran out before the post")
        file = ports.workspace.path(job.delivery_file or "")
        posted = await ports.announcer.deliver(job, file, in_doubt=in_doubt)
        await drive.settled()
        return _delivered(posted, "posted, perhaps a second time" if in_doubt else "posted")
    except DeliveryError as error:
        return _after_error(drive, error)


def _fit_anew() -> Advance:
    """Make the smaller copy or the picture again."""
    return Advance(JobState.FITTING, note="the smaller copy is gone or cut short")


def _after_error(drive: Drive, error: DeliveryError) -> Outcome:
    log.info("job %s, %s: %s: %s", drive.job.short_id, drive.job.venue, type(error).__name__, error)
    return decide.after_delivery_error(drive.job, error, drive.ports.clock.now(), drive.ports.rng)


def _delivered(posted: Posted, note: str) -> Advance:
    changes = {"result_message_id": posted.message_id, "result_channel_id": posted.channel_id}
    return Advance(JobState.DELIVERED, changes, note=note)
