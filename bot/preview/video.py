"""Video: one job of the preview API."""

import threading
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.preview.clip import Clip
from bot.preview.errors import VideoError

LIFETIME = 24 * 3600  # seconds that a finished job and its file are kept

Status = Literal["queued", "in_progress", "completed", "failed", "cancelled"]


@dataclass(slots=True, kw_only=True, eq=False)
class Video:
    """One job, changed by `Videos` on the event loop; only `frames_done` is counted up by the render.

    `number` orders the videos of a server over all its runs; `length` is that of the finished MP4 in bytes.
    """

    id: str
    clip: Clip
    model: str
    size: str
    created_at: float
    number: int = 0
    status: Status = "queued"
    ended_at: float | None = None
    error: VideoError | None = None
    remixed_from: str | None = None
    idempotency_key: str | None = None
    fingerprint: str = ""
    frames_done: int = 0
    length: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def is_pending(self) -> bool:
        """Tell whether the job waits or renders."""
        return self.status in ("queued", "in_progress")

    def body(self) -> dict[str, Any]:
        """Return the API's video object: seed 001, and `prompt` as OpenAI has it. Times are Unix seconds."""
        done = self.status == "completed" and self.ended_at is not None
        return {
            "id": self.id,
            "object": "video",
            "model": self.model,
            "status": self.status,
            "progress": 100 if done else min(99, self.frames_done * 100 // self.clip.frames),
            "created_at": int(self.created_at),
            "completed_at": int(self.ended_at) if done and self.ended_at is not None else None,
            "expires_at": int(self.ended_at + LIFETIME) if done and self.ended_at is not None else None,
            "prompt": self.clip.prompt,
            "seconds": str(self.clip.seconds),
            "size": self.size,
            "remixed_from_video_id": self.remixed_from,
            "error": {"code": self.error.code, "message": self.error.message} if self.error else None,
        }
