"""The child process that shrinks one video.

Called as `python -m bot.media.shrink_process SOURCE TARGET LIMIT CPU_SECONDS`. Each line on stdout is a JSON
object: `{"seconds": 8.0}` when the source is read, `{"percent": 40}` on the way, and `{"done": true}` or
`{"error": "..."}` at the end.
"""

import json
import os
import sys
from pathlib import Path
from typing import TextIO

import av

from bot.domain.errors import CannotFit
from bot.media.transcode import read_footage, transcode

_MEMORY = 3 << 30  # bytes of address space; a 4K encode with four threads takes half of it


def main(arguments: list[str]) -> int:
    """Shrink and report; return the exit code."""
    source, target, limit, cpu_seconds = arguments
    lines = _take_stdout()
    av.logging.set_level(None)
    _limit_resources(int(cpu_seconds))

    def say(**message: object) -> None:
        # The parent reads every line; when it is gone, the broken pipe ends this process too.
        print(json.dumps(message), file=lines, flush=True)

    try:
        footage = read_footage(Path(source))
        say(seconds=footage.seconds)
        transcode(
            Path(source),
            Path(target),
            int(limit),
            footage=footage,
            report=lambda percent: say(percent=percent),
        )
    except CannotFit as exc:
        say(error=str(exc))
        return 1
    except Exception as exc:  # noqa: BLE001 - hostile bytes can raise anything, and the pipe is the only way to tell
        say(error=f"{type(exc).__name__}: {exc}")
        return 1
    say(done=True)
    return 0


def _take_stdout() -> TextIO:
    """Keep stdout for the messages alone: what a codec prints goes nowhere."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return lines


def _limit_resources(cpu_seconds: int) -> None:
    """Bound what a hostile file can take, and let the bot go first; Windows has neither."""
    if sys.platform != "win32":
        import resource

        os.nice(5)
        for kind, amount in (
            (resource.RLIMIT_AS, _MEMORY),
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
            resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
