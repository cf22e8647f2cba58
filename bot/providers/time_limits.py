"""How long a video API may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """Seconds. The first five are for one wait, the others for a whole exchange."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 15.0
    order_read: float = 180.0
    get: float = 60.0
    order: float = 300.0
    download: float = 3600.0
