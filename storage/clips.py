"""Boards follow the jobs of their clips, in the very transaction in which a job moves."""

from bot.domain.board import ClipState
from bot.domain.job import Job
from bot.domain.states import TERMINAL, JobState
from storage.database import Transaction
from storage.queries import load_queries


class SqlClips:
    """What a job's move means for its board."""

    def __init__(self) -> None:
        self._sql = load_queries("boards")

    async def follow(self, transaction: Transaction, job: Job) -> None:
        """Let the clip be where its job is; the board ends with its last clip, and goes on when one does."""
        if job.origin.board is None:
            return
        board_id, state = job.origin.board, clip_state(job.state)
        moved = await transaction.fetch_all(
            self._sql["clip_moves"], board_id=board_id, job_id=job.id, state=state.value
        )
        if not moved:
            return
        await transaction.execute(self._sql["board_moves"], board_id=board_id)
        if job.state in TERMINAL:
            now = await transaction.now_ms()
            await transaction.execute(self._sql["board_ends"], board_id=board_id, now=now)
        else:
            await transaction.execute(self._sql["board_resumes"], board_id=board_id)


def clip_state(state: JobState) -> ClipState:
    """Return where a clip is whose job is there."""
    if state is JobState.DELIVERED:
        return ClipState.DONE
    return ClipState.FAILED if state in TERMINAL else ClipState.RUNNING
