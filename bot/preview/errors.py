"""Errors as the Videos API words them.

Shape: `{"error": {"message", "type", "param", "code"}}` (reference: providers, 6).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoError:
    """Why a job failed, as it stands in the `error` field of a video."""

    code: str
    message: str


@dataclass(slots=True, kw_only=True)
class ApiError(Exception):
    """A request that is answered with an error status."""

    status: int
    message: str
    code: str
    type: str = "invalid_request_error"
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"

    def body(self) -> dict[str, dict[str, str | None]]:
        """Return the JSON body."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def invalid(param: str | None, message: str, *, status: int = 400) -> ApiError:
    """Return the error for a parameter that cannot be accepted."""
    return ApiError(
        status=status, message=f"Invalid parameter: {message}", code="invalid_parameter", param=param
    )


def too_large(message: str) -> ApiError:
    """Return the error for a body over the limit."""
    return ApiError(status=413, message=message, code="request_too_large")


def not_found(video_id: str) -> ApiError:
    """Return the error for an id that is unknown, deleted or expired."""
    return ApiError(
        status=404,
        message=f"Video {video_id[:80]!r} was not found. It may be deleted, or expired after 24 hours.",
        code="video_not_found",
        param="video_id",
    )


def too_many(limit: int, retry_after: int) -> ApiError:
    """Return the error for a create above the limit of videos at a time."""
    return ApiError(
        status=429,
        message=f"At most {limit} videos can be generated at a time. Try again when one has finished.",
        code="rate_limit_exceeded",
        type="rate_limit_error",
        headers={"Retry-After": str(retry_after)},
    )
