"""Many jobs that wait for their renders at once, beside a bare event loop, bare httpx and the openai package.

The bot's engine, drivers, store, files, provider adapter and status board run in a process of their own
against a light video API in another one. Discord is left out: it takes 50 requests a second of a bot, however
many jobs there are, and `ack` and `deliver` measure those. `cpu_s`, lag and memory are of the seconds when
every job waits; what comes before (accept, claim, order) and after (fetch, post, close) is `start_cpu_s` and
`end_cpu_s`. Requests count from the first order to the moment when the API is told to finish.

The figures that begin with `list_` are of a profile whose list is believed: one list answers for many polls.

With `--database postgres` one and two worker processes wait for the same jobs, then work off a line of them
that is there already, through 100 slots, at an API whose renders are done when they are ordered. The figures
of one worker end in `_1`.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import open_database
from storage.jobs import SqlJobStore
from storage.migrate import migrate
from tests.bench.big_provider import write_big_mp4
from tests.bench.jobs_bot import PROFILE, add_jobs
from tests.processes import ROOT, environment, first_line
from tests.storage.postgres_server import PostgresServer

OPTIONS = ("jobs", "seconds", "database", "workers")
JOBS, SECONDS = 1000, 20.0
QUICK_JOBS, QUICK_SECONDS = 100, 1.5
LISTING = "vllm-omni"
SDK_JOBS = 200
"""The openai package cannot poll 1,000 videos a second on one core: its figures are scaled up from these."""
FLOW_SLOTS = 100
CLIP_BYTES = 40_000
PATIENCE_S = 420.0

Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many jobs, and how long they wait. `hurried`: what they are held against runs side by side."""

    jobs: int
    seconds: float
    hurried: bool = False


