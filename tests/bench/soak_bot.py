"""The bot with more slots than a profile gives: `python -m tests.bench.soak_bot SLOTS run`.

Two jobs a second that take some ten seconds each hold more slots than any shipped profile has.
"""

import dataclasses
import sys

from bot.__main__ import main
from bot.providers import catalog
from bot.providers.profile import Profile, load_profile


def with_slots(slots: int) -> None:
    """Give every provider so many slots."""

    def load(name: str) -> Profile:
        return dataclasses.replace(load_profile(name), slots=slots)

    vars(catalog)["load_profile"] = load


if __name__ == "__main__":
    with_slots(int(sys.argv.pop(1)))
    sys.exit(main())
