"""Logging: one line an event, as text or JSON, with secrets blacked out."""

import logging
import re
import sys
from collections.abc import Collection

import structlog
from structlog.typing import EventDict, WrappedLogger

# Interaction tokens stand in webhook and callback paths; they open the answer for 15 minutes.
_TOKENS = re.compile(r"((?:/webhooks/\d+|/interactions/\d+)/)[\w.\-]{20,}")
_KEYS = re.compile(r"(?i)\b(bearer|bot|api-key:?)\s+[\w.\-]{16,}")


class Redaction:
    """A processor that removes known secrets and whatever looks like one from every text."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted((secret for secret in secrets if len(secret) >= 6), key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event with its texts cleaned."""
        return {key: self.clean(value) if isinstance(value, str) else value for key, value in event.items()}

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _KEYS.sub(r"\1 ***", _TOKENS.sub(r"\1***", text))


def set_up_logging(*, style: str, level: str, secrets: Collection[str] = ()) -> None:
    """Send every logger's lines to standard error, as "text" or "json"."""
    redaction = Redaction(secrets)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, redaction, structlog.processors.JSONRenderer()]
        if style == "json"
        else [
            structlog.processors.format_exc_info,
            redaction,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
        ]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore", "aiosqlite", "PIL", "libav", "discord.gateway", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
