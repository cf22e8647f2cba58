"""A provider as its owner describes it: the card."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from bot.domain.capabilities import Option
from bot.domain.errors import ConfigError
from bot.domain.remote import PollPace, SubmitSafety
from bot.domain.video import Size
from bot.domain.webhooks import WebhookSecret
from bot.providers.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What the owner knows of one model; a `name` of "" is not sent. What is left out, others say."""

    name: str = ""
    label: str = ""
    sizes: tuple[Size, ...] | None = None
    seconds: tuple[int, ...] | None = None
    default_seconds: int | None = None
    price_per_second: Decimal | None = None
    prompt_limit: int | None = None
    options: Mapping[Option, bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One provider. `name` is kept in jobs, `profile` is a shipped name or a file's path.

    `retired` is the first day without orders. `allow_private` lets results lie at private addresses. What is
    None stands as the profile says; times are in seconds.
    """

    name: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    key_from: str = ""
    profile: str = "openai"
    models: tuple[ModelCard, ...] = (ModelCard(),)
    label: str = ""
    notes: str = ""
    retired: date | None = None
    allow_private: bool = False
    api_version: str | None = None
    slots: int | None = None
    safety: SubmitSafety | None = None
    poll_first: float | None = None
    poll_longest: float | None = None
    deadline: float | None = None
    webhook_secret: WebhookSecret | None = None

    def clean_key(self) -> str | None:
        """Return the key without the spaces that come along when it is pasted.

        Raises:
            ConfigError: it cannot be one.
        """
        key = (self.key or "").strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigError(
                f"The key of {self.name!r} is wrong: it has spaces or unusual characters inside."
            )
        return key or None

    def closed_since(self, today: date) -> str | None:
        """Return the day of its retirement, "2026-09-24", once it has come."""
        return self.retired.isoformat() if self.retired is not None and self.retired <= today else None

    def pace(self, usual: PollPace) -> PollPace:
        """Return the profile's pace with the card's own numbers; `longest` is never less than `first`."""
        first = self.poll_first or usual.first
        return PollPace(
            first=first,
            longest=self.poll_longest or max(first, usual.longest),
            deadline=self.deadline or usual.deadline,
        )

    def adapt(self, profile: Profile) -> Profile:
        """Return the profile with what the card says instead."""
        query = dict(profile.query)
        if self.api_version is not None:
            query["api-version"] = self.api_version
        return replace(
            profile,
            slots=self.slots or profile.slots,
            safety=self.safety or profile.safety,
            pace=self.pace(profile.pace),
            query=MappingProxyType(query),
        )
