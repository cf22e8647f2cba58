"""The bot with shorter waits: `... kills_hasty_bot [--in-flight SECONDS] [--lease SECONDS] COMMAND`.

The product waits a minute until no request of a dead sender can be on its way. On loopback none is on its way
for longer than the provider's own delays, and a test has no minute. Nor has it the 20 s of a lease; with it
shrinks the time after which the server ends the transaction of a frozen process, a quarter of a lease.
"""

import argparse
import functools
import sys

from bot import app
from bot.__main__ import main
from bot.jobs import decide
from bot.jobs.runner import Runner
from storage import postgres


def hurry(in_flight: float | None, lease: float | None) -> None:
    """Shorten the waits of this process."""
    if in_flight is not None:
        decide.IN_FLIGHT = int(in_flight * decide.SECOND)
    if lease is not None:
        hasty = functools.partial(Runner, lease_seconds=lease)
        app.Runner = hasty  # type: ignore[assignment,attr-defined]  # what `app` calls by this name
        postgres._STILL_SECONDS = lease / 4


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--in-flight", type=float)
    parser.add_argument("--lease", type=float)
    arguments, words = parser.parse_known_args()
    hurry(arguments.in_flight, arguments.lease)
    sys.exit(main(words))
