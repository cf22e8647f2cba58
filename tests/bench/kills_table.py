"""The bot's own table: read without the bot, and what an owner decides about jobs that are UNSURE."""

import asyncio
import contextlib
import sqlite3
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.states import TERMINAL, JobState
from storage.database import open_database
from storage.jobs import SqlJobStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is asked of a job's row. `history` is its states in order."""

    prompt: str
    state: JobState
    told: bool
    history: str

    @property
    def settled(self) -> bool:
        """Say whether nobody but a person can change it any more."""
        return self.told and (self.state in TERMINAL or self.state is JobState.UNSURE)


class Table:
    """One SQLite file of a bot."""

    def __init__(self, path: Path, guild_id: int) -> None:
        self._path = path
        self._guild_id = guild_id
        self.given_up: set[str] = set()

    async def rows(self) -> list[Row]:
        """Return every job, also while the bot runs."""
        return await asyncio.to_thread(self._rows)

    def _rows(self) -> list[Row]:
        if not self._path.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as connection:
            try:
                found = connection.execute(
                    "SELECT prompt, state, status_closed,"
                    " (SELECT group_concat(line, ' > ') FROM (SELECT"
                    "  to_state || coalesce(' (' || nullif(note, '') || ')', '') AS line"
                    "  FROM job_events WHERE job_id = jobs.id ORDER BY number))"
                    " FROM jobs ORDER BY created_at"
                ).fetchall()
            except sqlite3.OperationalError:
                return []  # killed before the schema was there
        return [
            Row(prompt=prompt, state=JobState(state), told=bool(told), history=history or "")
            for prompt, state, told, history in found
        ]

    async def give_up_unsure(self) -> None:
        """End every job that is UNSURE, as its owner: else their slots stay taken. Only while no bot runs.

        The store does it because no command offers it.
        """
        if not any(row.state is JobState.UNSURE for row in await self.rows()):
            return
        database = await open_database(f"sqlite:///{self._path}")
        try:
            store = SqlJobStore(database)
            for job in await store.active(guild_id=self._guild_id):
                if job.state is JobState.UNSURE:
                    ended = replace(
                        job,
                        state=JobState.FAILED,
                        finished_at=int(time.time() * 1000),
                        status_closed=False,
                    )
                    await store.save(job, ended, "given up by the owner")
                    self.given_up.add(job.request.prompt)
        finally:
            await database.close()
