"""Quirks of servers on a machine of one's own: vLLM-Omni, SGLang, Dynamo."""

import base64
from typing import Any

from tests.e2e.faulty_api import CLIP
from tests.e2e.quirk_api import Answer
from tests.e2e.quirk_row import (
    FAILED,
    MAYBE,
    QUEUED,
    REFUSED,
    RUNNING,
    RUNS_ON,
    STOPPED,
    UNCLEAR,
    Quirk,
    S,
    film,
    job,
    listed,
    says,
)


def vllm_omni_rows() -> list[Quirk]:
    """Return lost creates that a list clears up, and ways to answer a DELETE."""
    found = (
        ("created_at is in milliseconds", {"created_at": "<now_ms>"}),
        ("created_at is an ISO date", {"created_at": "<iso>"}),
        ("created_at is 0", {"created_at": 0}),
        ("created_at is absent", {"created_at": None}),
        ("seconds is a whole number", {"seconds": 4}),
        ("seconds is a fraction", {"seconds": 4.041}),
        ("seconds is called duration", {"seconds": None, "duration": 4}),
        ("the size is in two fields", {"size": None, "width": 1280, "height": 720}),
        ("the id has another name", {"id": None, "video_id": "<id>"}),
    )
    rows = [
        Quirk(name=f"a lost create, in the list {name}", create=(UNCLEAR,), listed=listed(**facts))
        for name, facts in found
    ]
    running: dict[str, Any] = {"polls": (RUNNING,), "cancels": True, "end": S.CANCELLED}
    for name, answer, says_so in (
        ("confirms", says({"id": "<id>", "object": "video.deleted", "deleted": True}), STOPPED),
        ("returns the job as deleted", job("deleted"), STOPPED),
        ("is empty", Answer(status=204, kind=""), STOPPED),
        ("is 405", says({"detail": "Method Not Allowed"}, 405), RUNS_ON),
        ("is 400 cancel_failed", says({"error": {"code": "cancel_failed"}}, 400), RUNS_ON),
        ("is 409", says({"detail": "cancelling"}, 409), RUNS_ON),
    ):
        rows.append(Quirk(name=f"DELETE {name}", delete=answer, ends_with=says_so, **running))
    error = {
        "id": "<id>",
        "object": "video",
        "status": "failed",
        "error": {"code": 422, "message": "no frames"},
    }
    mismatch = says({"error": {"message": "Model mismatch", "type": "BadRequestError", "code": 400}}, 400)
    early = says({"detail": "Generation is still in-progress"}, 404)
    return [
        *rows,
        Quirk(
            name="a failed job is 422",
            polls=(says(error, 422),),
            end=S.FAILED,
            ends_with=FAILED + "no frames",
        ),
        Quirk(name="the model is another one", create=(mismatch,), **REFUSED),
        Quirk(name="the content is still in progress", contents=(early, film())),
        Quirk(
            name="progress is 0 until it is 100",
            order={"seconds": "4", "size": "1280x720"},
            polls=(job("in_progress", progress=0), job("completed", progress=100)),
        ),
    ]


def looping_rows() -> list[Quirk]:
    """Return lost creates beside a list that begins anew on every page."""
    return [Quirk(name="a lost create, found in a list that loops", create=(UNCLEAR,), listed=listed())]


def doubtful_rows() -> list[Quirk]:
    """Return lost creates that a list can never clear up."""
    return [
        Quirk(
            name="a lost create, a list that loops without it",
            create=(UNCLEAR,),
            end=S.UNSURE,
            ends_with=MAYBE,
        ),
    ]


def sglang_rows() -> list[Quirk]:
    """Return errors in `detail`, and a delete that is cosmetic."""
    detail = {"detail": [{"loc": ["body", "size"], "msg": "bad size", "type": "value_error"}]}
    stored = says({"detail": "Video is stored at <away>/clip"}, 400)
    return [
        Quirk(name="refused in detail, a text", create=(says({"detail": "bad size"}, 400),), **REFUSED),
        Quirk(name="refused in detail, a list", create=(says(detail, 422),), **REFUSED),
        Quirk(
            name="the id is a uuid",
            order={"seconds": 4, "size": "1280x720"},
            id="0f8fad5b-d9cb-469f-a165-70867728950<n>",
        ),
        Quirk(
            name="failed with a message alone",
            polls=(job("failed", error={"message": "OOM"}),),
            end=S.FAILED,
            ends_with=FAILED + "OOM",
        ),
        Quirk(
            name="the content is in the cloud",
            polls=(job("completed", url="<away>/clip"),),
            contents=(stored,),
            away=True,
        ),
        Quirk(name="the content is 404 at first", contents=(says({"detail": "not ready"}, 404), film())),
        Quirk(
            name="cancel stops nothing there",
            polls=(RUNNING,),
            cancels=True,
            end=S.CANCELLED,
            ends_with=RUNS_ON,
        ),
        Quirk(
            name="the scheduler is dead, nothing in the list",
            create=(says({"error": "scheduler"}, 503), QUEUED),
            posts=2,
        ),
    ]


def dynamo_rows() -> list[Quirk]:
    """Return creates whose answer is the video."""
    inline = base64.b64encode(CLIP).decode()
    head = {"id": "<id>", "object": "video", "model": "wan"}
    return [
        Quirk(
            name="the create is the end, elsewhere",
            order={"seconds": 4, "response_format": "url"},
            create=(says({**head, "status": "completed", "data": [{"url": "<away>/clip"}]}),),
            away=True,
        ),
        Quirk(
            name="the create is the end, at home",
            create=(says({**head, "status": "completed", "data": [{"url": "<home>/files/clip"}]}),),
        ),
        Quirk(
            name="the create is the end, inline",
            create=(says({**head, "status": "completed", "data": [{"b64_json": inline}]}),),
        ),
        Quirk(
            name="the create is the end, without a status",
            create=(says({"created": 1764347090, "data": [{"url": "<away>/clip"}]}),),
            away=True,
        ),
        Quirk(
            name="the create fails with a job",
            create=(says({**head, "status": "failed", "error": "OOM"}),),
            end=S.FAILED,
            ends_with=FAILED + "OOM",
        ),
        Quirk(
            name="the create times out in between",
            create=(says("<html>504</html>", 504),),
            end=S.UNSURE,
            ends_with=MAYBE,
        ),
    ]
