"""Settings from the environment and `.env`; built by the command line, never at import."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import ConfigError


class Settings(BaseSettings):
    """Every setting that the environment may hold (`.env.example` lists them)."""

    model_config = SettingsConfigDict(
        env_file=".env",
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
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    originals_max_gb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 20.0
    originals_max_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 30.0
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None

    @field_validator("discord_guild_ids", "video_api_models", mode="before")
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("discord_api_url", "discord_gateway_url", "video_api_base_url", "openai_base_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://", "ws://", "wss://")):
            raise ValueError("it must be a URL that starts with http:// or https:// (ws:// for the gateway)")
        return value

    @property
    def database(self) -> str:
        """Return the database's URL; without one it is a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'reelbot.db'}"

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
