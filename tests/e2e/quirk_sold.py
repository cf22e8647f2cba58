"""Quirks of services and proxies: new-api, LiteLLM, OpenRouter, resellers."""

import base64
from typing import Any

from tests.e2e.quirk_api import Answer
from tests.e2e.quirk_row import (
    CANCELLED_THERE,
    COMPLETED,
    FAILED,
    KEY_REFUSED,
    MAYBE,
    NO_CONTENT_ROUTE,
    NO_LONGER_KEPT,
    QUEUED,
    REFUSED,
    RUNNING,
    RUNS_ON,
    Quirk,
    S,
    film,
    job,
    says,
)

RESELLER = """
[routes]
create = "/videos"
poll = "/videos/{id}?model_name=some-model"
probe = "/models"
[auth]
header = "Authorization"
[create]
encoding = "json"
seconds = "number"
[fields]
prompt = "prompt"
model = "model"
seconds = "duration"
[model]
sizes = ["1280x720"]
seconds = [10, 15]
"""
"""A dialect like those of section 12: a bare key, other lengths, no size, the model in every poll."""


def newapi_rows() -> list[Quirk]:
    """Return flat errors, wrappers, and a location in one of several places."""

    def wrapped(status: str, **facts: Any) -> Answer:
        return says(
            {"code": "success", "message": "", "data": {"task_id": "<id>", "status": status, **facts}}
        )

    unfinished = says(
        {"error": {"message": "Task is not completed yet", "type": "invalid_request_error"}}, 400
    )
    flat = {"code": "invalid_request", "message": "size is not supported", "data": None}
    busy = {"code": "429", "message": "当前分组上游负载已饱和", "data": None}
    return [
        Quirk(
            name="the whole conversation is wrapped",
            create=(wrapped("NOT_START"),),
            polls=(
                wrapped("IN_PROGRESS", progress="30%"),
                wrapped("SUCCESS", progress="100%", result_url="<away>/clip"),
            ),
            contents=(unfinished,),
            away=True,
        ),
        Quirk(
            name="unknown right after the create",
            order={"seconds": "4", "model": "sora-2"},
            polls=(job("unknown"), RUNNING, COMPLETED),
        ),
        Quirk(name="SUBMITTED, then Success", polls=(job("SUBMITTED"), job("Success"))),
        Quirk(
            name="the location is in metadata.url",
            polls=(job("completed", metadata={"url": "<away>/clip"}),),
            contents=(unfinished,),
            away=True,
        ),
        Quirk(
            name="the location is in video_url",
            polls=(job("completed", video_url="<away>/clip"),),
            contents=(unfinished,),
            away=True,
        ),
        Quirk(name="no location, only the content", polls=(job("completed"),), contents=(unfinished, film())),
        Quirk(name="the error is flat", create=(says(flat, 400),), **REFUSED),
        Quirk(
            name="every upstream error is 500",
            create=(says({"code": "model_unavailable", "message": "no"}, 500),),
            end=S.UNSURE,
            ends_with=MAYBE,
        ),
        Quirk(name="429 in Chinese, without a wait", create=(says(busy, 429), QUEUED), posts=2),
        Quirk(
            name="404 is 400 task_not_exist",
            polls=(
                says({"code": "task_not_exist", "message": "task_not_exist", "data": None}, 400),
                COMPLETED,
            ),
        ),
        Quirk(
            name="no quota",
            create=(says({"code": "insufficient_user_quota", "message": "no quota", "data": None}, 403),),
            end=S.FAILED,
            ends_with=KEY_REFUSED,
        ),
    ]


def litellm_rows() -> list[Quirk]:
    """Return ids that change, and errors around errors."""
    long_id = (
        "video_"
        + base64.b64encode(b"litellm:custom_llm_provider:openai;model_id:my-video;video_id:raw").decode()
    )
    inner = '{"error":{"message":"bad size","type":"invalid_request_error"}}'
    refused = {"error": {"message": f"litellm.BadRequestError: OpenAIException - {inner}", "code": "400"}}
    return [
        Quirk(
            name="the id of a status has no model",
            id=long_id + "<n>==",
            polls=(
                says({"id": "video_bm9uZQ==", "object": "video", "status": "processing", "progress": None}),
                says({"id": "video_bm9uZQ==", "object": "video", "status": "completed"}),
            ),
        ),
        Quirk(name="an error is wrapped into a text", create=(says(refused, 400),), **REFUSED),
        Quirk(
            name="500 in plain text",
            create=(says("Internal Server Error", 500, kind="text/plain"),),
            end=S.UNSURE,
            ends_with=MAYBE,
        ),
        Quirk(
            name="a wrong key is 400",
            create=(says({"error": {"message": "No connected db.", "code": "400"}}, 400),),
            **REFUSED,
        ),
        Quirk(
            name="a message is labelled as a video",
            contents=(film(body='{"error": {"message": "upstream"}}'), film()),
        ),
        Quirk(
            name="cancel is not offered", polls=(RUNNING,), cancels=True, end=S.CANCELLED, ends_with=RUNS_ON
        ),
    ]


