"""Who drove which job when, out of every write of the jobs table, and how long take-overs took."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from bot.domain.states import DRIVEN
from tests.bench.kills_table import Read
from tests.bench.kills_victims import Blow

# PostgreSQL notes who wrote what: each process names itself in its URL (`?reelbot.process=worker1.3`).
WATCH = (
    """CREATE TABLE seen_writes (
        number BIGSERIAL, at DOUBLE PRECISION, process TEXT, job_id TEXT, state TEXT, fence BIGINT,
        due_at DOUBLE PRECISION)""",
    "CREATE TABLE seen_leases (at DOUBLE PRECISION, process TEXT)",
    """CREATE FUNCTION see_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen_writes (at, process, job_id, state, fence, due_at) VALUES (
            extract(epoch FROM clock_timestamp()), current_setting('reelbot.process', true),
            NEW.id, NEW.state, NEW.fence, NEW.due_at / 1000.0);
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION see_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen_leases VALUES (
            extract(epoch FROM clock_timestamp()), current_setting('reelbot.process', true));
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER see_write AFTER INSERT OR UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION see_write()",
    "CREATE TRIGGER see_lease AFTER INSERT ON workers FOR EACH ROW EXECUTE FUNCTION see_lease()",
)
_WRITES = "SELECT job_id, at, process, state, fence, due_at FROM seen_writes ORDER BY job_id, number"
_BIRTHS = "SELECT process, min(at) FROM seen_leases GROUP BY process"
_DRIVERS = """
SELECT process FROM seen_writes JOIN jobs ON jobs.id = job_id AND jobs.fence = seen_writes.fence
WHERE jobs.state IN ('rendering', 'fetching', 'fitting', 'delivering')
ORDER BY number DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One write of a job's row. Unix seconds."""

    at: float
    process: str
    state: str
    fence: int
    due_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Another process's first act on a job of one that was killed or frozen.

    `watched`: a second worker was there all the time, so nothing but the lease was waited for. `fence_gone`:
    the frozen one was thawed later, and its fence was another one by then.
    """

    seconds: float
    watched: bool
    fence_gone: bool


async def drivers(read: Read) -> list[str]:
    """Return the processes that drive a job now or did so when they died, the latest first."""
    return [process for (process,) in await read(_DRIVERS)]


async def read_take_overs(read: Read, blows: Sequence[Blow]) -> list[TakeOver]:
    """Find every take-over."""
    rows = await read(_WRITES)
    writes = {
        job_id: [Write(at=at, process=p or "", state=s, fence=f, due_at=due) for _, at, p, s, f, due in group]
        for job_id, group in groupby(rows, key=lambda row: row[0])
    }
    return list(take_overs(writes, dict(list(map(tuple, await read(_BIRTHS)))), blows))


def take_overs(
    writes: Mapping[str, Sequence[Write]], births: Mapping[str, float], blows: Sequence[Blow]
) -> Iterator[TakeOver]:
    """Find the jobs that each blow took from its driver, and when somebody else went on with them.

    A job that its driver had put off is left out: nobody may take it over before it is due.
    """
    for blow in blows:
        for job in writes.values():
            before = [write for write in job if write.at <= blow.at]
            if not before or before[-1].state not in DRIVEN or before[-1].due_at > blow.at:
                continue
            fence = before[-1].fence
            driver = next(write.process for write in before if write.fence == fence)
            act = next((write for write in job if write.at > blow.at and write.fence > fence), None)
            if driver == blow.process and act is not None and act.process != driver:
                yield TakeOver(
                    seconds=act.at - blow.at,
                    watched=_somebody_watched(blow, act.at, births, blows),
                    fence_gone=blow.thawed_at is not None and act.at < blow.thawed_at,
                )


def _somebody_watched(blow: Blow, until: float, births: Mapping[str, float], blows: Sequence[Blow]) -> bool:
    """Say whether one other worker was up from the blow until then."""
    return any(
        process != blow.process
        and born <= blow.at
        and not any(
            other.process == process
            and other.at <= until
            and (other.thawed_at is None or other.thawed_at >= blow.at)
            for other in blows
        )
        for process, born in births.items()
    )


def take_over_figures(found: Sequence[TakeOver]) -> dict[str, float]:
    """Return the numbers; seconds are of those where nothing but the lease was waited for."""
    seconds = [take_over.seconds for take_over in found if take_over.watched]
    return {
        "taken_over": len(found),
        "fences_gone": sum(take_over.fence_gone for take_over in found),
        "watched": len(seconds),
        "take_over_s": round(median(seconds), 1) if seconds else 0.0,
        "longest_s": round(max(seconds), 1) if seconds else 0.0,
    }
