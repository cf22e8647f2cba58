"""Memory that a process holds, as Linux tells it."""

import asyncio
import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_mb(pid: int | None = None) -> float:
    """Return the resident memory of a process, by default of this one, in MB of 1,000,000 bytes.

    Raises:
        OSError: there is no such process, or this is not Linux.
    """
    fields = Path(f"/proc/{pid or os.getpid()}/statm").read_text().split()
    return int(fields[1]) * PAGE / 1e6


class Watch:
    """Looks at a process from outside; `peak_mb` is the most that it held so far."""

    def __init__(self, pid: int, *, every: float = 0.02) -> None:
        self._pid = pid
        self._every = every
        self.peak_mb = 0.0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self.peak_mb = max(self.peak_mb, resident_mb(self._pid))
            await asyncio.sleep(self._every)
