"""A video that is asked for but not decided: its picture fits badly, or its words could be better."""

from dataclasses import dataclass, replace

from bot.domain.job import JobId
from bot.domain.video import VideoRequest

DRAFT_KEPT = 24 * 3_600_000
"""How long a draft waits for its decision, milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A checked request whose pictures are kept as they were given; `id` becomes the id of its job.

    `enhanced` is what was proposed in place of its prompt.
    """

    id: JobId
    user_id: int
    provider: str
    request: VideoRequest
    created_at: int
    enhanced: str | None = None

    @property
    def request_enhanced(self) -> VideoRequest:
        """Return the request with the proposed words, which remembers the typed ones."""
        if self.enhanced is None:
            return self.request
        typed = self.request.typed or self.request.prompt
        return replace(self.request, prompt=self.enhanced, typed=typed)
