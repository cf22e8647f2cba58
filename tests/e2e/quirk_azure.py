"""Quirks of Azure: the key in a header of its own, and the older jobs API."""

from typing import Any

from tests.e2e.quirk_api import Answer
from tests.e2e.quirk_row import (
    CANCELLED_THERE,
    FAILED,
    NO_CONTENT_ROUTE,
    REFUSED,
    RULES,
    UNCLEAR,
    Quirk,
    S,
    job,
    listed,
    says,
)


def azure_rows() -> list[Quirk]:
    """Return what an `api-key` header must survive."""
    blocked = {
        "error": {
            "code": "content_filter",
            "message": "no",
            "innererror": {"code": "ResponsibleAIPolicyViolation"},
        }
    }
    return [
        Quirk(
            name="the content is in a blob store",
            contents=(Answer(status=302, headers={"Location": "<away>/clip?sig=1"}),),
            away=True,
        ),
        Quirk(
            name="the location is in a blob store",
            polls=(job("completed", url="<away>/clip"),),
            contents=(NO_CONTENT_ROUTE,),
            away=True,
        ),
        Quirk(
            name="a filter refuses the create", create=(says(blocked, 400),), end=S.FAILED, ends_with=RULES
        ),
        Quirk(
            name="the deployment does not exist yet",
            create=(says({"error": {"code": "DeploymentNotFound", "message": "no"}}, 404),),
            **REFUSED,
        ),
        Quirk(name="a lost create stands in the list", create=(UNCLEAR,), listed=listed(size="720x1280")),
    ]


def azure_jobs_rows() -> list[Quirk]:
    """Return jobs whose file has an id of its own."""

    def task(status: str, **facts: Any) -> Answer:
        return says({"id": "<id>", "object": "video.generation.job", "status": status, **facts})

    ready = task("succeeded", generations=[{"object": "video.generation", "id": "file-of-<id>"}])
    create = (Answer(body=task("queued", generations=[]).body, status=201),)
    return [
        Quirk(
            name="preprocessing, then succeeded",
            order={"width": 1280, "height": 720, "n_seconds": 5, "n_variants": 1},
            create=create,
            polls=(task("preprocessing"), task("running"), task("processing"), ready),
        ),
        Quirk(
            name="the output is refused",
            create=create,
            polls=(task("failed", failure_reason="output_moderation"),),
            end=S.FAILED,
            ends_with=RULES,
        ),
        Quirk(
            name="an internal error",
            create=create,
            polls=(task("failed", failure_reason="internal_error"),),
            end=S.FAILED,
            ends_with=FAILED + "internal_error",
        ),
        Quirk(
            name="cancelled there",
            create=create,
            polls=(task("cancelled"),),
            end=S.FAILED,
            ends_with=CANCELLED_THERE,
        ),
    ]
