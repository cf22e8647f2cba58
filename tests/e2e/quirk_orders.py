"""Quirks of orders and polls: status words, ids, creates, refusals, moderation."""

from collections.abc import Iterator
from typing import Any

from tests.e2e.quirk_api import KEY, Answer
from tests.e2e.quirk_row import (
    CANCELLED_THERE,
    COMPLETED,
    FAILED,
    FAILED_WITHOUT_WORDS,
    KEY_REFUSED,
    MAYBE,
    NO_LONGER_KEPT,
    NOT_TAKEN,
    QUEUED,
    RULES,
    Quirk,
    S,
    fails,
    job,
    says,
)


def _words() -> Iterator[Quirk]:
    for word in (
        "NOT_START",
        "SUBMITTED",
        "processing",
        "unknown",
        "warming_up",
        "",
        "preprocessing",
        "in_queue",
    ):
        yield Quirk(name=f"pending is called {word!r}", polls=(job(word), job(word), COMPLETED))
    yield Quirk(name="pending has no status", polls=(job(None), COMPLETED))
    yield Quirk(name="pending has a status of null", polls=(says({"id": "<id>", "status": None}), COMPLETED))
    for word in ("succeeded", "SUCCESS", "done", "finished", " Completed "):
        yield Quirk(name=f"finished is called {word!r}", polls=(job(word),))
    for word in ("expired", "EXPIRED"):
        yield fails(name=f"the end is called {word!r}", polls=(job(word),), ends_with=NO_LONGER_KEPT)
    for word in ("cancelled", "canceled", "deleted"):
        yield fails(name=f"the end is called {word!r}", polls=(job(word),), ends_with=CANCELLED_THERE)
    for word in ("failure", "FAIL", "error"):
        yield fails(
            name=f"failed is called {word!r}",
            polls=(job(word, error={"code": "oom", "message": "out of memory"}),),
            ends_with=FAILED + "out of memory",
        )


def _ids() -> Iterator[Quirk]:
    for key in ("task_id", "request_id", "video_id", "name"):
        yield Quirk(name=f"the id is called {key}", create=(says({key: "<id>", "status": "queued"}),))
    yield Quirk(name="the id is a number", id="90017<n>", create=(says('{"id": <id>, "status": "queued"}'),))
    yield Quirk(name="the id is a path", id="models/veo-3.1/operations/op<n>")
    yield Quirk(name='the id ends in "="', id="video_bGl0ZWxsbTpjdXN0b206cHJvdmlkZXI6<n>==")
    yield Quirk(name='the id has "?", "#", "%" and "+"', id="a?b=c#d%2F+<n>")
    yield Quirk(name="the id has 900 characters", id="v<n>_" + "x" * 900)
    yield Quirk(
        name="the id changes on every poll",
        polls=(
            says({"id": "video_another", "object": "video", "status": "in_progress"}),
            says({"id": "video_a_third", "object": "video", "status": "completed"}),
        ),
    )
    yield Quirk(
        name="the job is wrapped into data",
        create=(
            says({"code": "success", "message": "", "data": {"task_id": "<id>", "status": "NOT_START"}}),
        ),
        polls=(
            says(
                {"code": "success", "data": {"task_id": "<id>", "status": "IN_PROGRESS", "progress": "30%"}}
            ),
            says({"code": "success", "data": {"task_id": "<id>", "status": "SUCCESS", "progress": "100%"}}),
        ),
    )


