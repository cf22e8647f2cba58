"""Discord's refusals: an HTTP status, a numeric code and, for a bad form, the fields at fault.

Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """Refuse a REST call the way Discord does."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code, **(extra or {})}
        self.headers = dict(headers or {})


def unknown_channel() -> ApiError:
    """Return the refusal for a channel id that does not exist."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_guild() -> ApiError:
    """Return the refusal for a guild that the bot is not in."""
    return ApiError(404, 10004, "Unknown Guild")


def unknown_message() -> ApiError:
    """Return the refusal for a message that is gone, or that a bot token may not see."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_interaction() -> ApiError:
    """Return the refusal for an interaction that is unknown or was not answered within 3 seconds."""
    return ApiError(404, 10062, "Unknown interaction")


def missing_access() -> ApiError:
    """Return the refusal for a channel that the bot cannot see."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Return the refusal for an act that the bot's permissions do not allow."""
    return ApiError(403, 50013, "Missing Permissions")


def too_large() -> ApiError:
    """Return the refusal for a file over the limit of its place."""
    return ApiError(413, 40005, "Request entity too large")
