"""Every error that Reelbot raises on purpose, by who failed and what follows from it.

    BotError
      ConfigError                      a setting is wrong: one sentence, exit 2
      UserError                        shown to the member, nothing was paid
        InvalidRequest  QuotaExceeded  JobNotFound  BoardNotFound  NotYourJob  TooLate  PlaceUnusable  NoRoom
      ProviderError(provider, retry_after)  the video API
        NotSent                        provably never arrived: send again later
        Unavailable                    try again later (GETs), never says anything about a POST's effect
        RateLimited                    refused for now
        ContentRejected                moderation: never send again
        UnsupportedRequest             the API refused the request as it stands
        AuthFailed                     key missing, wrong or out of credit
        BadResponse                    an answer that is not the protocol
        RemoteNotFound                 the id is unknown there
        NotReady                       the result exists but cannot be read yet
        OutcomeUnknown                 a paid POST whose effect nobody knows
      MediaError                       UnreadableImage  NotAVideo  CannotFit
      StorageError                     StaleJob  StaleBoard  DatabaseLocked  DatabaseUnavailable
      DeliveryError                    Gone  Forbidden  TooLarge  TextRefused  TryLater(retry_after)

A `code` names the sentence (`error-<code>` in `cogs/text`), `facts` fill its places. Only these two reach
a member; the exception's own text is for the log.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.codes import Code

Fact = str | int | float


class BotError(Exception):
    """Base of every error raised on purpose."""

    code = Code.INTERNAL

    def __init__(self, message: str = "", *, code: Code | None = None, **facts: Fact) -> None:
        super().__init__(message or (code or self.code).value)
        if code is not None:
            self.code = code
        self.facts: Mapping[str, Fact] = MappingProxyType(facts)


class ConfigError(BotError):
    """A setting is missing or wrong; the text says which and what to do."""


class UserError(BotError):
    """The request cannot be taken as it is; nothing was paid."""


class InvalidRequest(UserError):
    """An option is wrong."""


class QuotaExceeded(UserError):
    """A limit of the server or the member is reached."""

    code = Code.TOO_MANY_WAITING


class JobNotFound(UserError):
    """No job of this id that the member may see."""

    code = Code.JOB_UNKNOWN


class BoardNotFound(UserError):
    """No board of this id that the member may see."""

    code = Code.BOARD_UNKNOWN


class NotYourJob(UserError):
    """Only the author or a moderator may do this; of money only who may decide about it."""

    code = Code.NOT_YOURS


class TooLate(UserError):
    """The job has moved on: what was asked for no longer makes sense."""

    code = Code.TOO_LATE


class PlaceUnusable(UserError):
    """The bot lacks permissions in the channel."""

    code = Code.PLACE_UNUSABLE


class NoRoom(UserError):
    """The disk is full or read-only: nothing may be paid that cannot be kept."""

    code = Code.NO_ROOM


class ProviderError(BotError):
    """The video API failed; `provider` is the card, `retry_after` in seconds. The text is for the log."""

    code = Code.PROVIDER_FAILED

    def __init__(
        self,
        message: str = "",
        *,
        provider: str = "",
        code: Code | None = None,
        retry_after: float | None = None,
        **facts: Fact,
    ) -> None:
        super().__init__(message, code=code, **facts)
        self.provider = provider
        self.retry_after = retry_after


class NotSent(ProviderError):
    """The request provably never reached the API."""

    code = Code.PROVIDER_UNREACHABLE


class Unavailable(ProviderError):
    """The API cannot answer now; a repeated GET is safe."""

    code = Code.PROVIDER_UNREACHABLE


class RateLimited(ProviderError):
    """The API refused for now."""

    code = Code.PROVIDER_BUSY


class ContentRejected(ProviderError):
    """Moderation refused the prompt, the picture or the result."""

    code = Code.PROVIDER_MODERATED


class UnsupportedRequest(ProviderError):
    """The API refused the request as it stands; sending it again changes nothing."""

    code = Code.PROVIDER_REFUSED


class AuthFailed(ProviderError):
    """The key is missing, wrong or out of credit."""

    code = Code.PROVIDER_AUTH


class BadResponse(ProviderError):
    """The answer is not the protocol (HTML, another JSON, a truncated body)."""

    code = Code.PROVIDER_NONSENSE


class RemoteNotFound(ProviderError):
    """The API does not know the id."""

    code = Code.PROVIDER_LOST


class NotReady(ProviderError):
    """The result exists but cannot be read yet."""

    code = Code.PROVIDER_UNREACHABLE


class OutcomeUnknown(ProviderError):
    """A paid request may or may not have taken effect."""

    code = Code.CHARGE_UNKNOWN


class MediaError(BotError):
    """A picture or video cannot be used."""


class UnreadableImage(MediaError):
    """The bytes are no picture that we open."""

    code = Code.PICTURE_UNREADABLE


class NotAVideo(MediaError):
    """The file is not a whole video of a known container."""

    code = Code.RESULT_UNREADABLE


class CannotFit(MediaError):
    """The video cannot be made small enough for the place."""

    code = Code.RESULT_TOO_LARGE


class StorageError(BotError):
    """The database or the disk failed."""


class StaleJob(StorageError):
    """Another process owns the job now; whoever sees this stops."""


class StaleBoard(StorageError):
    """The board has changed since it was read; read it again."""


class DatabaseLocked(StorageError):
    """Another process holds the database file."""


class DatabaseUnavailable(StorageError):
    """A statement failed: disk full, read-only, unreachable."""

    code = Code.DATABASE_AWAY


class DeliveryError(BotError):
    """Discord did not take a message."""

    code = Code.DELIVERY_FAILED


class Gone(DeliveryError):
    """The message, channel or guild no longer exists."""

    code = Code.DELIVERY_GONE


class Forbidden(DeliveryError):
    """The bot may not post here."""

    code = Code.DELIVERY_FORBIDDEN


class TooLarge(DeliveryError):
    """The place takes smaller files only."""

    code = Code.RESULT_TOO_LARGE


class TextRefused(DeliveryError):
    """AutoMod refused the words; the file alone may pass."""


class TryLater(DeliveryError):
    """Discord cannot take it now; `retry_after` in seconds where it said so."""

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
