"""The bot's own table, read past the bot and while it runs."""

import asyncio
import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.states import TERMINAL, JobState

Read = Callable[[str], Awaitable[Sequence[Sequence[Any]]]]
"""Runs a query and returns its rows."""

_JOBS = "SELECT id, prompt, state, status_closed FROM jobs ORDER BY created_at"
_EVENTS = "SELECT job_id, to_state, note FROM job_events ORDER BY job_id, number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is asked of a job's row. `steps` are its states in order, each with its note."""

    prompt: str
    state: JobState
    told: bool
    steps: tuple[tuple[str, str], ...]

    @property
    def settled(self) -> bool:
        """Say whether it has ended and says so."""
        return self.told and self.state in TERMINAL

    @property
    def was_unsure(self) -> bool:
        """Say whether it is, or was until a person decided, in the state of doubt."""
        return any(state == JobState.UNSURE for state, _ in self.steps)

    @property
    def history(self) -> str:
        """Return what has happened to it."""
        return " > ".join(f"{state} ({note})" if note else state for state, note in self.steps)


async def read_rows(read: Read) -> list[Row]:
    """Return every job."""
    jobs = await read(_JOBS)
    steps = defaultdict(list)
    for job_id, state, note in await read(_EVENTS):
        steps[job_id].append((state, note))
    return [
        Row(prompt=prompt, state=JobState(state), told=bool(told), steps=tuple(steps[job_id]))
        for job_id, prompt, state, told in jobs
    ]


def sqlite_reader(path: Path) -> Read:
    """Return what reads this file; before the bot has made it there is nothing."""

    def read_now(sql: str) -> Sequence[Sequence[Any]]:
        if not path.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []  # killed before the schema was there

    async def read(sql: str) -> Sequence[Sequence[Any]]:
        return await asyncio.to_thread(read_now, sql)

    return read
