"""The line: who starts next, and when. One rule for the claim and for what members read of it.

The next job is the one of the highest priority; among equals of the member with the fewest running jobs, then
of the server with the fewest, then of the server and the member whose last start is longest ago, then the one
that has waited longest (reference: jobs, claim). Members come before servers, so that nobody gains by asking
in several places; all direct messages count as one server for the same reason. Who has as many running as
allowed is passed over until one of them ends.
"""

import heapq
import itertools
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bot.domain.job import JobId

LAST_START_COUNTS = 3_600_000
"""A start longer ago, ms, is forgotten: who has waited an hour stands as if he had never started anything."""
SAMPLES_NEEDED = 3
"""Fewer finished videos tell nothing of the next one."""
_GUESS = 60_000  # ms a render of unknown length takes: only the order follows from it, nothing that is shown
_LATE = 0.1  # a render that has taken its usual time takes another tenth of it

Member = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A queued job as the line sees it. `server` is 0 in direct messages; a limit of 0 is none."""

    job_id: JobId
    provider: str
    server: int
    user_id: int
    priority: int
    created_at: int
    seconds: int
    running_per_member: int
    running_per_server: int

    @property
    def member(self) -> Member:
        """Return whose running jobs the limit counts: a person on one server."""
        return self.server, self.user_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A job that holds a slot. `parked`: until a person decides, not until a render ends."""

    provider: str
    server: int
    user_id: int
    started_at: int
    seconds: int
    parked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a delivered job took from its start, in ms, for a video of so many seconds."""

    seconds: int
    took: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a queued job starts. `place` counts per provider, 1 is next; `wait` is in ms, None if unknown."""

    job_id: JobId
    place: int
    wait: int | None


class Crowd:
    """Who runs how much, and who started last."""

    def __init__(self) -> None:
        self._of_member: Counter[Member] = Counter()
        self._of_user: Counter[int] = Counter()
        self._of_server: Counter[int] = Counter()
        self._last_of_user: dict[int, float] = {}
        self._last_of_server: dict[int, float] = {}

    def run(self, server: int, user_id: int, jobs: int = 1) -> None:
        """Count running jobs; a negative number takes them away."""
        self._of_member[server, user_id] += jobs
        self._of_user[user_id] += jobs
        self._of_server[server] += jobs

    def note_start(self, server: int, user_id: int, at: float) -> None:
        """Remember a start, of the last hour, ms."""
        self._last_of_user[user_id] = max(at, self._last_of_user.get(user_id, 0))
        self._last_of_server[server] = max(at, self._last_of_server.get(server, 0))

    def start(self, job: Waiting, at: float) -> None:
        """Count a job that starts now."""
        self.run(job.server, job.user_id)
        self.note_start(job.server, job.user_id, at)

    def next_of(self, heads: Iterable[Waiting]) -> Waiting | None:
        """Return the job whose turn it is, given the first one of each member; None if none may start."""
        return min(filter(self._may_start, heads), key=self.rank, default=None)

    def _may_start(self, job: Waiting) -> bool:
        member, server = job.running_per_member, job.running_per_server
        return not (0 < member <= self._of_member[job.member] or 0 < server <= self._of_server[job.server])

    def rank(self, job: Waiting) -> tuple[float | str, ...]:
        """Return what decides between two jobs: the smaller one goes first."""
        return (
            -job.priority,
            self._of_user[job.user_id],
            self._of_server[job.server],
            self._last_of_server.get(job.server, 0),
            self._last_of_user.get(job.user_id, 0),
            job.created_at,
            job.job_id,
        )


def typical(lengths: Sequence[Length], seconds: int) -> int | None:
    """Return how long a video of so many seconds usually takes, ms; None where too few have been made."""
    same = [length.took for length in lengths if length.seconds == seconds]
    sample = same if len(same) >= SAMPLES_NEEDED else [length.took for length in lengths]
    return int(median(sample)) if len(sample) >= SAMPLES_NEEDED else None


