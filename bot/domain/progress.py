"""What is known of a running job besides its row."""

from dataclasses import dataclass

from bot.domain.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A snapshot for the status message; nothing of it is kept.

    `percent` is the render's or the upload preparation's, None where nobody knows. `place` is the place in
    line, 1 is next; `wait` is the time until the job will probably start, in ms. `trouble` is set while the
    outside is down and the job waits; `reason` says why where the owner can mend it: the disk, the database,
    the video API's key.
    """

    percent: int | None = None
    place: int | None = None
    wait: int | None = None
    trouble: bool = False
    reason: Code | None = None
