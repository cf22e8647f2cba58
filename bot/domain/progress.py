"""What is known of a running job besides its row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A snapshot for the status message; nothing of it is kept.

    `percent` is the render's or the upload preparation's, None where nobody knows. `place` is the place in
    line, 1 is next. `trouble` is set while the outside is down and the job waits.
    """

    percent: int | None = None
    place: int | None = None
    trouble: bool = False
