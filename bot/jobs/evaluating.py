"""Rating any delivered video in detail; a person's last word on it counts, whole."""

from collections.abc import Mapping

from bot.domain.codes import Code
from bot.domain.errors import InvalidRequest
from bot.domain.evaluation import HIGHEST, Aspect, Evaluation, EvaluationKind
from bot.domain.job import Job
from bot.domain.states import JobState
from bot.jobs.actor import Actor, find_job
from bot.ports import Clock, JobStore
from bot.ports_evaluation import EvaluationStore

_KIND = EvaluationKind.DETAIL


class Evaluating:
    """The use case of ratings in detail, for everybody who may see the video."""

    def __init__(self, *, jobs: JobStore, evaluations: EvaluationStore, clock: Clock) -> None:
        self._jobs = jobs
        self._evaluations = evaluations
        self._clock = clock

    async def to_rate(self, typed_id: str, actor: Actor) -> tuple[Job, Evaluation | None]:
        """Return the video, and what the actor has said of it before.

        Raises:
            JobNotFound: unknown, or of another server.
            InvalidRequest: there is no video.
        """
        job = await find_job(self._jobs, typed_id, actor)
        if job.state is not JobState.DELIVERED:
            raise InvalidRequest(code=Code.NOTHING_TO_RATE, id=job.short_id)
        known = await self._evaluations.of_job(job.id, _KIND)
        return job, next((one for one in known if one.user_id == actor.user_id), None)

    async def rate(self, typed_id: str, actor: Actor, scores: Mapping[Aspect, int], comment: str = "") -> Job:
        """Keep what the actor says of the video, in the place of what they said before.

        Raises:
            JobNotFound, InvalidRequest: as above.
            ValueError: an aspect is missing, or its score is not 1 to 5.
        """
        job, _ = await self.to_rate(typed_id, actor)
        if set(scores) != set(Aspect) or not all(1 <= score <= HIGHEST[_KIND] for score in scores.values()):
            raise ValueError("each aspect needs a score of 1 to 5")
        await self._evaluations.put(
            Evaluation(
                job_id=job.id,
                user_id=actor.user_id,
                kind=_KIND,
                scores={aspect.value: scores[aspect] for aspect in Aspect},
                comment=comment.strip(),
                at=self._clock.now(),
            )
        )
        return job