class Room:
    """A folder in which processes run, and what they print."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self.clip = folder / "clip.mp4"

    def new(self) -> Path:
        """Return a fresh folder."""
        path = self._folder / str(next(self._numbers))
        path.mkdir()
        return path

    async def figures(self, module: str, *arguments: str) -> Figures:
        """Run a module of this folder to its end and read its last line."""
        async with self._started(module, *arguments) as process:
            async with asyncio.timeout(PATIENCE_S):
                printed, _ = await process.communicate()
            assert process.returncode == 0, f"{module} ended with {process.returncode}"
        found: Figures = json.loads(printed.splitlines()[-1])
        return found

    @asynccontextmanager
    async def provider(self, *arguments: str) -> AsyncIterator[str]:
        """Run the light video API and give its base URL."""
        async with self._started("jobs_provider", "--clip", str(self.clip), *arguments) as process:
            yield await first_line(process)

    @asynccontextmanager
    async def _started(self, module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.bench.{module}",
            *arguments,
            cwd=ROOT,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def run(
    *,
    quick: bool = False,
    jobs: int | None = None,
    seconds: float | None = None,
    database: str | None = None,
    workers: int | None = None,
) -> dict[str, float | str]:
    """Measure; `quick` holds 100 jobs for some seconds."""
    load = Load(
        jobs=jobs or (QUICK_JOBS if quick else JOBS),
        seconds=seconds or (QUICK_SECONDS if quick else SECONDS),
        hurried=quick,
    )
    with TemporaryDirectory() as folder:
        room = Room(Path(folder))
        await asyncio.to_thread(write_big_mp4, room.clip, CLIP_BYTES)
        if database == "postgres":
            return await _on_postgres(room, load, workers or 2)
        return await _on_sqlite(room, load)


async def _on_sqlite(room: Room, load: Load) -> dict[str, float | str]:
    async with room.provider() as base_url:
        url = f"sqlite:///{room.new() / 'reelbot.db'}"
        bots = await _wait(room, load, base_url, url, workers=1)
        few = min(load.jobs, SDK_JOBS)
        floors = [
            room.figures("jobs_floor", kind, *_waiting(load, base_url, jobs))
            for kind, jobs in (("loop", load.jobs), ("http", load.jobs), ("sdk", few))
        ]
        found = await asyncio.gather(*floors) if load.hurried else [await floor for floor in floors]
        loop, http, sdk = found
    async with room.provider() as base_url:
        url = f"sqlite:///{room.new() / 'reelbot.db'}"
        by_list = (await _wait(room, load, base_url, url, workers=1, profile=LISTING))[0]
    assert sdk["done"] == few, sdk
    scale = load.jobs / few
    return {
        **_joined(bots, load),
        "list_done": int(by_list["done"]),
        "list_cpu_s": by_list["cpu_s"],
        "list_rss_mb": by_list["rss_mb"],
        "list_lag_p99_ms": by_list["lag_p99_ms"],
        "list_requests": int(by_list["requests"]),
        "loop_cpu_s": loop["cpu_s"],
        "loop_lag_p99_ms": loop["lag_p99_ms"],
        "httpx_cpu_s": http["cpu_s"],
        "sdk_jobs": few,
        "sdk_requests": sdk["requests"] * scale,
        "sdk_cpu_s": sdk["cpu_s"] * scale,
        "x_sdk_requests": bots[0]["requests"] / (sdk["requests"] * scale),
        "list_x_sdk_requests": by_list["requests"] / (sdk["requests"] * scale),
    }


def _waiting(load: Load, base_url: str, jobs: int) -> tuple[str, ...]:
    return "--provider", base_url, "--jobs", str(jobs), "--seconds", str(load.seconds)


async def _on_postgres(room: Room, load: Load, workers: int) -> dict[str, float | str]:
    figures: dict[str, float | str] = {}
    rates: list[float] = []
    with PostgresServer.made(durable=True) as server:
        for number in range(1, workers + 1):
            async with server.database() as name, room.provider() as base_url:
                bots = await _wait(room, load, base_url, server.url(name), workers=number)
            async with server.database() as name, room.provider("--at-once") as base_url:
                flow = await _flow(room, load, base_url, server.url(name), workers=number)
            rates.append(flow["jobs_per_s"])
            held = "+".join(str(int(bot["held"])) for bot in bots)
            ending = "" if number == workers else f"_{number}"
            named: dict[str, float | str] = {**_joined(bots, load), "held": held, **flow}
            figures.update((key + ending, value) for key, value in named.items())
    return {"workers": workers, **figures, "x_jobs_per_s": rates[-1] / rates[0]}


async def _wait(
    room: Room, load: Load, base_url: str, database: str, *, workers: int, profile: str = PROFILE
) -> Sequence[Figures]:
    """Let the processes hold the jobs; the first of them puts them into the line."""
    arguments = ("--database", database, *_waiting(load, base_url, load.jobs), "--data", str(room.new()))
    arguments += ("--profile", profile)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(room.figures("jobs_bot", *arguments, *(() if number else ("--add",))))
            for number in range(workers)
        ]
    return [task.result() for task in tasks]


async def _flow(room: Room, load: Load, base_url: str, database: str, *, workers: int) -> Figures:
    """Let the processes work off a line that is there already."""
    opened = await open_database(database)
    try:
        await migrate(opened)
        await add_jobs(SqlJobStore(opened), load.jobs)
    finally:
        await opened.close()
    arguments = ("--database", database, "--provider", base_url, "--jobs", str(load.jobs))
    more = ("--data", str(room.new()), "--slots", str(FLOW_SLOTS))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(room.figures("jobs_bot", *arguments, *more)) for _ in range(workers)]
    bots = [task.result() for task in tasks]
    assert all(bot["done"] == load.jobs for bot in bots), bots
    return {
        "jobs_per_s": load.jobs / max(bot["life_s"] for bot in bots),
        "cpu_ms_a_job": sum(bot["life_cpu_s"] for bot in bots) / load.jobs * 1000,
    }


def _joined(bots: Sequence[Figures], load: Load) -> Mapping[str, float]:
    """Add up what the processes say."""

    def added(key: str) -> float:
        return sum(bot[key] for bot in bots)

    def worst(key: str) -> float:
        return max(bot[key] for bot in bots)

    first: Callable[[str], float] = bots[0].__getitem__
    return {
        "jobs": load.jobs,
        "done": int(first("done")),
        "cpu_s": added("cpu_s"),
        "start_cpu_s": added("start_cpu_s"),
        "end_cpu_s": added("end_cpu_s"),
        "rss_mb": added("rss_mb"),
        "lag_p99_ms": worst("lag_p99_ms"),
        "lag_max_ms": worst("lag_max_ms"),
        "requests": int(first("requests")),
        "sql_writes_per_job": added("writes") / load.jobs,
        "edits_a_second": added("edits_a_second"),
    }
