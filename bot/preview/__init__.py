"""The embedded default provider: a `/v1/videos` server on loopback that renders real MP4s."""

from bot.preview.server import PreviewServer

__all__ = ["PreviewServer"]
