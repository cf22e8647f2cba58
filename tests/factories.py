"""Values for tests: everything has a default, a test names what it is about."""

from dataclasses import replace
from typing import Any

from bot.domain.capabilities import Capabilities, Known, Option, Source, Support
from bot.domain.job import Job, JobId, Place, short_id
from bot.domain.remote import RemoteStatus, RemoteVideo
from bot.domain.video import Size, VideoRequest

NOW = 1_790_000_000_000
"""The moment at which tests happen, milliseconds."""

WIDE = Size(1280, 720)
TALL = Size(720, 1280)


SEED = {Option.SEED: Known(Support.YES, Source.PROFILE)}


def make_capabilities(**changes: Any) -> Capabilities:
    """Build what the preview model takes."""
    return replace(
        Capabilities(
            model="preview", sizes=(WIDE, TALL), seconds=(4, 8, 12), default_seconds=8, options=SEED
        ),
        **changes,
    )


def make_request(**changes: Any) -> VideoRequest:
    """Build a request."""
    return replace(VideoRequest(prompt="a red fox in snow", size=WIDE, seconds=8, model="preview"), **changes)


def make_place(**changes: Any) -> Place:
    """Build a place in a server's channel."""
    return replace(Place(channel_id=200, status_message_id=300, guild_id=100), **changes)


def make_job(**changes: Any) -> Job:
    """Build a queued job; `id` decides the short id unless that is given."""
    identity = JobId(str(changes.pop("id", "1001")))
    job = Job(
        id=identity,
        short_id=short_id(identity),
        provider="preview",
        user_id=42,
        place=make_place(),
        request=make_request(),
        created_at=NOW,
        due_at=NOW,
    )
    return replace(job, **changes)


def make_remote(**changes: Any) -> RemoteVideo:
    """Build a render that is under way."""
    return replace(RemoteVideo(id="video_1", status=RemoteStatus.RUNNING), **changes)