def forecast(
    waiting: Iterable[Waiting],
    running: Iterable[Running],
    crowd: Crowd,
    *,
    slots: Mapping[str, int],
    lengths: Mapping[str, Sequence[Length]],
    now: int,
    limit: int,
) -> list[Turn]:
    """Let the line run off as it will if every render takes its usual time; return the first `limit` turns.

    `waiting` holds each member's jobs in their order; `crowd` counts `running` already and is used up. A
    provider that is not in `slots` takes everything at once, and its jobs have no known wait.
    """
    coming = _Coming(waiting)
    ends = _Ends(lengths)
    free: dict[str, float] = defaultdict(lambda: math.inf, slots)
    for job in running:
        free[job.provider] -= 1
        ends.add(job, now)
    turns: list[Turn] = []
    at: float = now
    while coming and len(turns) < limit:
        upcoming = coming.next_with(free, crowd)
        if upcoming is not None:
            known = upcoming.provider in slots and ends.known(upcoming)
            turns.append(coming.call(upcoming, int(at - now) if known else None))
            crowd.start(upcoming, at)
            free[upcoming.provider] -= 1
            ends.add(_started(upcoming, at), at)
        elif ends:
            at, ended = ends.pop()
            crowd.run(ended.server, ended.user_id, -1)
            free[ended.provider] += 1
        else:  # no end that anybody foresees lets one start: only their order is known
            stuck = coming.first(crowd)
            turns.append(coming.call(stuck, None))
            crowd.start(stuck, at)
    return turns


class _Coming:
    """The queued jobs by provider and member, and the places that were called."""

    def __init__(self, waiting: Iterable[Waiting]) -> None:
        self._lines: dict[str, dict[Member, deque[Waiting]]] = {}
        self._places: Counter[str] = Counter()
        for job in waiting:
            self._lines.setdefault(job.provider, {}).setdefault(job.member, deque()).append(job)

    def __bool__(self) -> bool:
        return bool(self._lines)

    def next_with(self, free: Mapping[str, float], crowd: Crowd) -> Waiting | None:
        """Return who starts next at a provider with a free slot."""
        for provider, members in self._lines.items():
            if free[provider] > 0:
                job = crowd.next_of(jobs[0] for jobs in members.values())
                if job is not None:
                    return job
        return None

    def first(self, crowd: Crowd) -> Waiting:
        """Return who is first, whatever the limits and slots."""
        heads = (jobs[0] for members in self._lines.values() for jobs in members.values())
        return min(heads, key=crowd.rank)

    def call(self, job: Waiting, wait: int | None) -> Turn:
        """Take the job out of the line."""
        members = self._lines[job.provider]
        members[job.member].popleft()
        if not members[job.member]:
            del members[job.member]
        if not members:
            del self._lines[job.provider]
        self._places[job.provider] += 1
        return Turn(job_id=job.job_id, place=self._places[job.provider], wait=wait)


class _Ends:
    """When running jobs give their slots back, soonest first."""

    def __init__(self, lengths: Mapping[str, Sequence[Length]]) -> None:
        self._lengths = lengths
        self._usual: dict[tuple[str, int], int | None] = {}
        self._heap: list[tuple[float, int, Running]] = []
        self._number = itertools.count()

    def __bool__(self) -> bool:
        return bool(self._heap)

    def known(self, job: Waiting | Running) -> bool:
        """Say whether there is an experience with such videos."""
        return self._length(job) is not None

    def add(self, job: Running, now: float) -> None:
        """Note when the job will end, if nobody has to decide about it."""
        if not job.parked:
            length = self._length(job) or _GUESS
            end = max(job.started_at + length, now + length * _LATE)
            heapq.heappush(self._heap, (end, next(self._number), job))

    def pop(self) -> tuple[float, Running]:
        """Return the next end."""
        end, _, job = heapq.heappop(self._heap)
        return end, job

    def _length(self, job: Waiting | Running) -> int | None:
        kind = job.provider, job.seconds
        if kind not in self._usual:
            self._usual[kind] = typical(self._lengths.get(job.provider, ()), job.seconds)
        return self._usual[kind]


def _started(job: Waiting, at: float) -> Running:
    return Running(
        provider=job.provider,
        server=job.server,
        user_id=job.user_id,
        started_at=int(at),
        seconds=job.seconds,
    )
