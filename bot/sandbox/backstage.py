"""What stands behind the bot, where the sandbox runs it: the video API's jobs and the bot's own switch."""

from typing import Any, Protocol


class Backstage(Protocol):
    """What `reelbot sandbox` lends to the control API; `--server-only` has none."""

    async def video_jobs(self) -> list[dict[str, Any]]:
        """Return the video API's jobs, newest first: id, status, progress, size, seconds, prompt, ..."""
        ...

    async def restart_bot(self) -> None:
        """Stop the bot and start it again; return when it is online. Raises RuntimeError with a sentence."""
        ...