def openrouter_rows() -> list[Quirk]:
    """Return the second protocol: 202, errors as texts, locations that need the key."""
    create = (says({"id": "<id>", "polling_url": "/v1/videos/<id>", "status": "pending"}, 202),)

    def said(status: str, **facts: Any) -> Answer:
        return says({"id": "<id>", "polling_url": "/v1/videos/<id>", "status": status, **facts})

    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "pending, then completed",
            {
                "order": {"duration": 8, "aspect_ratio": "16:9", "resolution": "720p"},
                "polls": (
                    said("pending"),
                    said("in_progress"),
                    said("completed", unsigned_urls=["<home>/files/clip"]),
                ),
            },
        ),
        (
            "the content route is not there",
            {
                "polls": (said("completed", unsigned_urls=["<home>/files/clip"]),),
                "contents": (NO_CONTENT_ROUTE,),
            },
        ),
        (
            "a location without the key is elsewhere",
            {
                "polls": (said("completed", urls=["<away>/clip"]),),
                "contents": (NO_CONTENT_ROUTE,),
                "away": True,
            },
        ),
        (
            "the error is a text",
            {
                "polls": (said("failed", error="the provider is overloaded"),),
                "end": S.FAILED,
                "ends_with": FAILED + "the provider is overloaded",
            },
        ),
        ("expired", {"polls": (said("expired"),), "end": S.FAILED, "ends_with": NO_LONGER_KEPT}),
        ("cancelled", {"polls": (said("cancelled"),), "end": S.FAILED, "ends_with": CANCELLED_THERE}),
    )
    return [
        *(Quirk(name=name, create=create, **facts) for name, facts in rows),
        Quirk(
            name="no credits",
            create=(says({"error": {"code": 402, "message": "Insufficient credits"}}, 402),),
            end=S.FAILED,
            ends_with=KEY_REFUSED,
        ),
        Quirk(
            name="the code of an error is a number",
            create=(says({"error": {"code": 400, "message": "bad duration"}}, 400),),
            **REFUSED,
        ),
        Quirk(
            name="499 leaves a doubt",
            create=(says({"error": {"code": 499, "message": "closed"}}, 499),),
            end=S.UNSURE,
            ends_with=MAYBE,
        ),
    ]


def reseller_rows() -> list[Quirk]:
    """Return what resellers make of the shape."""
    order = {"duration": 10, "model": "some-model"}
    away = {"polls": (job("submitted"), job("completed", output_url="<away>/clip")), "away": True}
    limited = says({"error": {"message": "5 a second"}}, 429, headers={"Retry-After": "1"})
    asked: dict[str, Any] = {"order": order, "poll_query": "model_name=some-model"}
    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        ("submitted, then output_url", away),
        (
            "url and thumbnail_url",
            away | {"polls": (job("completed", thumbnail_url="<home>/t", video_url="<away>/clip"),)},
        ),
        (
            "the output is a list of types",
            away | {"polls": (job("completed", output=[{"type": "video", "url": "<away>/clip"}]),)},
        ),
        (
            "download_url with an expiry",
            away | {"polls": (job("completed", download_url="<away>/clip", expires_at="<now_ms>"),)},
        ),
        (
            "created_at in milliseconds, an id of words",
            away | {"id": "sora-2-12345<n>", "create": (job("queued", created_at="<now_ms>", seconds=None),)},
        ),
        ("five polls a second at most", away | {"polls": (limited, job("completed", url="<away>/clip"))}),
        (
            "a polling_url elsewhere is not asked",
            {
                "create": (says({"id": "<id>", "polling_url": "<away>/poll", "status": "queued"}, 202),),
                "polls": (RUNNING, job("completed", url="<home>/files/clip")),
            },
        ),
        ("expired", {"polls": (job("expired"),), "end": S.FAILED, "ends_with": NO_LONGER_KEPT}),
    )
    return [Quirk(name=name, **asked, **facts) for name, facts in rows]
