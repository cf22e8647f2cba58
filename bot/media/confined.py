"""The child's side of `bot.media.child`: limits on itself, and one JSON object a line on stdout.

The lines are `{"seconds": 8.0}` when the source is read, `{"percent": 40}` on the way, and `{"done": true}`
or `{"error": "..."}` at the end.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import av

from bot.domain.errors import CannotFit

_MEMORY = 3 << 30  # bytes of address space; a 4K encode with four threads takes half of it


class Say(Protocol):
    """Sends one message to the parent."""

    def __call__(self, **message: object) -> None:
        """Send it."""


Work = Callable[[Path, Path, int, Say], None]


def confined(arguments: list[str], work: Work, memory: int = _MEMORY) -> int:
    """Do the work on SOURCE TARGET LIMIT CPU_SECONDS in so many bytes and report; return the exit code."""
    source, target, limit, cpu_seconds = arguments
    say = _take_stdout()
    av.logging.set_level(None)
    limit_resources(int(cpu_seconds), memory)
    try:
        work(Path(source), Path(target), int(limit), say)
    except CannotFit as exc:
        say(error=str(exc))
        return 1
    except Exception as exc:  # noqa: BLE001 - hostile bytes can raise anything, and the pipe is the only way to tell
        say(error=f"{type(exc).__name__}: {exc}")
        return 1
    say(done=True)
    return 0


def _take_stdout() -> Say:
    """Keep stdout for the messages alone: what a codec prints goes nowhere."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)

    def say(**message: object) -> None:
        # The parent reads every line; when it is gone, the broken pipe ends this process too.
        print(json.dumps(message), file=lines, flush=True)

    return say


def limit_resources(cpu_seconds: int, memory: int = _MEMORY) -> None:
    """Bound what a hostile file can take, and let the bot go first; Windows has neither."""
    if sys.platform != "win32":
        import resource

        os.nice(5)
        for kind, amount in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(kind, (soft, hard))
