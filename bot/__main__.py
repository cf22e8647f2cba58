"""The command line: the only place that reads settings and prints."""

import argparse
import asyncio
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any
from urllib.parse import urlsplit

from bot.config import Settings, load_settings, read_environment
from bot.domain.errors import BotError, ConfigError, StorageError
from bot.log import set_up_logging

LEAST_KEY = 12
"""Characters of what is taken for a key by its name: a shorter text would be blacked out in good words."""

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("bot.commands.run", "run the bot: gateway and workers in one process"),
        "gateway": ("bot.commands.gateway", "one half of run: Discord's commands (PostgreSQL)"),
        "worker": ("bot.commands.worker", "the other half: drives jobs, any number of them (PostgreSQL)"),
        "sandbox": (
            "bot.commands.sandbox",
            "a local Discord, a video API and the bot; no account needed",
        ),
        "preview-api": ("bot.commands.preview_api", "the built-in /v1/videos server alone"),
        "migrate": ("bot.commands.migrate", "bring the database's schema up to date"),
        "reconcile": (
            "bot.commands.reconcile",
            "the video API's videos beside the jobs; give a job its video, or post one",
        ),
        "doctor": (
            "bot.commands.doctor",
            "whether the video APIs work as configured, asked with GETs alone: nothing is paid",
        ),
        "sync": ("bot.commands.sync", "send the slash commands to Discord now"),
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 failed, 2 something to set right first."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    parser, command = _parser(typed)
    parsed = parser.parse_args(typed)
    if command is None:
        parser.print_help()
        return 2
    try:
        settings = load_settings({"data_dir": parsed.data} if parsed.data is not None else None)
        set_up_logging(
            style=settings.log_format,
            level=settings.log_level or str(getattr(command, "LOG_LEVEL", "INFO")),
            secrets=_secrets(settings),
        )
        asyncio.run(command.main(settings, parsed))
    except BotError as error:
        print(f"reelbot: {error}", file=sys.stderr)
        return 2 if isinstance(error, ConfigError | StorageError) else 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser(typed: Sequence[str]) -> tuple[argparse.ArgumentParser, ModuleType | None]:
    """Build the parser; only the chosen command's module is imported, so that --help is quick."""
    parser = argparse.ArgumentParser(
        prog="reelbot", description="A Discord bot that turns slash commands into finished videos."
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    chosen = next((word for word in typed if not word.startswith("-")), None)
    module = None
    for name, (path, summary) in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
        )
        if name != chosen:
            continue
        module = importlib.import_module(path)
        meaning = getattr(module, "DATA_HELP", "the data folder (DATA_DIR, data)")
        subparser.add_argument("--data", type=Path, metavar="DIR", help=meaning)
        if hasattr(module, "add_arguments"):
            module.add_arguments(subparser)
    return parser, module


def _secrets(settings: Settings) -> list[str]:
    values: list[Any] = [settings.discord_token, settings.video_api_key]
    values += [settings.openai_api_key, settings.azure_openai_key]
    secrets = [value.get_secret_value() for value in values if value is not None]
    # A card may name any variable, also one that is written down while the bot runs.
    secrets += [
        value
        for name, value in read_environment().items()
        if name.upper().endswith(("KEY", "TOKEN", "SECRET", "WEBHOOK")) and len(value) >= LEAST_KEY
    ]
    password = urlsplit(settings.database).password
    return [*secrets, password] if password else secrets


if __name__ == "__main__":
    sys.exit(main())
