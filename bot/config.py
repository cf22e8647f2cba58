"""Settings from the environment and `.env`; built by the command line, never at import."""

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from bot.domain.errors import ConfigError
from bot.domain.home import Home

ENV_FILE = Path(".env")
PROVIDERS_FILE = Path("providers.toml")
_MACHINE = re.compile(r"[A-Za-z0-9.-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortApi:
    """The one video API of the short settings; `key_from` is the setting that its key stands in."""

    base_url: str
    key: str | None = field(repr=False)
    key_from: str
    profile: str
    models: tuple[str, ...]
    slots: int | None
    api_version: str | None = None


def _host_name() -> str:
    """Return this host's name with nothing else in it than MACHINE may have."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60] or "this-machine"


class Settings(BaseSettings):
    """Every setting that the environment may hold (`.env.example` lists them)."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    discord_guild_ids: Annotated[tuple[int, ...], NoDecode] = ()
    discord_log_channel_id: int | None = None
    database_url: str | None = None
    data_dir: Path = Path("data")
    video_api_base_url: str | None = None
    video_api_key: SecretStr | None = None
    video_api_profile: str | None = None
    video_api_models: Annotated[tuple[str, ...], NoDecode] = ()
    video_api_slots: Annotated[int | None, Field(ge=1)] = None
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    azure_openai_endpoint: str | None = None
    azure_openai_key: SecretStr | None = None
    azure_openai_api_version: str | None = None
    prompt_api_base_url: str | None = None
    prompt_api_key: SecretStr | None = None
    prompt_api_model: str | None = None
    providers_file: Path | None = None
    web_listen: str | None = None
    result_cache: bool = False
    originals: Literal["shared", "own"] = "shared"
    machine: str = Field(default_factory=_host_name)
    originals_max_gb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 20.0
    originals_max_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 30.0
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None

    @field_validator("discord_guild_ids", "video_api_models", mode="before")
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator(
        "discord_api_url",
        "discord_gateway_url",
        "video_api_base_url",
        "openai_base_url",
        "azure_openai_endpoint",
        "prompt_api_base_url",
    )
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://", "ws://", "wss://")):
            raise ValueError("it must be a URL that starts with http:// or https:// (ws:// for the gateway)")
        return value

    @field_validator("machine")
    @classmethod
    def _check_machine(cls, value: str) -> str:
        if not _MACHINE.fullmatch(value):
            raise ValueError("it must be 1 to 60 letters, digits, dots and hyphens")
        return value

    @property
    def home(self) -> Home:
        """Return this machine, and whether it shares its data folder with the others."""
        return Home(machine=self.machine, shared=self.originals == "shared")

    @property
    def database(self) -> str:
        """Return the database's URL; without one it is a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'reelbot.db'}"

    @property
    def cards_file(self) -> Path | None:
        """Return the providers file: the named one, else `providers.toml` where it is present.

        Named as None it is none, even where that file is.
        """
        if "providers_file" in self.model_fields_set:
            return self.providers_file
        return PROVIDERS_FILE if PROVIDERS_FILE.is_file() else None

    @property
    def short_api(self) -> ShortApi | None:
        """Return the video API of the short settings: the first address that is set, with its own key."""
        for base_url, secret, key_from, profile in (
            (self.video_api_base_url, self.video_api_key, "VIDEO_API_KEY", "openai"),
            (self.openai_base_url, self.openai_api_key, "OPENAI_API_KEY", "openai"),
            (_azure_base_url(self.azure_openai_endpoint), self.azure_openai_key, "AZURE_OPENAI_KEY", "azure"),
        ):
            if base_url is not None:
                # A key goes only to the address that stands beside it.
                return ShortApi(
                    base_url=base_url,
                    key=secret.get_secret_value() if secret is not None else None,
                    key_from=key_from,
                    profile=self.video_api_profile or profile,
                    models=self.video_api_models,
                    slots=self.video_api_slots,
                    api_version=self.azure_openai_api_version if profile == "azure" else None,
                )
        return None

    @property
    def names_video_api(self) -> bool:
        """Say whether any video API is set; else the built-in preview renders."""
        return self.cards_file is not None or self.short_api is not None

    def require_token(self) -> str:
        """Return the bot's token.

        Raises:
            ConfigError: none is set.
        """
        if self.discord_token is None:
            raise ConfigError(
                "DISCORD_TOKEN is not set. Create a bot at https://discord.com/developers/applications, "
                "put its token into .env, or try everything without one: reelbot sandbox"
            )
        return self.discord_token.get_secret_value()


def _azure_base_url(endpoint: str | None) -> str | None:
    """Return the base URL below an Azure resource's address (reference: providers, section 7)."""
    if endpoint is None or "/openai" in endpoint:
        return endpoint
    return f"{endpoint.strip().rstrip('/')}/openai/v1"


def read_environment() -> Mapping[str, str]:
    """Return every variable of `.env` and, above it, of the environment. Blocks: not for the event loop."""
    source = DotEnvSettingsSource(Settings, env_file=ENV_FILE, env_file_encoding="utf-8", case_sensitive=True)
    written = {name: value for name, value in source.env_vars.items() if value is not None}
    return {**written, **os.environ}


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the environment and `.env`; `overrides` win.

    Raises:
        ConfigError: a value is wrong; names the setting and what it takes.
    """
    try:
        return Settings(**(overrides or {}))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"][:1]).upper()
        raise ConfigError(f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}") from None
