import pytest

from bot.domain.codes import Code
from bot.domain.job import Failure
from bot.domain.recovery import Remedy, may_be_charged, remedy, retry_state
from bot.domain.states import DECISIONS, JobState
from tests.factories import NOW, make_job

S = JobState


@pytest.mark.parametrize(
    ("code", "row", "state", "wanted"),
    [
        # Nothing was ordered, or the order was refused.
        (Code.PROVIDER_UNREACHABLE, {}, None, Remedy.ANEW),
        (Code.PROVIDER_AUTH, {"submit_intent_at": NOW}, None, Remedy.ANEW),
        (Code.PROVIDER_MODERATED, {"submit_intent_at": NOW}, None, Remedy.OTHERWISE),
        (Code.PROVIDER_REFUSED, {"submit_intent_at": NOW}, None, Remedy.OTHERWISE),
        (Code.INTERNAL, {}, None, Remedy.ANEW),
        # It was sent, and nobody knows.
        (Code.GIVEN_UP, {"submit_intent_at": NOW}, None, Remedy.ANEW_COSTS),
        (Code.INTERNAL, {"submit_intent_at": NOW}, None, Remedy.ANEW_COSTS),
        # Paid, and there is no video.
        (Code.PROVIDER_FAILED, {"remote_id": "v"}, None, Remedy.ANEW_COSTS),
        (Code.PROVIDER_MODERATED, {"remote_id": "v"}, None, Remedy.OTHERWISE),
        (Code.PROVIDER_LOST, {"remote_id": "v"}, None, Remedy.ANEW_COSTS),
        (Code.RESULT_EXPIRED, {"remote_id": "v"}, None, Remedy.ANEW_COSTS),
        # Paid, and it may still be there.
        (Code.DEADLINE, {"remote_id": "v"}, S.RENDERING, Remedy.RETRY),
        (Code.RESULT_UNREADABLE, {"remote_id": "v"}, S.FETCHING, Remedy.RETRY),
        (Code.PROVIDER_NONSENSE, {"remote_id": "v"}, S.FETCHING, Remedy.RETRY),
        (Code.INTERNAL, {"remote_id": "v"}, S.FETCHING, Remedy.RETRY),
        # It is on this disk.
        (Code.DELIVERY_FORBIDDEN, {"remote_id": "v", "result_file": "f"}, S.FITTING, Remedy.RETRY),
        (Code.RESULT_EXPIRED, {"remote_id": "v", "result_file": "f"}, S.FITTING, Remedy.RETRY),
    ],
)
def test_what_helps_a_failed_job(
    code: Code, row: dict[str, object], state: JobState | None, wanted: Remedy
) -> None:
    job = make_job(state=S.FAILED, failure=Failure(code=code), **row)
    assert retry_state(job) is state
    assert remedy(job) is wanted
    if state is not None:
        assert state in DECISIONS[S.FAILED]
    if wanted is not Remedy.OTHERWISE:
        assert may_be_charged(job) is (wanted is not Remedy.ANEW)


@pytest.mark.parametrize("state", sorted(set(JobState) - {S.FAILED}))
def test_only_a_failed_job_is_retried(state: JobState) -> None:
    assert retry_state(make_job(state=state, remote_id="v", result_file="f")) is None
