"""A video that is asked for but not decided: its picture fits badly, and the member is shown how it could."""

from dataclasses import dataclass

from bot.domain.job import JobId
from bot.domain.video import VideoRequest

DRAFT_KEPT = 24 * 3_600_000
"""How long a draft waits for its decision, milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A checked request whose pictures are kept as they were given; `id` becomes the id of its job."""

    id: JobId
    user_id: int
    provider: str
    request: VideoRequest
    created_at: int