def _creates() -> Iterator[Quirk]:
    yield Quirk(name="created with 201", create=(says({"id": "<id>", "status": "queued"}, 201),))
    yield Quirk(
        name="created with 202 and a polling_url",
        create=(says({"id": "<id>", "polling_url": "/v1/videos/<id>", "status": "pending"}, 202),),
    )
    yield Quirk(name="created with nothing but an id", create=(says({"id": "<id>"}),))
    yield Quirk(name="created and completed at once", create=(COMPLETED,), polls=(COMPLETED,))
    failed = job("failed", error={"code": "oom", "message": "out of memory"})
    yield fails(
        name="created and failed at once",
        create=(failed,),
        polls=(failed,),
        ends_with=FAILED + "out of memory",
    )
    lost: dict[str, Any] = {"end": S.UNSURE, "ends_with": MAYBE}
    for status in (500, 502, 504):
        yield Quirk(
            name=f"accepted, then answered with {status}",
            create=(says("oops", status, kind="text/html"),),
            **lost,
        )
    yield Quirk(
        name="accepted, then a web page with 200",
        create=(says("<html>hello</html>", kind="text/html"),),
        **lost,
    )
    yield Quirk(name="accepted, then nothing with 200", create=(says(None),), **lost)
    yield Quirk(
        name="an error with 200",
        create=(says({"code": "fail_to_fetch_task", "message": "?", "data": None}),),
        **lost,
    )
    yield Quirk(name="accepted, then a truncated answer", create=(says({"id": "<id>"}, short_by=20),), **lost)
    for name, wait in (("seconds", "1"), ("a date", "<date>")):
        busy = says({"error": {"message": "slow down"}}, 429, headers={"Retry-After": wait})
        yield Quirk(name=f"too many creates, wait is {name}", create=(busy, QUEUED), posts=2)
    for status in (301, 307, 308):
        moved = Answer(status=status, headers={"Location": "<away>/v1/videos"})
        yield fails(name=f"create is redirected with {status}", create=(moved,), ends_with=NOT_TAKEN)
    found = Answer(status=302, headers={"Location": "<away>/v1/videos"})
    yield Quirk(name="create is redirected with 302", create=(found,), **lost)
    for status in (401, 402, 403):
        refused = says({"error": {"message": "no"}}, status)
        yield fails(name=f"create is refused with {status}", create=(refused,), ends_with=KEY_REFUSED)


def _refusals() -> Iterator[Quirk]:
    for name, body in (
        ("a text", {"error": "bad size"}),
        ("flat", {"code": "invalid_request", "message": "bad size", "data": None}),
        (
            "a list of details",
            {"detail": [{"loc": ["body", "size"], "msg": "bad size", "type": "value_error"}]},
        ),
        ("a message alone", {"message": "bad size"}),
        ("nested in itself", {"error": {"error": {"message": "bad size", "code": "400"}}}),
        ("a web page", "<html><body>400 Bad Request</body></html>"),
        ("empty", None),
    ):
        yield fails(name=f"refused, the error is {name}", create=(says(body, 400),), ends_with=NOT_TAKEN)
        if not isinstance(body, dict):
            continue
        yield fails(
            name=f"failed, the error is {name}", polls=(job("failed", **body),), ends_with=FAILED + "bad size"
        )
    yield fails(
        name="failed, the error is a web page",
        polls=(job("failed", error="<html>502</html>"),),
        ends_with=FAILED_WITHOUT_WORDS,
    )
    yield fails(
        name="failed, the error is null", polls=(job("failed", error=None),), ends_with=FAILED_WITHOUT_WORDS
    )
    yield fails(
        name="failed, the error's code is a number",
        polls=(job("failed", error={"code": 500, "message": "out of memory"}),),
        ends_with=FAILED + "out of memory",
    )
    yield fails(
        name="failed, the error holds a URL and a key",
        polls=(job("failed", error=f"GET https://inner.example/?key=abc with {KEY} broke"),),
        ends_with=FAILED + "GET with broke",
    )
    for status in (400, 422, 500, 503):
        broken = {
            "id": "<id>",
            "object": "video",
            "status": "failed",
            "error": {"code": status, "message": "no GPU"},
        }
        yield fails(
            name=f"the failed job comes with HTTP {status}",
            polls=(says(broken, status),),
            ends_with=FAILED + "no GPU",
        )


_MODERATION = (
    "moderation_blocked",
    "content_filter",
    "content_policy_violation",
    "sentinel_block",
    "input_moderation",
    "output_moderation",
    "ResponsibleAIPolicyViolation",
    "raiMediaFiltered",
)


def _moderation() -> Iterator[Quirk]:
    for word in _MODERATION:
        error = {"code": word, "message": "no"}
        yield fails(name=f"create refused by {word}", create=(says({"error": error}, 400),), ends_with=RULES)
        yield fails(name=f"job failed by {word}", polls=(job("failed", error=error),), ends_with=RULES)
    blocked = job("done", video={"url": "<away>/clip", "respect_moderation": False})
    yield fails(name="done, but respect_moderation is false", polls=(blocked,), ends_with=RULES)


def order_rows() -> list[Quirk]:
    """Return quirks of what a render is called, ordered, refused and ended."""
    parts = (_words, _ids, _creates, _refusals, _moderation)
    return [row for part in parts for row in part()]
