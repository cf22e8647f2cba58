"""Processes looked at from outside while they run: memory, processor time, open files."""

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.resident import resident_mb

HZ = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One process at `at` seconds of the run: resident MB, CPU seconds since its birth, open files."""

    at: float
    mb: float
    cpu: float
    files: int


def look(pid: int, at: float) -> Sample:
    """Take one sample.

    Raises:
        OSError: there is no such process, or this is not Linux.
    """
    # The second field, the name, may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / HZ
    return Sample(at=at, mb=resident_mb(pid), cpu=cpu, files=len(list(Path(f"/proc/{pid}/fd").iterdir())))


def slope(samples: Sequence[Sample], *, after: float) -> float:
    """Return MB an hour by least squares after this share of the time; 0 for too few samples."""
    begin = after * samples[-1].at if samples else 0.0
    late = [sample for sample in samples if sample.at >= begin]
    if len(late) < 2:
        return 0.0
    at = sum(sample.at for sample in late) / len(late)
    mb = sum(sample.mb for sample in late) / len(late)
    along = sum((sample.at - at) * (sample.mb - mb) for sample in late)
    return 3600 * along / sum((sample.at - at) ** 2 for sample in late)


class Samples:
    """Looks at some processes, by name, again and again."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._begin = time.monotonic()
        self.taken: dict[str, list[Sample]] = {name: [] for name in pids}

    def take(self) -> None:
        """Look once at each."""
        for name, pid in self._pids.items():
            self.taken[name].append(look(pid, time.monotonic() - self._begin))

    async def run(self, every: float) -> None:
        """Look every so many seconds until cancelled."""
        while True:
            self.take()
            await asyncio.sleep(every)
